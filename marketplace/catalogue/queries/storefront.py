"""What a store shows beside its offers: pictures, papers, times, where it comes to, its room."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from marketplace.access.rules import Actor
from marketplace.catalogue.models import Document, Offer, Picture, Provider, ProviderCouncil
from marketplace.catalogue.queries.holidays import BreakRow, breaks_of
from marketplace.catalogue.queries.standing import may_see
from marketplace.catalogue.queries.stores import district
from marketplace.catalogue.rules import (
    AnswersWithin,
    OpenDay,
    OpenDays,
    Room,
    open_days,
)
from marketplace.councils.queries import councils
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError

DistrictsOf = Mapping[str, frozenset[str]]
"""The postcode districts of councils, by the council's id as it is kept."""


@dataclass(frozen=True, slots=True)
class PictureCard:
    """A picture of a store and what it shows."""

    id: UUID
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """A paper of a store, without its content."""

    id: UUID
    title: str
    media_type: str
    size_bytes: int
    added_at: datetime

    @property
    def is_pdf(self) -> bool:
        """Tell whether it is a PDF file; else it is plain text."""
        return self.media_type == "application/pdf"

    @property
    def kilobytes(self) -> int:
        """How big it is; at least one."""
        return max(1, round(self.size_bytes / 1024))


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A paper as a browser gets it."""

    title: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Area:
    """Where a provider comes to."""

    reach_metres: int | None
    based_in: str
    """The district they come from."""
    districts: tuple[str, ...]
    council_ids: tuple[UUID, ...]
    council_names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Storefront:
    """What a store shows beside its offers."""

    pictures: tuple[PictureCard, ...]
    documents: tuple[DocumentCard, ...]
    opening: tuple[OpenDay, ...]
    opening_words: str
    answers_within: AnswersWithin | None
    area: Area
    room: Room
    breaks: tuple[BreakRow, ...] = ()
    """Holidays that are not over, the next one first; only where the day was told."""

    @property
    def open_days(self) -> tuple[OpenDays, ...]:
        """The times of the week, days that are alike drawn together."""
        return open_days(self.opening)


def storefront(session: Session, *, provider_id: UUID, on: date | None = None) -> Storefront:
    """Return what a store shows beside its offers; ask for the store itself first.

    Raises:
        NotFoundError: there is no such store.
    """
    found = session.get(Provider, provider_id)
    if found is None:
        raise NotFoundError
    return Storefront(
        pictures=_pictures(session, provider_id),
        documents=_documents(session, provider_id),
        opening=tuple(OpenDay(*span) for span in found.opening),
        opening_words=found.opening_words,
        answers_within=AnswersWithin(found.answers_within) if found.answers_within else None,
        area=_area(session, found),
        room=room_of(found),
        breaks=tuple(breaks_of(session, provider_id=provider_id, on=on)) if on else (),
    )


def document(session: Session, *, document_id: UUID, by: Actor | None = None) -> DocumentFile:
    """Return a paper of a store that anybody may see, or that ``by`` looks after.

    Raises:
        NotFoundError: there is none, or its store is not shown to the one who asks.
    """
    found = session.scalar(
        select(Document).where(Document.id == document_id).options(undefer(Document.content))
    )
    if found is None or not may_see(session, provider_id=found.provider_id, by=by):
        raise NotFoundError
    return DocumentFile(found.title, found.content, found.media_type)


def some_no_longer_full(session: Session, *, at: datetime) -> bool:
    """Tell whether the day has passed until which some store was full."""
    row = select(Provider.id).where(Provider.full_until < local_day(at)).limit(1)
    return session.scalar(row) is not None


def room_of(provider: Provider) -> Room:
    """Return when a provider says it has room."""
    return Room(
        usual=tuple(provider.room),
        full_weeks=tuple(date.fromisoformat(week) for week in provider.full_weeks),
        full_until=provider.full_until,
        said_at=provider.room_said_at,
    )


def districts_of_councils(session: Session) -> DistrictsOf:
    """Return the postcode districts of every council."""
    return {str(card.id): frozenset(card.districts) for card in councils(session)}


def stores_of_councils(session: Session, *, council_ids: Collection[UUID]) -> set[UUID]:
    """Return who comes to the whole of some councils, and whom they have a say about."""
    wanted = {str(council_id) for council_id in council_ids}
    covering = session.execute(select(Provider.id, Provider.covered_council_ids))
    said = select(ProviderCouncil.provider_id).where(ProviderCouncil.council_id.in_(council_ids))
    return {row.id for row in covering if wanted & set(row.covered_council_ids)} | set(
        session.scalars(said)
    )


def offers_of_stores(session: Session, *, provider_ids: Collection[UUID]) -> set[UUID]:
    """Return all that some stores sell or sold, whether anybody may see it or not."""
    return set(session.scalars(select(Offer.id).where(Offer.provider_id.in_(provider_ids))))


def covers(provider: Provider, districts_of: DistrictsOf) -> frozenset[str]:
    """Return the districts a provider comes to, however far: those named, and its councils'."""
    whole = (districts_of.get(each, frozenset()) for each in provider.covered_council_ids)
    return frozenset(provider.covered_districts).union(*whole)


def _pictures(session: Session, provider_id: UUID) -> tuple[PictureCard, ...]:
    rows = (
        select(Picture.id, Picture.alt, Picture.width, Picture.height)
        .where(Picture.provider_id == provider_id)
        .order_by(Picture.place, Picture.id)
    )
    return tuple(PictureCard(*row) for row in session.execute(rows))


def _documents(session: Session, provider_id: UUID) -> tuple[DocumentCard, ...]:
    rows = (
        select(
            Document.id,
            Document.title,
            Document.media_type,
            Document.size_bytes,
            Document.added_at,
        )
        .where(Document.provider_id == provider_id)
        .order_by(Document.added_at, Document.id)
    )
    return tuple(DocumentCard(*row) for row in session.execute(rows))


def _area(session: Session, provider: Provider) -> Area:
    chosen = set(provider.covered_council_ids)
    named = [card for card in councils(session) if str(card.id) in chosen]
    return Area(
        reach_metres=provider.reach_metres,
        based_in=district(provider.postcode),
        districts=tuple(provider.covered_districts),
        council_ids=tuple(card.id for card in named),
        council_names=tuple(card.name for card in named),
    )
