"""Notices and decisions for tests of money that is asked back."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets import commands
from marketplace.budgets.commands import DecideClawback, GiveNotice
from marketplace.budgets.rules import ClawbackEnd
from marketplace.kernel.money import Money
from tests.factories.money import PAID_IN, Funded

LATER = PAID_IN + timedelta(days=40)


def notice(session: Session, funded: Funded, amount: Money = Money(60_00), **more: object) -> UUID:
    """Give notice, as the practitioner."""
    fields = {
        "clawback_id": uuid4(),
        "line_id": funded.line_id,
        "amount": amount,
        "reason": "It was paid twice.",
        "evidence": "Bank statement of 4 March.",
    }
    wish = GiveNotice(**(fields | more))  # type: ignore[arg-type]
    return commands.give_notice(session, wish, by=funded.practitioner, at=PAID_IN)


def decide(
    session: Session,
    clawback_id: UUID,
    by: Actor,
    *,
    end: ClawbackEnd = ClawbackEnd.TAKE_ALL,
    part: Money | None = None,
    at: datetime = LATER,
) -> Money:
    """Decide about a notice."""
    wish = DecideClawback(clawback_id=clawback_id, end=end, part=part, reason="It is so.")
    return commands.decide_clawback(session, wish, by=by, at=at)


def given_back(session: Session, council_id: UUID) -> Money:
    """Return all that ever went into a council's account."""
    row = text(
        "SELECT COALESCE(SUM(e.amount_pence), 0) FROM wallet_entries e "
        "JOIN wallet_accounts a ON a.id = e.account_id "
        "WHERE a.kind = 'funder' AND e.amount_pence > 0 AND a.council_id = :council"
    )
    postgres = session.get_bind().dialect.name == "postgresql"
    council = council_id if postgres else council_id.hex
    return Money(int(session.execute(row, {"council": council}).scalar_one()))
