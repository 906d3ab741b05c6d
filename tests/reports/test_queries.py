"""The market of one council in numbers, counted on both databases."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from marketplace.budgets.models import Refusal
from marketplace.budgets.rules import RefusalReason
from marketplace.kernel.money import Money
from marketplace.orders.rules import NoteKind
from marketplace.reports import queries
from marketplace.reports.rules import Scope, Table, Value
from marketplace.search.models import SearchCount
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.payments import PAY_DAY

MARCH = {"since": date(2026, 3, 1), "until": date(2026, 3, 31), "today": date(2026, 4, 10)}


@pytest.fixture
def council_id(make: Make) -> UUID:
    return make.council()


def order(make: Make, council_id: UUID, *, people: int) -> None:
    """Let some people of a council order £30.00 of company each, delivered and confirmed."""
    for _ in range(people):
        deal = make.accepted(funded=make.funded_person(council_id=council_id))
        make.confirmed(deal)


def scope(session: Session, council_id: UUID, **changes: object) -> Scope:
    """Look at March 2026 of a council."""
    return queries.scope_of(session, council_id=council_id, **(MARCH | changes))  # type: ignore[arg-type]


def tables(session: Session, council_id: UUID, **changes: object) -> dict[str, Table]:
    """Return the dashboard's tables."""
    return dict(queries.dashboard(session, scope(session, council_id, **changes)).tables)


def line(table: Table, label: str) -> list[Value]:
    """Return the cells beside a label."""
    return next(cells[1:] for cells in table.cells() if cells[0] == label)


