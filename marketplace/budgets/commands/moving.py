"""Moving what is free from one line of a person to another, under a change that was written down.

Between two councils both sides of it are in one transfer: the money goes back to the council that
gave it, and comes from the one that goes on.
"""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from marketplace.budgets.commands.noting import Changed, ChangeLine, note_change
from marketplace.budgets.commands.paying_in import note_paid_in
from marketplace.budgets.models import BudgetLineChange, FundingLine
from marketplace.budgets.rules import LineChange
from marketplace.kernel.money import Money
from marketplace.wallet.commands import move, open_account
from marketplace.wallet.rules import AccountKind, Leg, Movement


def handover_key(change_id: UUID) -> str:
    """Return the key under which a recorded change moves money on; the database knows it too."""
    return f"handover/{change_id}"


def move_between(
    session: Session,
    source: FundingLine,
    target: FundingLine,
    amount: Money,
    *,
    change_id: UUID,
    at: datetime,
) -> None:
    """Move money that is free to another line, once for each change. Both lines are locked."""
    if not amount:
        return
    legs = [
        Leg(source.available_account_id, -amount),
        *_between_councils(session, source, target, amount),
        Leg(target.available_account_id, amount),
    ]
    move(session, Movement(handover_key(change_id), "handover", legs), at=at)
    note_paid_in(session, source, -amount)
    note_paid_in(session, target, amount)


def move_across(
    session: Session,
    source: FundingLine,
    target: FundingLine,
    amount: Money,
    *,
    key: str,
    at: datetime,
) -> None:
    """Let money that came back to a line follow it to the council that goes on with it.

    ``key`` is that of the deed by which it came back.
    """
    wish = ChangeLine(
        line_id=source.id,
        reason="It came back after another council had gone on with this money.",
        change_id=_crossing(source.id, key),
    )
    changed = Changed(
        what=LineChange.FLOWED_ON,
        before={},
        after={"key": key},
        moved=amount,
        other_line_id=target.id,
    )
    note_change(session, source, wish, changed, by=None, at=at)
    move_between(session, source, target, amount, change_id=wish.change_id, at=at)


def has_crossed(session: Session, line_id: UUID, key: str) -> bool:
    """Tell whether money of a line followed it to another council by the deed with this key."""
    return session.get(BudgetLineChange, _crossing(line_id, key)) is not None


def _crossing(line_id: UUID, key: str) -> UUID:
    return uuid5(line_id, key)


def _between_councils(
    session: Session, source: FundingLine, target: FundingLine, amount: Money
) -> list[Leg]:
    if source.council_id == target.council_id:
        return []
    kind = AccountKind.OUTSIDE if source.funder.is_private else AccountKind.FUNDER
    gives, takes = (
        open_account(session, owner_id=council_id, kind=kind, council_id=council_id)
        for council_id in (source.council_id, target.council_id)
    )
    return [Leg(gives, amount), Leg(takes, -amount)]
