"""What somebody types to work out what an hour costs."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, Optional

from marketplace.catalogue.rules.unit_price import MILEAGE_USUAL, Figures
from marketplace.kernel.money import ZERO, Money
from marketplace.web.fields import MoneyField, Needed

_MONEY = ("wage", "insurance", "other_costs")


def _whole(label: str, usual: int, description: str = "") -> IntegerField:
    return IntegerField(label, [Optional()], default=usual, description=description)


class UnitPriceForm(FlaskForm):  # type: ignore[misc]
    """A usual week, and what it costs."""

    hours_delivered = IntegerField(
        "Hours with people in a usual week", [InputRequired("Enter how many hours.")]
    )
    visits = IntegerField(
        "Visits in a usual week", [InputRequired("Enter how many visits.")], default=0
    )
    wage = MoneyField(
        "Wage an hour",
        [Needed("Enter a wage, like 13.50.")],
        description="Before anything is taken off. If you work alone: what you want to earn.",
    )
    on_costs = _whole("National Insurance and pension", 0, "In per cent of wages.")
    holiday_weeks = _whole("Paid weeks off in a year", 6, "Holidays and sick days together.")
    travel_minutes = _whole("Minutes on the way to a visit", 0, "On average.")
    travel_is_paid = BooleanField("The way is paid as work", default=True)
    miles = _whole("Miles to a visit", 0, "On average.")
    mileage = _whole("Pence a mile", MILEAGE_USUAL, "45 pence can be paid for a car without tax.")
    other_hours = _whole("Paid hours without people in a week", 0, "Training, notes, the office.")
    insurance = MoneyField("Insurance a year", [Optional()])
    other_costs = MoneyField(
        "Other costs a month", [Optional()], description="Telephone, software, gloves, rooms."
    )
    idle = _whole("Of 100 hours you could give, how many does nobody take?", 0)
    surplus = _whole("What is to be left over, in per cent of the price", 0)

    def figures(self) -> Figures:
        """Return what was typed."""
        numbers: dict[str, Any] = {
            field.short_name: field.data or 0 for field in self if isinstance(field, IntegerField)
        }
        money = {
            field.short_name: (field.data or ZERO).pence
            for field in self
            if isinstance(field, MoneyField)
        }
        return Figures(travel_is_paid=bool(self.travel_is_paid.data), **numbers, **money)

    @staticmethod
    def values_of(figures: Figures | None) -> dict[str, object]:
        """Return figures as the values of this form."""
        if figures is None:
            return {}
        kept = {name: getattr(figures, name) for name in Figures.__slots__}
        return kept | {name: Money(kept[name]) for name in _MONEY}
