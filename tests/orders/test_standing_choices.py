"""What is chosen, and how much at which time, in a standing order; and an offer that is over."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.commands import TakeBreak, WriteOffer
from marketplace.catalogue.rules import OfferState, PriceBands, SaleDays, Unit
from marketplace.catalogue.rules.sale_days import ANY_DAY
from marketplace.kernel.money import Money
from marketplace.orders import commands
from marketplace.orders.commands import ChangeStanding, ProposeChange
from marketplace.orders.commands.away import take_holiday
from marketplace.orders.errors import StandingRefusedError
from marketplace.orders.rules.clock_changes import time_of, wall_instant
from marketplace.orders.rules.standing_wishes import Weekly, check_weekly, pattern_of
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.orders.standing import BEGINS_ON, Going, held, letters_to, off_sale
from tests.orders.test_choices import MENU, lunch, rewrite

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
RICH = Money(900_00)
PIE, CURRY = MENU
MORNING, EVENING = 8 * 60, 18 * 60
MORE = Weekly(weekdays=frozenset({1}), minutes=(EVENING, MORNING), quantities=(1, 2), quantity=1)
"""Every Tuesday, two hours in the morning and one in the evening: £45.00 a week."""
MEALS = Weekly(weekdays=frozenset(range(7)), choice=PIE)
"""A meal every day: £105.00 a week."""
THE_17TH = date(2026, 3, 17)


def meals(make: Make, weekly: Weekly = MEALS) -> Going:
    provider = make.provider()
    return Going(
        make,
        funded=make.funded_person(to_spend=RICH),
        provider=provider,
        offer_id=lunch(make, provider),
        weekly=weekly,
    )


def more(make: Make) -> Going:
    return Going(make, funded=make.funded_person(to_spend=RICH), weekly=MORE)


def what(going: Going) -> list[str]:
    return [f"{day.planned_at.day} {day.what}" for day in going.view().days]


def sells_until(session: Session, going: Going, last: date | None) -> None:
    wish = WriteOffer(
        offer_id=going.offer_id,
        title="Gardening",
        category="company",
        unit=Unit.HOUR,
        bands=PriceBands(Money(15_00)),
        notice_hours=24,
        late_cancel_percent=50,
        sale_days=SaleDays(None, last),
    )
    catalogue.change_offer(session, wish, by=going.provider, at=PAID_IN)


class TestAChoice:
    def test_stands_on_every_visit_for_both_sides(self, session: Session, make: Make) -> None:
        going = meals(make).accepted()
        going.roll()

        assert going.view().row.what == "Hot lunch, Cottage pie, 1 item"
        assert going.view(by=going.provider).row.what == "Hot lunch, Cottage pie, 1 item"
        assert {day.what for day in going.view().days} == {"Hot lunch, Cottage pie, 1 item"}
        assert make.order(going.first).lines[0].choice == PIE

    def test_is_asked_for_and_must_be_on_the_menu(self, make: Make) -> None:
        for choice, sentence in (("", "Choose what you would like"), ("Soup", "cannot choose")):
            with pytest.raises(StandingRefusedError, match=sentence) as refusal:
                meals(make, Weekly(weekdays=frozenset({1}), choice=choice))
            assert refusal.value.field == "choice"

    def test_is_changed_from_a_day_on(self, session: Session, make: Make) -> None:
        going = meals(make).accepted()
        going.roll()
        weekly = Weekly(weekdays=MEALS.weekdays, choice=CURRY)
        wish = ChangeStanding(standing_id=going.id, weekly=weekly, starts_on=THE_17TH)

        commands.change_standing(session, wish, by=going.person, at=PAID_IN)
        commands.accept_standing_change(
            session, standing_id=going.id, by=going.provider, at=PAID_IN
        )
        going.roll()

        assert what(going)[7:9] == [
            "16 Hot lunch, Cottage pie, 1 item",
            "17 Hot lunch, Vegetable curry, 1 item",
        ]
        assert {day.status for day in going.view().days} == {"Covered"}
        assert held(session, going) == "£420.00"

    def test_that_is_on_no_menu_cannot_be_asked_for(self, session: Session, make: Make) -> None:
        going = meals(make).accepted()
        weekly = Weekly(weekdays=MEALS.weekdays, choice="Soup")
        wish = ChangeStanding(standing_id=going.id, weekly=weekly, starts_on=THE_17TH)

        with pytest.raises(StandingRefusedError, match="cannot choose “Soup”"):
            commands.change_standing(session, wish, by=going.person, at=PAID_IN)

    def test_that_went_off_the_menu_is_told_of_once(self, session: Session, make: Make) -> None:
        going = meals(make).accepted()
        rewrite(session, going.offer_id, going.provider, CURRY)

        assert [going.roll(PAID_IN + n * DAY) for n in range(3)] == [0, 0, 0]

        assert "cannot choose “Cottage pie”" in going.view().over_words
        assert sum("It is over" in subject for subject in letters_to(session, going.person)) == 1


class TestOwnQuantities:
    def test_each_time_has_its_own_and_costs_its_own(self, session: Session, make: Make) -> None:
        going = more(make).accepted()

        assert going.roll() == 3

        assert held(session, going) == "£180.00"
        row = going.view().row
        assert row.what == "Gardening, 2 hours at 8am and 1 hour at 6pm"
        assert what(going)[:2] == ["10 Gardening, 2 hours", "10 Gardening, 1 hour"]
        visits = make.order(going.first).visits
        assert [(f"{visit.planned_at:%-H}", str(visit.amount)) for visit in visits] == [
            ("8", "£30.00"),
            ("18", "£15.00"),
        ]

    def test_a_change_of_one_of_them_leaves_the_other(self, session: Session, make: Make) -> None:
        going = more(make).accepted()
        going.roll()
        before = {day.order_id for day in going.view().days if day.planned_at.hour == 8}
        wish = ChangeStanding(
            standing_id=going.id,
            weekly=Weekly(
                weekdays=frozenset({1}), minutes=(MORNING, EVENING), quantities=(2, 3), quantity=2
            ),
            starts_on=BEGINS_ON,
        )

        commands.change_standing(session, wish, by=going.person, at=PAID_IN)
        commands.accept_standing_change(
            session, standing_id=going.id, by=going.provider, at=PAID_IN
        )
        going.roll()

        assert what(going)[:2] == ["10 Gardening, 2 hours", "10 Gardening, 3 hours"]
        assert {day.order_id for day in going.view().days if day.planned_at.hour == 8} == before
        assert held(session, going) == "£300.00"

    def test_another_first_time_moves_all_of_a_day(self, session: Session, make: Make) -> None:
        going = more(make)
        order_id = going.first.order_id
        first_at = wall_instant(date(2026, 3, 11), time_of(9 * 60))
        wish = ProposeChange(order_id=order_id, first_at=first_at, words="Better for us.")

        commands.propose_change(session, wish, by=going.provider, at=PAID_IN)
        commands.agree_change(session, order_id=order_id, by=going.person, at=PAID_IN)
        going.roll()

        assert going.view().row.words == "every Wednesday at 9am and 7pm"
        assert going.view().row.what == "Gardening, 2 hours at 9am and 1 hour at 7pm"
        assert {day.status for day in going.view().days} == {"Covered"}
        assert held(session, going) == "£180.00"

    def test_a_longer_visit_must_be_over_before_the_next(self) -> None:
        noon = MORNING + 90
        weekly = Weekly(weekdays=frozenset({1}), minutes=(MORNING, noon), quantities=(2, 1))

        with pytest.raises(StandingRefusedError, match="The visit at 8am is not over at 9:30am"):
            check_weekly(weekly, Unit.HOUR)
        check_weekly(
            Weekly(weekdays=frozenset({1}), minutes=(MORNING, noon), quantities=(1, 2)), Unit.HOUR
        )

    def test_there_is_one_for_each_time(self) -> None:
        weekly = Weekly(weekdays=frozenset({1}), minutes=(MORNING, EVENING), quantities=(2,))

        with pytest.raises(StandingRefusedError, match="Enter how many for each time"):
            check_weekly(weekly, Unit.HOUR)

    @given(
        st.dictionaries(st.integers(0, 1439), st.integers(1, 500), min_size=1, max_size=4).flatmap(
            lambda asked: st.permutations(list(asked.items()))
        )
    )
    def test_in_whatever_order_they_are_written_each_keeps_its_own(
        self, asked: list[tuple[int, int]]
    ) -> None:
        weekly = Weekly(
            weekdays=frozenset({1}),
            minutes=tuple(minute for minute, _ in asked),
            quantities=tuple(quantity for _, quantity in asked),
        )

        pattern = pattern_of(weekly, number=1, starts_on=BEGINS_ON)

        assert list(pattern.minutes) == sorted(minute for minute, _ in asked)
        assert {minute: pattern.quantity_at(minute) for minute in pattern.minutes} == dict(asked)


class TestOver:
    def test_an_offer_off_sale_is_told_of_once_and_again_when_it_is_back(
        self, session: Session, make: Make
    ) -> None:
        going = Going(make, funded=make.funded_person(to_spend=RICH)).accepted()
        off_sale(going)

        assert [going.roll(PAID_IN + n * DAY) for n in range(9)] == [0] * 9

        said = letters_to(session, going.person)
        assert [subject for subject in said if "over" in subject] == [
            "It is over from Tuesday 17 March 2026 on"
        ]
        assert not [subject for subject in said if "Not covered" in subject]
        view = going.view()
        assert view.over_from == THE_17TH
        assert view.not_covered == ()
        assert [day.status for day in view.days][:2] == ["Covered", "Not covered"]
        catalogue.set_offer_state(
            session,
            offer_id=going.offer_id,
            state=OfferState.ON_SALE,
            by=going.provider,
            at=PAID_IN,
        )
        assert going.roll(PAID_IN + 10 * DAY) > 0
        assert going.view().over_from is None
        assert "It goes on: it can be ordered again" in letters_to(session, going.person)

    def test_what_is_sold_until_a_day_is_ordered_until_then(
        self, session: Session, make: Make
    ) -> None:
        going = Going(make, funded=make.funded_person(to_spend=RICH)).accepted()
        sells_until(session, going, date(2026, 3, 25))

        assert going.roll() == 2
        assert [going.roll(PAID_IN + n * WEEK) for n in (1, 2)] == [0, 0]

        view = going.view()
        assert (view.over_from, view.over_words) == (
            date(2026, 3, 31),
            f"{view.row.provider_name} sells Gardening until Wednesday 25 March 2026.",
        )
        assert sum("over" in subject for subject in letters_to(session, going.person)) == 1
        sells_until(session, going, None)
        assert going.roll(PAID_IN + 3 * WEEK) > 0
        assert going.view().over_from is None

    def test_the_provider_is_told_no_reason_and_sees_no_others(
        self, session: Session, make: Make
    ) -> None:
        going = Going(make, funded=make.funded_person(to_spend=RICH)).accepted()
        off_sale(going)
        going.roll()

        view = going.view(by=going.provider)

        assert (view.over_from, view.over_words, view.who_else) == (THE_17TH, "", ())


class TestWhoElse:
    def test_their_own_holidays_and_sale_days_are_looked_at(
        self, session: Session, make: Make
    ) -> None:
        provider = make.provider()
        offer_id = make.offer(provider=provider, title="Lunch", category="meals")
        rich = make.funded_person(to_spend=RICH)
        going = Going(make, funded=rich, provider=provider, offer_id=offer_id).accepted()
        off_sale(going)
        going.roll()
        others = {name: make.provider() for name in ("Free", "Away once", "Away", "Short")}
        last_days = {"Short": SaleDays(None, date(2026, 3, 16))}
        for name, other in others.items():
            make.offer(
                provider=other, title=name, sale_days=last_days.get(name, ANY_DAY), category="meals"
            )
        for name, last in (("Away once", date(2026, 3, 18)), ("Away", date(2026, 5, 30))):
            wish = TakeBreak(break_id=uuid4(), starts_on=date(2026, 3, 14), last_on=last, words="")
            take_holiday(session, wish, by=others[name], at=PAID_IN)

        found = {each.card.title: each.but for each in going.view().who_else}

        assert found == {
            "Free": "",
            "Away once": "They cannot come on 1 of these 4 days, from 17 March.",
        }
