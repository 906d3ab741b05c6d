"""Asking to pay money in by card: for oneself, or as family with a link."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.councils import queries as councils
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.writing import insert_once
from marketplace.payments import queries
from marketplace.payments.adapters import CardPage
from marketplace.payments.errors import TopUpRefusedError
from marketplace.payments.models import TopUp
from marketplace.payments.rules import NAME_LENGTH_MAX, TopUpState, check_card_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTopUp:
    """A wish to pay one's own money in by card, for use in one council's market."""

    top_up_id: UUID
    council_id: UUID
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveMoney:
    """A wish of somebody with a family link to pay money in by card."""

    top_up_id: UUID
    token: str
    amount: Money
    giver: str = ""


def ask_top_up(session: Session, wish: AskTopUp, *, by: Actor, at: datetime) -> UUID:
    """Note that somebody wants to pay in by card; no money moves before the card company says so.

    The wish brings the payment's id, so that a form sent twice is one payment.

    Raises:
        NotAllowedError: they may not spend the person's money, so they may not add to it.
        NotFoundError: the person does not buy in that council's market.
        TopUpRefusedError: the amount is too little or too much for a card.
    """
    if not by.may(Permission.PLACE_ORDERS):
        raise NotAllowedError("You may not pay money in for this person.")
    check_card_amount(wish.amount)
    markets = queries.markets_of(session, person_id=by.buys_for)
    if wish.council_id not in {market.id for market in markets}:
        raise NotFoundError
    return _ask(
        session,
        {
            "id": wish.top_up_id,
            "person_id": by.buys_for,
            "council_id": wish.council_id,
            "amount": wish.amount,
            "by_family": False,
            "link_id": None,
            "giver": "",
            "asked_by_id": by.user_id,
        },
        at,
    )


def give(session: Session, wish: GiveMoney, *, at: datetime) -> UUID:
    """Note that somebody with a family link wants to pay in by card.

    Raises:
        LinkEndedError: the link was ended, or never was.
        TopUpRefusedError: the amount or the name cannot be used.
    """
    link = queries.family_link(session, token=wish.token)
    check_card_amount(wish.amount)
    giver = " ".join(wish.giver.split())
    if len(giver) > NAME_LENGTH_MAX:
        raise TopUpRefusedError(f"Use at most {NAME_LENGTH_MAX} characters for your name.")
    return _ask(
        session,
        {
            "id": wish.top_up_id,
            "person_id": link.person_id,
            "council_id": link.council_id,
            "amount": wish.amount,
            "by_family": True,
            "link_id": link.id,
            "giver": giver,
            "asked_by_id": None,
        },
        at,
    )


def keep_page(session: Session, *, top_up_id: UUID, page: CardPage) -> None:
    """Keep where the card is to be typed; a page that is known stays."""
    top_up = session.get_one(TopUp, top_up_id, with_for_update=True, populate_existing=True)
    if top_up.session_id is None:
        top_up.session_id = page.session_id
    if top_up.session_id == page.session_id:
        top_up.page_url = page.url
        if top_up.regular_id is not None and top_up.state is TopUpState.FAILED:
            top_up.state = TopUpState.ASKED


def settle_top_up(session: Session, *, top_up_id: UUID, by: Actor, at: datetime) -> None:
    """Note that a finance officer has dealt with a payment that needed a look.

    Raises:
        NotFoundError: their council has no such payment.
    """
    top_up = session.get(TopUp, top_up_id, with_for_update=True, populate_existing=True)
    if top_up is None or top_up.council_id != by.works_for:
        raise NotFoundError
    if not top_up.trouble:
        return
    record(
        session,
        what="top-up-settled",
        chain_id=top_up.person_id,
        subject_id=top_up.id,
        by_user_id=by.user_id,
        for_person_id=top_up.person_id,
        at=at,
        details={"trouble": top_up.trouble},
    )
    top_up.trouble = ""


def _ask(session: Session, values: dict[str, object], at: datetime) -> UUID:
    council = councils.council(session, council_id=_uuid(values["council_id"]))
    new = insert_once(
        session,
        TopUp,
        values
        | {
            "state": TopUpState.ASKED,
            "asked_at": at,
            "refunded": ZERO,
            "taken_back": ZERO,
            "trouble": "",
        },
    )
    top_up = session.get_one(TopUp, _uuid(values["id"]))
    if (top_up.person_id, top_up.council_id) != (values["person_id"], council.id):
        raise NotFoundError
    if top_up.amount != values["amount"] or top_up.link_id != values["link_id"]:
        raise TopUpRefusedError("This payment was begun with another amount. Begin a new one.")
    if new:
        record(
            session,
            what="top-up-asked",
            chain_id=top_up.person_id,
            subject_id=top_up.id,
            by_user_id=top_up.asked_by_id,
            for_person_id=top_up.person_id,
            at=at,
            details={"pence": top_up.amount.pence, "family": top_up.by_family},
        )
    return top_up.id


def _uuid(value: object) -> UUID:
    assert isinstance(value, UUID)
    return value
