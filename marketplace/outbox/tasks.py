"""Sending what waits in the outbox. Run by ``flask worker``."""

import smtplib
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID

from flask import current_app

from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.outbox import commands
from marketplace.outbox.adapters import Post, post_for
from marketplace.outbox.models import Letter
from marketplace.web.site import settings, whole_address

BATCH = 20


def send_letters(at: datetime) -> int:
    """Send the letters that are due and return how many went out.

    A letter is claimed, sent, and noted in three steps: a crash between the last two sends it
    again, so the worst that can happen is the same letter twice, never none.
    """
    chosen = settings()
    post = post_for(chosen.smtp_url, chosen.var / "mail")
    with transaction() as session:
        letters = commands.claim_letters(session, limit=BATCH, at=at)
    return sum(_send(post, letter, at) for letter in letters)


def _send(post: Post, letter: Letter, at: datetime) -> bool:
    try:
        post.send(_message(letter))
    except (OSError, smtplib.SMTPException) as refusal:
        with transaction() as session:
            commands.note_refusal(session, letter_id=letter.id, why=str(refusal), at=at)
        return False
    _note_sent(letter.id)
    return True


def _note_sent(letter_id: UUID) -> None:
    with transaction() as session:
        commands.note_sent(session, letter_id=letter_id, at=clock.now())


def _message(letter: Letter) -> EmailMessage:
    chosen = settings()
    message = EmailMessage()
    message["To"] = letter.to
    message["From"] = chosen.mail_from
    message["Subject"] = " ".join(letter.subject.split())
    message["X-Letter"] = letter.key
    # Not render_template: that would ask for the frame of a page, and there is no page.
    template = current_app.jinja_env.get_template(f"mail/{letter.template}.txt")
    message.set_content(
        template.render(**letter.values, market=chosen.market_name, base_url=whole_address(""))
    )
    return message
