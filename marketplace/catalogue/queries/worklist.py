"""What a council's moderators have to look at: evidence that is new, runs out or is not there."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.models import Evidence, EvidenceCheck, Provider, ProviderCouncil
from marketplace.catalogue.queries.lockers import needed_of
from marketplace.catalogue.queries.stores import categories_of
from marketplace.catalogue.rules import (
    CheckState,
    EvidenceStanding,
    KindStanding,
    Piece,
    ProviderState,
    kinds_needed,
    standings,
)
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.paging import PAGE_SIZE, Page

_URGENT = (
    EvidenceStanding.RAN_OUT,
    EvidenceStanding.MISSING,
    EvidenceStanding.RUNS_OUT,
    EvidenceStanding.COUNTS,
)


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """A provider, and what of its evidence is not right."""

    provider_id: UUID
    name: str
    state: CheckState
    kinds: tuple[KindStanding, ...]

    @property
    def rank(self) -> tuple[bool, int, date, str]:
        """What comes first: a checked provider, then what ran out, is missing, or runs out."""
        worst = min(self.kinds, key=lambda each: _URGENT.index(each.standing))
        return (
            self.state is not CheckState.CHECKED,
            _URGENT.index(worst.standing),
            worst.expires_on or date.max,
            self.name,
        )


def evidence_worklist(session: Session, *, by: Actor, on: date, page: int = 1) -> Page[ToLookAt]:
    """Return providers of a moderator's council whose evidence needs a look, most urgent first.

    Something needed that is missing, runs out or ran out; or anything that nobody accepted yet.

    Raises:
        NotFoundError: it is no moderator.
    """
    if not by.may(Permission.MODERATE):
        raise NotFoundError
    found = _providers(session, by.works_for)
    ids = [row.id for row in found]
    needed = needed_of(session, council_ids=[by.works_for])[by.works_for]
    pieces, sold = _pieces(session, ids, by.works_for), categories_of(session, ids)
    rows = []
    for row in found:
        own = pieces.get(row.id, [])
        kinds = kinds_needed(needed, sold.get(row.id, ())) | {piece.kind for piece in own}
        wrong = tuple(each for each in standings(kinds, own, on=on) if not each.is_right)
        if wrong:
            rows.append(ToLookAt(row.id, row.name, row.state, wrong))
    rows.sort(key=lambda each: each.rank)
    first = (page - 1) * PAGE_SIZE
    return Page(rows[first : first + PAGE_SIZE], page, len(rows))


@dataclass(frozen=True, slots=True)
class _Applied:
    id: UUID
    name: str
    state: CheckState


def _providers(session: Session, council_id: UUID) -> list[_Applied]:
    rows = (
        select(Provider.id, Provider.name, ProviderCouncil.state)
        .join(ProviderCouncil, ProviderCouncil.provider_id == Provider.id)
        .where(
            ProviderCouncil.council_id == council_id,
            ProviderCouncil.state.in_([CheckState.APPLIED, CheckState.CHECKED]),
            Provider.state.in_([ProviderState.OPEN, ProviderState.PAUSED]),
        )
    )
    return [_Applied(*row) for row in session.execute(rows)]


def _pieces(
    session: Session, provider_ids: Collection[UUID], council_id: UUID
) -> Mapping[UUID, list[Piece]]:
    accepted = set(
        session.scalars(
            select(EvidenceCheck.evidence_id).where(EvidenceCheck.council_id == council_id)
        )
    )
    rows = select(Evidence.id, Evidence.provider_id, Evidence.kind, Evidence.expires_on).where(
        Evidence.provider_id.in_(
            select(ProviderCouncil.provider_id).where(ProviderCouncil.council_id == council_id)
        ),
        Evidence.taken_out_at.is_(None),
    )
    wanted = set(provider_ids)
    found: dict[UUID, list[Piece]] = defaultdict(list)
    for row in session.execute(rows):
        if row.provider_id in wanted:
            found[row.provider_id].append(Piece(row.kind, row.expires_on, row.id in accepted))
    return found
