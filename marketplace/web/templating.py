"""How templates write money, days and distances. Local time exists here only.

They are written as the language of the page writes them. English is written by hand: Unicode's
tables would say "Tuesday, 4 March" and "14:00", which people find harder.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from flask import Flask
from jinja2 import StrictUndefined

from marketplace.kernel.clock import LONDON
from marketplace.kernel.labels import label
from marketplace.kernel.money import Money
from marketplace.web.example_days import near_today
from marketplace.web.languages import (
    ENGLISH,
    language_of_page,
    ngettext,
    pgettext,
    teach,
    translate,
)

METRES_IN_MILE = Decimal("1609.344")
HOURS_OF_HALF_DAY = 12
HOURS_OF_DAY = 24


def register(app: Flask) -> None:
    """Teach the application's templates the words of the market."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    filters: dict[str, Callable[..., str]] = {
        "money": money,
        "day": day,
        "short_day": short_day,
        "dated": dated,
        "time_of_day": time_of_day,
        "moment": moment,
        "miles": miles,
        "minutes": minutes,
        "notice": notice,
        "label": named,
        "near_today": near_today,
    }
    app.jinja_env.filters.update(filters)
    teach(app.jinja_env)


def money(amount: Money) -> str:
    """Write £1,234.50."""
    language = language_of_page()
    if language is ENGLISH:
        return str(amount)
    return format_currency(Decimal(amount.pence) / 100, "GBP", locale=language.locale)


def day(when: date | datetime) -> str:
    """Write Tuesday 4 March 2026."""
    local = _local_day(when)
    if language_of_page() is ENGLISH:
        return f"{local:%A} {local.day} {local:%B %Y}"
    return _written(local, pgettext("pattern of a day", "EEEE d MMMM y"))


def short_day(when: date | datetime) -> str:
    """Write 4 March."""
    local = _local_day(when)
    if language_of_page() is ENGLISH:
        return f"{local.day} {local:%B}"
    return _written(local, pgettext("pattern of a day", "d MMMM"))


def dated(when: date | datetime) -> str:
    """Write 4 March 2026."""
    local = _local_day(when)
    if language_of_page() is ENGLISH:
        return f"{local.day} {local:%B %Y}"
    return _written(local, pgettext("pattern of a day", "d MMMM y"))


def time_of_day(at: datetime) -> str:
    """Write 2pm, 10:30am, midday or midnight."""
    local = at.astimezone(LONDON)
    language = language_of_page()
    if language is not ENGLISH:
        return format_time(local.time(), "short", locale=language.locale)
    if local.minute == 0 and local.hour in {0, HOURS_OF_HALF_DAY}:
        return "midday" if local.hour else "midnight"
    hour = local.hour % HOURS_OF_HALF_DAY or HOURS_OF_HALF_DAY
    past = f":{local.minute:02}" if local.minute else ""
    return f"{hour}{past}{'am' if local.hour < HOURS_OF_HALF_DAY else 'pm'}"


def moment(at: datetime) -> str:
    """Write Tuesday 4 March 2026, 2pm."""
    return f"{day(at)}, {time_of_day(at)}"


def miles(metres: int) -> str:
    """Write 1.2 miles; whole miles from ten on."""
    far = Decimal(metres) / METRES_IN_MILE
    places = Decimal(1) if far >= 10 else Decimal("0.1")  # noqa: PLR2004 - ten miles
    rounded = far.quantize(places, ROUND_HALF_UP)
    language = language_of_page()
    if language is ENGLISH:
        return f"{rounded} mile" if rounded == 1 else f"{rounded} miles"
    # A broken number takes the form of many, whatever its whole part.
    form = int(rounded) if rounded == int(rounded) else 10
    number = format_decimal(rounded, locale=language.locale)
    return ngettext("%(number)s mile", "%(number)s miles", form) % {"number": number}


def minutes(span: timedelta) -> str:
    """Write 90 minutes."""
    number = span // timedelta(minutes=1)
    return ngettext("%(number)s minutes", "%(number)s minutes", number) % {"number": number}


def notice(hours: int) -> str:
    """Write 36 hours; whole days from two on."""
    days, rest = divmod(hours, HOURS_OF_DAY)
    if days >= 2 and not rest:  # noqa: PLR2004 - two days
        return ngettext("%(number)s days", "%(number)s days", days) % {"number": days}
    return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}


def named(slug: str, topic: str) -> str:
    """Write the words people read for a short name: ``slug|label("languages")``."""
    return translate(label(topic, slug))


def _written(on: date, pattern: str) -> str:
    return format_date(on, pattern, locale=language_of_page().locale)


def _local_day(when: date | datetime) -> date:
    return when.astimezone(LONDON).date() if isinstance(when, datetime) else when
