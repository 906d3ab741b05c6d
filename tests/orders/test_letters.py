"""Every letter about an order can be read: nothing is missing in it, and it leads somewhere."""

from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from uuid import uuid4

from flask import Flask

from marketplace.access.rules import Scope
from marketplace.database import transaction
from marketplace.kernel.money import Money
from marketplace.orders import commands
from marketplace.orders.commands import Credit, ProposeChange, QueryVisit
from marketplace.orders.rules import NoteKind
from marketplace.outbox.tasks import send_letters
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.orders import TOMORROW, Deal

LATER = TOMORROW + timedelta(days=8)


def test_each_letter_says_what_happened_and_where_to_look(
    app: Flask, make: Make, var: Path
) -> None:
    funded = make.funded_person(to_spend=Money(1000_00))
    helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE])
    make.placed(funded=funded, by=helper)
    _decline(make.placed(funded=funded))
    _change(make.placed(funded=funded))
    _credit(make, make.accepted(make.placed(funded=funded)))
    deal = make.accepted(make.placed(funded=funded, visits=2, notice_hours=2))
    make.noted(deal, note=NoteKind.MISSED)
    make.noted(deal, visit=2, at=LATER)
    _silence_and_query(make, deal)
    _cancel(make.accepted(make.placed(funded=funded, notice_hours=2)))

    with app.app_context():
        while send_letters(LATER + timedelta(days=9)):
            pass

    letters = [message_from_bytes(path.read_bytes()) for path in (var / "mail").glob("*.eml")]
    subjects = {str(letter["Subject"]).split(":")[0] for letter in letters}
    assert len(subjects) >= 11
    for letter in letters:
        payload = letter.get_payload(decode=True)
        assert isinstance(payload, bytes)
        assert b"http://127.0.0.1:5000/" in payload


def _decline(deal: Deal) -> None:
    with transaction() as session:
        commands.decline_order(
            session, order_id=deal.order_id, reason="I am full.", by=deal.provider, at=PAID_IN
        )


def _change(deal: Deal) -> None:
    for answer in (commands.turn_down_change, commands.agree_change):
        wish = ProposeChange(order_id=deal.order_id, first_at=LATER, words="Next week?")
        with transaction() as session:
            commands.propose_change(session, wish, by=deal.provider, at=PAID_IN)
        with transaction() as session:
            answer(session, order_id=deal.order_id, by=deal.person, at=PAID_IN)


def _credit(make: Make, deal: Deal) -> None:
    wish = Credit(
        credit_id=uuid4(),
        invoice_id=make.confirmed(deal),
        amount=Money(5_00),
        reason="Late by a quarter of an hour.",
    )
    with transaction() as session:
        commands.credit(session, wish, by=deal.provider, at=TOMORROW)


def _silence_and_query(make: Make, deal: Deal) -> None:
    with transaction() as session:
        commands.tell_and_confirm_silent(session, at=LATER + timedelta(days=4))
    visit_id = make.order(deal).visits[1].id
    with transaction() as session:
        commands.query_visit(
            session, QueryVisit(visit_id=visit_id, words="Only an hour."), by=deal.person, at=LATER
        )


def _cancel(deal: Deal) -> None:
    with transaction() as session:
        commands.cancel_order(
            session, order_id=deal.order_id, reason="I am away.", by=deal.person, at=PAID_IN
        )
