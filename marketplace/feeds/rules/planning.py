"""What taking a feed over would do, thing by thing, before any of it is done. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from marketplace.feeds.rules.matching import Here, Index, Match, Sameness
from marketplace.feeds.rules.merging import Merged, merge
from marketplace.feeds.rules.said import FeedSaid, OrganisationSaid, ServiceSaid, Values, digest

GONE_AFTER = 2
"""So many whole readings in a row must be without something before it counts as gone."""
CONFIRMED_AFTER = timedelta(days=90)
"""What its source still has says by that, so often, that it is still right."""


class Part(StrEnum):
    """What an entry of a source is."""

    ORGANISATION = "organisation"
    SERVICE = "service"


class EntryState(StrEnum):
    """What became of something a source has."""

    TAKEN = "taken"
    ASKED = "asked"
    WAITING = "waiting"
    """Its organisation is asked about."""
    LEFT_OUT = "left_out"
    ENDED = "ended"


class Deed(StrEnum):
    """What is done with one thing of a feed."""

    NEW = "new"
    LINKED = "linked"
    CHANGED = "changed"
    CONFIRMED = "confirmed"
    SAME = "same"
    ASKED = "asked"
    WAITING = "waiting"
    LEFT_OUT = "left out"
    GONE_ONCE = "gone once"
    ENDED = "ended"
    KEPT = "gone, but looked after"


WRITES = frozenset(set(Deed) - {Deed.SAME, Deed.LEFT_OUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is remembered of one thing of a source."""

    id: UUID
    part: Part
    key: str
    state: EntryState
    target_kind: str
    target_id: UUID | None
    organisation_key: str
    title: str
    values: Values
    """What it said when it was taken over last."""
    digest: str
    missing_times: int


