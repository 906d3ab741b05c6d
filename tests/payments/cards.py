"""Begins payments by card and hears what Stripe says of them, for tests."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets import queries as budgets
from marketplace.budgets.rules import Funder
from marketplace.kernel.money import Money
from marketplace.payments import commands
from marketplace.payments.adapters import CardPage
from marketplace.payments.commands import AskTopUp
from marketplace.payments.rules import Event, EventOutcome
from tests.conftest import NOON
from tests.factories.money import Funded

COMPLETED = "checkout.session.completed"
SESSION = "cs_test_1"


def ask(session: Session, funded: Funded, amount: Money = Money(25_00)) -> UUID:
    """Begin to pay £25.00 by card, on the page cs_test_1."""
    wish = AskTopUp(top_up_id=uuid4(), council_id=funded.council_id, amount=amount)
    commands.ask_top_up(session, wish, by=funded.person, at=NOON)
    page = CardPage(SESSION, "https://checkout.stripe.com/c/pay/1")
    commands.keep_page(session, top_up_id=wish.top_up_id, page=page)
    return wish.top_up_id


def told(
    top_up_id: object,
    kind: str = COMPLETED,
    *,
    event_id: str = "",
    amount: int | None = 25_00,
    currency: str = "gbp",
    status: str = "paid",
    session_id: str = SESSION,
    real_money: bool = False,
) -> Event:
    """Return a message of Stripe: by default, that £25.00 was paid on the page cs_test_1."""
    return Event(
        event_id or f"evt_{uuid4().hex}",
        kind,
        real_money,
        {
            "session": session_id,
            "top_up": str(top_up_id),
            "amount": amount,
            "currency": currency,
            "payment_status": status,
            "payment": "pi_1",
        },
    )


def refunded(top_up_id: UUID, pence: int, *, currency: str = "gbp") -> Event:
    """Return a message of Stripe that so much was given back to the card in all."""
    return told(top_up_id, "charge.refunded", amount=pence, currency=currency)


def hear(session: Session, event: Event, *, real_money: bool = False) -> EventOutcome:
    """Keep a message and act on it, as the webhook does."""
    kept_id = commands.keep_event(session, event, at=NOON)
    return commands.act_on_event(session, kept_id=kept_id, real_money=real_money, at=NOON)


def own_money(session: Session, person: Actor, funder: Funder = Funder.OWN_MONEY) -> Money | None:
    """Return what a person has of their own, or from family; None if there is no such line."""
    lines = budgets.lines_of(session, person_id=person.buys_for, at=NOON)
    return next((line.available for line in lines if line.funder is funder), None)
