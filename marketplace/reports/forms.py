"""Which days and which category to report on."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from marketplace.web.fields import DayField


class ScopeForm(FlaskForm):  # type: ignore[misc]
    """The days and the category. It changes nothing, so it needs no token."""

    class Meta:
        """Without the token, the address of a report can be kept."""

        csrf = False

    since = DayField("From", validators=[Optional()])
    until = DayField("To", validators=[Optional()])
    category = SelectField("Category", validators=[Optional()])

    def offer(self, names: Mapping[str, str]) -> None:
        """Offer the categories there are."""
        self.category.choices = [
            SelectChoice("", "All categories"),
            *(SelectChoice(slug, name) for slug, name in names.items()),
        ]

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The days that were typed, None where there is none."""
        return cast("date | None", self.since.data), cast("date | None", self.until.data)
