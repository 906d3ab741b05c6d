"""What somebody chooses to be told about money."""

from collections.abc import Sequence
from typing import Any, cast

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, ValidationError
from wtforms.validators import NumberRange, Optional

from marketplace.budgets.queries import AlertRow
from marketplace.budgets.rules.alerts import AlertKind
from marketplace.kernel.money import ZERO, Money
from marketplace.web.fields import MoneyField

_DAYS = NumberRange(1, 60, "Enter a number of days from 1 to 60.")
_WEEKS = NumberRange(1, 51, "Enter a number of weeks from 1 to 51.")
_TIMES = NumberRange(2, 20, "Enter a number from 2 to 20.")


class WholeField(IntegerField):  # type: ignore[misc]
    """A whole number; what is none is refused with a sentence of ours."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read the number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Enter a whole number, like 3.") from None


class AlertsForm(FlaskForm):  # type: ignore[misc]
    """Each kind of news, whether it is wanted, and from when on."""

    low = BooleanField("The money is getting low")
    low_amount = MoneyField("Less than this is left", validators=[Optional()])
    low_weeks = WholeField("Or it lasts for fewer weeks than this", validators=[Optional(), _WEEKS])
    unusual = BooleanField("Something unusual is spent")
    unusual_times = WholeField(
        "So many times what is usual", default=3, validators=[Optional(), _TIMES]
    )
    unusual_amount = MoneyField(
        "Or more than this, the first time with somebody",
        default=Money(50_00),
        validators=[Optional()],
    )
    price_rise = BooleanField("Something I buy costs more")
    instalment_late = BooleanField("Money is late")
    late_days = WholeField("After so many days", default=3, validators=[Optional(), _DAYS])
    monthly = BooleanField("A month is over: what came in and went out")

    def validate_low(self, field: BooleanField) -> None:
        """Refuse to be told of low money without saying what low is."""
        typed = any(
            each.raw_data and each.raw_data[0] for each in (self.low_amount, self.low_weeks)
        )
        if field.data and not typed:
            raise ValidationError("Enter an amount or a number of weeks.")

    def fill(self, rows: Sequence[AlertRow]) -> None:
        """Show what was chosen before."""
        for row in rows:
            getattr(self, row.kind.value).data = True
            match row.kind:
                case AlertKind.LOW:
                    self.low_amount.data = row.amount or None
                    self.low_weeks.data = row.number or None
                case AlertKind.UNUSUAL:
                    self.unusual_amount.data = row.amount or None
                    self.unusual_times.data = row.number or None
                case AlertKind.INSTALMENT_LATE:
                    self.late_days.data = row.number
                case _:
                    pass

    def wishes(self) -> list[AlertRow]:
        """Return what was chosen."""
        values = {
            AlertKind.LOW: (self.low_amount.data or ZERO, self.low_weeks.data or 0),
            AlertKind.UNUSUAL: (self.unusual_amount.data or ZERO, self.unusual_times.data or 0),
            AlertKind.INSTALMENT_LATE: (ZERO, self.late_days.data or 1),
        }
        return [
            AlertRow(kind, *cast("tuple[Money, int]", values.get(kind, (ZERO, 0))))
            for kind in AlertKind
            if getattr(self, kind.value).data
        ]
