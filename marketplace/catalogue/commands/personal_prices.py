"""The price that a provider and one person have agreed: kept, and forgotten."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.catalogue.errors import BadOfferError
from marketplace.catalogue.models import Offer, PersonalPrice
from marketplace.catalogue.rules import OfferState, Unit
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.writing import insert_once


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalWish:
    """What one person pays at most for a unit of an offer, and until which day."""

    offer_id: UUID
    provider_id: UUID
    person_id: UUID
    unit: Unit
    price: Money
    last_on: date


def agree_personal_price(session: Session, wish: PersonalWish, *, at: datetime) -> None:
    """Keep a price that a provider has said and a person has chosen; the newest word counts.

    Whoever calls this has heard both, and writes it down in the trail of the person.

    Raises:
        NotFoundError: it is no offer of this provider, or not one that is or was just on sale.
        BadOfferError: the price is not above nothing, is for something else than a unit of the
            offer, or would count on no day.
    """
    offer = session.scalar(
        select(Offer)
        .where(Offer.id == wish.offer_id, Offer.provider_id == wish.provider_id)
        .with_for_update()
    )
    if offer is None or offer.state in {OfferState.DRAFT, OfferState.ENDED}:
        raise NotFoundError("This offer is not on sale, or no longer.")
    if wish.price <= ZERO or wish.unit is not offer.unit:
        raise BadOfferError("The price must be for one unit of the offer, and more than nothing.")
    if wish.last_on < local_day(at):
        raise BadOfferError("The price must count until today at least.")
    key = {"offer_id": wish.offer_id, "person_id": wish.person_id}
    values = {"price": wish.price, "last_on": wish.last_on, "agreed_at": at}
    if not insert_once(session, PersonalPrice, {"id": uuid4(), **key, **values}):
        session.execute(update(PersonalPrice).filter_by(**key).values(values))


def end_personal_price(
    session: Session, *, offer_id: UUID, person_id: UUID, last_on: date, at: datetime
) -> bool:
    """Let a price that one person pays count until an earlier day; tell whether that is news.

    Whoever calls this has heard one of the two, and writes it down in the trail of the person.

    Raises:
        NotFoundError: no such price counts today.
        BadOfferError: the day has gone, or is later than the price counts anyway.
    """
    price = session.scalar(
        select(PersonalPrice)
        .where(PersonalPrice.offer_id == offer_id, PersonalPrice.person_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    today = local_day(at)
    if price is None or price.last_on < today:
        raise NotFoundError("This price does not count any more.")
    if last_on == price.last_on:
        return False
    if last_on < today:
        raise BadOfferError("That day has gone. Choose today or a day to come.")
    if last_on > price.last_on:
        raise BadOfferError("It ends before that day anyway. Choose an earlier day.")
    price.last_on = last_on
    return True


def forget_personal_prices(session: Session, *, before: date) -> int:
    """Take away the prices that count no more since before a day; orders have copied theirs."""
    old = PersonalPrice.last_on < before
    return len(session.execute(delete(PersonalPrice).where(old).returning(PersonalPrice.id)).all())


def forget_prices_of(session: Session, *, person_id: UUID) -> None:
    """Take away what was agreed with somebody who has left."""
    session.execute(delete(PersonalPrice).where(PersonalPrice.person_id == person_id))
