"""The line that a person's own money, or their family's, is paid into: made on first use."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.audit.commands import record
from marketplace.budgets.commands.paying_in import locked_line
from marketplace.budgets.models import FundingLine
from marketplace.budgets.rules import Calendar, Funder, Holder
from marketplace.councils.commands import note_person
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO
from marketplace.kernel.writing import insert_once
from marketplace.wallet.commands import open_account
from marketplace.wallet.rules import AccountKind


def own_line(
    session: Session,
    *,
    person_id: UUID,
    council_id: UUID,
    by_user_id: UUID | None,
    at: datetime,
    funder: Funder = Funder.OWN_MONEY,
) -> UUID:
    """Return a person's line of own money in a council's market; make it on first use."""
    assert funder.is_private
    earlier = _earlier(session, person_id, council_id, funder)
    for line_id, closed_at in earlier:
        # Locked before it is used: whoever closes it at this moment comes before or after.
        if closed_at is None and locked_line(session, line_id).closed_at is None:
            return line_id
    # The id says which it is, so two first payments at the same moment make one line.
    line_id = uuid5(person_id, f"{council_id}/{funder}/{len(earlier)}")
    ids = {"id": line_id, "person_id": person_id, "council_id": council_id}
    opened = {"funder": funder, "opened_by_id": by_user_id, "opened_at": at}
    held = _as_own_money(session, line_id, person_id, council_id, at)
    if not insert_once(session, FundingLine, {**ids, **opened, **held}):
        return line_id
    note_person(session, council_id=council_id, person_id=person_id, funded=False, at=at)
    record(
        session,
        what="funding-line-opened",
        chain_id=person_id,
        subject_id=line_id,
        by_user_id=by_user_id,
        for_person_id=person_id,
        at=at,
        details={"funder": funder.value, "yearly_pence": 0},
    )
    return line_id


def _earlier(
    session: Session, person_id: UUID, council_id: UUID, funder: Funder
) -> Sequence[Row[UUID, datetime | None]]:
    return session.execute(
        select(FundingLine.id, FundingLine.closed_at)
        .where(
            FundingLine.person_id == person_id,
            FundingLine.council_id == council_id,
            FundingLine.funder == funder,
            FundingLine.calendar == Calendar.AS_IT_COMES,
            FundingLine.pool_id.is_(None),
        )
        .order_by(FundingLine.opened_at)
    ).all()


def _as_own_money(
    session: Session, line_id: UUID, person_id: UUID, council_id: UUID, at: datetime
) -> dict[str, object]:
    accounts = {
        kind: open_account(session, owner_id=line_id, kind=kind, council_id=council_id)
        for kind in (AccountKind.AVAILABLE, AccountKind.HELD)
    }
    last = session.scalar(
        select(func.max(FundingLine.sequence)).where(FundingLine.person_id == person_id)
    )
    return {
        "yearly": ZERO,
        "calendar": Calendar.AS_IT_COMES,
        "paid_in": ZERO,
        "holder": Holder.DIRECT_PAYMENT,
        "holder_name": access.person(session, user_id=person_id).name,
        "cost_code": "",
        "starts_on": local_day(at),
        "sequence": (last or 0) + 1,
        "available_account_id": accounts[AccountKind.AVAILABLE],
        "held_account_id": accounts[AccountKind.HELD],
    }
