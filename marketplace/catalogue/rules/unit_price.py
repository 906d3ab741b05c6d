"""What an hour of support costs whoever gives it, from what they do: each step shown. Pure.

An hour that is paid for by a person costs more than an hour's wage: there is the way to the next
visit, holidays, training, insurance, and hours on which nobody comes. All is counted for one week.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

from marketplace.catalogue.errors import BadFiguresError
from marketplace.kernel.clock import MINUTES_AN_HOUR, length_words
from marketplace.kernel.money import Money

WEEKS_A_YEAR = 52
_HUNDRED = 100
MILEAGE_USUAL = 45
"""What HM Revenue and Customs lets a car cost a mile without tax, in pence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What somebody does in a usual week, and what it costs them. Money in pence."""

    hours_delivered: int
    """Hours with people, in a usual week."""
    visits: int
    wage: int
    """An hour, before anything is taken off."""
    on_costs: int = 0
    """National Insurance and pension, in per cent of wages."""
    holiday_weeks: int = 6
    """Paid weeks off in a year, holidays and sick days together."""
    travel_minutes: int = 0
    """On the way to a visit, on average."""
    travel_is_paid: bool = True
    miles: int = 0
    """To a visit, on average."""
    mileage: int = MILEAGE_USUAL
    other_hours: int = 0
    """Paid hours without people, in a week: training, notes, talking to the office."""
    insurance: int = 0
    """A year."""
    other_costs: int = 0
    """Telephone, software, gloves, an office: a month."""
    idle: int = 0
    """Of a hundred hours that could be given, how many nobody takes."""
    surplus: int = 0
    """What is to be left over, in per cent of the price."""

    @classmethod
    def from_kept(cls, kept: Mapping[str, int]) -> Self:
        """Return figures as they were saved; what was not asked then is as usual."""
        known = {name: kept[name] for name in _NUMBERS if name in kept}
        return cls(travel_is_paid=bool(kept.get("travel_is_paid", True)), **known)

    def to_keep(self) -> dict[str, int]:
        """Return the figures to be saved."""
        return {name: int(value) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the sum, in words, and what it comes to in a week."""

    words: str
    amount: Money


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """What an hour costs, and how that comes."""

    steps: tuple[Step, ...]
    week: Money
    """All costs of a week."""
    hour: Money
    """What an hour with a person costs."""
    suggested: Money
    """With what is to be left over."""
    paid_minutes: int
    """Paid minutes for each hour with a person."""


def unit_price(figures: Figures) -> UnitPrice:
    """Return what an hour with a person costs. Parts of a penny are rounded up: costs are costs.

    Raises:
        BadFiguresError: a figure cannot be.
    """
    _check(figures)
    minutes = figures.hours_delivered * MINUTES_AN_HOUR
    travel = figures.travel_minutes * figures.visits if figures.travel_is_paid else 0
    other = figures.other_hours * MINUTES_AN_HOUR
    idle = _up(minutes * figures.idle, _HUNDRED - figures.idle)
    paid = minutes + travel + other + idle
    wages = _up(paid * figures.wage, MINUTES_AN_HOUR)
    holidays = _up(wages * figures.holiday_weeks, WEEKS_A_YEAR - figures.holiday_weeks)
    on_costs = _up((wages + holidays) * figures.on_costs, _HUNDRED)
    miles = figures.miles * figures.visits
    steps = (
        Step(_with_people(figures), Money(_up(minutes * figures.wage, MINUTES_AN_HOUR))),
        Step(_travel(figures, travel), Money(_up(travel * figures.wage, MINUTES_AN_HOUR))),
        Step(
            f"Paid without people: {_many(figures.other_hours, 'hour')}",
            Money(_up(other * figures.wage, MINUTES_AN_HOUR)),
        ),
        Step(
            f"Hours nobody takes: {figures.idle} of 100",
            Money(wages - sum(_up(part * figures.wage, MINUTES_AN_HOUR)
                              for part in (minutes, travel, other))),
        ),
        Step(f"{_many(figures.holiday_weeks, 'paid week')} off in a year", Money(holidays)),
        Step(f"National Insurance and pension: {figures.on_costs}%", Money(on_costs)),
        Step(
            f"{_many(miles, 'mile')} at {figures.mileage} pence",
            Money(miles * figures.mileage),
        ),
        Step("Insurance", Money(_up(figures.insurance, WEEKS_A_YEAR))),
        Step("Other costs", Money(_up(figures.other_costs * 12, WEEKS_A_YEAR))),
    )  # fmt: skip
    week = sum(step.amount.pence for step in steps)
    hour = _up(week, figures.hours_delivered)
    return UnitPrice(
        steps=tuple(step for step in steps if step.amount),
        week=Money(week),
        hour=Money(hour),
        suggested=Money(_up(hour * _HUNDRED, _HUNDRED - figures.surplus)),
        paid_minutes=_up(paid, figures.hours_delivered),
    )


def _with_people(figures: Figures) -> str:
    hours = _many(figures.hours_delivered, "hour")
    return f"{hours} with people, at {Money(figures.wage)} an hour"


def _travel(figures: Figures, minutes: int) -> str:
    visits, each = _many(figures.visits, "visit"), _many(figures.travel_minutes, "minute")
    return f"On the way: {visits}, {each} each, {length_words(minutes)} in all"


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _check(figures: Figures) -> None:
    for name, (least, most, sentence) in _RANGES.items():
        if not least <= getattr(figures, name) <= most:
            raise BadFiguresError(sentence, field=name)


_RANGES: Mapping[str, tuple[int, int, str]] = {
    "hours_delivered": (1, 100_000, "Enter hours with people between 1 and 100,000."),
    "visits": (0, 100_000, "Enter visits between 0 and 100,000."),
    "wage": (1, 1_000_00, "Enter a wage of more than nothing, up to £1,000.00."),
    "on_costs": (0, 100, "Enter a number between 0 and 100."),
    "holiday_weeks": (0, 26, "Enter weeks between 0 and 26."),
    "travel_minutes": (0, 600, "Enter minutes between 0 and 600."),
    "miles": (0, 500, "Enter miles between 0 and 500."),
    "mileage": (0, 1_000, "Enter pence between 0 and 1,000."),
    "other_hours": (0, 100_000, "Enter hours between 0 and 100,000."),
    "insurance": (0, 10_000_000_00, "Enter an amount of no more than £10,000,000.00."),
    "other_costs": (0, 10_000_000_00, "Enter an amount of no more than £10,000,000.00."),
    "idle": (0, 90, "Enter a number between 0 and 90."),
    "surplus": (0, 90, "Enter a number between 0 and 90."),
}


_NUMBERS = (*_RANGES,)
"""Every figure but the yes or no."""


def _up(amount: int, parts: int) -> int:
    """Divide, and round up."""
    return -(-amount // parts)
