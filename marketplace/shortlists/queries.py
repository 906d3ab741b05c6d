"""Reading lists: what is on them now, what it costs the one who looks, and what was said."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.access.rules import Actor, Permission
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import OfferFound, StoreFound
from marketplace.community import queries as community
from marketplace.community.queries import FindableGroup, ListingCard
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.exporting import Kept, columns_of, rows_of
from marketplace.ratings import queries as ratings
from marketplace.ratings.rules import Standing
from marketplace.shortlists.models import Note, Shortlist, Thing
from marketplace.shortlists.rules import UNUSED_AFTER, KeptKind


@dataclass(frozen=True, slots=True)
class ListRow:
    """One of a person's lists."""

    id: UUID
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What somebody said about something on a list."""

    id: UUID
    words: str
    written_by: str
    written_by_id: UUID
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingCard:
    """Something on a list; none of the four is there once it is no longer to be had."""

    id: UUID
    kind: KeptKind
    subject_id: UUID
    title: str
    added_by: str
    """Nobody, on a list by link."""
    added_by_id: UUID | None
    added_at: datetime
    notes: tuple[NoteRow, ...] = ()
    offer: OfferFound | None = None
    store: StoreFound | None = None
    listing: ListingCard | None = None
    group: FindableGroup | None = None
    standing: Standing | None = None

    @property
    def is_gone(self) -> bool:
        """Tell whether it is no longer to be had."""
        return not (self.offer or self.store or self.listing or self.group)


@dataclass(frozen=True, slots=True)
class ListCard:
    """A list and everything on it."""

    id: UUID
    name: str
    things: tuple[ThingCard, ...]

    @property
    def offer_ids(self) -> list[UUID]:
        """The offers on it that are still on sale, to compare."""
        return [each.subject_id for each in self.things if each.offer]


@dataclass(frozen=True, slots=True)
class _Found:
    offers: Mapping[UUID, OfferFound]
    stores: Mapping[UUID, StoreFound]
    listings: Mapping[UUID, ListingCard]
    groups: Mapping[UUID, FindableGroup]
    standings: Mapping[UUID, Standing]


def lists_of(session: Session, *, person_id: UUID) -> list[ListRow]:
    """Return a person's lists, the one used last first."""
    count = select(func.count()).where(Thing.shortlist_id == Shortlist.id).scalar_subquery()
    rows = (
        select(Shortlist.id, Shortlist.name, count)
        .where(Shortlist.person_id == person_id)
        .order_by(Shortlist.used_at.desc(), Shortlist.id)
    )
    return [ListRow(*row) for row in session.execute(rows)]


def shortlist(session: Session, *, shortlist_id: UUID, by: Actor, at: datetime) -> ListCard:
    """Return one of the lists of a person, for them and for those of their circle who may.

    Raises:
        NotFoundError: it is somebody else's.
    """
    found = session.get(Shortlist, shortlist_id)
    if found is None or not by.may(Permission.KEEP_LISTS) or found.person_id != by.buys_for:
        raise NotFoundError
    return _card(session, found, person_id=by.person_id, at=at)


def kept_activities(session: Session, *, person_id: UUID, at: datetime) -> list[ListingCard]:
    """Return the activities on a person's lists that are still there, for their calendar."""
    rows = (
        select(Thing.subject_id)
        .join(Shortlist, Shortlist.id == Thing.shortlist_id)
        .where(Shortlist.person_id == person_id, Thing.kind == KeptKind.ACTIVITY)
    )
    ids = set(session.scalars(rows))
    return community.findable_listings(session, ids=ids, at=at) if ids else []


def linked_list(session: Session, *, secret: str, person_id: UUID | None, at: datetime) -> ListCard:
    """Return the list that a link opens, at the prices of whoever looks.

    Raises:
        NotFoundError: there is none, or nobody has used it for too long.
    """
    found = session.scalar(select(Shortlist).where(Shortlist.link_hash == hash_of(secret)))
    if found is None or found.used_at < at - UNUSED_AFTER:
        raise NotFoundError("This list is no longer here. Lists by link last 90 days.")
    return _card(session, found, person_id=person_id, at=at)


