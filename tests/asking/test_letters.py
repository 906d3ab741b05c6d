"""Every letter about an ask can be read, leads somewhere, and tells no store who asks."""

from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from uuid import UUID

from flask import Flask

from marketplace.access.rules import Actor, Role
from marketplace.asking import commands
from marketplace.database import transaction
from marketplace.kernel.money import Money
from marketplace.outbox.tasks import send_letters
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

LATER = PAID_IN + timedelta(days=60)
NAME = "Philippa Thistlewood"
WORDS = "I am Philippa of 14 Heron Street, LS6 3HN. Ring 01632 960777."
SECRETS = ("Philippa", "Thistlewood", "Heron", "3HN", "960777", "swim on")


def answered(
    make: Make, funded: Funded, store: Actor, *, price: Money | None = None
) -> tuple[UUID, UUID]:
    """Let somebody ask and a store answer; return both ids."""
    ask_id = make.ask(funded.person, title=f"{NAME} wants to swim", words=WORDS)
    return ask_id, make.answer(ask_id, store, price=price)


def test_each_letter_says_what_happened_and_where_to_look(
    app: Flask, make: Make, var: Path
) -> None:
    council_id = make.council(name="Ashdale Council")
    funded = make.funded_person(name=NAME, council_id=council_id)
    wren = make.approved(council_id=council_id, name="Wren’s Help")
    robin = make.approved(council_id=council_id, name="Robin’s Help")
    moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
    by, at = funded.person, PAID_IN

    chosen, answer_id = answered(make, funded, wren, price=Money(14_00))
    make.answer(chosen, robin)
    elsewhere, withdrawn, down, lapses, _ = (answered(make, funded, robin)[0] for _ in range(5))
    unanswered = make.ask(by, category="garden", words=WORDS)
    waits = make.ask(by, category="garden", words=WORDS, answers_until=LATER.date())
    with transaction() as session:
        commands.choose_answer(session, chosen, answer_id, by=by, at=at)
        commands.end_ask(session, elsewhere, found_elsewhere=True, by=by, at=at)
        commands.end_ask(session, withdrawn, found_elsewhere=False, by=by, at=at)
        commands.take_down(session, down, "It sells something.", by=moderator, at=at)
    make.answer(lapses, robin, words="Another time.")
    for days in (8, 38):
        for ask_id in (lapses, unanswered, waits):
            with transaction() as session:
                commands.look_after_ask(session, ask_id, at=at + timedelta(days=days))

    with app.app_context():
        while send_letters(LATER):
            pass

    texts = letters_in(var / "mail")
    to_stores = {make.email_of(wren), make.email_of(robin)}
    written = {subject for _, subject, _ in texts}
    assert written >= {
        "Somebody in LS6 asks for help: Company",
        "Wren’s Help has answered you",
        "Robin’s Help has changed their answer",
        "Your answer was chosen",
        "Thank you for your answer",
        "What you asked for was taken down",
        "Nobody has answered you",
        "Nobody has answered you yet",
        "Your answers are here: choose one",
    }
    (good,) = (text for _, subject, text in texts if subject == "Your answer was chosen")
    assert "You said £14.00 an hour." in good
    thanks = [text for _, subject, text in texts if subject == "Thank you for your answer"]
    for why in ("found support now", "in another way", "taken this down", "not chosen", "any more"):
        assert [text for text in thanks if why in text], why
    for to, subject, text in texts:
        assert "http://127.0.0.1:5000/" in text or subject == "Thank you for your answer"
        assert "\n\n\n" not in text, text
        if to in to_stores:
            assert [secret for secret in SECRETS if secret in subject + text] == []


def letters_in(folder: Path) -> list[tuple[str, str, str]]:
    """Return to whom letters went, their subjects, and what they say."""
    found = []
    for path in folder.glob("*.eml"):
        letter = message_from_bytes(path.read_bytes())
        payload = letter.get_payload(decode=True)
        assert isinstance(payload, bytes)
        subject = str(make_header(decode_header(letter["Subject"])))
        found.append((str(letter["To"]), subject, payload.decode()))
    return found
