"""How templates write money, days and distances. Local time exists here only."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from flask import Flask
from jinja2 import StrictUndefined

from marketplace.kernel.clock import LONDON
from marketplace.kernel.labels import label
from marketplace.kernel.money import Money

METRES_IN_MILE = Decimal("1609.344")
HOURS_OF_HALF_DAY = 12


def register(app: Flask) -> None:
    """Teach the application's templates the words of the market."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    filters: dict[str, Callable[..., str]] = {
        "money": money,
        "day": day,
        "short_day": short_day,
        "time_of_day": time_of_day,
        "moment": moment,
        "miles": miles,
        "minutes": minutes,
        "label": named,
    }
    app.jinja_env.filters.update(filters)


def money(amount: Money) -> str:
    """Write £1,234.50."""
    return str(amount)


def day(when: date | datetime) -> str:
    """Write Tuesday 4 March 2026."""
    local = _local_day(when)
    return f"{local:%A} {local.day} {local:%B %Y}"


def short_day(when: date | datetime) -> str:
    """Write 4 March."""
    local = _local_day(when)
    return f"{local.day} {local:%B}"


def time_of_day(at: datetime) -> str:
    """Write 2pm, 10:30am, midday or midnight."""
    local = at.astimezone(LONDON)
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
    return f"{rounded} mile" if rounded == 1 else f"{rounded} miles"


def minutes(span: timedelta) -> str:
    """Write 90 minutes."""
    return f"{span // timedelta(minutes=1)} minutes"


def named(slug: str, topic: str) -> str:
    """Write the words people read for a short name: ``slug|label("languages")``."""
    return label(topic, slug)


def _local_day(when: date | datetime) -> date:
    return when.astimezone(LONDON).date() if isinstance(when, datetime) else when
