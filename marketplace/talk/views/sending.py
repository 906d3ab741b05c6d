"""What every page does with a message that is sent: counts it, keeps it, or says what is wrong."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.commands import count_try
from marketplace.access.errors import TooManyTriesError
from marketplace.access.guards import current_actor
from marketplace.access.rules import Actor
from marketplace.database import transaction
from marketplace.talk.commands import NewMessage
from marketplace.talk.errors import BadWordsError
from marketplace.talk.forms import MessageForm
from marketplace.talk.rules import MESSAGES_MAX, THREADS_MAX

Write = Callable[[Session, NewMessage, Actor], UUID]
"""Writes a message; returns its conversation's id."""


def sent(form: MessageForm, write: Write, *, begins: bool, at: datetime) -> UUID | None:
    """Send what was typed; None if it was not sent, and the form says why."""
    actor = current_actor()
    limits = {f"message/{actor.user_id}": MESSAGES_MAX}
    if begins:
        limits[f"conversation/{actor.user_id}"] = THREADS_MAX
    try:
        # In a transaction of its own: what is refused is counted too.
        with transaction() as session:
            count_try(session, limits=limits, at=at)
        with transaction() as session:
            return write(session, form.message(), actor)
    except BadWordsError as refusal:
        form.say(refusal)
    except TooManyTriesError:
        form.form_errors.append(
            "You have sent many messages just now. Wait 15 minutes, then send this one."
        )
    return None
