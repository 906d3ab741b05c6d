"""Times and amounts as letters and invoices write them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from marketplace.catalogue.rules import PriceBands, Unit, per_unit, unit_words
from marketplace.kernel.clock import LONDON, local_day
from marketplace.orders.rules.standing import TIMED

_NOON = 12
_TIMES_SAID = 12
"""More times than these are counted."""


def day_words(day: date) -> str:
    """Write Tuesday 4 March 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def moment_words(at: datetime | None) -> str:
    """Write Tuesday 4 March 2026, 2pm; say so if no time was agreed yet."""
    if at is None:
        return "at a time you agree"
    local = at.astimezone(LONDON)
    half = "am" if local.hour < _NOON else "pm"
    past = f":{local.minute:02}" if local.minute else ""
    return f"{day_words(local_day(at))}, {local.hour % _NOON or _NOON}{past}{half}"


def when_words(at: datetime | None, unit: str) -> str:
    """Write the moment, or the day alone of what is agreed for a day."""
    if at is not None and unit not in TIMED:
        return day_words(local_day(at))
    return moment_words(at)


def times_words(visits: int, every_days: int) -> str:
    """Write how often: once, 4 times, every week."""
    if visits == 1:
        return "once"
    return f"{visits} times, {EVERY_WORDS.get(every_days, f'every {every_days} days')}"


def price_words(bands: PriceBands, unit: Unit) -> str:
    """Write what a unit costs: £15.00 an hour, £18.00 in the evening."""
    words = f"{bands.price} {per_unit(unit)}"
    if bands.evening is not None and bands.evening != bands.price:
        words += f", {bands.evening} in the evening"
    if bands.weekend is not None and bands.weekend != bands.price:
        words += f", {bands.weekend} at the weekend"
    if bands.bank_holiday is not None and bands.bank_holiday != bands.price:
        words += f", {bands.bank_holiday} on a bank holiday"
    return words


def line_words(title: str, unit: str, quantity: int, choice: str = "") -> str:
    """Write what one visit is: Gardening, 2 hours; or: Hot lunch, Cottage pie, 1 item."""
    what = f"{title}, {choice}" if choice else title
    return f"{what}, {unit_words(Unit(unit), quantity)}"


EVERY_WORDS: Mapping[int, str] = MappingProxyType(
    {
        1: "every day",
        7: "every week",
        14: "every two weeks",
        28: "every four weeks",
    }
)


def first_number(order_id: UUID) -> int:
    """Return the eight digits an order is called by, unless another has them already.

    They come from the order's own id, so that no counter is fought over.
    """
    return 10_000_000 + order_id.int % 80_000_000


DEED_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "order-suggested": "Suggested",
        "order-placed": "Placed, and the money set aside",
        "order-yes": "A yes to it",
        "order-dissent": "A no to it",
        "order-not-held": "Agreed to, but the money could not be set aside",
        "order-confirmed-knowing": "Placed, knowing who earns from it",
        "suggestion-taken-back": "The suggestion taken back",
        "order-approved": "Agreed to, and the money set aside",
        "suggestion-turned-down": "Not agreed to",
        "order-accepted": "Accepted by the provider",
        "order-declined": "The provider said no",
        "other-time-suggested": "Another time suggested",
        "other-time-agreed": "The other time agreed to",
        "other-time-turned-down": "The other time turned down",
        "week-ordered": "Ordered as the next week, and the money set aside",
        "worker-changed": "The provider said who comes",
        "order-cancelled": "Cancelled",
        "visit-cancelled": "A visit cancelled",
        "visit-noted": "The provider said what happened",
        "note-corrected": "The provider corrected a note",
        "note-taken-back": "The provider took a note back",
        "worker-arrived": "Somebody arrived",
        "worker-left": "Somebody left",
        "visits-confirmed": "Confirmed",
        "visit-queried": "Something is wrong",
        "query-accepted": "The provider agreed to what was asked",
        "query-offered": "The provider offered that a part is paid",
        "query-disagreed": "The provider did not agree",
        "query-offer-taken": "A yes to the offer",
        "query-to-council": "The council asked to decide",
        "query-passed-on": "Passed on to the council, because nobody answered in time",
        "query-question": "A question of the council",
        "query-written": "Something more was said",
        "query-decided": "The council decided",
        "query-withdrawn": "Taken back that something is wrong",
        "told-to-confirm": "A letter sent: did it happen?",
        "confirmed-by-silence": "Confirmed by itself, because nobody answered",
        "invoice-credited": "Money given back by the provider",
    }
)
"""The deeds in an order's story, in words."""


def moments_words(times: Sequence[datetime], unit: str) -> str:
    """Write some times: Tuesday 4 August 2026, 8am; Tuesday 11 August 2026, 8am; 3 more."""
    said = [when_words(each, unit) for each in times[:_TIMES_SAID]]
    more = len(times) - len(said)
    return "; ".join([*said, *([f"{more} more"] if more else [])])
