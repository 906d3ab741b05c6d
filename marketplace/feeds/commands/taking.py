"""Doing what was planned: an organisation and all its services in one go.

Each bundle is whole by itself, so a batch of them in a transaction of its own leaves nothing half
done, and whoever else writes waits no longer than for so many. Doing it again changes nothing: an
entry is found by its source and the source's own id.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.commands.register import close_entry, open_entry_again
from marketplace.catalogue.queries.matching import store_of_source
from marketplace.catalogue.rules import RegisterEntry
from marketplace.community import commands as community
from marketplace.community.commands import PutGroup, PutListing
from marketplace.community.rules import ListingKind, group_slug, listing_slug
from marketplace.feeds.models import Question, Source, SourceEntry
from marketplace.feeds.queries.market import here_now
from marketplace.feeds.rules.matching import Here
from marketplace.feeds.rules.merging import merge
from marketplace.feeds.rules.planning import Bundle, Deed, EntryState, Part, Step
from marketplace.feeds.rules.said import (
    OrganisationSaid,
    ServiceSaid,
    Values,
    digest,
    to_json,
)
from marketplace.feeds.rules.sources import attribution
from marketplace.kernel.ages import Ages
from marketplace.kernel.money import Money

FROM_FEED = "feed"


@dataclass(slots=True)
class _Taking:
    """One batch while it is being written."""

    session: Session
    source: Source
    at: datetime
    here: Mapping[UUID, Here]
    groups: dict[str, UUID] = field(default_factory=dict)
    """The groups of this batch by the source's name for the organisation."""


def take(
    session: Session, bundles: Sequence[Bundle], *, source_id: UUID, at: datetime
) -> Counter[Deed]:
    """Write what some bundles say; the source is locked, so two imports of it take turns."""
    source = session.get_one(Source, source_id, with_for_update=True)
    steps = [step for bundle in bundles for step in bundle.steps]
    ids = {step.here.id for step in steps if step.here is not None}
    taking = _Taking(session, source, at, here_now(session, ids))
    done: Counter[Deed] = Counter()
    for step in steps:
        _do(taking, step)
        done[step.deed] += 1
    return done


def _do(taking: _Taking, step: Step) -> None:
    if step.part is Part.ORGANISATION and step.here is not None:
        taking.groups[step.key] = step.here.id
    deeds = {
        Deed.NEW: _add,
        Deed.LINKED: _link,
        Deed.CHANGED: _change,
        Deed.CONFIRMED: _confirm,
        Deed.ASKED: _ask,
        Deed.WAITING: _wait,
        Deed.GONE_ONCE: _miss,
        Deed.KEPT: _miss,
        Deed.ENDED: _end,
    }
    if step.deed in deeds:
        deeds[step.deed](taking, step)


def _add(taking: _Taking, step: Step) -> None:
    assert step.said is not None
    target_kind, target_id = _write(taking, step, None, step.said.values)
    _remember(taking, step, EntryState.TAKEN, target_kind, target_id)


def _link(taking: _Taking, step: Step) -> None:
    assert step.here is not None
    assert step.said is not None
    here = taking.here[step.here.id]
    merged = merge(None, here.values, step.said.values)
    if merged.changed and here.kind != "provider":
        _write(taking, step, here, merged.values)
    _remember(taking, step, EntryState.TAKEN, here.kind, here.id)


def _change(taking: _Taking, step: Step) -> None:
    assert step.here is not None
    assert step.known is not None
    assert step.said is not None
    # Somebody may have changed it since the plan was made.
    here = taking.here[step.here.id]
    merged = merge(step.known.values, here.values, step.said.values)
    if merged.changed or not here.is_open:
        _write(taking, step, here, merged.values)
    _remember(taking, step, EntryState.TAKEN, here.kind, here.id)


def _confirm(taking: _Taking, step: Step) -> None:
    assert step.here is not None
    community.confirm_listing(
        taking.session, listing_id=step.here.id, by_user_id=None, at=taking.at
    )


def _ask(taking: _Taking, step: Step) -> None:
    if step.known is not None and step.known.state is EntryState.ASKED:
        _remember(taking, step, EntryState.ASKED)
        return
    assert step.here is not None
    entry = _remember(taking, step, EntryState.ASKED)
    taking.session.flush()  # the question names the entry's row
    taking.session.add(
        Question(
            id=uuid4(),
            source_id=taking.source.id,
            entry_id=entry.id,
            here_kind=step.here.kind,
            here_id=step.here.id,
            likeness=step.likeness,
            asked_at=taking.at,
        )
    )


def _wait(taking: _Taking, step: Step) -> None:
    _remember(taking, step, EntryState.WAITING)


def _miss(taking: _Taking, step: Step) -> None:
    _entry(taking, step).missing_times += 1


def _end(taking: _Taking, step: Step) -> None:
    entry = _entry(taking, step)
    entry.missing_times += 1
    entry.state = EntryState.ENDED
    if entry.target_id is None or step.here is None:
        return
    if entry.target_kind == "listing":
        community.end_listing(
            taking.session, listing_id=entry.target_id, by_user_id=None, at=taking.at
        )
    elif step.here.slug.startswith(f"{FROM_FEED}/"):
        close_entry(taking.session, provider_id=entry.target_id, at=taking.at)


