"""What a page of results shows of groups and of what they offer: in one statement."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from marketplace.community.models import DateException, Group, Listing
from marketplace.community.queries.cards import (
    FindableGroup,
    ListingCard,
    findable_group,
    is_findable,
    listing_card,
)
from marketplace.community.rules import Freshness, GroupState, ListingState

Found = tuple[dict[UUID, ListingCard], dict[UUID, FindableGroup]]


def found_in_community(
    session: Session,
    *,
    listing_ids: Collection[UUID],
    group_ids: Collection[UUID],
    at: datetime,
) -> Found:
    """Return those of some entries and groups that anybody may see, each by its id."""
    if not (listing_ids or group_ids):
        return {}, {}
    rows: Select[*tuple[Any, ...]] = (
        select(Group, Listing, is_findable(at), DateException)
        .outerjoin(Listing, (Listing.group_id == Group.id) & (Listing.state == ListingState.OPEN))
        .outerjoin(DateException, DateException.listing_id == Listing.id)
        .where(
            Group.state == GroupState.SHOWN,
            or_(Listing.id.in_(listing_ids), Group.id.in_(group_ids)),
        )
        .order_by(Group.id, Listing.title, Listing.id)
    )
    wanted = set(listing_ids)
    groups: dict[UUID, tuple[Group, dict[UUID, Listing]]] = {}
    changes: dict[UUID, list[DateException]] = {}
    for group, listing, findable, change in session.execute(rows):
        _, offers = groups.setdefault(group.id, (group, {}))
        if listing is not None:
            offers[listing.id] = listing
            if findable and listing.id in wanted:
                changes.setdefault(listing.id, []).extend([change] if change is not None else [])
    listings = {
        listing.id: listing_card(listing, group, changes[listing.id])
        for group, offers in groups.values()
        for listing in offers.values()
        if listing.id in changes
    }
    of_groups = {
        id_: findable_group(groups[id_][0], groups[id_][1].values())
        for id_ in group_ids
        if id_ in groups
    }
    fresh = {
        id_: each for id_, each in of_groups.items() if each.freshness(at) is not Freshness.DROPPED
    }
    return listings, fresh
