"""A store as its own staff see it: with bank details, evidence and what councils say of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.models import Offer, Provider, ProviderCouncil
from marketplace.catalogue.queries.cards import WorkerRow
from marketplace.catalogue.queries.lockers import EvidenceRow, evidence_of
from marketplace.catalogue.queries.offers import alts_of
from marketplace.catalogue.queries.workers import workers_of
from marketplace.catalogue.rules import (
    BankDetails,
    CheckState,
    OfferState,
    PriceBands,
    ProviderKind,
    ProviderState,
    SaleDays,
    Unit,
)
from marketplace.councils.queries import councils
from marketplace.kernel.ages import Ages
from marketplace.kernel.errors import NotFoundError

_PLAIN = (
    "id",
    "slug",
    "name",
    "kind",
    "about",
    "postcode",
    "reach_metres",
    "phone",
    "email",
    "website",
    "regulated",
    "cqc_id",
    "why_no_cqc",
    "picture_id",
    "state",
    "source",
    "joined_at",
    "confirmed_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilSays:
    """What one council says of the store, and why."""

    council_id: UUID
    name: str
    state: CheckState
    reason: str
    since_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStore:
    """All of a provider's own store."""

    id: UUID
    slug: str
    name: str
    kind: ProviderKind
    about: str
    postcode: str
    reach_metres: int | None
    phone: str
    email: str
    website: str
    regulated: bool
    cqc_id: str | None
    why_no_cqc: str
    languages: tuple[str, ...]
    genders: tuple[str, ...]
    access: tuple[str, ...]
    for_whom: tuple[str, ...]
    ages: Ages
    picture_id: UUID | None
    picture_alt: str
    state: ProviderState
    source: str
    joined_at: datetime
    confirmed_at: datetime
    bank: BankDetails | None
    workers: tuple[WorkerRow, ...]
    evidence: tuple[EvidenceRow, ...]
    councils: tuple[CouncilSays, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOffer:
    """All of one of a provider's own offers."""

    id: UUID
    title: str
    category: str
    summary: str
    about: str
    unit: Unit
    public: PriceBands
    included: tuple[str, ...]
    menu: tuple[str, ...]
    must_choose: bool
    sale_days: SaleDays
    ready: bool
    notice_hours: int
    late_cancel_percent: int
    terms: str
    days: tuple[str, ...]
    times: tuple[str, ...]
    ages: Ages
    places_free: int | None
    state: OfferState
    confirmed_at: datetime


def kept_store(session: Session, *, by: Actor) -> KeptStore:
    """Return the store somebody looks after.

    Raises:
        NotFoundError: they look after none.
    """
    if not by.may(Permission.KEEP_STORE):
        raise NotFoundError
    found = session.get(Provider, by.works_for)
    if found is None:
        raise NotFoundError
    bank = (found.sort_code, found.account_number, found.account_name)
    return KeptStore(
        **{name: getattr(found, name) for name in _PLAIN},
        languages=tuple(found.languages),
        genders=tuple(found.genders),
        access=tuple(found.access),
        for_whom=tuple(found.for_whom),
        ages=found.ages,
        picture_alt=alts_of(session, [found.picture_id]).get(found.picture_id, ""),
        bank=BankDetails(*bank) if all(bank) else None,  # type: ignore[arg-type]
        workers=workers_of(session, [found.id]).get(found.id, ()),
        evidence=evidence_of(session, provider_id=found.id),
        councils=_said_of(session, found.id),
    )


def kept_offer(session: Session, *, offer_id: UUID, by: Actor) -> KeptOffer:
    """Return one of a provider's own offers, whatever its state, for its own staff.

    Raises:
        NotFoundError: it is not theirs.
    """
    found = session.get(Offer, offer_id)
    if found is None or not by.may(Permission.KEEP_STORE) or found.provider_id != by.works_for:
        raise NotFoundError
    return KeptOffer(
        id=found.id,
        title=found.title,
        category=found.category,
        summary=found.summary,
        about=found.about,
        unit=found.unit,
        public=found.bands,
        included=tuple(found.included),
        menu=tuple(found.menu),
        must_choose=found.must_choose,
        sale_days=found.sale_days,
        ready=found.ready,
        notice_hours=found.notice_hours,
        late_cancel_percent=found.late_cancel_percent,
        terms=found.terms,
        days=tuple(found.days),
        times=tuple(found.times),
        ages=found.ages,
        places_free=found.places_free,
        state=found.state,
        confirmed_at=found.confirmed_at,
    )


def _said_of(session: Session, provider_id: UUID) -> tuple[CouncilSays, ...]:
    names = {card.id: card.name for card in councils(session)}
    rows = (
        select(ProviderCouncil)
        .where(ProviderCouncil.provider_id == provider_id)
        .order_by(ProviderCouncil.since_at, ProviderCouncil.id)
    )
    return tuple(
        CouncilSays(
            council_id=row.council_id,
            name=names[row.council_id],
            state=row.state,
            reason=row.reason,
            since_at=row.since_at,
        )
        for row in session.scalars(rows)
    )
