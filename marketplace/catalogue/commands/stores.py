"""Looking after one's own store."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.access.commands import rename_organisation
from marketplace.access.rules import Actor
from marketplace.catalogue.commands.join import apply
from marketplace.catalogue.commands.keeping import ask_for_store, note, own_store
from marketplace.catalogue.errors import BadWordsError, WrongStateError
from marketplace.catalogue.models import Offer, Provider, Worker
from marketplace.catalogue.rules import (
    NAME_LENGTH_MAX,
    OfferState,
    ProviderKind,
    ProviderState,
    checked_text,
    provider_name,
)
from marketplace.councils.queries import council
from marketplace.kernel.ages import ANY_AGE, Ages, ages
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.places.queries import locate

_WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStore:
    """Everything a store says of itself."""

    name: str
    kind: ProviderKind
    about: str
    postcode: str
    reach_metres: int | None
    phone: str = ""
    email: str = ""
    website: str = ""
    regulated: bool = False
    cqc_id: str = ""
    why_no_cqc: str = ""
    languages: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    for_whom: tuple[str, ...] = ()
    ages: Ages = ANY_AGE


def change_store(session: Session, wish: ChangeStore, *, by: Actor, at: datetime) -> None:
    """Change what a store says of itself; its address stays.

    Raises:
        NotFoundError: the one who asks looks after no store.
        BadWordsError: a text is missing or too long, or the website is no address.
        PlaceNotFoundError: there is no such postcode.
        BadAgesError: these ages cannot be.
    """
    provider = own_store(session, by)
    name = provider_name(wish.name)
    if name != provider.name:
        rename_organisation(session, organisation_id=provider.id, name=name)
    _move(provider, wish)
    provider.name, provider.kind = name, wish.kind
    provider.about = checked_text(wish.about, what="description")
    provider.phone = _line(wish.phone, "telephone number", 40)
    provider.email = _line(wish.email, "e-mail address", 254)
    provider.website = _website(wish.website)
    provider.regulated = wish.regulated
    provider.cqc_id = _line(wish.cqc_id, "registration number", 40) or None
    provider.why_no_cqc = checked_text(wish.why_no_cqc, what="reason", longest=1000)
    provider.languages, provider.genders = list(wish.languages), list(wish.genders)
    provider.access, provider.for_whom = list(wish.access), list(wish.for_whom)
    allowed = ages(wish.ages.youngest, wish.ages.oldest)
    provider.youngest, provider.oldest = allowed.youngest, allowed.oldest
    provider.confirmed_at = at
    _changed(session, "store-changed", provider.id, by, at)


def pause_store(session: Session, *, by: Actor, at: datetime) -> None:
    """Go on holiday: nothing can be found or ordered until the store is opened again.

    Raises:
        NotFoundError: the one who asks looks after no store.
        WrongStateError: the store has closed.
    """
    _set_state(session, ProviderState.PAUSED, "store-paused", by, at)


def open_store(session: Session, *, by: Actor, at: datetime) -> None:
    """Open a store again after a holiday.

    Raises:
        NotFoundError: the one who asks looks after no store.
        WrongStateError: the store has closed.
    """
    _set_state(session, ProviderState.OPEN, "store-opened", by, at)


def confirm_store(session: Session, *, by: Actor, at: datetime) -> None:
    """Say that everything in the store is still right, its offers too.

    Raises:
        NotFoundError: the one who asks looks after no store.
    """
    provider = own_store(session, by)
    provider.confirmed_at = at
    session.execute(
        update(Offer)
        .where(Offer.provider_id == provider.id, Offer.state != OfferState.ENDED)
        .values(confirmed_at=at)
    )
    _changed(session, "store-confirmed", provider.id, by, at)


def add_worker(
    session: Session, *, worker_id: UUID, name: str, about: str = "", by: Actor, at: datetime
) -> UUID:
    """Name a worker whom people can ask for; sent twice it is one worker.

    Raises:
        NotFoundError: the one who asks looks after no store.
        BadWordsError: the name is missing or too long.
    """
    provider = own_store(session, by)
    values = {
        "id": worker_id,
        "provider_id": provider.id,
        "name": provider_name(name),
        "about": checked_text(about, what="description", longest=1000),
    }
    if insert_once(session, Worker, values):
        note(session, "worker-named", provider_id=provider.id, subject_id=worker_id, by=by, at=at)
    return worker_id


def end_worker(session: Session, *, worker_id: UUID, by: Actor, at: datetime) -> None:
    """Take a worker's name off the store; orders that named them keep it.

    Raises:
        NotFoundError: they do not work for this store.
    """
    provider = own_store(session, by)
    worker = session.get(Worker, worker_id, with_for_update=True)
    if worker is None or worker.provider_id != provider.id:
        raise NotFoundError
    if worker.ended_at is None:
        worker.ended_at = at
        note(session, "worker-ended", provider_id=provider.id, subject_id=worker_id, by=by, at=at)


def apply_to_council(session: Session, *, council_id: UUID, by: Actor, at: datetime) -> None:
    """Ask another council to check the provider and show it in its portal.

    Raises:
        NotFoundError: there is no such council, or no store.
    """
    provider = own_store(session, by)
    council(session, council_id=council_id)
    if apply(session, provider_id=provider.id, council_id=council_id, at=at):
        _changed(session, "council-applied-to", provider.id, by, at, subject_id=council_id)


def _set_state(session: Session, state: ProviderState, what: str, by: Actor, at: datetime) -> None:
    provider = own_store(session, by)
    if provider.state is state:
        return
    if provider.state not in {ProviderState.OPEN, ProviderState.PAUSED}:
        raise WrongStateError("This store has closed.")
    provider.state = state
    _changed(session, what, provider.id, by, at)


def _move(provider: Provider, wish: ChangeStore) -> None:
    place = locate(wish.postcode)
    provider.postcode = place.label
    provider.easting, provider.northing = place.point.easting, place.point.northing
    provider.reach_metres = wish.reach_metres


def _website(typed: str) -> str:
    address = _line(typed, "website", 500)
    if not address:
        return ""
    if "://" not in address:
        address = f"https://{address}"
    if not address.startswith(_WEB) or "." not in address or " " in address:
        raise BadWordsError("Write the website like https://www.example.org.")
    return address


def _line(typed: str, what: str, longest: int = NAME_LENGTH_MAX) -> str:
    return checked_text(typed, what=what, longest=longest, one_line=True)


def _changed(
    session: Session,
    what: str,
    provider_id: UUID,
    by: Actor,
    at: datetime,
    *,
    subject_id: UUID | None = None,
) -> None:
    note(session, what, provider_id=provider_id, subject_id=subject_id, by=by, at=at)
    ask_for_store(session, provider_id, at=at)
