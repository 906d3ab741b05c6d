"""The price a provider said, kept for the person who chose it; and an offer made for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.asking.commands.letters import News, tell_asker
from marketplace.asking.commands.recording import note
from marketplace.asking.errors import AskOverError, BadAskError
from marketplace.asking.models import Answer, Ask
from marketplace.asking.rules import PRICE_DAYS, AnswerState
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.commands import PersonalWish, WriteOffer
from marketplace.catalogue.errors import BadOfferError, BadWordsError
from marketplace.catalogue.rules import PriceBands
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferForAnswer:
    """What an offer is called that is made for a chosen answer, and what everybody else pays."""

    offer_id: UUID
    title: str
    public: Money


def agree_price(session: Session, ask: Ask, answer: Answer, *, by: Actor, at: datetime) -> None:
    """Let the person order at the price of the answer they chose, if its offer can be."""
    if answer.offer_id is None or answer.price is None or answer.unit is None:
        return
    wish = PersonalWish(
        offer_id=answer.offer_id,
        provider_id=answer.provider_id,
        person_id=ask.person_id,
        unit=answer.unit,
        price=answer.price,
        last_on=answer.price_until or local_day(at) + timedelta(days=PRICE_DAYS),
    )
    try:
        catalogue.agree_personal_price(session, wish, at=at)
    except (NotFoundError, BadOfferError):
        return  # The offer is gone, or is for something else: their pages say what to do.
    note(session, "price-agreed-for-one", ask, by, at=at)


def make_offer_for_answer(
    session: Session, ask_id: UUID, wish: OfferForAnswer, *, by: Actor, at: datetime
) -> UUID:
    """Put on sale what a chosen answer said, so that it can be ordered at its price.

    Sent twice it is one offer.

    Raises:
        NotFoundError: it is not their answer, or they do not look after the store.
        AskOverError: it was not chosen, or said no price.
        BadAskError: the offer cannot be called so, or everybody else would pay less.
    """
    if not by.may(Permission.KEEP_STORE):
        raise NotFoundError
    ask = session.get(Ask, ask_id, with_for_update=True, populate_existing=True)
    answer = session.scalar(
        select(Answer).where(Answer.ask_id == ask_id, Answer.provider_id == by.works_for)
    )
    if ask is None or answer is None:
        raise NotFoundError
    if answer.offer_id == wish.offer_id:
        return wish.offer_id
    if answer.state is not AnswerState.CHOSEN or answer.price is None or answer.unit is None:
        raise AskOverError("Only an answer that was chosen, and says a price, gets an offer.")
    if wish.public < answer.price:
        raise BadAskError(
            f"You said {answer.price}. Everybody else cannot pay less than that.", field="public"
        )
    new = WriteOffer(
        offer_id=wish.offer_id,
        title=wish.title,
        category=ask.category,
        unit=answer.unit,
        bands=PriceBands(wish.public),
    )
    try:
        catalogue.add_offer(session, new, by=by, at=at, publish=True)
    except BadWordsError as refusal:
        raise BadAskError(str(refusal), field="title") from refusal
    except BadOfferError as refusal:
        raise BadAskError(str(refusal), field="public") from refusal
    answer.offer_id = wish.offer_id
    session.flush()  # The offer has to be there before a price of it is.
    agree_price(session, ask, answer, by=by, at=at)
    news = News(
        key=f"offer-for-answer/{wish.offer_id}",
        subject=f"You can order from {answer.provider_name} now",
        template="ask_offer_made",
        values={"provider": answer.provider_name},
    )
    tell_asker(session, ask, news, at=at)
    return wish.offer_id
