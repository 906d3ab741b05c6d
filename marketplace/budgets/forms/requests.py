"""What somebody types to ask to go past a limit once, and to answer."""

from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from marketplace.budgets.commands import DAYS_MOST, AnswerRequest, AskOnce
from marketplace.budgets.forms.parts import MoreThanNothing
from marketplace.budgets.rules import WORDS_LENGTH_MAX
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.web.fields import LineField, MoneyField, Needed, NoLonger, TypedField, UuidField


class DaysField(TypedField):
    """A whole number of days."""

    def read(self, typed: str) -> int:
        """Read a whole number; only digits are one."""
        fits = typed.isascii() and typed.isdigit() and len(typed) <= len(str(DAYS_MOST))
        if not fits or not 1 <= int(typed) <= DAYS_MOST:
            raise ValueError(f"Enter a number of days from 1 to {DAYS_MOST}.")
        return int(typed)


class AskOnceForm(FlaskForm):  # type: ignore[misc]
    """What somebody wants to buy although a limit stands in the way, and why."""

    request_id = UuidField()
    provider_id = HiddenField()
    amount = MoneyField(
        "Up to how much?", validators=[Needed("Enter an amount."), MoreThanNothing()]
    )
    what = LineField(
        "What do you want to buy?",
        validators=[Needed("Say what you want to buy."), NoLonger(WORDS_LENGTH_MAX)],
    )
    words = TextAreaField(
        "Why do you need it?",
        description="They read this when they decide.",
        validators=[Needed("Say why you need it."), NoLonger(WORDS_LENGTH_MAX)],
    )

    def wish(self, limit_id: UUID) -> AskOnce:
        """Return what was typed, as a command.

        Raises:
            NotFoundError: the page was tampered with, and names no provider.
        """
        try:
            provider_id = UUID(self.provider_id.data or "")
        except ValueError:
            raise NotFoundError("We cannot find that provider.") from None
        return AskOnce(
            request_id=self.request_id.data,
            limit_id=limit_id,
            provider_id=provider_id,
            amount=cast("Money", self.amount.data),
            what=self.what.data,
            words=self.words.data,
        )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Yes or no to a request, and why."""

    answer = RadioField(
        "Do you allow it?",
        choices=[SelectChoice("yes", "Yes, once"), SelectChoice("no", "No")],
        validators=[InputRequired("Choose yes or no.")],
    )
    days = DaysField(
        "For how many days?",
        description=f"If you say yes, it can be ordered once in this time. At most {DAYS_MOST}.",
        default=DAYS_MOST,
    )
    reason = TextAreaField(
        "Why?",
        description="They read this with your answer.",
        validators=[
            Needed("Say why, so that they understand."),
            NoLonger(WORDS_LENGTH_MAX),
        ],
    )

    def validate_days(self, field: Field) -> None:
        """Refuse a yes that is good for no time."""
        if self.answer.data == "yes" and field.data is None and not field.errors:
            raise ValidationError(f"Enter a number of days from 1 to {DAYS_MOST}.")

    def wish(self, request_id: UUID) -> AnswerRequest:
        """Return what was typed, as a command."""
        return AnswerRequest(
            request_id=request_id,
            agree=self.answer.data == "yes",
            reason=self.reason.data,
            days=cast("int | None", self.days.data) or DAYS_MOST,
        )
