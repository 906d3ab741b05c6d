"""What is typed to leave out, pause or end a standing order, and to say who comes."""

from collections.abc import Collection
from datetime import date
from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from marketplace.kernel.money import ZERO, Money
from marketplace.orders.commands import EndStanding, LeaveOut
from marketplace.orders.forms.buying import WordsForm
from marketplace.orders.rules import WORDS_LENGTH_MAX
from marketplace.orders.rules.clock_changes import time_of, time_words
from marketplace.web.fields import DayField, Needed, NoLonger, pence_shown

ALL_DAY = "all"


class _Agreeing(FlaskForm):  # type: ignore[misc]
    """A reason, and the share that was shown to be due."""

    agreed_pence = HiddenField(default="0")
    reason = TextAreaField(
        "Why? (you do not have to say)", validators=[Optional(), NoLonger(WORDS_LENGTH_MAX)]
    )

    @property
    def agreed(self) -> Money:
        """The share that was shown with the button."""
        return pence_shown(self.agreed_pence.data) or ZERO


class SkipForm(_Agreeing):
    """Which day to leave out."""

    on = DayField(
        "Which day?",
        description="For example {day}",
        validators=[Needed("Enter a day, like {day}.")],
    )
    which = RadioField("What do you leave out?", default=ALL_DAY, validate_choice=False)

    def offer_times(self, minutes: Collection[int]) -> None:
        """Ask which visit of a day it is, where there are several."""
        if len(minutes) <= 1:
            del self.which
            return
        times = [(str(each), f"Only the visit at {time_words(time_of(each))}") for each in minutes]
        all_of_it = (ALL_DAY, "The whole day")
        self.which.choices = [SelectChoice(value, words) for value, words in (all_of_it, *times)]

    def wish(self, standing_id: UUID) -> LeaveOut:
        """What was typed, as a command."""
        # Five digits are no minute of any day, so that a longer number is none either.
        which = (self.which.data or "")[:5] if "which" in self else ""
        return LeaveOut(
            standing_id=standing_id,
            from_on=cast("date", self.on.data),
            minute=int(which) if which.isascii() and which.isdigit() else None,
            reason=self.reason.data or "",
            agreed=self.agreed,
        )


class PauseForm(_Agreeing):
    """From when until when to pause."""

    from_on = DayField(
        "From which day shall nothing happen?",
        description="For example {day}",
        validators=[Needed("Enter a day, like {day}.")],
    )
    until_on = DayField(
        "On which day does it go on?",
        description="For example {later}",
        validators=[Needed("Enter a day, like {later}.")],
    )

    def wish(self, standing_id: UUID) -> LeaveOut:
        """What was typed, as a command."""
        return LeaveOut(
            standing_id=standing_id,
            from_on=cast("date", self.from_on.data),
            until_on=self.until_on.data,
            reason=self.reason.data or "",
            agreed=self.agreed,
        )


class EndForm(_Agreeing):
    """After which day it ends."""

    last_on = DayField(
        "Which is the last day?",
        description="For example {day}",
        validators=[Needed("Enter a day, like {day}.")],
    )

    def wish(self, standing_id: UUID) -> EndStanding:
        """What was typed, as a command."""
        return EndStanding(
            standing_id=standing_id,
            last_on=cast("date", self.last_on.data),
            reason=self.reason.data or "",
            agreed=self.agreed,
        )


class StopForm(WordsForm):
    """After which day a provider cannot go on, and why."""

    last_on = DayField(
        "Which is your last day?",
        description="At least four weeks from now",
        validators=[Needed("Enter a day, like {day}.")],
    )
    words = TextAreaField(
        "Why?",
        validators=[
            Needed("Say why, so that they can look elsewhere."),
            NoLonger(WORDS_LENGTH_MAX),
        ],
        description="The person reads this.",
    )

    def wish(self, standing_id: UUID) -> EndStanding:
        """What was typed, as a command."""
        return EndStanding(
            standing_id=standing_id,
            last_on=cast("date", self.last_on.data),
            reason=self.words.data or "",
        )


class WorkerForm(FlaskForm):  # type: ignore[misc]
    """Who comes, from which day on."""

    worker = RadioField("Who comes?", validators=[Needed("Choose who comes.")])
    from_on = DayField(
        "From which day?",
        description="For example {day}",
        validators=[Needed("Enter a day, like {day}.")],
    )


class PriceForm(FlaskForm):  # type: ignore[misc]
    """The new price of four weeks as it was shown."""

    seen_pence = HiddenField()

    @property
    def seen(self) -> Money:
        """What four weeks cost on the page."""
        return pence_shown(self.seen_pence.data) or ZERO
