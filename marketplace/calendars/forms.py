"""What is chosen on the pages of phones and reminders."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField

from marketplace.calendars.rules.addresses import Words
from marketplace.calendars.rules.reminders import Wish
from marketplace.web.fields import Needed, choices


class StopForm(FlaskForm):  # type: ignore[misc]
    """A button, and nothing to type."""


class FeedForm(FlaskForm):  # type: ignore[misc]
    """How much a calendar in a phone says."""

    words = RadioField(
        "What should the calendar in your phone say?",
        [Needed("Choose what the calendar says.")],
        choices=choices((each.value, each.label) for each in Words),
        default=Words.BUSY.value,
    )

    @property
    def chosen(self) -> Words:
        """The choice that was made."""
        return Words(self.words.data)


class RemindersForm(FlaskForm):  # type: ignore[misc]
    """When somebody wants to be written to."""

    evening = BooleanField("The evening before, at 6pm")
    morning = BooleanField("In the morning of the day, at 7am")
    weekly = BooleanField("On Sunday at 5pm: all of the week to come")

    @property
    def wish(self) -> Wish:
        """When they want to be written to."""
        return Wish(
            evening=bool(self.evening.data),
            morning=bool(self.morning.data),
            weekly=bool(self.weekly.data),
        )

    def fill(self, wish: Wish) -> None:
        """Show what was chosen before."""
        self.evening.data, self.morning.data = wish.evening, wish.morning
        self.weekly.data = wish.weekly
