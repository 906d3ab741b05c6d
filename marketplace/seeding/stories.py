"""What people buy, week by week: ordered, taken on, delivered, confirmed, rated."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets.commands import record_refusal
from marketplace.budgets.errors import SpendRefusedError
from marketplace.kernel.clock import local_day, local_instant
from marketplace.orders import commands as orders
from marketplace.orders import queries as order_queries
from marketplace.orders.commands import NoteDelivery, PlaceOrder, PutInBasket
from marketplace.orders.rules import NoteKind, VisitState
from marketplace.ratings import commands as ratings
from marketplace.ratings.rules import Answers
from marketplace.seeding.cast import Cast
from marketplace.seeding.files import Row, rows
from marketplace.seeding.year import Event, Play

FOUR_WEEKS = timedelta(weeks=4)
LOOKS_EVERY = timedelta(days=9)
_HOURS = {"morning": 10, "afternoon": 14, "evening": 18, "night": 21}
_CODES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIMELESS = frozenset({"item", "membership", "mile"})


@dataclass(frozen=True, slots=True)
class Story:
    """One person, one offer, and how it goes."""

    row: Row
    offer: Row
    person: Actor
    buyer: Actor
    owner: Actor
    offer_id: UUID
    outcome_id: UUID
    luck: random.Random

    def id(self, what: str, cycle: int) -> UUID:
        """Return the id that this story's form would have brought."""
        return uuid5(NAMESPACE_URL, f"seed:{what}/{self.row['person']}/{self.row['offer']}/{cycle}")


def stories(cast: Cast) -> Iterator[Event]:
    """Give the first order of every story."""
    offers = {
        f"{provider['slug']}/{offer['slug']}": offer
        for provider in rows("providers", "provider")
        for offer in provider["offer"]
    }
    for number, row in enumerate(rows("stories", "story")):
        # Spread over four weeks, so that today finds orders at every stage.
        later = timedelta(days=(number * 5 + 11) % 28, minutes=7 * number)
        begins = cast.ago(weeks=row["from_weeks_ago"]) + later
        yield Event(begins, _first(cast, row, offers[row["offer"]], number))


def _first(cast: Cast, row: Row, offer: Row, number: int) -> Play:
    def begin(session: Session, at: datetime) -> list[Event]:
        provider = row["offer"].split("/")[0]
        person = cast.people[row["person"]]
        story = Story(
            row=row,
            offer=offer,
            person=person,
            buyer=_buyer(cast, row, person, number),
            owner=cast.owners[provider],
            offer_id=cast.offers[row["offer"]],
            outcome_id=cast.outcomes[row["person"]][row["outcome"]],
            # Which visits are missed is drawn from the story's number: the same each time.
            luck=random.Random(number),
        )
        return _order(session, story, cycle=0, at=at)

    return begin


def _buyer(cast: Cast, row: Row, person: Actor, number: int) -> Actor:
    """Return who places the orders: for every third story a supporter who may."""
    able = [
        helper
        for helper in cast.supporters.get(row["person"], [])
        if "pay" in helper.scopes and helper.ceiling is None
    ]
    return able[0] if able and number % 3 == 0 else person


def _order(session: Session, story: Story, *, cycle: int, at: datetime) -> list[Event]:
    lasts = timedelta(weeks=story.row["from_weeks_ago"] - story.row["to_weeks_ago"])
    later = []
    if (cycle + 1) * FOUR_WEEKS < lasts:
        later.append(Event(at + FOUR_WEEKS, lambda s, t: _order(s, story, cycle=cycle + 1, at=t)))
    order_id = _place(session, story, cycle=cycle, at=at)
    if order_id is not None:
        later.append(
            Event(at + timedelta(hours=3), lambda s, t: _accept(s, story, order_id, cycle, t))
        )
    return later


