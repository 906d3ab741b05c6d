"""What a council's moderators look after: providers to check, and claims to decide."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.models import Claim, Offer, Provider, ProviderCouncil
from marketplace.catalogue.queries.lockers import EvidenceRow, evidence_of
from marketplace.catalogue.queries.stores import categories_of, district
from marketplace.catalogue.rules import CheckState, ClaimState, OfferState, ProviderKind
from marketplace.councils.queries import councils
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.paging import PAGE_SIZE, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderToCheck:
    """A provider that applied to a council."""

    id: UUID
    slug: str
    name: str
    kind: ProviderKind
    about: str
    postcode: str
    regulated: bool
    cqc_id: str | None
    why_no_cqc: str
    state: CheckState
    reason: str
    since_at: datetime
    offers: int
    categories: tuple[str, ...] = ()
    """What it sells; only where one provider is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """Somebody says a store from a register is theirs."""

    id: UUID
    provider_id: UUID
    provider_name: str
    provider_slug: str
    user_name: str
    words: str
    asked_at: datetime


def providers_to_check(
    session: Session, *, by: Actor, state: CheckState | None = None, page: int = 1
) -> Page[ProviderToCheck]:
    """Return a page of the providers of a moderator's council, those that wait first."""
    council_id = _moderates(by)
    rows = _providers().where(ProviderCouncil.council_id == council_id)
    if state is not None:
        rows = rows.where(ProviderCouncil.state == state)
    total = session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    waiting_first = case((ProviderCouncil.state == CheckState.APPLIED, 0), else_=1)
    shown = (
        rows.order_by(waiting_first, ProviderCouncil.since_at, Provider.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return Page([_to_check(*row) for row in session.execute(shown)], page, total)


def provider_to_check(
    session: Session, *, provider_id: UUID, by: Actor
) -> tuple[ProviderToCheck, tuple[EvidenceRow, ...]]:
    """Return one provider of a moderator's council and its evidence.

    Raises:
        NotFoundError: it has not applied to this council.
    """
    row = session.execute(
        _providers().where(ProviderCouncil.council_id == _moderates(by), Provider.id == provider_id)
    ).first()
    if row is None:
        raise NotFoundError
    sold = categories_of(session, [provider_id]).get(provider_id, ())
    return (
        replace(_to_check(*row), categories=sold),
        evidence_of(session, provider_id=provider_id),
    )


def claims_to_decide(session: Session, *, by: Actor) -> list[ClaimRow]:
    """Return the claims a moderator may decide, first the oldest."""
    rows = session.execute(
        select(Claim, Provider)
        .join(Provider, Provider.id == Claim.provider_id)
        .where(Claim.state == ClaimState.ASKED)
        .order_by(Claim.asked_at, Claim.id)
    ).all()
    mine = [
        (claim, provider)
        for claim, provider in rows
        if may_decide(session, postcode=provider.postcode, by=by)
    ]
    names = names_of(session, user_ids=[claim.user_id for claim, _ in mine])
    return [
        ClaimRow(
            id=claim.id,
            provider_id=provider.id,
            provider_name=provider.name,
            provider_slug=provider.slug,
            user_name=names.get(claim.user_id, ""),
            words=claim.words,
            asked_at=claim.asked_at,
        )
        for claim, provider in mine
    ]


def may_decide(session: Session, *, postcode: str, by: Actor) -> bool:
    """Tell whether a moderator's council decides for a place: its own, or one that is nobody's."""
    mine = _moderates(by)
    of_place = councils_at(session, postcode=postcode)
    return mine in of_place or not of_place


def councils_at(session: Session, *, postcode: str) -> tuple[UUID, ...]:
    """Return the councils that cover the place of a postcode."""
    outcode = district(postcode)
    return tuple(card.id for card in councils(session) if outcode in card.districts)


def _moderates(by: Actor) -> UUID:
    if not by.may(Permission.MODERATE):
        raise NotFoundError
    return by.works_for


def _providers() -> Select[Provider, ProviderCouncil, int]:
    on_sale = (
        select(func.count(Offer.id))
        .where(Offer.provider_id == Provider.id, Offer.state == OfferState.ON_SALE)
        .scalar_subquery()
    )
    return select(Provider, ProviderCouncil, on_sale).join(
        ProviderCouncil, ProviderCouncil.provider_id == Provider.id
    )


def _to_check(provider: Provider, standing: ProviderCouncil, offers: int) -> ProviderToCheck:
    return ProviderToCheck(
        id=provider.id,
        slug=provider.slug,
        name=provider.name,
        kind=provider.kind,
        about=provider.about,
        postcode=provider.postcode,
        regulated=provider.regulated,
        cqc_id=provider.cqc_id,
        why_no_cqc=provider.why_no_cqc,
        state=standing.state,
        reason=standing.reason,
        since_at=standing.since_at,
        offers=offers,
    )
