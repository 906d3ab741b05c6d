"""How people say when a standing order happens. Pure."""

from collections.abc import Sequence

from marketplace.catalogue.rules import Unit, unit_words
from marketplace.orders.rules.clock_changes import time_of, time_words
from marketplace.orders.rules.standing import WEEKDAYS, Fate, Occasion, Pattern
from marketplace.orders.rules.words import line_words

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


def pattern_words(pattern: Pattern) -> str:
    """Write a pattern: every Tuesday and Friday at 8am and 6pm."""
    from_clock = _at_words(pattern.minutes)
    if pattern.month_day is not None:
        return f"on day {pattern.month_day} of every month{from_clock}"
    days = and_words([WEEKDAYS[day] for day in sorted(pattern.weekdays)])
    if pattern.every_weeks == 1:
        return f"every {days}{from_clock}"
    return f"every {_NUMBERS[pattern.every_weeks]} weeks on {days}{from_clock}"


def what_words(title: str, unit: str, pattern: Pattern) -> str:
    """Write what happens each time: Gardening, 2 hours; or how much it is at which time."""
    if not pattern.quantities:
        return line_words(title, unit, pattern.quantity, pattern.choice)
    what = f"{title}, {pattern.choice}" if pattern.choice else title
    pairs = zip(pattern.minutes, pattern.quantities, strict=True)
    times = [
        f"{unit_words(Unit(unit), quantity)} at {time_words(time_of(minute))}"
        for minute, quantity in pairs
    ]
    return f"{what}, {and_words(times)}"


def why_words(occasion: Occasion, provider_name: str) -> str:
    """Say why a visit is not as the pattern says; "" if it is."""
    if occasion.fate is Fate.AWAY:
        return f"{provider_name} is away. {occasion.words} No money is set aside for it."
    return occasion.words


def and_words(words: Sequence[str]) -> str:
    """Write a list: Monday, Tuesday and Friday."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1] if words else "")))


def _at_words(minutes: Sequence[int]) -> str:
    return f" at {and_words([time_words(time_of(each)) for each in minutes])}" if minutes else ""
