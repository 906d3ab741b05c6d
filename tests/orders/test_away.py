"""A store that is away, and one that has as many people as it can take."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue import queries as stores
from marketplace.catalogue.commands import TakeBreak
from marketplace.catalogue.errors import BadTimesError, BadWordsError
from marketplace.catalogue.queries import OfferFound
from marketplace.catalogue.rules.holidays import Away, Capacity, away_on, capacity_words
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.orders import commands
from marketplace.orders.commands import PlaceOrder
from marketplace.orders.commands.away import take_holiday
from marketplace.orders.errors import BadLineError
from marketplace.orders.queries.away import Load, affected, load_of
from marketplace.outbox.models import Letter
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.orders import TOMORROW

TODAY = local_day(PAID_IN)
DAY = timedelta(days=1)


def wish(first: date, last: date, words: str = "") -> TakeBreak:
    return TakeBreak(break_id=uuid4(), starts_on=first, last_on=last, words=words)


def away(session: Session, owner: Actor, first: date, last: date) -> TakeBreak:
    taken = wish(first, last)
    take_holiday(session, taken, by=owner, at=PAID_IN)
    return taken


def offer_found(session: Session, offer_id: UUID, *, on: date) -> OfferFound:
    found = stores.sold_found(session, offer_ids=[offer_id], provider_ids=[], person_id=None, on=on)
    return found.offers[offer_id]


class TestAHoliday:
    def test_refuses_new_visits_on_its_days_and_says_when_it_is_over(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider(name="Rosie")
        offer_id = make.offer(provider=owner)
        person = make.funded_person().person
        away(session, owner, TODAY + DAY, TODAY + 7 * DAY)

        with pytest.raises(BadLineError, match=r"Rosie is away from 5 March to 11 March, back on"):
            make.in_basket(person, offer_id, first_at=TOMORROW)
        with pytest.raises(BadLineError, match="Choose another day"):
            make.in_basket(person, offer_id, visits=2, first_at=TOMORROW - 3 * DAY + 2 * DAY)
        make.in_basket(person, offer_id, first_at=TOMORROW + 7 * DAY)

    def test_refuses_what_was_put_in_the_basket_before(self, session: Session, make: Make) -> None:
        owner = make.provider()
        offer_id = make.offer(provider=owner)
        person = make.funded_person().person
        make.in_basket(person, offer_id, first_at=TOMORROW)
        taken = away(session, owner, TODAY + DAY, TODAY + DAY)
        order = PlaceOrder(order_id=uuid4(), provider_id=owner.works_for)

        with pytest.raises(BadLineError, match="is away on 5 March"):
            commands.place_order(session, order, by=person, at=PAID_IN)
        catalogue.end_break(session, break_id=taken.break_id, by=owner, at=PAID_IN)
        assert commands.place_order(session, order, by=person, at=PAID_IN) == order.order_id

    def test_leaves_what_is_planned_and_tells_whoever_planned_it_once(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider(name="Rosie")
        deal = make.accepted(provider=owner, visits=3)
        taken = wish(TODAY + DAY, TODAY + 8 * DAY, "Ring Heath and Home.")

        first = take_holiday(session, taken, by=owner, at=PAID_IN)
        again = take_holiday(session, taken, by=owner, at=PAID_IN)

        assert (first.orders, first.visits) == (1, 2)
        assert again.visits == 0
        rows = session.scalars(select(Letter).where(Letter.template == "provider_away"))
        (letter,) = rows
        assert letter.values["words"] == "Ring Heath and Home."
        assert len(letter.values["times"]) == 2
        hit = affected(
            session,
            provider_id=owner.works_for,
            from_on=taken.starts_on,
            last_on=taken.last_on,
            at=PAID_IN,
        )
        assert {visit.order_id for visit in hit.visits} == {deal.order_id}

    def test_is_shown_where_people_look(self, session: Session, make: Make) -> None:
        owner = make.provider(name="Rosie")
        offer_id = make.offer(provider=owner)
        away(session, owner, TODAY, TODAY + 6 * DAY)

        def back(on: date) -> tuple[date | None, date | None]:
            card = stores.offer(session, offer_id=offer_id, funded_by=frozenset(), on=on)
            found = offer_found(session, offer_id, on=on)
            return card.back_on, found.back_on

        assert back(TODAY) == (TODAY + 7 * DAY, TODAY + 7 * DAY)
        assert back(TODAY + 7 * DAY) == (None, None)
        front = stores.storefront(session, provider_id=owner.works_for, on=TODAY)
        assert [each.away.words for each in front.breaks] == [
            "from 4 March to 10 March, back on 11 March"
        ]

    def test_that_cannot_be_is_refused(self, session: Session, make: Make) -> None:
        owner = make.provider()
        away(session, owner, TODAY + 10 * DAY, TODAY + 12 * DAY)

        for first, last, says in (
            (TODAY + 2 * DAY, TODAY + DAY, "the other way round"),
            (TODAY - 2 * DAY, TODAY - DAY, "have passed"),
            (TODAY + 800 * DAY, TODAY + 801 * DAY, "two years"),
            (TODAY, TODAY + 400 * DAY, "more than a year"),
            (TODAY + 12 * DAY, TODAY + 13 * DAY, "holiday then already"),
        ):
            with pytest.raises(BadTimesError, match=says):
                take_holiday(session, wish(first, last), by=owner, at=PAID_IN)
        with pytest.raises(BadWordsError):
            take_holiday(session, wish(TODAY, TODAY, "x" * 201), by=owner, at=PAID_IN)

    def test_is_the_stores_own(self, session: Session, make: Make) -> None:
        taken = away(session, make.provider(), TODAY, TODAY)

        with pytest.raises(NotFoundError):
            catalogue.end_break(session, break_id=taken.break_id, by=make.provider(), at=PAID_IN)
        with pytest.raises(NotFoundError):
            take_holiday(session, wish(TODAY, TODAY), by=make.person(), at=PAID_IN)
        with pytest.raises(NotFoundError):
            stores.own_breaks(session, by=make.person(), on=TODAY)


class TestWhatAStoreCanTake:
    def count(self, session: Session, owner: Actor) -> Load:
        load = load_of(session, provider_id=owner.works_for, at=PAID_IN)
        catalogue.note_load(
            session,
            provider_id=owner.works_for,
            people=load.people,
            minutes=load.minutes,
            at=PAID_IN,
        )
        return load

    def test_follows_what_is_ordered(self, session: Session, make: Make) -> None:
        owner = make.provider()
        deal = make.accepted(provider=owner, quantity=2, visits=2)
        offer_id = make.offer(provider=owner)
        catalogue.set_capacity(session, people=2, hours=None, by=owner, at=PAID_IN)

        def has_space() -> tuple[bool, bool, bool]:
            card = stores.offer(session, offer_id=offer_id, funded_by=frozenset(), on=TODAY)
            found = offer_found(session, offer_id, on=TODAY)
            (findable,) = stores.findable_offers(session, [offer_id])
            return card.has_space, found.has_space, findable.has_space

        assert self.count(session, owner) == Load(1, 120)
        assert has_space() == (True, True, True)
        make.accepted(provider=owner)
        assert self.count(session, owner) == Load(2, 240)
        assert has_space() == (False, False, False)
        commands.cancel_order(
            session, order_id=deal.order_id, by=deal.person, at=PAID_IN, agreed=Money(30_00)
        )
        assert self.count(session, owner).people == 1
        assert has_space() == (True, True, True)

    def test_can_be_hours_of_the_busiest_week(self, session: Session, make: Make) -> None:
        owner = make.provider()
        make.accepted(provider=owner, quantity=3)
        make.accepted(provider=owner, quantity=2, first_at=TOMORROW + 14 * DAY)
        catalogue.set_capacity(session, people=None, hours=3, by=owner, at=PAID_IN)

        assert self.count(session, owner) == Load(2, 180)
        said = stores.capacity_of(session, by=owner)
        assert capacity_words(said) == "3 of 3 hours in the busiest week: full"

    def test_is_counted_anew_after_a_while(self, session: Session, make: Make) -> None:
        owner = make.provider()
        assert stores.stores_that_count(session, counted_before=PAID_IN) == []
        catalogue.set_capacity(session, people=1, hours=None, by=owner, at=PAID_IN)
        assert stores.stores_that_count(session, counted_before=PAID_IN) == [owner.works_for]
        self.count(session, owner)
        assert stores.stores_that_count(session, counted_before=PAID_IN) == []
        later = PAID_IN + timedelta(minutes=11)
        assert stores.stores_that_count(session, counted_before=later) == [owner.works_for]

    def test_that_cannot_be_is_refused(self, session: Session, make: Make) -> None:
        owner = make.provider()

        with pytest.raises(BadTimesError, match="people"):
            catalogue.set_capacity(session, people=0, hours=None, by=owner, at=PAID_IN)
        with pytest.raises(BadTimesError, match="hours"):
            catalogue.set_capacity(session, people=None, hours=0, by=owner, at=PAID_IN)
        with pytest.raises(NotFoundError):
            catalogue.set_capacity(session, people=1, hours=1, by=make.person(), at=PAID_IN)
        with pytest.raises(NotFoundError):
            stores.capacity_of(session, by=make.person())


def test_the_words_of_capacity_and_days() -> None:
    one = Away(date(2026, 8, 3), date(2026, 8, 4))

    assert one.words == "on 3 August, back on 4 August"
    assert away_on([date(2026, 8, 4)], [one]) is None
    assert away_on([date(2026, 8, 9), date(2026, 8, 3)], [one]) is one
    assert capacity_words(Capacity(None, None, None, None)) == "You do not count."
    assert capacity_words(Capacity(5, None, None, None)) == "at most 5 people: room for more"
    assert capacity_words(Capacity(5, 20, 2, 61)) == (
        "2 of 5 people, 2 of 20 hours in the busiest week: room for more"
    )
