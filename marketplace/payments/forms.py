"""What finance officers type."""

from datetime import date
from typing import cast

from flask_wtf import FlaskForm

from marketplace.web.fields import DayField, Needed, UuidField


class ProposeForm(FlaskForm):  # type: ignore[misc]
    """The id the run will get, so that two clicks make one run."""

    run_id = UuidField()


class PaidForm(FlaskForm):  # type: ignore[misc]
    """When the bank paid a run."""

    paid_on = DayField(
        "On which day did the bank pay it?",
        description="For example, 4 3 2026.",
        validators=[Needed("Enter the day on which the bank paid.")],
    )

    def day(self) -> date:
        """Return the day that was typed."""
        return cast("date", self.paid_on.data)
