"""What this room keeps about somebody: their own store, and stores they said are theirs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import stores_of
from marketplace.catalogue.models import (
    AgreedPrice,
    Appeal,
    BankChange,
    Break,
    Claim,
    Decision,
    Document,
    Evidence,
    EvidenceAsk,
    EvidenceCheck,
    EvidencePaper,
    Offer,
    OfferVersion,
    PersonalPrice,
    Picture,
    PriceSheet,
    Provider,
    ProviderCouncil,
    Worker,
)
from marketplace.catalogue.rules import ProviderState
from marketplace.kernel.exporting import Kept, columns_of, rows_of
from marketplace.kernel.model import Model


def data_of(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return all that is kept about the stores somebody owns, and the stores they claimed."""
    own = stores_of(session, user_id=user_id)
    stores = select(*columns_of(Provider)).where(Provider.id.in_(own))
    standings = select(*columns_of(ProviderCouncil)).where(ProviderCouncil.provider_id.in_(own))
    workers = select(*columns_of(Worker)).where(Worker.provider_id.in_(own))
    offers = select(*columns_of(Offer)).where(Offer.provider_id.in_(own))
    prices = (
        select(*columns_of(AgreedPrice))
        .join(Offer, Offer.id == AgreedPrice.offer_id)
        .where(Offer.provider_id.in_(own))
    )
    promises = (
        select(*columns_of(PersonalPrice))
        .where(PersonalPrice.person_id == user_id)
        .order_by(PersonalPrice.agreed_at, PersonalPrice.id)
    )
    evidence = select(*columns_of(Evidence)).where(Evidence.provider_id.in_(own))
    checks = (
        select(*columns_of(EvidenceCheck, without=["checked_by_id"]))
        .join(Evidence, Evidence.id == EvidenceCheck.evidence_id)
        .where(Evidence.provider_id.in_(own))
    )
    pictures = select(*columns_of(Picture, without=["content"])).where(Picture.provider_id.in_(own))
    documents = select(*columns_of(Document, without=["content"])).where(
        Document.provider_id.in_(own)
    )
    changes = select(*columns_of(BankChange, without=["token_hash", "changed_by_id"])).where(
        BankChange.provider_id.in_(own)
    )
    checking = _checking_of(session, own)
    claims = select(*columns_of(Claim, without=["decided_by_id"])).where(Claim.user_id == user_id)
    return {
        "your-store": rows_of(session, stores.order_by(Provider.joined_at)),
        "your-store-with-councils": rows_of(session, standings.order_by(ProviderCouncil.since_at)),
        "your-store-workers": rows_of(session, workers.order_by(Worker.name, Worker.id)),
        "your-store-offers": rows_of(session, offers.order_by(Offer.made_at, Offer.id)),
        "your-store-agreed-prices": rows_of(session, prices.order_by(AgreedPrice.starts_on)),
        "your-store-evidence": rows_of(session, evidence.order_by(Evidence.kind, Evidence.id)),
        "your-store-evidence-checks": rows_of(session, checks.order_by(EvidenceCheck.at)),
        "your-store-pictures": rows_of(session, pictures.order_by(Picture.id)),
        "your-store-documents": rows_of(session, documents.order_by(Document.added_at)),
        "your-store-bank-changes": rows_of(session, changes.order_by(BankChange.changed_at)),
        **checking,
        "prices-agreed-with-you": rows_of(session, promises),
        "stores-you-claimed": rows_of(session, claims.order_by(Claim.asked_at)),
    }


def _checking_of(session: Session, own: Collection[UUID]) -> dict[str, Kept]:
    """Return what councils decided about stores, and what those who keep them did."""

    def of(model: type[Model], *order: str, without: Sequence[str] = ()) -> Kept:
        rows = select(*columns_of(model, without=without)).where(
            model.__table__.c.provider_id.in_(own)
        )
        return rows_of(session, rows.order_by(*(getattr(model, name) for name in order)))

    papers = (
        select(*columns_of(EvidencePaper, without=["content"]))
        .join(Evidence, Evidence.id == EvidencePaper.evidence_id)
        .where(Evidence.provider_id.in_(own))
    )
    versions = (
        select(*columns_of(OfferVersion))
        .join(Offer, Offer.id == OfferVersion.offer_id)
        .where(Offer.provider_id.in_(own))
    )
    return {
        "your-store-evidence-papers": rows_of(session, papers.order_by(EvidencePaper.name)),
        "your-store-evidence-asked-for": of(EvidenceAsk, "asked_at", without=["asked_by_id"]),
        "your-store-decisions": of(Decision, "at", without=["by_user_id"]),
        "your-store-appeals": of(Appeal, "asked_at", without=["answered_by_id"]),
        "your-store-offer-versions": rows_of(session, versions.order_by(OfferVersion.at)),
        "your-store-holidays": of(Break, "starts_on"),
        "your-store-price-sheet": of(PriceSheet, "saved_at"),
    }


@dataclass(frozen=True, slots=True)
class OwnStore:
    """A store somebody owns."""

    id: UUID
    name: str
    is_open: bool


def own_stores(session: Session, *, user_id: UUID) -> list[OwnStore]:
    """Return the stores somebody owns, by name."""
    rows = (
        select(Provider.id, Provider.name, Provider.state)
        .where(Provider.id.in_(stores_of(session, user_id=user_id)))
        .order_by(Provider.name, Provider.id)
    )
    return [
        OwnStore(provider_id, name, state is ProviderState.OPEN)
        for provider_id, name, state in session.execute(rows)
    ]
