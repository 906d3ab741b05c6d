"""Asks to go past a limit once, and answers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import AnswerRequest, AskOnce
from marketplace.budgets.rules import RequestState, Spend
from marketplace.kernel.money import Money
from marketplace.outbox.models import Letter
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

FORTY = Money(40_00)


def limit_of(make: Make, funded: Funded) -> UUID:
    """Return the one limit."""
    (limit,) = make.lines(funded)[0].limits
    return limit.id


def ask(
    session: Session, make: Make, funded: Funded, seller: UUID, **more: object
) -> tuple[UUID, AskOnce]:
    """Ask for £40.00 once, as the person if nobody else is named."""
    by, at = more.pop("by", funded.person), more.pop("at", PAID_IN)
    values: dict[str, object] = {
        "request_id": uuid4(),
        "limit_id": more.pop("limit_id", None) or limit_of(make, funded),
        "provider_id": seller,
        "amount": FORTY,
        "what": "A birthday meal",
        "words": "It is my birthday.",
    }
    wish = AskOnce(**(values | more))  # type: ignore[arg-type]
    return commands.ask_once(session, wish, by=by, at=at), wish  # type: ignore[arg-type]


def answer(session: Session, request_id: UUID, by: Actor, **more: object) -> None:
    """Say yes, if nothing else is said."""
    at = more.pop("at", PAID_IN)
    values: dict[str, object] = {"agree": True, "reason": "Enjoy it."}
    wish = AnswerRequest(request_id=request_id, **(values | more))  # type: ignore[arg-type]
    commands.answer_request(session, wish, by=by, at=at)  # type: ignore[arg-type]


def buy(
    session: Session,
    funded: Funded,
    seller: UUID,
    amount: Money = FORTY,
    at: datetime = PAID_IN,
) -> UUID:
    """Set money aside for an order."""
    spend = Spend.of(
        amount,
        order_id=uuid4(),
        council_id=funded.council_id,
        category="meals",
        provider_id=seller,
    )
    commands.hold(session, spend=spend, person_id=funded.id, by=funded.person, at=at)
    return spend.order_id


def letters(session: Session) -> Sequence[tuple[str, str]]:
    """Return to whom letters about requests went, and their subjects."""
    rows = select(Letter.to, Letter.subject).where(Letter.template.like("limit_%"))
    return [(row.to, row.subject) for row in session.execute(rows.order_by(Letter.written_at))]


def state_of(session: Session, request_id: UUID, by: Actor) -> RequestState:
    """Return what became of a request."""
    return queries.request_for(session, request_id=request_id, seen_by=by).state
