"""What is here already, and what is remembered of a source: all a plan is made from."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.queries.matching import StoreToMatch, stores_to_match
from marketplace.community.queries.matching import (
    GroupToMatch,
    ListingToMatch,
    groups_to_match,
    listings_to_match,
)
from marketplace.feeds.models import SourceEntry
from marketplace.feeds.rules.matching import Here
from marketplace.feeds.rules.planning import Known, Market, Part
from marketplace.feeds.rules.said import GROUP_FIELDS, LISTING_FIELDS, PROVIDER_FIELDS, Values


def market(session: Session, *, source_id: UUID | None) -> Market:
    """Return what is here, and what a source is known to have."""
    groups = groups_to_match(session)
    kept = {group.id for group in groups if group.is_kept}
    return Market(
        known=_known(session, source_id) if source_id else {},
        groups=[_group(group) for group in groups],
        listings=[
            _listing(listing, kept=listing.group_id in kept)
            for listing in listings_to_match(session)
        ],
        providers=[_store(store) for store in stores_to_match(session)],
    )


def here_now(session: Session, ids: Collection[UUID]) -> dict[UUID, Here]:
    """Return some things that are here as they are at this moment, by id."""
    wanted = set(ids)
    rows = [
        *map(_group, groups_to_match(session, ids=wanted)),
        *(_listing(each, kept=False) for each in listings_to_match(session, ids=wanted)),
        *map(_store, stores_to_match(session, ids=wanted)),
    ]
    return {here.id: here for here in rows}


def _known(session: Session, source_id: UUID) -> dict[tuple[Part, str], Known]:
    rows = select(
        SourceEntry.id,
        SourceEntry.part,
        SourceEntry.key,
        SourceEntry.state,
        SourceEntry.target_kind,
        SourceEntry.target_id,
        SourceEntry.organisation_key,
        SourceEntry.title,
        SourceEntry.taken,
        SourceEntry.digest,
        SourceEntry.missing_times,
    ).where(SourceEntry.source_id == source_id)
    names = (
        "id",
        "part",
        "key",
        "state",
        "target_kind",
        "target_id",
        "organisation_key",
        "title",
        "values",
        "digest",
        "missing_times",
    )
    found = (Known(**dict(zip(names, row, strict=True))) for row in session.execute(rows))
    return {(known.part, known.key): known for known in found}


def _group(group: GroupToMatch) -> Here:
    return Here(
        kind="group",
        id=group.id,
        name=group.name,
        postcode=group.postcode,
        is_kept=group.is_kept,
        is_open=group.is_open,
        slug=group.slug,
        values={
            **{name: getattr(group, name) for name in GROUP_FIELDS},
            "council_id": str(group.council_id) if group.council_id else None,
            "source_words": group.source_words,
            "source_url": group.source_url,
        },
    )


def _listing(listing: ListingToMatch, *, kept: bool) -> Here:
    values: Values = {
        name: getattr(listing, name) for name in LISTING_FIELDS if name != "cost_pence"
    }
    for name in ("on_day", "first_on", "last_on"):
        values[name] = values[name].isoformat() if values[name] else None
    values |= {
        "kind": listing.kind.value,
        "cost_pence": listing.cost.pence,
        "also_on": listing.also_on,
        "breaks": listing.breaks,
        "not_bank_holidays": listing.not_bank_holidays,
        "source_words": listing.source_words,
        "source_url": listing.source_url,
    }
    return Here(
        kind="listing",
        id=listing.id,
        group_id=listing.group_id,
        name=listing.title,
        postcode=listing.postcode,
        is_kept=kept,
        is_open=listing.is_open,
        slug=listing.slug,
        confirmed_at=listing.confirmed_at,
        values=values,
    )


def _store(store: StoreToMatch) -> Here:
    values: Values = {name: getattr(store, name) for name in PROVIDER_FIELDS}
    values |= {"categories": list(store.categories), "for_whom": list(store.for_whom)}
    return Here(
        kind="provider",
        id=store.id,
        name=store.name,
        postcode=store.postcode,
        is_kept=store.is_kept,
        is_open=store.is_open,
        slug=store.source_key,
        cqc_id=store.cqc_id,
        values=values,
    )
