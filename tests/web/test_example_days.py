"""The days that hints and refusals name are near today, and can be typed as they stand."""

import re
from datetime import datetime, timedelta

import pytest

from marketplace.kernel import clock
from marketplace.web.example_days import near_today
from marketplace.web.fields import read_day
from tests.conftest import NOON


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return NOON


@pytest.mark.usefixtures("today")
def test_a_sentence_names_days_near_today() -> None:
    said = near_today("From {day} to {later}, since {past}, until {far}.")

    assert said == "From 18 3 2026 to 1 4 2026, since 18 2 2026, until 3 3 2027."
    assert near_today("No day, and {nothing}.") == "No day, and {nothing}."


def test_an_example_can_be_typed() -> None:
    today = clock.local_day(clock.now())

    assert read_day(near_today("{day}")) == today + timedelta(days=14)


def test_a_refusal_names_one_too() -> None:
    with pytest.raises(ValueError, match=r"like \d+ \d+ \d{4}\.$") as refusal:
        read_day("31 2 2026")

    [example] = re.findall(r"\d.*\d", str(refusal.value))
    assert read_day(example) > clock.local_day(clock.now())
