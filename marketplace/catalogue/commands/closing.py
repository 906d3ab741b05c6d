"""Closing the stores of an owner who leaves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Role
from marketplace.audit.commands import record
from marketplace.catalogue.commands.keeping import ask_for_store
from marketplace.catalogue.commands.personal_prices import forget_prices_of
from marketplace.catalogue.models import (
    Appeal,
    BankChange,
    Break,
    Claim,
    Evidence,
    EvidencePaper,
    OfferVersion,
    PriceSheet,
    Provider,
)
from marketplace.catalogue.rules import ProviderState


def forget_person(session: Session, *, user_id: UUID, at: datetime) -> None:
    """Close the stores that somebody who leaves owns alone, and take away how to reach them.

    Call it while they still own them. What was sold, and the name it was sold under, stays.
    """
    session.execute(update(Claim).where(Claim.user_id == user_id).values(words=""))
    forget_prices_of(session, person_id=user_id)
    session.execute(
        update(BankChange)
        .where(BankChange.changed_by_id == user_id)
        .values(known_email="", asked_at_email="", changed_by_name="")
    )
    _take_names_away(session, user_id)
    mine = access.stores_of(session, user_id=user_id)
    alone = [provider_id for provider_id in mine if not _others(session, provider_id, user_id)]
    # A paper shows more of people than anybody needs to know of a store that is closed.
    of_these = select(Evidence.id).where(Evidence.provider_id.in_(alone))
    session.execute(delete(EvidencePaper).where(EvidencePaper.evidence_id.in_(of_these)))
    session.execute(
        update(Evidence).where(Evidence.provider_id.in_(alone)).values(added_by_name="")
    )
    stores = session.scalars(
        select(Provider).where(Provider.id.in_(alone)).order_by(Provider.id).with_for_update()
    )
    for store in stores:
        store.state = ProviderState.CLOSED
        store.about = store.phone = store.email = store.website = ""
        store.sort_code = store.account_number = store.account_name = None
        ask_for_store(session, store.id, at=at)
        record(
            session,
            what="store-closed",
            chain_id=store.id,
            subject_id=store.id,
            by_user_id=user_id,
            at=at,
        )


def _take_names_away(session: Session, user_id: UUID) -> None:
    for column, name in (
        (Appeal.asked_by_id, "asked_by_name"),
        (Break.made_by_id, "made_by_name"),
        (OfferVersion.by_user_id, "by_name"),
        (PriceSheet.saved_by_id, "saved_by_name"),
    ):
        session.execute(update(column.class_).where(column == user_id).values({name: ""}))


def _others(session: Session, provider_id: UUID, user_id: UUID) -> bool:
    return any(
        role is Role.PROVIDER_OWNER and person.id != user_id
        for person, role in access.staff_of(session, organisation_id=provider_id)
    )
