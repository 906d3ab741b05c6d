"""Entries grow old: their keepers are asked, the search is told, and a letter confirms them all."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.community.adapters import links
from marketplace.community.commands.keeping import locked_group
from marketplace.community.commands.listings import confirm_entries
from marketplace.community.errors import LinkExpiredError
from marketplace.community.models import Group, Listing
from marketplace.community.queries.ageing import ages, needs_a_nudge
from marketplace.community.queries.people import is_keeper, keeper_ids
from marketplace.community.rules import (
    NUDGE_LASTS,
    GroupState,
    ListingState,
)
from marketplace.kernel.clock import local_day
from marketplace.outbox.commands import WriteLetter, ask_to_index, write_letter


def nudge_keepers(session: Session, *, secret_key: str, at: datetime, limit: int = 50) -> int:
    """Ask by letter whether entries nobody confirmed for five months are right; return how many.

    Each group gets one letter about all its entries, and each entry one question until somebody
    answers.
    """
    due = (
        select(Listing.group_id)
        .join(Group, Group.id == Listing.group_id)
        .where(*needs_a_nudge(at))
        .group_by(Listing.group_id)
        .order_by(Listing.group_id)
        .limit(limit)
    )
    asked = 0
    for group_id in list(session.scalars(due)):
        asked += _nudge(session, group_id, secret_key, at)
    return asked


def confirm_by_link(
    session: Session, *, link: str, secret_key: str, at: datetime
) -> tuple[str, int]:
    """Confirm all entries of a group by the link from a letter; return its name and how many.

    Raises:
        LinkExpiredError: it is too old, not ours, or its reader no longer looks after the group.
    """
    group_id, user_id = _ids(link, secret_key)
    group = locked_group(session, group_id=group_id)
    check_link(session, link=link, secret_key=secret_key)
    return group.name, confirm_entries(session, group, by_user_id=user_id, at=at)


def check_link(session: Session, *, link: str, secret_key: str) -> UUID:
    """Return the group whose entries a link from a letter confirms.

    Raises:
        LinkExpiredError: it is too old, not ours, or its reader no longer looks after the group.
    """
    group_id, user_id = _ids(link, secret_key)
    group = session.get(Group, group_id)
    good = group is not None and group.state is not GroupState.CLOSED
    if user_id is None:
        good = good and not keeper_ids(session, group_id=group_id)
    else:
        good = good and is_keeper(session, group_id=group_id, user_id=user_id)
    if not good:
        raise LinkExpiredError("This link is no longer good.")
    return group_id


def tell_search_what_aged(session: Session, *, at: datetime, limit: int = 500) -> int:
    """Have the search look again at entries that grew old or are over; return how many."""
    asked = 0
    for known_as, is_so in ages(at).items():
        rows = (
            select(Listing.id)
            .where(Listing.state == ListingState.OPEN, is_so, Listing.indexed_as != known_as)
            .order_by(Listing.id)
            .limit(limit)
        )
        found = list(session.scalars(rows))
        for listing_id in found:
            ask_to_index(session, kind="listing", subject_id=listing_id, at=at)
        session.execute(update(Listing).where(Listing.id.in_(found)).values(indexed_as=known_as))
        asked += len(found)
    return asked


def _nudge(session: Session, group_id: UUID, secret_key: str, at: datetime) -> int:
    group = locked_group(session, group_id=group_id)
    rows = (
        select(Listing)
        .join(Group, Group.id == Listing.group_id)
        .where(Listing.group_id == group_id, *needs_a_nudge(at))
        .order_by(Listing.title, Listing.id)
        .with_for_update(of=Listing)
    )
    found = list(session.scalars(rows))
    for listing in found:
        listing.nudged_at = at
    keepers = [
        access.person_ever(session, user_id=each) for each in keeper_ids(session, group_id=group_id)
    ]
    readers: list[tuple[UUID | None, str, str]] = [
        (each.id, each.email, each.name) for each in keepers
    ]
    # Another worker may have asked while this one waited for the group.
    told = (readers or [(None, group.email, group.name)]) if found else []
    for user_id, email, name in told:
        ids = (group_id, user_id) if user_id else (group_id,)
        letter = WriteLetter(
            key=f"nudge/{group_id}/{user_id}/{local_day(at)}",
            to=email,
            subject=f"Is this still right? {group.name}",
            template="community_nudge",
            values={
                "name": name,
                "group": group.name,
                "slug": group.slug,
                "titles": [listing.title for listing in found],
                "link": links.token(secret_key, links.CONFIRM, *ids),
                "kept": user_id is not None,
            },
        )
        if email:
            write_letter(session, letter, at=at)
    return len(found)


def _ids(link: str, secret_key: str) -> tuple[UUID, UUID | None]:
    found = links.ids_of(secret_key, links.CONFIRM, link, lasts=NUDGE_LASTS)
    if len(found) not in {1, 2}:
        raise LinkExpiredError("This link is no longer good.")
    return found[0], found[1] if len(found) > 1 else None
