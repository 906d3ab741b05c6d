"""What councils decide about providers, and who may look after a store from a register."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.commands import add_membership
from marketplace.access.queries import person
from marketplace.access.rules import Actor, Permission, Role
from marketplace.catalogue.commands.appeals import (
    REASON_LENGTH_MAX,
    decide,
    has_open_appeal,
    locked_standing,
    tell_decision,
)
from marketplace.catalogue.commands.join import apply
from marketplace.catalogue.commands.keeping import ask_for_store, note
from marketplace.catalogue.errors import ReasonMissingError, WrongStateError
from marketplace.catalogue.models import Claim, Provider
from marketplace.catalogue.queries import councils_at, may_decide
from marketplace.catalogue.rules import CheckState, ClaimState, ProviderState, checked_text
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.outbox.commands import WriteLetter, write_letter


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideOnProvider:
    """What a council says of a provider from now on, and why."""

    provider_id: UUID
    state: CheckState
    reason: str = ""


def decide_on_provider(
    session: Session, wish: DecideOnProvider, *, by: Actor, at: datetime
) -> None:
    """Say for one's own council that a provider is checked, suspended or rejected, and tell it.

    Raises:
        NotFoundError: it is no moderator, or the provider has not applied to their council.
        ReasonMissingError: it is refused without a reason.
        WrongStateError: the provider has appealed against the decision before.
        BadWordsError: the reason is too long.
    """
    if not by.may(Permission.MODERATE):
        raise NotFoundError
    row = locked_standing(session, provider_id=wish.provider_id, council_id=by.works_for)
    reason = checked_text(wish.reason, what="reason", longest=REASON_LENGTH_MAX)
    if wish.state.needs_reason and not reason:
        raise ReasonMissingError("Say why. The provider reads it, and nobody else does.")
    if (row.state, row.reason) == (wish.state, reason):
        return
    if has_open_appeal(session, provider_id=row.provider_id, council_id=row.council_id):
        raise WrongStateError("The provider has appealed. Answer the appeal first.")
    decision = decide(session, row, wish.state, reason, by=by, at=at)
    tell_decision(session, decision, at=at)


def ask_claim(
    session: Session, *, claim_id: UUID, provider_id: UUID, words: str, by: Actor, at: datetime
) -> UUID:
    """Say that a store from a register is one's own; sent twice it is one claim.

    Raises:
        NotFoundError: there is no such store.
        WrongStateError: somebody looks after it already.
        BadWordsError: it does not say who they are.
    """
    provider = session.get(Provider, provider_id, with_for_update=True, populate_existing=True)
    if provider is None:
        raise NotFoundError
    values = {
        "id": claim_id,
        "provider_id": provider_id,
        "user_id": by.user_id,
        "words": checked_text(words, what="few words about who you are", longest=2000, needed=True),
        "state": ClaimState.ASKED,
        "asked_at": at,
        "reason": "",
    }
    if provider.state is not ProviderState.UNCLAIMED:
        raise WrongStateError("Somebody looks after this store already.")
    waiting = session.scalar(
        select(Claim.id).where(
            Claim.provider_id == provider_id,
            Claim.user_id == by.user_id,
            Claim.state == ClaimState.ASKED,
        )
    )
    if waiting is not None:
        return waiting
    if insert_once(session, Claim, values):
        note(session, "store-claimed", provider_id=provider_id, subject_id=claim_id, by=by, at=at)
    return claim_id


def decide_claim(
    session: Session, *, claim_id: UUID, approve: bool, reason: str = "", by: Actor, at: datetime
) -> None:
    """Let somebody look after a store from a register, or refuse with a reason, and tell them.

    Raises:
        NotFoundError: it is not for this moderator's council to decide.
        WrongStateError: it has been decided, or another claim was approved.
        ReasonMissingError: it is refused without a reason.
    """
    claim = session.get(Claim, claim_id, with_for_update=True, populate_existing=True)
    if claim is None or not by.may(Permission.MODERATE):
        raise NotFoundError
    provider = session.get_one(
        Provider, claim.provider_id, with_for_update=True, populate_existing=True
    )
    if not may_decide(session, postcode=provider.postcode, by=by):
        raise NotFoundError
    wanted = ClaimState.APPROVED if approve else ClaimState.REFUSED
    if claim.state is wanted:
        return
    if claim.state is not ClaimState.ASKED:
        raise WrongStateError("This has been decided already.")
    claim.reason = checked_text(reason, what="reason", longest=REASON_LENGTH_MAX)
    if not approve and not claim.reason:
        raise ReasonMissingError("Say why. The one who asked reads it.")
    if approve:
        _hand_over(session, provider, claim.user_id, by, at)
    claim.state, claim.decided_by_id, claim.decided_at = wanted, by.user_id, at
    note(session, f"claim-{wanted}", provider_id=provider.id, subject_id=claim.id, by=by, at=at)
    asked_by = person(session, user_id=claim.user_id)
    write_letter(
        session,
        WriteLetter(
            key=f"claim/{claim.id}/{wanted}",
            to=asked_by.email,
            subject=f"Your request to look after {provider.name}",
            template="claim_decided",
            values={
                "name": asked_by.name,
                "store": provider.name,
                "approved": approve,
                "reason": claim.reason,
            },
        ),
        at=at,
    )


def _hand_over(
    session: Session, provider: Provider, user_id: UUID, by: Actor, at: datetime
) -> None:
    if provider.state is not ProviderState.UNCLAIMED:
        raise WrongStateError("Somebody looks after this store already.")
    provider.state, provider.confirmed_at = ProviderState.OPEN, at
    for council_id in {by.works_for, *councils_at(session, postcode=provider.postcode)}:
        apply(session, provider_id=provider.id, council_id=council_id, at=at)
    add_membership(
        session,
        user_id=user_id,
        organisation_id=provider.id,
        organisation_name=provider.name,
        role=Role.PROVIDER_OWNER,
        by_user_id=by.user_id,
        at=at,
    )
    ask_for_store(session, provider.id, at=at)
