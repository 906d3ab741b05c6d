"""When things happen, in days and in words."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from marketplace.community import rules
from marketplace.community.errors import BadTimetableError
from marketplace.community.rules import Freshness, cost_more
from marketplace.kernel.money import Money
from tests.conftest import NOON

TUESDAYS = "FREQ=WEEKLY;BYDAY=TU"


def test_a_weekly_rule_names_its_days() -> None:
    found = rules.days_of(TUESDAYS, None, first=date(2026, 3, 4), days=14)

    assert found == [date(2026, 3, 10), date(2026, 3, 17)]


def test_a_one_off_happens_once_and_only_in_its_span() -> None:
    day = date(2026, 3, 6)

    assert rules.days_of("", day, first=date(2026, 3, 4), days=7) == [day]
    assert rules.days_of("", day, first=date(2026, 3, 7), days=7) == []


def test_summer_time_moves_the_instant_not_the_clock() -> None:
    starts = time(10, 30)

    assert rules.start_of(date(2026, 3, 24), starts) == datetime(2026, 3, 24, 10, 30, tzinfo=UTC)
    assert rules.start_of(date(2026, 3, 31), starts) == datetime(2026, 3, 31, 9, 30, tzinfo=UTC)


def test_the_next_start_is_never_past() -> None:
    tuesday_noon = datetime(2026, 3, 10, 12, tzinfo=UTC)

    timetable = rules.Timetable(rule=TUESDAYS)
    found = rules.occurrences(timetable, time(10, 30), [], first=tuesday_noon.date(), days=10)

    starts = [each.at for each in found if each.at >= tuesday_noon]
    assert starts == [datetime(2026, 3, 17, 10, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (TUESDAYS, "Every Tuesday"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "Every Monday, Wednesday and Friday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", "Every second Saturday"),
        ("FREQ=MONTHLY;BYDAY=1SU", "The first Sunday of the month"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "The last Friday of the month"),
        ("FREQ=DAILY", "Every day"),
        ("", ""),
    ],
)
def test_says_a_rule_as_people_do(rule: str, words: str) -> None:
    assert rules.timetable_words(rule) == words


@pytest.mark.parametrize("rule", ["nonsense", "FREQ=SECONDLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ="])
def test_refuses_a_rule_that_is_none(rule: str) -> None:
    with pytest.raises(BadTimetableError):
        rules.read_rule(rule)


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        (26, Freshness.FRESH),
        (27, Freshness.MARKED),
        (52, Freshness.MARKED),
        (53, Freshness.DROPPED),
    ],
)
def test_an_entry_grows_stale(weeks: int, expected: Freshness) -> None:
    assert rules.freshness(NOON - timedelta(weeks=weeks), NOON) is expected


@pytest.mark.parametrize(
    ("words", "pence", "more"),
    [
        ("£3.50 with tea", 350, "with tea"),
        ("£2 if you can", 200, "if you can"),
        ("£2", 200, ""),
        ("£2.80", 280, ""),
        ("50p to come in", 50, "to come in"),
        ("Free, drinks £1", 0, "drinks £1"),
        ("Free", 0, ""),
        ("", 0, ""),
        ("A pound a cup", 100, "A pound a cup"),
        ("£20 a term", 200, "£20 a term"),
        ("£2.50 a family", 200, "£2.50 a family"),
    ],
)
def test_a_card_says_an_amount_once(words: str, pence: int, more: str) -> None:
    assert cost_more(words, Money(pence)) == more