class TestSpending:
    def test_counts_people_orders_and_money(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        order(make, council_id, people=5)
        make.placed(funded=make.funded_person(council_id=council_id))

        found = tables(session, council_id)

        assert found["headline"].cells()[:4] == [
            ["People with orders", 6],
            ["Orders", 6],
            ["Set aside now", Money(30_00)],
            ["Confirmed", Money(150_00)],
        ]
        assert line(found["categories"], "Company") == [6, 6, Money(30_00), Money(150_00)]
        assert line(found["outcomes"], "I see my friends.") == [6, 6, Money(30_00), Money(150_00)]
        assert line(found["months"], "March 2026") == [6, 6, Money(30_00), Money(150_00)]

    def test_shows_nothing_that_rests_on_four_people(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        order(make, council_id, people=4)

        found = tables(session, council_id)

        assert found["headline"].cells()[:4] == [
            ["People with orders", "fewer than 5"],
            ["Orders", "not shown"],
            ["Set aside now", "not shown"],
            ["Confirmed", "not shown"],
        ]
        assert line(found["categories"], "Company") == ["fewer than 5", *["not shown"] * 3]
        assert "I see my friends." not in str(found["outcomes"].cells())

    def test_counts_a_person_once_however_much_they_order(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        funded = make.funded_person(council_id=council_id)
        for _ in range(2):
            make.placed(funded=funded)
        order(make, council_id, people=4)

        assert tables(session, council_id)["headline"].cells()[:2] == [
            ["People with orders", 5],
            ["Orders", 6],
        ]

    def test_sees_no_other_council(self, session: Session, make: Make, council_id: UUID) -> None:
        order(make, council_id, people=5)

        found = tables(session, make.council())

        assert found["headline"].cells()[0] == ["People with orders", 0]
        assert found["categories"].rows == ()

    def test_keeps_to_the_days_and_the_category(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        order(make, council_id, people=5)

        earlier = tables(session, council_id, until=date(2026, 3, 3))
        other = tables(session, council_id, category="garden")
        same = tables(session, council_id, category="company")

        assert earlier["headline"].cells()[0] == ["People with orders", 0]
        assert other["headline"].cells()[0] == ["People with orders", 0]
        assert same["headline"].cells()[0] == ["People with orders", 5]

    def test_fills_the_months_in_which_nothing_happened(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        order(make, council_id, people=5)

        found = tables(session, council_id, since=date(2026, 2, 10))["months"]

        assert [cells[:3] for cells in found.cells()] == [
            ["February 2026", 0, 0],
            ["March 2026", 5, 5],
        ]

    def test_folds_outcomes_in_words_that_few_people_share(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        for number in range(6):
            words = f"I visit my aunt number {number}."
            funded = make.funded_person(council_id=council_id, outcomes=[words])
            make.placed(funded=funded)

        assert tables(session, council_id)["outcomes"].cells() == [
            ["In words that fewer people share", 6, 6, Money(180_00), Money(0)]
        ]


class TestQuality:
    def test_tells_the_middle_price_of_an_hour(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        for pounds in (10, 12, 14, 16, 30):
            funded = make.funded_person(council_id=council_id)
            make.placed(funded=funded, price=Money(pounds * 100))

        found = tables(session, council_id)["prices"]

        assert line(found, "Company") == [5, Money(14_00), Money(12_00), Money(16_00)]

    def test_tells_what_became_of_visits(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        for number in range(10):
            deal = make.accepted(funded=make.funded_person(council_id=council_id))
            make.noted(deal, note=NoteKind.FULL if number % 2 else NoteKind.MISSED)

        found = tables(session, council_id)["visits"]

        assert line(found, NoteKind.FULL.label) == [5, 5, "50%"]
        assert line(found, NoteKind.MISSED.label) == [5, 5, "50%"]

    def test_tells_how_fast_providers_were_paid(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        order(make, council_id, people=2)
        make.paid_run(by=make.officer(council_id=council_id))

        found = queries.dashboard(session, scope(session, council_id))

        assert found.tables["payments"].cells() == [["1 day", 2, 2]]
        assert (found.how_fast.percent, found.how_fast.median_days) == (100, 1)

    def test_tells_if_people_say_it_was_on_time(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        for number in range(5):
            deal = make.accepted(funded=make.funded_person(council_id=council_id))
            make.confirmed(deal)
            make.rating(deal, on_time=number > 0)

        found = tables(session, council_id)["headline"]

        assert line(found, "On time, people say") == ["80%"]


class TestMarket:
    def test_counts_providers_by_kind(self, session: Session, make: Make, council_id: UUID) -> None:
        for _ in range(2):
            make.standing(provider=make.provider(), council_id=council_id)

        found = tables(session, council_id)["providers"]

        assert line(found, "One person") == [2, "100%", 2, 0]
        assert line(found, "All") == [2, "100%", 2, 0]

    def test_names_what_was_searched_for_in_vain(self, session: Session, council_id: UUID) -> None:
        for words, results, times in (("hoist", 0, 6), (None, 0, 2), ("garden", 9, 4)):
            session.add(
                SearchCount(
                    day=date(2026, 3, 4),
                    council_id=council_id,
                    fingerprint=str(words),
                    words=words,
                    results=results,
                    times=times,
                )
            )

        found = queries.dashboard(session, scope(session, council_id))

        assert found.tables["searches"].cells() == [["hoist", 6]]
        assert found.searches_in_vain == 8

    def test_counts_refusals_by_reason(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        for _ in range(5):
            session.add(
                Refusal(
                    person_id=make.person().buys_for,
                    council_id=council_id,
                    why=RefusalReason.LIMIT,
                    wanted=Money(40_00),
                    remaining=Money(30_00),
                    category="company",
                    at=PAID_IN,
                )
            )

        found = tables(session, council_id)["refusals"]

        assert line(found, "A limit stopped it") == [5, 5, Money(200_00)]


def test_every_table_alone_is_the_one_on_the_page(
    session: Session, make: Make, council_id: UUID
) -> None:
    order(make, council_id, people=5)
    make.paid_run(by=make.officer(council_id=council_id), at=PAY_DAY)
    looked_at = scope(session, council_id)

    found = {
        **queries.dashboard(session, looked_at).tables,
        **queries.demand(session, looked_at).tables,
    }

    assert set(found) == set(queries.TABLES)
    for key, table in found.items():
        assert queries.table(session, looked_at, key=key) == table
