"""The days on which a store is away."""

from datetime import date
from typing import cast

from flask_wtf import FlaskForm
from wtforms.validators import Optional

from marketplace.catalogue.commands import TakeBreak
from marketplace.catalogue.rules.holidays import WORDS_LENGTH_MAX
from marketplace.web.fields import DayField, LineField, Needed, NoLonger, UuidField


class HolidayForm(FlaskForm):  # type: ignore[misc]
    """From which day to which, and a few words to those who have a visit then."""

    break_id = UuidField()
    starts_on = DayField(
        "First day away",
        [Needed("Enter the first day, like {day}.")],
        description="Like {day}.",
    )
    last_on = DayField(
        "Last day away",
        [Needed("Enter the last day, like {later}.")],
        description="Like {later}.",
    )
    words = LineField(
        "A few words to people who have a visit then",
        [Optional(), NoLonger(WORDS_LENGTH_MAX)],
        description="For example: Ring Heath and Home, they know you.",
    )

    def wish(self) -> TakeBreak:
        """Return what was typed as a command."""
        return TakeBreak(
            break_id=self.break_id.data,
            starts_on=cast("date", self.starts_on.data),
            last_on=cast("date", self.last_on.data),
            words=self.words.data or "",
        )