def hash_of(secret: str) -> str:
    """Return under what a link is kept: whoever reads it cannot open the list."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def title_of(session: Session, *, kind: KeptKind, subject_id: UUID, at: datetime) -> str:
    """Return what something is called that can be kept.

    Raises:
        NotFoundError: nobody can see it, or no longer.
    """
    found = _found(session, {kind: [subject_id]}, person_id=None, at=at)
    for offer in found.offers.values():
        return offer.title
    for store in found.stores.values():
        return store.name
    for listing in found.listings.values():
        return listing.title
    for group in found.groups.values():
        return group.card.name
    raise NotFoundError("That is not here any more, so it cannot be kept.")


def data_of(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return somebody's lists, what is on them, and what they and others said."""
    lists = select(*columns_of(Shortlist, without=["link_hash"])).where(
        Shortlist.person_id == user_id
    )
    own = select(Shortlist.id).where(Shortlist.person_id == user_id)
    things = select(*columns_of(Thing)).where(
        or_(Thing.shortlist_id.in_(own), Thing.added_by_id == user_id)
    )
    on_own = select(Thing.id).where(Thing.shortlist_id.in_(own))
    notes = select(*columns_of(Note)).where(
        or_(Note.thing_id.in_(on_own), Note.written_by_id == user_id)
    )
    return {
        "lists": rows_of(session, lists.order_by(Shortlist.made_at, Shortlist.id)),
        "things-kept-on-lists": rows_of(session, things.order_by(Thing.added_at, Thing.id)),
        "notes-on-lists": rows_of(session, notes.order_by(Note.written_at, Note.id)),
    }


def _card(session: Session, found: Shortlist, *, person_id: UUID | None, at: datetime) -> ListCard:
    rows = select(Thing).where(Thing.shortlist_id == found.id).order_by(Thing.added_at, Thing.id)
    things = session.scalars(rows).all()
    wanted = {kind: [each.subject_id for each in things if each.kind is kind] for kind in KeptKind}
    shown = _found(session, wanted, person_id=person_id, at=at)
    notes = session.scalars(
        select(Note)
        .where(Note.thing_id.in_([each.id for each in things]))
        .order_by(Note.written_at, Note.id)
    ).all()
    people = {each.added_by_id for each in things} | {each.written_by_id for each in notes}
    names = names_of(session, user_ids=people) if notes or found.person_id else {}
    return ListCard(
        found.id, found.name, tuple(_thing(each, shown, notes, names) for each in things)
    )


def _thing(
    row: Thing, shown: _Found, notes: Sequence[Note], names: Mapping[UUID, str]
) -> ThingCard:
    offer = shown.offers.get(row.subject_id)
    return ThingCard(
        id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        title=row.title,
        added_by=names.get(row.added_by_id, "") if row.added_by_id else "",
        added_by_id=row.added_by_id,
        added_at=row.added_at,
        notes=tuple(
            NoteRow(
                each.id,
                each.words,
                names.get(each.written_by_id, ""),
                each.written_by_id,
                each.written_at,
            )
            for each in notes
            if each.thing_id == row.id
        ),
        offer=offer,
        store=shown.stores.get(row.subject_id),
        listing=shown.listings.get(row.subject_id),
        group=shown.groups.get(row.subject_id),
        standing=shown.standings.get(offer.provider_id if offer else row.subject_id),
    )


def _found(
    session: Session,
    wanted: Mapping[KeptKind, Collection[UUID]],
    *,
    person_id: UUID | None,
    at: datetime,
) -> _Found:
    ids = {kind: wanted.get(kind, ()) for kind in KeptKind}
    sold = catalogue.sold_found(
        session,
        offer_ids=ids[KeptKind.OFFER],
        provider_ids=ids[KeptKind.STORE],
        person_id=person_id,
        on=local_day(at),
        beside=ratings.standings_beside,
    )
    activities, groups = ids[KeptKind.ACTIVITY], ids[KeptKind.GROUP]
    listings = community.findable_listings(session, ids=activities, at=at) if activities else []
    found_groups = community.findable_groups(session, ids=groups, at=at) if groups else []
    return _Found(
        offers=sold.offers,
        stores=sold.stores,
        listings={each.id: each for each in listings},
        groups={each.card.id: each for each in found_groups},
        standings={id_: ratings.standing_in(row) for id_, row in sold.beside.items()},
    )
