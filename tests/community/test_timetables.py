"""Which days a timetable names: pauses, bank holidays, and what is different on one day."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.community import rules
from marketplace.community.errors import BadEntryError, BadTimetableError
from marketplace.community.rules import Change, DateChange, Timetable
from tests.conftest import NOON

MONDAYS = "FREQ=WEEKLY;BYDAY=MO"


class TestBankHolidays:
    @pytest.mark.parametrize(
        ("year", "expected"),
        [
            (2026, "1-1 4-3 4-6 5-4 5-25 8-31 12-25 12-28"),
            (2027, "1-1 3-26 3-29 5-3 5-31 8-30 12-27 12-28"),
            (2022, "1-3 4-15 4-18 5-2 6-2 6-3 8-29 9-19 12-26 12-27"),
            (2023, "1-2 4-7 4-10 5-1 5-8 5-29 8-28 12-25 12-26"),
        ],
    )
    def test_are_those_of_the_government_list(self, year: int, expected: str) -> None:
        found = sorted(rules.bank_holidays(year))

        assert " ".join(f"{day.month}-{day.day}" for day in found) == expected


class TestTimetable:
    def test_leaves_out_bank_holidays_where_it_says_so(self) -> None:
        timetable = Timetable(rule=MONDAYS, not_bank_holidays=True)

        found = timetable.days(first=date(2026, 3, 30), days=21)

        # Monday 6 April is Easter Monday.
        assert found == [date(2026, 3, 30), date(2026, 4, 13)]
        assert timetable.words == "Every Monday, not on bank holidays"

    def test_pauses(self) -> None:
        timetable = Timetable(rule=MONDAYS, breaks=((date(2026, 3, 9), date(2026, 3, 16)),))

        assert timetable.days(first=date(2026, 3, 2), days=28) == [
            date(2026, 3, 2),
            date(2026, 3, 23),
        ]

    def test_begins_and_ends(self) -> None:
        timetable = Timetable(rule=MONDAYS, first_on=date(2026, 3, 10), last_on=date(2026, 3, 23))

        assert timetable.days(first=date(2026, 3, 1), days=60) == [
            date(2026, 3, 16),
            date(2026, 3, 23),
        ]

    def test_counts_second_weeks_from_its_first_day(self) -> None:
        timetable = Timetable(rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", first_on=date(2026, 3, 3))

        assert timetable.days(first=date(2026, 5, 1), days=30) == [
            date(2026, 5, 12),
            date(2026, 5, 26),
        ]

    def test_names_single_days(self) -> None:
        timetable = Timetable(also_on=(date(2026, 3, 9), date(2026, 4, 9)))

        assert timetable.days(first=date(2026, 3, 1), days=31) == [date(2026, 3, 9)]
        assert timetable.words == "On single days"
        assert timetable.weekdays == {"mon", "thu"}

    def test_that_never_comes_true_is_soon_looked_through(self) -> None:
        never = Timetable(rule="FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31")

        assert never.days(first=date(2026, 3, 1), days=400) == []

    @settings(max_examples=40, deadline=None)
    @given(
        days=st.sets(st.sampled_from(rules.DAY_CODES), min_size=1),
        every=st.integers(1, 3),
        away=st.integers(0, 2000),
    )
    def test_looks_far_ahead_as_it_would_walk_there(
        self, days: set[str], every: int, away: int
    ) -> None:
        rule = rules.weekly_rule(days, every)
        first_on = date(2024, 1, 3)
        timetable = Timetable(rule=rule, first_on=first_on)
        begin = date.fromordinal(first_on.toordinal() + away)

        found = timetable.days(first=begin, days=60)

        week = first_on.toordinal() - first_on.weekday()
        expected = [
            on
            for on in (date.fromordinal(begin.toordinal() + number) for number in range(60))
            if rules.DAY_CODES[on.weekday()] in days and (on.toordinal() - week) // 7 % every == 0
        ]
        assert found == expected


class TestOccurrences:
    timetable = Timetable(rule=MONDAYS)

    def occurrences(self, *changes: DateChange, days: int = 14) -> list[tuple[datetime, str]]:
        """Return what takes place from Monday 23 March 2026 on."""
        found = rules.occurrences(
            self.timetable, time(10, 30), changes, first=date(2026, 3, 23), days=days
        )
        return [(each.at, each.change.what if each.change else "") for each in found]

    def test_tells_of_what_was_cancelled(self) -> None:
        cancelled = DateChange(on_day=date(2026, 3, 30), what=Change.CANCELLED)

        assert self.occurrences(cancelled) == [
            (datetime(2026, 3, 23, 10, 30, tzinfo=UTC), ""),
            (datetime(2026, 3, 30, 9, 30, tzinfo=UTC), "cancelled"),
        ]

    def test_finds_a_moved_one_where_it_is_now(self) -> None:
        moved = DateChange(
            on_day=date(2026, 3, 23),
            what=Change.MOVED,
            moved_on=date(2026, 3, 31),
            moved_starts="14:00",
        )

        # After the clocks went forward two o'clock is one in UTC.
        assert self.occurrences(moved) == [
            (datetime(2026, 3, 30, 9, 30, tzinfo=UTC), ""),
            (datetime(2026, 3, 31, 13, 0, tzinfo=UTC), "moved"),
        ]
        assert self.occurrences(moved, days=7) == []

    def test_finds_one_that_moved_in_from_before(self) -> None:
        moved = DateChange(on_day=date(2026, 3, 16), what=Change.MOVED, moved_on=date(2026, 3, 24))

        assert (datetime(2026, 3, 24, 10, 30, tzinfo=UTC), "moved") in self.occurrences(moved)

    def test_does_not_count_a_change_of_a_day_that_is_none_any_more(self) -> None:
        moved = DateChange(on_day=date(2026, 3, 17), what=Change.MOVED, moved_on=date(2026, 3, 24))

        assert all(what == "" for _, what in self.occurrences(moved))


class TestSafeLink:
    @pytest.mark.parametrize(
        "typed",
        ["javascript:alert(1)", "https://", "ftp://a.example", "https://u:p@a.example", "a b.org"],
    )
    def test_refuses_what_leads_elsewhere(self, typed: str) -> None:
        with pytest.raises(BadEntryError):
            rules.safe_link(typed)

    def test_adds_what_people_leave_out(self) -> None:
        assert rules.safe_link(" www.our-group.org.uk ") == "https://www.our-group.org.uk"
        assert rules.safe_link("") == ""


@pytest.mark.parametrize(
    "rule", ["FREQ=WEEKLY;INTERVAL=0;BYDAY=MO", "FREQ=DAILY\nEXDATE:1", "A" * 400]
)
def test_refuses_rules_that_would_never_end(rule: str) -> None:
    with pytest.raises(BadTimetableError):
        rules.read_rule(rule)


def test_an_address_part_is_never_one_of_our_own_pages() -> None:
    assert rules.group_slug("Mine") == "mine-group"
    assert rules.group_slug("Ülltje & Söhne") == "ulltje-sohne"
    assert rules.group_slug("!!!") == "group"


def test_now_is_no_holiday() -> None:
    assert not rules.is_bank_holiday(NOON.date())
