"""Own money that was paid by card, as the card company would have told: no card is charged."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.orm import Session

from marketplace.kernel.money import Money
from marketplace.payments import commands
from marketplace.payments.commands import AskTopUp, CardPage
from marketplace.payments.rules import Event as Told
from marketplace.payments.rules import EventKind
from marketplace.seeding.cast import Cast
from marketplace.seeding.files import Row, rows
from marketplace.seeding.year import Event

_TYPED_IN = timedelta(minutes=3)


def card_payments(cast: Cast) -> Iterator[Event]:
    """Give the payments by card."""
    for row in rows("wallets", "card"):
        yield Event(cast.ago(days=row["days_ago"]), partial(_pay, cast=cast, row=row))


def _pay(session: Session, at: datetime, *, cast: Cast, row: Row) -> list[Event]:
    person = cast.people[row["person"]]
    wish = AskTopUp(
        top_up_id=uuid5(NAMESPACE_URL, f"seed:card/{row['slug']}"),
        council_id=cast.councils[cast.council_of[row["person"]]],
        amount=Money(row["amount_pence"]),
    )
    commands.ask_top_up(session, wish, by=person, at=at)
    # No page of the card company has this address: nobody can pay into the demonstration.
    page = CardPage(f"cs_test_{wish.top_up_id}", f"https://checkout.invalid/{wish.top_up_id}")
    commands.keep_page(session, top_up_id=wish.top_up_id, page=page)
    return [Event(at + _TYPED_IN, partial(_told, wish=wish, page=page))]


def _told(session: Session, at: datetime, *, wish: AskTopUp, page: CardPage) -> None:
    facts: dict[str, str | int | bool | None] = {
        "session": page.session_id,
        "top_up": str(wish.top_up_id),
        "amount": wish.amount.pence,
        "currency": "gbp",
        "payment_status": "paid",
        "payment": f"pi_test_{wish.top_up_id}",
    }
    told = Told(f"evt_test_{wish.top_up_id}", EventKind.COMPLETED, real_money=False, facts=facts)
    kept_id = commands.keep_event(session, told, at=at)
    commands.act_on_event(session, kept_id=kept_id, real_money=False, at=at)
