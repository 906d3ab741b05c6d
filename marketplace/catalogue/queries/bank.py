"""Where providers are paid, and which changes of that still wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import BankChange, Provider
from marketplace.catalogue.rules import BankChangeState, BankDetails, BankStanding
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError

_AT_ONCE = 5_000
_OPEN = frozenset({BankChangeState.WAITING, BankChangeState.REFUSED})


@dataclass(frozen=True, slots=True)
class BankChangeRow:
    """A change of bank details, as somebody sees it who is asked about it."""

    provider_name: str
    state: BankChangeState
    ends: str
    ended_before: str
    changed_by_name: str
    changed_on: date
    waits_until: date | None


def bank_details(session: Session, provider_ids: Iterable[UUID]) -> dict[UUID, BankDetails]:
    """Return where providers are paid; those who have not said so are left out."""
    standings = bank_standings(session, provider_ids)
    return {provider_id: standing.details for provider_id, standing in standings.items()}


def bank_standings(session: Session, provider_ids: Iterable[UUID]) -> dict[UUID, BankStanding]:
    """Return where providers are paid and whether that has changed, with a few statements for all.

    Those who have not said where are left out.
    """
    found: dict[UUID, BankStanding] = {}
    wanted = sorted(set(provider_ids))
    for start in range(0, len(wanted), _AT_ONCE):
        rows = (
            select(
                Provider.id,
                Provider.sort_code,
                Provider.account_number,
                Provider.account_name,
                BankChange.id,
                BankChange.state,
                BankChange.changed_at,
                BankChange.changed_by_name,
                BankChange.waits_until,
                BankChange.ring_at_phone,
            )
            .outerjoin(
                BankChange,
                and_(BankChange.provider_id == Provider.id, BankChange.state.in_(_OPEN)),
            )
            .where(
                Provider.id.in_(wanted[start : start + _AT_ONCE]),
                Provider.account_number.is_not(None),
            )
        )
        for (
            provider_id,
            code,
            number,
            name,
            change_id,
            state,
            at,
            who,
            until,
            phone,
        ) in session.execute(rows):
            found[provider_id] = BankStanding(
                details=BankDetails(code or "", number or "", name or ""),
                change_id=change_id,
                refused=state is BankChangeState.REFUSED,
                changed_on=_day_of(at),
                changed_by_name=who or "",
                waits_until=until if state is BankChangeState.WAITING else None,
                ring_at_phone=phone or "",
            )
    return found


def _day_of(at: datetime | None) -> date | None:
    return None if at is None else local_day(at)


def bank_change(session: Session, *, token_hash: str) -> BankChangeRow:
    """Return the change that a link asks about.

    Raises:
        NotFoundError: no change has that link.
    """
    row = session.execute(
        select(BankChange, Provider.name)
        .join(Provider, Provider.id == BankChange.provider_id)
        .where(BankChange.token_hash == token_hash)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    change, name = row
    return BankChangeRow(
        provider_name=name,
        state=change.state,
        ends=change.ends,
        ended_before=change.ended_before,
        changed_by_name=change.changed_by_name,
        changed_on=local_day(change.changed_at),
        waits_until=change.waits_until,
    )
