"""Small groups stay hidden, prices keep their spread, and periods are days that people mean."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.money import Money
from marketplace.reports.errors import BadPeriodError
from marketplace.reports.rules import (
    Hidden,
    Period,
    Row,
    ShownRow,
    Spread,
    Table,
    hidden_last,
    period,
    protect,
    quarter_start,
    share,
    spread,
)


def rows(*people: int) -> list[Row]:
    """Return a row for each number of people, each with twice as many orders."""
    return [Row(f"Row {place}", count, (2 * count,)) for place, count in enumerate(people)]


class TestProtect:
    def test_shows_groups_that_are_large_enough(self) -> None:
        shown = protect(rows(5, 12), threshold=5)

        assert [row.values for row in shown] == [(5, 10), (12, 24)]

    def test_hides_what_rests_on_too_few(self) -> None:
        shown = protect(rows(4, 3, 9), threshold=5)

        assert [row.hidden for row in shown] == [Hidden.FEW, Hidden.FEW, None]
        assert shown[0].values == (None, None)

    def test_hides_the_smallest_other_if_the_total_would_give_one_away(self) -> None:
        shown = protect(rows(20, 4, 7), threshold=5)

        assert [row.hidden for row in shown] == [None, Hidden.FEW, Hidden.PROTECTS]

    def test_shows_that_there_is_nobody(self) -> None:
        assert protect(rows(0, 6), threshold=5)[0].values == (0, 0)

    def test_leaves_alone_what_is_not_about_people(self) -> None:
        assert protect([Row("One-person", None, (2,))], threshold=5)[0].values == (2,)

    @given(
        people=st.lists(st.integers(0, 30), max_size=10),
        threshold=st.integers(2, 12),
    )
    def test_never_shows_a_small_group_nor_one_hidden_row_alone(
        self, people: list[int], threshold: int
    ) -> None:
        counted = rows(*people)

        shown = protect(counted, threshold=threshold)

        for row, before in zip(shown, counted, strict=True):
            small = before.people is not None and 0 < before.people < threshold
            assert not (small and row.hidden is None)
            assert (row.hidden is None) == (None not in row.values)
            assert row.hidden is not None or row.values == (before.people, *before.values)
        hidden = sum(row.hidden is not None for row in shown)
        others = sum(count >= threshold for count in people)
        assert hidden != 1 or not others


class TestHiddenLast:
    def test_leaves_no_place_that_tells_a_size(self) -> None:
        by_size = protect(
            [Row("b", 2, (90,)), Row("c", 9, (50,)), Row("a", 3, (40,)), Row("d", 8, (10,))],
            threshold=5,
        )

        assert [row.label for row in hidden_last(by_size)] == ["c", "d", "a", "b"]


class TestSpread:
    def test_is_the_middle_and_the_middle_half(self) -> None:
        # £10 £10 £12 £14 £14 £14 £20 £90: quarters end at the 2nd, 4th and 6th.
        found = spread([(14_00, 3), (10_00, 2), (90_00, 1), (12_00, 1), (20_00, 1)])

        assert found == Spread(Money(10_00), Money(14_00), Money(14_00))

    @given(st.lists(st.integers(1, 100_00), min_size=1, max_size=40))
    def test_is_the_same_counted_one_by_one_or_together(self, pence: list[int]) -> None:
        one_by_one = spread((each, 1) for each in pence)
        together = spread((each, pence.count(each)) for each in set(pence))

        assert one_by_one == together
        assert one_by_one.lower <= one_by_one.median <= one_by_one.upper
        assert Money(min(pence)) <= one_by_one.lower
        assert one_by_one.upper <= Money(max(pence))
        below = sum(each < one_by_one.median.pence for each in pence)
        above = sum(each > one_by_one.median.pence for each in pence)
        assert max(below, above) * 2 <= len(pence)


class TestPeriod:
    def test_is_twelve_months_up_to_today_if_nothing_is_asked(self) -> None:
        found = period(None, None, today=date(2026, 3, 4))

        assert (found.starts_on, found.last_on) == (date(2025, 4, 1), date(2026, 3, 4))
        assert len(found.months) == 12

    def test_counts_the_last_day(self) -> None:
        found = period(date(2026, 3, 1), date(2026, 3, 4), today=date(2026, 6, 1))

        assert found.ends_before == date(2026, 3, 5)

    def test_follows_the_clocks_of_the_people(self) -> None:
        summer = Period(date(2026, 7, 1), date(2026, 8, 1))

        assert summer.starts_at == datetime(2026, 6, 30, 23, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("since", "until"),
        [(date(2026, 3, 5), date(2026, 3, 4)), (date(2019, 1, 1), date(2026, 3, 4))],
    )
    def test_refuses_days_that_are_no_period(self, since: date, until: date) -> None:
        with pytest.raises(BadPeriodError):
            period(since, until, today=date(2026, 3, 4))

    def test_knows_its_quarter(self) -> None:
        assert quarter_start(date(2026, 12, 31)) == date(2026, 10, 1)


class TestTable:
    def table(self, *shown: ShownRow) -> Table:
        return Table(
            key="k", title="T", about="A", head=("What", "People", "Paid"), rows=shown, threshold=5
        )

    def test_says_in_words_what_it_does_not_show(self) -> None:
        shown = protect(
            [Row("Garden", 3, (Money(90_00),)), Row("Home", 8, (Money(1_00),))], threshold=5
        )

        assert self.table(*shown).cells() == [
            ["Garden", "fewer than 5", "not shown"],
            ["Home", "not shown", "not shown"],
        ]

    def test_names_what_it_leaves_out(self) -> None:
        table = self.table(*protect(rows(20, 4, 7), threshold=5))

        assert [row.label for row in table.visible().rows] == ["Row 0"]
        assert (table.too_small, table.protecting) == (("Row 1",), ("Row 2",))

    def test_draws_hidden_rows_without_length(self) -> None:
        shown = ShownRow("Garden", (None, None), Hidden.FEW)

        assert self.table(shown).bars(1) == [("Garden", 0, "not shown")]

    def test_draws_money_by_its_pence_and_words_not_at_all(self) -> None:
        shown = ShownRow("Home", (8, Money(1_00), "12%"))

        assert self.table(shown).bars(1) == [("Home", 100, "£1.00")]
        assert self.table(shown).bars(2) == [("Home", 0, "12%")]


def test_a_share_of_nothing_is_a_dash() -> None:
    assert (share(1, 8), share(0, 0)) == ("13%", "–")
