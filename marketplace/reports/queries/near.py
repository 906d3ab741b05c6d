"""What people near a provider look for: only what enough of them share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Provider, ProviderCouncil
from marketplace.catalogue.rules import CheckState
from marketplace.councils.queries import CouncilCard, councils
from marketplace.reports.rules import months_before
from marketplace.search.models import SearchCount, SearchEmptied

MONTHS = 3
SHOWN = 20
_ROUNDED_TO = 5
_OUT = frozenset({CheckState.SUSPENDED, CheckState.REJECTED})


@dataclass(frozen=True, slots=True)
class LookedFor:
    """Something that enough people look for."""

    words: str
    people: int
    """At least so many: rounded down, so that nobody can be found by comparing two days."""
    in_vain: bool
    """Whether most of them found next to nothing."""

    @property
    def title(self) -> str:
        """The words as an offer would be called."""
        return self.words[:1].upper() + self.words[1:]


@dataclass(frozen=True, slots=True)
class Nearby:
    """What people of one council look for."""

    council_name: str
    looked_for: tuple[LookedFor, ...]
    emptied: tuple[LookedFor, ...]


def looked_for_near(session: Session, *, provider_id: UUID, today: date) -> list[Nearby]:
    """Return what people look for in the councils a provider belongs to, or is in."""
    since = months_before(today.replace(day=1), MONTHS)
    found = []
    for council in _councils_of(session, provider_id):
        looked_for = _looked_for(session, council, since)
        emptied = _emptied(session, council, since)
        found.append(Nearby(council.name, looked_for, emptied))
    return found


def _councils_of(session: Session, provider_id: UUID) -> list[CouncilCard]:
    standing = select(ProviderCouncil.council_id, ProviderCouncil.state).where(
        ProviderCouncil.provider_id == provider_id
    )
    said: Mapping[UUID, CheckState] = dict(session.execute(standing).all())
    postcode = session.scalar(select(Provider.postcode).where(Provider.id == provider_id)) or ""
    district = postcode.partition(" ")[0]
    return [
        card
        for card in councils(session)
        if said.get(card.id) not in _OUT and (card.id in said or district in card.districts)
    ]


def _looked_for(session: Session, council: CouncilCard, since: date) -> tuple[LookedFor, ...]:
    times = cast(func.sum(SearchCount.times), BigInteger)
    few = cast(func.sum(SearchCount.few), BigInteger)
    words = func.max(SearchCount.words)
    rows = session.execute(
        select(words, times, few)
        .where(SearchCount.council_id == council.id, SearchCount.day >= since)
        .group_by(SearchCount.fingerprint)
        .having(words.is_not(None), times >= _enough(council))
        .order_by(few.desc(), times.desc(), words)
        .limit(SHOWN)
    )
    return tuple(
        LookedFor(str(said), _rounded(people), in_vain=in_vain >= max(_enough(council), people / 2))
        for said, people, in_vain in rows
    )


def _emptied(session: Session, council: CouncilCard, since: date) -> tuple[LookedFor, ...]:
    times = cast(func.sum(SearchEmptied.times), BigInteger)
    rows = session.execute(
        select(SearchEmptied.filters, times)
        .where(SearchEmptied.council_id == council.id, SearchEmptied.day >= since)
        .group_by(SearchEmptied.filters)
        .having(times >= _enough(council))
        .order_by(times.desc(), SearchEmptied.filters)
        .limit(SHOWN)
    )
    return tuple(LookedFor(said, _rounded(people), in_vain=True) for said, people in rows)


def _enough(council: CouncilCard) -> int:
    return max(council.small_number_threshold, _ROUNDED_TO)


def _rounded(people: int) -> int:
    return int(people) // _ROUNDED_TO * _ROUNDED_TO
