"""What councils decided about providers, first to last, and the appeals against it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.models import Appeal, Decision, Provider, ProviderCouncil
from marketplace.catalogue.rules import (
    AppealState,
    CheckState,
    last_day_to_appeal,
    may_appeal,
)
from marketplace.councils.queries import council
from marketplace.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRow:
    """An appeal, and what was answered."""

    id: UUID
    words: str
    asked_by_name: str
    asked_at: datetime
    state: AppealState
    answer: str
    answered_by_name: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """What a council decided once."""

    id: UUID
    number: int
    state: CheckState
    reason: str
    by_user_id: UUID | None
    by_name: str
    at: datetime
    appeal: AppealRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealings:
    """All that went between a provider and one council about being checked."""

    council_id: UUID
    council_name: str
    state: CheckState
    reason: str
    since_at: datetime
    decisions: tuple[DecisionRow, ...]
    """First the newest."""
    may_appeal: bool
    appeal_until: date | None
    """The last day on which the newest decision can be appealed; None: it is no refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAppeal:
    """An appeal that waits for an answer."""

    id: UUID
    provider_id: UUID
    provider_name: str
    words: str
    asked_by_name: str
    asked_at: datetime
    decided_state: CheckState
    decided_reason: str
    decided_by_id: UUID | None
    decided_by_name: str
    decided_at: datetime


def dealings(session: Session, *, provider_id: UUID, council_id: UUID, at: datetime) -> Dealings:
    """Return what a council decided about a provider; for the two of them alone.

    Raises:
        NotFoundError: the provider has not applied to this council.
    """
    row = session.scalar(
        select(ProviderCouncil).where(
            ProviderCouncil.provider_id == provider_id,
            ProviderCouncil.council_id == council_id,
        )
    )
    if row is None:
        raise NotFoundError
    says = council(session, council_id=council_id)
    decisions = _decisions(session, provider_id, council_id)
    last = decisions[0] if decisions else None
    return Dealings(
        council_id=council_id,
        council_name=says.name,
        state=row.state,
        reason=row.reason,
        since_at=row.since_at,
        decisions=decisions,
        may_appeal=last is not None
        and may_appeal(
            last.state,
            decided_at=last.at,
            days=says.appeal_days,
            at=at,
            appealed=last.appeal is not None,
        ),
        appeal_until=last_day_to_appeal(last.at, days=says.appeal_days)
        if last is not None and last.state.needs_reason
        else None,
    )


def own_dealings(session: Session, *, council_id: UUID, by: Actor, at: datetime) -> Dealings:
    """Return what a council decided about the store somebody looks after.

    Raises:
        NotFoundError: they look after none, or it has not applied to this council.
    """
    if not by.may(Permission.KEEP_STORE):
        raise NotFoundError
    return dealings(session, provider_id=by.works_for, council_id=council_id, at=at)


def open_appeals(session: Session, *, by: Actor) -> list[OpenAppeal]:
    """Return the appeals to a moderator's council that wait for an answer, oldest first.

    Raises:
        NotFoundError: it is no moderator.
    """
    if not by.may(Permission.MODERATE):
        raise NotFoundError
    rows = session.execute(
        select(Appeal, Decision, Provider.name)
        .join(Decision, Decision.id == Appeal.decision_id)
        .join(Provider, Provider.id == Appeal.provider_id)
        .where(Appeal.council_id == by.works_for, Appeal.state == AppealState.ASKED)
        .order_by(Appeal.asked_at, Appeal.id)
    )
    return [
        OpenAppeal(
            id=row.Appeal.id,
            provider_id=row.Appeal.provider_id,
            provider_name=row.name,
            words=row.Appeal.words,
            asked_by_name=row.Appeal.asked_by_name,
            asked_at=row.Appeal.asked_at,
            decided_state=row.Decision.state,
            decided_reason=row.Decision.reason,
            decided_by_id=row.Decision.by_user_id,
            decided_by_name=row.Decision.by_name,
            decided_at=row.Decision.at,
        )
        for row in rows
    ]


def count_open_appeals(session: Session, *, council_id: UUID) -> int:
    """Return how many appeals to a council wait for an answer."""
    waiting = select(func.count()).where(
        Appeal.council_id == council_id, Appeal.state == AppealState.ASKED
    )
    return session.scalar(waiting) or 0


def _decisions(session: Session, provider_id: UUID, council_id: UUID) -> tuple[DecisionRow, ...]:
    rows = list(
        session.scalars(
            select(Decision)
            .where(Decision.provider_id == provider_id, Decision.council_id == council_id)
            .order_by(Decision.number.desc())
        )
    )
    appeals = _appeals(session, [row.id for row in rows])
    return tuple(
        DecisionRow(
            id=row.id,
            number=row.number,
            state=row.state,
            reason=row.reason,
            by_user_id=row.by_user_id,
            by_name=row.by_name,
            at=row.at,
            appeal=appeals.get(row.id),
        )
        for row in rows
    )


def _appeals(session: Session, decision_ids: Collection[UUID]) -> dict[UUID, AppealRow]:
    rows = session.scalars(select(Appeal).where(Appeal.decision_id.in_(decision_ids)))
    names = list(AppealRow.__slots__)
    return {row.decision_id: AppealRow(**{n: getattr(row, n) for n in names}) for row in rows}
