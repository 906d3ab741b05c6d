"""Stores, as everybody sees them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ScalarSelect, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import Session, undefer

from marketplace.access.rules import Actor
from marketplace.catalogue.models import Evidence, EvidenceCheck, Offer, Picture, Provider
from marketplace.catalogue.queries.cards import CheckRow, StoreCard
from marketplace.catalogue.queries.offers import alts_of
from marketplace.catalogue.queries.standing import is_shown, may_see, standing
from marketplace.catalogue.queries.workers import workers_of
from marketplace.catalogue.rules import EvidenceKind, OfferState, ProviderKind, ProviderState
from marketplace.councils.queries import name_in
from marketplace.kernel.errors import NotFoundError

_PLAIN = (
    "id",
    "slug",
    "name",
    "kind",
    "about",
    "easting",
    "northing",
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
    "source_words",
    "source_url",
    "joined_at",
    "confirmed_at",
)


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A picture as a browser gets it."""

    content: bytes
    media_type: str


def store(session: Session, *, slug: str) -> StoreCard:
    """Return the store at an address.

    Raises:
        NotFoundError: there is none, it is closed, or no portal shows it.
    """
    provider_id = session.scalar(select(Provider.id).where(Provider.slug == slug))
    found = stores(session, provider_ids=[provider_id]) if provider_id else {}
    if provider_id not in found:
        raise NotFoundError("We cannot find that store. It may have closed.")
    return found[provider_id]


def stores(session: Session, *, provider_ids: Iterable[UUID]) -> dict[UUID, StoreCard]:
    """Return those of some stores that anybody may see, in the order they were asked for."""
    wanted = list(provider_ids)
    stands = standing(session, wanted)
    shown = {
        provider.id: provider
        for provider in session.scalars(select(Provider).where(Provider.id.in_(wanted)))
        if is_shown(provider, stands.get(provider.id, ()))
    }
    workers, checks = workers_of(session, shown.keys()), _checks_of(session, shown.keys())
    sold = categories_of(session, shown.keys())
    alts = alts_of(session, {provider.picture_id for provider in shown.values()})
    return {
        provider_id: StoreCard(
            **{name: getattr(shown[provider_id], name) for name in _PLAIN},
            languages=tuple(shown[provider_id].languages),
            genders=tuple(shown[provider_id].genders),
            access=tuple(shown[provider_id].access),
            for_whom=tuple(shown[provider_id].for_whom),
            ages=shown[provider_id].ages,
            district=district(shown[provider_id].postcode),
            categories=both(shown[provider_id].categories, sold.get(provider_id, ())),
            picture_alt=alts.get(shown[provider_id].picture_id, ""),
            workers=workers.get(provider_id, ()),
            checks=checks.get(provider_id, ()),
            councils=stands.get(provider_id, ()),
        )
        for provider_id in wanted
        if provider_id in shown
    }


def provider_name(session: Session, *, provider_id: UUID) -> str:
    """Return what a provider is called, whether its store is open or not.

    Raises:
        NotFoundError: there is no such provider.
    """
    name = session.scalar(select(Provider.name).where(Provider.id == provider_id))
    if name is None:
        raise NotFoundError
    return name