@dataclass(slots=True, kw_only=True)
class Market:
    """What is here, as far as it takes to plan."""

    known: Mapping[tuple[Part, str], Known]
    groups: list[Here]
    listings: list[Here]
    providers: list[Here]
    by_id: dict[UUID, Here] = field(init=False)

    def __post_init__(self) -> None:
        self.by_id = {here.id: here for here in (*self.groups, *self.listings, *self.providers)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing of a feed and what is to be done with it."""

    deed: Deed
    part: Part
    key: str
    title: str
    said: OrganisationSaid | ServiceSaid | None = None
    known: Known | None = None
    here: Here | None = None
    likeness: int = 0
    merged: Merged | None = None

    @property
    def line(self) -> str:
        """The step in words."""
        words = f"{self.part.value} “{self.title}”"
        if self.deed is Deed.ASKED and self.here is not None:
            return f"{words}: is it “{self.here.name}”, {self.here.postcode or 'no postcode'}?"
        if self.merged and self.merged.changed:
            words += f": {', '.join(self.merged.changed)}"
        if self.merged and self.merged.kept:
            words += f" (changed here, so kept: {', '.join(self.merged.kept)})"
        return words


@dataclass(frozen=True, slots=True)
class Bundle:
    """An organisation with all its services: whole by itself."""

    steps: tuple[Step, ...]


def counts(bundles: Sequence[Bundle]) -> Counter[Deed]:
    """Return how often each deed would be done."""
    return Counter(step.deed for bundle in bundles for step in bundle.steps)


def plan(
    feed: FeedSaid, market: Market, *, at: datetime, may_end_all: bool = False
) -> list[Bundle]:
    """Return what taking a feed over would do, an organisation at a time.

    A feed with no service at all is far more often broken than meant: what came from it goes
    only where somebody said that it may.
    """
    planner = _Planner(market, at)
    by_organisation: dict[str, list[ServiceSaid]] = {}
    for service in feed.services:
        by_organisation.setdefault(service.organisation_key, []).append(service)
    bundles = [
        Bundle(tuple(planner.organisation(feed.organisations[key], services)))
        for key, services in by_organisation.items()
    ]
    if feed.complete and (feed.services or may_end_all):
        seen = {(Part.SERVICE, service.key) for service in feed.services}
        missing = [known for place, known in market.known.items() if place not in seen]
        bundles += [Bundle((step,)) for step in map(planner.gone, missing) if step is not None]
    return bundles


class _Planner:
    """Plans one thing after the other and remembers what it has given away."""

    def __init__(self, market: Market, at: datetime) -> None:
        self._market, self._at = market, at
        self._groups, self._providers = Index(market.groups), Index(market.providers)
        self._listings: dict[UUID, Index] = {}
        for here in market.listings:
            assert here.group_id is not None, "an entry belongs to a group"
            self._listings.setdefault(here.group_id, Index(())).add(here)
        self._given = {known.target_id for known in market.known.values() if known.target_id}

    def organisation(self, said: OrganisationSaid, services: list[ServiceSaid]) -> Iterator[Step]:
        """Plan an organisation and its services: a group if anything of it is no paid care."""
        free = [service for service in services if not service.is_care]
        group: Step | None = None
        if free:
            group = self._step(Part.ORGANISATION, said, said.name, said.values, self._find_group)
            yield group
        for service in services:
            yield self._care(service) if service.is_care else self._listing(service, group)

    def gone(self, known: Known) -> Step | None:
        """Plan what happens to something that its source no longer has."""
        if known.part is not Part.SERVICE or known.state is not EntryState.TAKEN:
            return None
        here = self._market.by_id.get(known.target_id) if known.target_id else None
        deed = Deed.GONE_ONCE
        if known.missing_times + 1 >= GONE_AFTER:
            deed = Deed.KEPT if here is not None and here.is_kept else Deed.ENDED
        if deed is Deed.KEPT and known.missing_times >= GONE_AFTER:
            return None  # it has been noted before
        return Step(
            deed=deed, part=known.part, key=known.key, title=known.title, known=known, here=here
        )

    def _care(self, service: ServiceSaid) -> Step:
        return self._step(Part.SERVICE, service, service.title, service.values, self._find_provider)

    def _listing(self, service: ServiceSaid, group: Step | None) -> Step:
        assert group is not None, "what is no care belongs to a group"
        known = self._market.known.get((Part.SERVICE, service.key))
        step: dict[str, Any] = {
            "part": Part.SERVICE,
            "key": service.key,
            "title": service.title,
            "said": service,
            "known": known,
        }
        if group.deed is Deed.LEFT_OUT:
            return Step(deed=Deed.LEFT_OUT, **step)
        if group.deed in {Deed.ASKED, Deed.WAITING}:
            return Step(deed=Deed.WAITING, **step)
        group_id = group.here.id if group.here else None

        def find(_said: OrganisationSaid | ServiceSaid) -> Match | None:
            rows = self._listings.get(group_id) if group_id else None
            return rows.find(service.title, service.postcode) if rows else None

        return self._step(Part.SERVICE, service, service.title, service.values, find)

    def _step(
        self,
        part: Part,
        said: OrganisationSaid | ServiceSaid,
        title: str,
        values: Values,
        find: Callable[[OrganisationSaid | ServiceSaid], Match | None],
    ) -> Step:
        known = self._market.known.get((part, said.key))
        step: dict[str, Any] = {"part": part, "key": said.key, "title": title, "said": said}
        if known is None or known.state is EntryState.WAITING:
            return self._first_time(find(said), values, {**step, "known": known})
        step["known"] = known
        if known.state is EntryState.ASKED:
            deed = Deed.SAME if known.digest == digest(values) else Deed.ASKED
            here = self._market.by_id.get(known.target_id) if known.target_id else None
            return Step(deed=Deed.ASKED if part is Part.ORGANISATION else deed, here=here, **step)
        if known.state is EntryState.LEFT_OUT:
            return Step(deed=Deed.LEFT_OUT, **step)
        return self._again(known, values, step)

    def _first_time(self, match: Match | None, values: Values, step: dict[str, Any]) -> Step:
        if match is not None and match.here.id in self._given:
            match = None  # another thing of this source is that one already
        if match is None:
            return Step(deed=Deed.NEW, **step)
        if match.sameness is Sameness.LIKELY:
            return Step(deed=Deed.ASKED, here=match.here, likeness=match.likeness, **step)
        self._given.add(match.here.id)
        merged = merge(None, match.here.values, values)
        return Step(deed=Deed.LINKED, here=match.here, merged=merged, likeness=100, **step)

    def _again(self, known: Known, values: Values, step: dict[str, Any]) -> Step:
        here = self._market.by_id.get(known.target_id) if known.target_id else None
        if here is None:
            return Step(deed=Deed.LEFT_OUT, **step)  # it was taken out of the market for good
        if not here.is_open and known.state is not EntryState.ENDED:
            return Step(deed=Deed.LEFT_OUT, here=here, **step)  # its owner ended it
        if here.kind == "provider" and here.is_kept:
            return Step(deed=Deed.SAME, here=here, **step)  # its owner's words count
        merged = merge(known.values, here.values, values)
        back = known.state is EntryState.ENDED or known.missing_times > 0
        if merged.changed or known.digest != digest(values) or back:
            return Step(deed=Deed.CHANGED, here=here, merged=merged, **step)
        old = here.confirmed_at is not None and self._at - here.confirmed_at > CONFIRMED_AFTER
        deed = Deed.CONFIRMED if old and not here.is_kept else Deed.SAME
        return Step(deed=deed, here=here, merged=merged, **step)

    def _find_group(self, said: OrganisationSaid | ServiceSaid) -> Match | None:
        assert isinstance(said, OrganisationSaid)
        return self._groups.find(said.name, said.postcode)

    def _find_provider(self, said: OrganisationSaid | ServiceSaid) -> Match | None:
        assert isinstance(said, ServiceSaid)
        return self._providers.find(said.title, said.postcode, cqc_id=said.cqc_id)