def _place(session: Session, story: Story, *, cycle: int, at: datetime) -> UUID | None:
    visits = story.row["visits_per_four_weeks"]
    wish = PutInBasket(
        line_id=story.id("basket", cycle),
        offer_id=story.offer_id,
        quantity=story.row["quantity_per_visit"],
        visits=visits,
        first_at=_first_time(story.offer, local_day(at)),
        every_days=max(1, 28 // visits),
        outcome_id=story.outcome_id,
        choice=story.row.get("choice", ""),
    )
    orders.put_in_basket(session, wish, by=story.buyer, at=at)
    basket = order_queries.basket(session, by=story.buyer, at=at)
    group = next(each for each in basket.groups if each.provider_id == story.owner.works_for)
    place = PlaceOrder(order_id=group.order_id, provider_id=group.provider_id)
    try:
        with session.begin_nested():
            return orders.place_order(session, place, by=story.buyer, at=at)
    except SpendRefusedError:
        if group.answer is not None:
            person_id = story.buyer.buys_for
            spend = group.answer.spend
            record_refusal(session, person_id=person_id, spend=spend, answer=group.answer, at=at)
        orders.take_out(session, line_id=wish.line_id, by=story.buyer, at=at)
        return None


def _first_time(offer: Row, today: date) -> datetime | None:
    """Return the first time from tomorrow on that the offer is for."""
    if offer["unit"] in _TIMELESS or not offer["days"] or not offer["times"]:
        return None
    for days in range(1, 8):
        on = today + timedelta(days=days)
        if _CODES[on.weekday()] in offer["days"]:
            return local_instant(on, _HOURS[offer["times"][0]], 0)
    return None


def _accept(
    session: Session, story: Story, order_id: UUID, cycle: int, at: datetime
) -> list[Event]:
    orders.accept_order(session, order_id=order_id, by=story.owner, at=at)
    order = order_queries.order_for(session, order_id=order_id, seen_by=story.owner, at=at)
    times = [visit.planned_at or at + timedelta(days=1) for visit in order.visits]
    events = [
        Event(
            planned + timedelta(hours=2),
            partial(_deliver, story=story, visit_id=visit.id),
        )
        for visit, planned in zip(order.visits, times, strict=True)
    ]
    confirm = partial(_confirm, story=story, order_id=order_id, cycle=cycle)
    return [*events, *(Event(at, confirm) for at in _looks(times))]


def _looks(times: list[datetime]) -> Iterator[datetime]:
    """Give when somebody looks at what was delivered: now and then, and the day after the last."""
    look = min(times) + LOOKS_EVERY
    while look < max(times):
        yield look
        look += LOOKS_EVERY
    yield max(times) + timedelta(days=1)


def _deliver(session: Session, at: datetime, *, story: Story, visit_id: UUID) -> None:
    missed = story.luck.randrange(100) < story.row["missed_percent"]
    note = NoteDelivery(
        visit_id=visit_id,
        note_kind=NoteKind.MISSED if missed else NoteKind.FULL,
        words="I was ill and could not come. I am sorry." if missed else "",
    )
    orders.note_delivery(session, note, by=story.owner, at=at)


def _confirm(
    session: Session, at: datetime, *, story: Story, order_id: UUID, cycle: int
) -> list[Event]:
    order = order_queries.order_for(session, order_id=order_id, seen_by=story.buyer, at=at)
    noted = [visit.id for visit in order.visits if visit.state is VisitState.NOTED]
    if noted:
        orders.confirm_visits(session, order_id=order_id, visit_ids=noted, by=story.buyer, at=at)
    done = all(visit.noted_at is not None for visit in order.visits)
    happened = any(visit.note_kind is NoteKind.FULL for visit in order.visits)
    if cycle or not (done and happened) or "rating" not in story.row:
        return []
    return [Event(at + timedelta(days=1), lambda s, t: _rate(s, story, order_id, t))]


def _rate(session: Session, story: Story, order_id: UUID, at: datetime) -> list[Event]:
    said = story.row["rating"]
    answers = Answers(
        on_time=said["on_time"],
        to_standard=said["standard"],
        again=said["again"],
        score=said["score"],
        words=said["words"],
    )
    author = story.person if said["by"] == "person" else story.buyer
    rating_id = ratings.rate_order(session, order_id, answers, by=author, at=at)
    words = story.row.get("reply", "")
    if not words:
        return []

    def answer(session: Session, at: datetime) -> None:
        ratings.reply(session, rating_id, words, by=story.owner, at=at)

    return [Event(at + timedelta(days=2), answer)]
