"""What an hour costs: worked examples, and what always holds of the sum."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadFiguresError
from marketplace.catalogue.rules.unit_price import Figures, unit_price
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money, total
from marketplace.orders.queries.worked import Worked, worked
from tests.conftest import NOON, SignInAs
from tests.factories import Make
from tests.factories.orders import TOMORROW

PLAIN = Figures(hours_delivered=20, visits=10, wage=12_00, holiday_weeks=0)
FULL = Figures(
    hours_delivered=20,
    visits=10,
    wage=12_00,
    on_costs=10,
    holiday_weeks=6,
    travel_minutes=12,
    miles=4,
    mileage=45,
    other_hours=2,
    insurance=260_00,
    other_costs=52_00,
    idle=20,
    surplus=5,
)


class TestTheSum:
    def test_of_wages_alone_is_the_wage(self) -> None:
        found = unit_price(PLAIN)

        assert (found.hour, found.suggested, found.week) == (
            Money(12_00),
            Money(12_00),
            Money(240_00),
        )
        assert found.paid_minutes == 60

    def test_shows_every_step(self) -> None:
        found = unit_price(FULL)

        # 20 h with people, 2 h on the way, 2 h beside, 5 h that nobody takes: 29 h paid.
        assert [(step.words, str(step.amount)) for step in found.steps] == [
            ("20 hours with people, at £12.00 an hour", "£240.00"),
            ("On the way: 10 visits, 12 minutes each, 2 hours in all", "£24.00"),
            ("Paid without people: 2 hours", "£24.00"),
            ("Hours nobody takes: 20 of 100", "£60.00"),
            ("6 paid weeks off in a year", "£45.40"),
            ("National Insurance and pension: 10%", "£39.34"),
            ("40 miles at 45 pence", "£18.00"),
            ("Insurance", "£5.00"),
            ("Other costs", "£12.00"),
        ]
        assert found.week == Money(467_74)
        assert found.hour == Money(23_39)  # 46774 pence over 20 hours, rounded up
        assert found.suggested == Money(24_63)
        assert found.paid_minutes == 87

    def test_says_one_of_what_there_is_one_of(self) -> None:
        one = Figures(
            hours_delivered=1,
            visits=1,
            wage=12_00,
            holiday_weeks=1,
            travel_minutes=61,
            miles=1,
            other_hours=1,
        )

        assert [step.words for step in unit_price(one).steps][:4] == [
            "1 hour with people, at £12.00 an hour",
            "On the way: 1 visit, 61 minutes each, 1 hour 1 minute in all",
            "Paid without people: 1 hour",
            "1 paid week off in a year",
        ]

    def test_leaves_the_way_out_if_it_is_not_paid(self) -> None:
        unpaid = unit_price(replace(FULL, travel_is_paid=False))

        assert unpaid.week < unit_price(FULL).week
        assert not any(step.words.startswith("On the way") for step in unpaid.steps)

    @settings(max_examples=50)
    @given(
        st.builds(
            Figures,
            hours_delivered=st.integers(1, 500),
            visits=st.integers(0, 500),
            wage=st.integers(1, 100_00),
            on_costs=st.integers(0, 100),
            holiday_weeks=st.integers(0, 26),
            travel_minutes=st.integers(0, 600),
            travel_is_paid=st.booleans(),
            miles=st.integers(0, 500),
            mileage=st.integers(0, 1_000),
            other_hours=st.integers(0, 500),
            insurance=st.integers(0, 100_000_00),
            other_costs=st.integers(0, 100_000_00),
            idle=st.integers(0, 90),
            surplus=st.integers(0, 90),
        )
    )
    def test_adds_up_and_never_costs_less_than_the_wage(self, figures: Figures) -> None:
        found = unit_price(figures)

        assert total(step.amount for step in found.steps) == found.week
        assert Money(figures.wage) <= found.hour <= found.suggested
        assert found.hour * figures.hours_delivered >= found.week
        assert Figures.from_kept(figures.to_keep()) == figures

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("hours_delivered", 0),
            ("visits", -1),
            ("wage", 0),
            ("on_costs", 101),
            ("holiday_weeks", 27),
            ("travel_minutes", 601),
            ("miles", -1),
            ("mileage", 1_001),
            ("other_hours", -1),
            ("insurance", -1),
            ("other_costs", -1),
            ("idle", 91),
            ("surplus", 91),
        ],
    )
    def test_refuses_what_cannot_be_and_says_where(self, name: str, value: int) -> None:
        with pytest.raises(BadFiguresError) as refusal:
            unit_price(Figures.from_kept(FULL.to_keep() | {name: value}))

        assert refusal.value.field == name


class TestSaving:
    def test_is_asked_for_and_the_stores_own(self, session: Session, make: Make) -> None:
        owner = make.provider()
        assert queries.saved_figures(session, by=owner) is None

        for figures in (PLAIN, FULL):
            commands.save_figures(session, figures, by=owner, at=NOON)

        assert queries.saved_figures(session, by=owner) == FULL
        assert queries.saved_figures(session, by=make.provider()) is None
        with pytest.raises(NotFoundError):
            queries.saved_figures(session, by=make.person())
        with pytest.raises(NotFoundError):
            commands.save_figures(session, FULL, by=make.person(), at=NOON)


class TestWhatWasWorked:
    def test_counts_visits_hours_and_what_was_lost(self, session: Session, make: Make) -> None:
        deal = make.accepted(visits=2)
        make.noted(deal)

        at = TOMORROW + timedelta(days=10)
        found = worked(session, provider_id=deal.provider.works_for, at=at)

        assert (found.visits, found.minutes, found.lost) == (1, 120, 0)
        later = worked(session, provider_id=deal.provider.works_for, at=at + timedelta(weeks=13))
        assert later.visits == 0

    def test_is_an_average(self) -> None:
        found = Worked(weeks=12, visits=36, minutes=12 * 60 * 5, lost=4)

        assert (found.visits_a_week, found.hours_a_week, found.lost_of_hundred) == (3, 5, 10)
        assert Worked(12, 0, 0, 0).lost_of_hundred == 0


class TestThePage:
    def test_shows_the_sum_and_keeps_it_only_if_asked(
        self, app: Flask, sign_in: SignInAs, make: Make
    ) -> None:
        browser = sign_in(make.provider())
        page = browser.get("orders.unit_price")

        page = browser.submit(
            page, "Work it out", hours_delivered="20", visits="10", wage="12", holiday_weeks="0"
        )

        assert "£12.00 is what an hour costs you" in " ".join(page.text.split())
        assert "£240.00" in page.text
        assert "is what an hour costs you" not in browser.get("orders.unit_price").text
        browser.submit(page, "Work it out and save my figures")
        assert "is what an hour costs you" in browser.get("orders.unit_price").text

    def test_says_what_is_wrong(self, sign_in: SignInAs, make: Make) -> None:
        browser = sign_in(make.provider())

        page = browser.submit(
            browser.get("orders.unit_price"), "Work it out", hours_delivered="0", wage="12"
        )

        assert page.errors == ["Enter hours with people between 1 and 100,000."]
        assert 'value="12"' in page.html
