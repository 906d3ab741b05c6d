"""What is typed when money is asked back: the notice, the answer, the decision."""

from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from marketplace.budgets.commands import DecideClawback, GiveNotice
from marketplace.budgets.forms.parts import MoreThanNothing
from marketplace.budgets.rules import (
    CLAWBACK_WORDS_LENGTH_MAX,
    FILE_BYTES_MAX,
    WINDOW_DAYS,
    WINDOW_DAYS_MIN,
    ClawbackEnd,
)
from marketplace.kernel.money import Money
from marketplace.web.fields import MoneyField, Needed, NoLonger, UuidField

DAYS_MAX = 365


class SaysForm(FlaskForm):  # type: ignore[misc]
    """A form of which a refusal is said beside its field."""

    def say(self, field: str, sentence: str) -> None:
        """Put a refusal beside the field it is about, or beside the first."""
        names = [name for name in self._fields if name not in {"csrf_token", "clawback_id"}]
        getattr(self, field if field in names else names[0]).errors = [sentence]


class NoticeForm(SaysForm):
    """What a council wants back, and why."""

    clawback_id = UuidField()
    amount = MoneyField(
        "How much does the council want back?",
        validators=[Needed("Enter an amount."), MoreThanNothing()],
    )
    reason = TextAreaField(
        "Why?",
        description="The person reads it.",
        validators=[
            Needed("Say why the council wants it back."),
            NoLonger(CLAWBACK_WORDS_LENGTH_MAX),
        ],
    )
    evidence = TextAreaField(
        "What shows it?",
        validators=[Needed("Say what shows it."), NoLonger(CLAWBACK_WORDS_LENGTH_MAX)],
    )
    file = FileField("A paper that shows it", description="A PDF, JPEG or PNG file, up to 5 MB.")
    days = IntegerField(
        "How many days do they have to answer?",
        description=f"At least {WINDOW_DAYS_MIN}.",
        default=WINDOW_DAYS,
        validators=[
            NumberRange(
                WINDOW_DAYS_MIN,
                DAYS_MAX,
                f"Enter a whole number from {WINDOW_DAYS_MIN} to {DAYS_MAX}.",
            )
        ],
    )

    def wish(self, line_id: UUID) -> GiveNotice:
        """Return the notice."""
        sent = cast("FileStorage | None", self.file.data)
        return GiveNotice(
            clawback_id=self.clawback_id.data,
            line_id=line_id,
            amount=cast("Money", self.amount.data),
            reason=self.reason.data,
            evidence=self.evidence.data,
            days=self.days.data,
            file_name=(sent.filename or "") if sent else "",
            content=sent.read(FILE_BYTES_MAX + 1) if sent else b"",
        )


class AnswerNoticeForm(SaysForm):
    """What the person says to it."""

    agrees = RadioField(
        "Is it right?",
        choices=[
            SelectChoice("no", "No. Something is wrong with it"),
            SelectChoice("yes", "Yes. They may take it back"),
        ],
        validators=[InputRequired("Say if it is right.")],
    )
    words = TextAreaField(
        "What do you want to say?",
        description="If it is wrong, say what is wrong.",
        validators=[NoLonger(CLAWBACK_WORDS_LENGTH_MAX)],
    )


class DecideForm(SaysForm):
    """What a second officer decides."""

    end = RadioField(
        "What do you decide?",
        choices=[SelectChoice(end.value, end.label) for end in ClawbackEnd],
        validators=[InputRequired("Choose what you decide.")],
    )
    amount = MoneyField("If it is a part: how much?", validators=[Optional()])
    reason = TextAreaField(
        "Why?",
        description="The person reads it.",
        validators=[
            Needed("Say why. The person reads it."),
            NoLonger(CLAWBACK_WORDS_LENGTH_MAX),
        ],
    )

    def wish(self, clawback_id: UUID) -> DecideClawback:
        """Return the decision."""
        return DecideClawback(
            clawback_id=clawback_id,
            end=ClawbackEnd(self.end.data),
            part=self.amount.data,
            reason=self.reason.data,
        )