def _write(taking: _Taking, step: Step, here: Here | None, values: Values) -> tuple[str, UUID]:
    said = step.said
    if isinstance(said, OrganisationSaid):
        group_id = _put_group(taking, said, here, values)
        taking.groups[said.key] = group_id
        return "group", group_id
    assert isinstance(said, ServiceSaid)
    if here.kind == "provider" if here else said.is_care:
        return "provider", _put_provider(taking, said, here)
    return "listing", _put_listing(taking, said, here, values)


def _put_group(taking: _Taking, said: OrganisationSaid, here: Here | None, values: Values) -> UUID:
    council_id = values.get("council_id")
    wish = PutGroup(
        # The mark makes it the source's own group: never one that only has the same name.
        slug=here.slug if here else f"{group_slug(said.name)}-{_mark(taking, said.key)}",
        council_id=UUID(council_id) if council_id else (None if here else taking.source.council_id),
        **{name: values[name] for name in ("name", "about", "postcode", "email", "phone")},
        website=values["website"],
        **_source_of(taking, here),
    )
    return community.put_group(taking.session, wish, by_user_id=None, at=taking.at)


def _put_listing(taking: _Taking, said: ServiceSaid, here: Here | None, values: Values) -> UUID:
    group_id = here.group_id if here else taking.groups[said.organisation_key]
    assert group_id is not None
    plain = ("title", "category", "about", "venue", "postcode", "cost_words", "rrule", "starts")
    columns: dict[str, Any] = {
        **{name: values[name] for name in (*plain, "minutes", "contact", "online")},
        **{name: tuple(values[name]) for name in ("for_whom", "access", "languages")},
        "ages": Ages(values.get("youngest"), values.get("oldest")),
        "cost_known": values.get("cost_known", True),
        **{name: _day(values[name]) for name in ("on_day", "first_on", "last_on")},
        "also_on": tuple(map(date.fromisoformat, values.get("also_on", ()))),
        "breaks": tuple(
            (date.fromisoformat(first), date.fromisoformat(last))
            for first, last in values.get("breaks", ())
        ),
        "not_bank_holidays": values.get("not_bank_holidays", False),
        **_source_of(taking, here),
    }
    wish = PutListing(
        group_id=group_id,
        slug=here.slug if here else f"{listing_slug(said.title)}-{_mark(taking, said.key)}",
        kind=ListingKind(values["kind"]),
        cost=Money(values["cost_pence"]),
        **columns,
    )
    return community.put_listing(taking.session, wish, by_user_id=None, at=taking.at)


def _put_provider(taking: _Taking, said: ServiceSaid, here: Here | None) -> UUID:
    entry = RegisterEntry(
        source=FROM_FEED,
        key=f"{taking.source.id}/{said.key}",
        name=said.title,
        about=said.about,
        postcode=said.postcode,
        phone=said.phone,
        website=said.website,
        cqc_id=said.cqc_id,
        categories=said.categories,
        for_whom=said.for_whom,
        ages=Ages(said.youngest, said.oldest),
        regulated=bool(said.cqc_id),
        **_source_of(taking, None),
    )
    if here is not None and here.slug != entry.source_key:
        return here.id  # it is a register's, which knows better
    if here is not None and not here.is_open:
        open_entry_again(taking.session, provider_id=here.id, at=taking.at)
    catalogue.import_entry(taking.session, entry, at=taking.at)
    provider_id = store_of_source(taking.session, source_key=entry.source_key)
    assert provider_id is not None, "it has just been put there"
    return provider_id


def _source_of(taking: _Taking, here: Here | None) -> dict[str, str]:
    if here is not None:
        return {name: here.values[name] for name in ("source_words", "source_url")}
    source = taking.source
    website = source.website or (source.address if "://" in source.address else "")
    return {"source_words": attribution(source.name, source.licence), "source_url": website}


def _mark(taking: _Taking, key: str) -> str:
    return digest({"source": str(taking.source.id), "key": key})[:6]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _entry(taking: _Taking, step: Step) -> SourceEntry:
    assert step.known is not None
    return taking.session.get_one(SourceEntry, step.known.id)


def _remember(
    taking: _Taking,
    step: Step,
    state: EntryState,
    target_kind: str = "",
    target_id: UUID | None = None,
) -> SourceEntry:
    assert step.said is not None
    if step.known is None:
        entry = SourceEntry(
            id=uuid4(), source_id=taking.source.id, part=step.part, key=step.key, taken={}
        )
        taking.session.add(entry)
    else:
        entry = _entry(taking, step)
    values: dict[str, Any] = step.said.values
    entry.title, entry.state = step.title, state
    entry.organisation_key = getattr(step.said, "organisation_key", step.key)
    entry.target_kind, entry.target_id = target_kind, target_id
    entry.said, entry.digest = to_json(step.said), digest(values)
    entry.missing_times, entry.seen_at = 0, taking.at
    if state is EntryState.TAKEN:
        entry.taken = values
    return entry