def provider_names(session: Session, *, provider_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what some providers are called, by id."""
    rows = select(Provider.id, Provider.name).where(Provider.id.in_(set(provider_ids)))
    return {row.id: row.name for row in session.execute(rows)}


def providers_named(session: Session, *, names: Collection[str]) -> dict[str, list[UUID]]:
    """Return who is called by some names, whatever the capitals, by the name in small letters."""
    wanted = {name.casefold() for name in names}
    rows = select(Provider.id, Provider.name).where(
        or_(func.lower(Provider.name).in_(wanted), Provider.name.in_(names)),
        Provider.state.in_([ProviderState.OPEN, ProviderState.PAUSED]),
    )
    found: dict[str, list[UUID]] = {}
    for provider_id, name in session.execute(rows.order_by(Provider.name, Provider.id)):
        found.setdefault(name.casefold(), []).append(provider_id)
    return found


def provider_name_in(provider_id: SQLColumnExpression[UUID | None]) -> ScalarSelect[str]:
    """Return what a provider is called, as part of a statement of a room above."""
    return select(Provider.name).where(Provider.id == provider_id).scalar_subquery()


def is_council_service(session: Session, *, provider_id: UUID) -> bool:
    """Tell whether a council itself is the provider."""
    kind = session.scalar(select(Provider.kind).where(Provider.id == provider_id))
    return kind is ProviderKind.COUNCIL_SERVICE


def picture(session: Session, *, picture_id: UUID, by: Actor | None = None) -> PictureRow:
    """Return the picture of a store that anybody may see, or that ``by`` looks after.

    Raises:
        NotFoundError: there is none, or its store is not shown to the one who asks.
    """
    found = session.scalar(
        select(Picture).where(Picture.id == picture_id).options(undefer(Picture.content))
    )
    if found is None or not may_see(session, provider_id=found.provider_id, by=by):
        raise NotFoundError
    return PictureRow(found.content, found.media_type)


def categories_of(
    session: Session, provider_ids: Collection[UUID] | None
) -> dict[UUID, tuple[str, ...]]:
    """Return the categories of what some providers have on sale; all providers for None."""
    rows = (
        select(Offer.provider_id, Offer.category)
        .where(Offer.state == OfferState.ON_SALE)
        .distinct()
        .order_by(Offer.category)
    )
    if provider_ids is not None:
        rows = rows.where(Offer.provider_id.in_(provider_ids))
    found: dict[UUID, tuple[str, ...]] = {}
    for provider_id, category in session.execute(rows):
        found[provider_id] = (*found.get(provider_id, ()), category)
    return found


def both(first: Iterable[str], then: Iterable[str]) -> tuple[str, ...]:
    """Return two lists as one, each value once."""
    return tuple(dict.fromkeys((*first, *then)))


def district(postcode: str) -> str:
    """Return the first half of a postcode."""
    return postcode.partition(" ")[0] if postcode else ""


def _checks_of(
    session: Session, provider_ids: Collection[UUID]
) -> dict[UUID, tuple[CheckRow, ...]]:
    rows = session.execute(
        select(Evidence, name_in(EvidenceCheck.council_id))
        .join(EvidenceCheck, EvidenceCheck.evidence_id == Evidence.id)
        .where(Evidence.provider_id.in_(provider_ids), Evidence.taken_out_at.is_(None))
        .order_by(Evidence.kind, Evidence.expires_on.desc(), Evidence.id, EvidenceCheck.at)
    )
    accepted: dict[Evidence, list[str]] = {}
    for evidence, council_name in rows:
        accepted.setdefault(evidence, []).append(council_name)
    found: dict[UUID, tuple[CheckRow, ...]] = {}
    for evidence, checked_by in _newest_of_each_kind(accepted).items():
        row = CheckRow(
            kind=evidence.kind, expires_on=evidence.expires_on, checked_by=tuple(checked_by)
        )
        found[evidence.provider_id] = (*found.get(evidence.provider_id, ()), row)
    return found


def _newest_of_each_kind(accepted: dict[Evidence, list[str]]) -> dict[Evidence, list[str]]:
    """Leave out what something newer of the same kind has taken the place of.

    References and training papers stand beside each other; of a check that runs out only the one
    that lasts longest counts.
    """
    lasts: dict[tuple[UUID, EvidenceKind], date] = {}
    for evidence in accepted:
        key, until = (evidence.provider_id, evidence.kind), evidence.expires_on or date.max
        lasts[key] = max(lasts.get(key, until), until)
    return {
        evidence: names
        for evidence, names in accepted.items()
        if not evidence.kind.is_renewed
        or (evidence.expires_on or date.max) == lasts[evidence.provider_id, evidence.kind]
    }
