"""Adding a group, changing what it says of itself, closing it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.community.commands.keeping import (
    checked_text,
    council_at,
    group_kept_by,
    note_group,
    place_columns,
    set_columns,
)
from marketplace.community.errors import WrongStateError
from marketplace.community.models import Group, Keeper, KeeperInvitation
from marketplace.community.queries.people import partner_of
from marketplace.community.rules import (
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TEXT_LENGTH_MAX,
    GroupState,
    group_slug,
    safe_link,
)
from marketplace.kernel.writing import insert_once


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteGroup:
    """What a group says of itself."""

    group_id: UUID
    name: str
    about: str
    postcode: str
    email: str
    phone: str = ""
    website: str = ""


def add_group(session: Session, wish: WriteGroup, *, by: Actor, at: datetime) -> str:
    """Add one's own group and become its keeper; return its address part.

    The wish brings the group's id, so that a form sent twice is one group. Only its keepers and
    the council see it until somebody there has looked.

    Raises:
        BadEntryError: something is missing, too long, or no web address.
    """
    columns = _columns(wish)
    earlier = session.get(Group, wish.group_id)
    if earlier is not None:
        return group_kept_by(session, group_id=earlier.id, by=by).slug
    group = Group(
        id=wish.group_id,
        slug=_free_slug(session, wish.name),
        council_id=council_at(session, postcode=wish.postcode),
        state=GroupState.WAITING,
        made_at=at,
        changed_at=at,
        **columns,
    )
    partner = partner_of(session, group, user_id=by.user_id)
    if partner is not None:
        # The council trusts them already: there is nothing to wait for.
        group.state, group.checked_by, group.checked_at = GroupState.SHOWN, partner.name, at
    session.add(group)
    session.flush()  # the keeper's row names the group
    session.add(Keeper(id=uuid4(), group_id=group.id, user_id=by.user_id, since_at=at))
    note_group(session, "group-added", group, by.user_id, at)
    return group.slug


def change_group(session: Session, wish: WriteGroup, *, by: Actor, at: datetime) -> None:
    """Change what one's group says of itself. Its address part stays: people keep addresses.

    Raises:
        NotFoundError: it is not theirs.
        BadEntryError: something is missing, too long, or no web address.
    """
    group = group_kept_by(session, group_id=wish.group_id, by=by)
    columns = _columns(wish)
    moved = wish.postcode != group.postcode
    if not set_columns(group, columns):
        return
    if moved:
        group.council_id = council_at(session, postcode=wish.postcode)
    partner = partner_of(session, group, user_id=by.user_id)
    # A mark speaks of what was there on its day, not of what came after.
    group.checked_by, group.checked_at = (partner.name, at) if partner else ("", None)
    group.changed_at = at
    note_group(session, "group-changed", group, by.user_id, at)


def ask_again(session: Session, *, group_id: UUID, by: Actor, at: datetime) -> None:
    """Ask the council to look again at a group that it hid.

    Raises:
        NotFoundError: it is not theirs.
        WrongStateError: it is not hidden.
    """
    group = group_kept_by(session, group_id=group_id, by=by)
    if group.state is GroupState.WAITING:
        return
    if group.state is not GroupState.HIDDEN:
        raise WrongStateError("This group is not hidden.")
    group.state, group.hidden_by_rule = GroupState.WAITING, None
    note_group(session, "group-asked-again", group, by.user_id, at)


def close_group(session: Session, *, group_id: UUID, by: Actor, at: datetime) -> None:
    """Close one's group: nobody finds it or its entries any more.

    Raises:
        NotFoundError: it is not theirs.
    """
    group = group_kept_by(session, group_id=group_id, by=by)
    if group.state is GroupState.CLOSED:
        return
    group.state, group.hidden_by_rule, group.changed_at = GroupState.CLOSED, None, at
    session.execute(
        update(KeeperInvitation)
        .where(KeeperInvitation.group_id == group.id, KeeperInvitation.ended_at.is_(None))
        .values(ended_at=at, email="")
    )
    note_group(session, "group-closed", group, by.user_id, at)


def open_again(session: Session, *, group_id: UUID, by: Actor, at: datetime) -> None:
    """Open one's closed group again; the council looks at it first.

    Raises:
        NotFoundError: it is not theirs.
        WrongStateError: it is not closed.
    """
    group = group_kept_by(session, group_id=group_id, by=by)
    if group.state is not GroupState.CLOSED:
        raise WrongStateError("This group is not closed.")
    group.state, group.changed_at = GroupState.WAITING, at
    note_group(session, "group-opened-again", group, by.user_id, at)


def begin_keeping(session: Session, *, group_id: UUID, user_id: UUID, at: datetime) -> None:
    """Make somebody a keeper of a group; once more changes nothing."""
    values = {"id": uuid4(), "group_id": group_id, "user_id": user_id, "since_at": at}
    if not insert_once(session, Keeper, {**values, "ended_at": None}):
        session.execute(
            update(Keeper)
            .where(
                Keeper.group_id == group_id,
                Keeper.user_id == user_id,
                Keeper.ended_at.is_not(None),
            )
            .values(since_at=at, ended_at=None)
        )


def _columns(wish: WriteGroup) -> dict[str, object]:
    return {
        "name": checked_text(
            wish.name, what="name of your group", longest=NAME_LENGTH_MAX, needed=True
        ),
        "about": checked_text(wish.about, what="words", longest=TEXT_LENGTH_MAX, needed=True),
        "postcode": wish.postcode.strip().upper(),
        "email": checked_text(wish.email, what="e-mail address", longest=LINE_LENGTH_MAX),
        "phone": checked_text(wish.phone, what="phone number", longest=LINE_LENGTH_MAX),
        "website": safe_link(wish.website),
        **place_columns(wish.postcode),
    }


def _free_slug(session: Session, name: str) -> str:
    slug = group_slug(name)
    taken = set(session.scalars(select(Group.slug).where(Group.slug.startswith(slug))))
    numbered = (f"{slug}-{number}" for number in count(2))
    return next(each for each in chain([slug], numbered) if each not in taken)
