"""What is typed when something is wrong with a visit, in the answers, and by the council."""

from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Optional

from marketplace.kernel.money import ZERO, Money
from marketplace.orders.commands import (
    Answer,
    AnswerQuery,
    AskSide,
    DecideQuery,
    QueryVisit,
    SayMore,
)
from marketplace.orders.errors import DisputeRefusedError
from marketplace.orders.forms.buying import MomentForm, WholeField
from marketplace.orders.rules import WORDS_LENGTH_MAX
from marketplace.orders.rules.disputes import Outcome, QueryKind, Remedy, Side
from marketplace.web.fields import (
    MoneyField,
    Needed,
    NoLonger,
    UuidField,
    choices,
    pence_shown,
    tidy,
)

MINUTES_MAX = 9_999
_FILE_WORDS = (
    "A JPEG, PNG or WebP picture of up to 10 MB, or a PDF file or plain text of up to 5 MB."
)


class Disputing(FlaskForm):  # type: ignore[misc]
    """A form beside whose fields a refusal stands, and that may bring a file."""

    def say(self, refusal: DisputeRefusedError) -> None:
        """Put a refusal beside the answer it is about."""
        field = self[refusal.field] if refusal.field in self else self["words"]
        field.errors = [*field.errors, str(refusal)]

    @property
    def file(self) -> tuple[str, bytes | None]:
        """The name and the content of the file that came along, if one did."""
        sent = self["attachment"].data
        return (sent.filename or "", sent.read()) if sent else ("", None)

    @property
    def said(self) -> str:
        """The words, tidied."""
        return tidy(self["words"].data or "")


class QueryForm(Disputing):
    """What is wrong with a visit, and what the person asks for."""

    query_id = UuidField()
    kind = RadioField(
        "What is wrong?",
        choices=choices((each.value, each.label) for each in QueryKind),
        validators=[InputRequired("Choose what is wrong.")],
    )
    words = TextAreaField(
        "Say it in your own words",
        [Needed("Say what is wrong."), NoLonger(WORDS_LENGTH_MAX)],
        description="The provider reads this.",
    )
    attachment = FileField("A picture or a paper, if you like", description=_FILE_WORDS)
    remedy = RadioField(
        "What do you ask for?",
        choices=choices((each.value, each.label) for each in Remedy),
        validators=[InputRequired("Choose what you ask for.")],
    )
    amount = MoneyField("If a part is to be paid: how much?", validators=[Optional()])

    def for_invoice(self) -> None:
        """Leave out what cannot be asked for once it is on an invoice."""
        self.remedy.choices = choices(
            (each.value, each.label) for each in Remedy if each is not Remedy.AGAIN
        )

    def wish(self, visit_id: UUID) -> QueryVisit:
        """Return what was typed as a command."""
        name, content = self.file
        remedy = Remedy(self.remedy.data)
        return QueryVisit(
            query_id=self.query_id.data,
            visit_id=visit_id,
            kind=QueryKind(self.kind.data),
            words=self.said,
            remedy=remedy,
            amount=self.amount.data if remedy is Remedy.PART_DUE else None,
            file_name=name,
            file=content,
        )


class AnswerForm(Disputing, MomentForm):
    """What a provider says to a query."""

    step_id = UuidField()
    answer = RadioField(
        "What do you say?",
        choices=choices(
            [
                (Answer.ACCEPT.value, "Yes: agree to what they ask"),
                (Answer.OFFER.value, "Offer that a part is paid"),
                (Answer.DISAGREE.value, "No: I do not agree"),
            ]
        ),
        validators=[InputRequired("Choose what you say.")],
    )
    amount = MoneyField("If you offer a part: how much is to be paid?", validators=[Optional()])
    minutes = WholeField(
        "Or how many minutes of it are to be paid?", most=MINUTES_MAX, validators=[Optional()]
    )
    words = TextAreaField(
        "In your own words",
        [NoLonger(WORDS_LENGTH_MAX)],
        description="If you do not agree, say why. They read it.",
    )
    attachment = FileField("A picture or a paper, if you like", description=_FILE_WORDS)

    def validate_words(self, field: TextAreaField) -> None:
        """Refuse a no without a reason."""
        if self.answer.data == Answer.DISAGREE and not self.said and not field.errors:
            raise ValidationError("Say why you do not agree.")

    def wish(self, query_id: UUID) -> AnswerQuery:
        """Return what was typed as a command."""
        answer = Answer(self.answer.data)
        offers = answer is Answer.OFFER
        name, content = self.file
        return AnswerQuery(
            query_id=query_id,
            step_id=self.step_id.data,
            answer=answer,
            words=self.said,
            amount=self.amount.data if offers else None,
            minutes=self.minutes.data if offers and "minutes" in self else None,
            new_at=self.moment if "on_day" in self else None,
            file_name=name,
            file=content,
        )


class SayMoreForm(Disputing):
    """Something more to say."""

    step_id = UuidField()
    words = TextAreaField(
        "What do you want to say?",
        [Needed("Write what you want to say."), NoLonger(WORDS_LENGTH_MAX)],
        description="Everybody whom this concerns reads it.",
    )
    attachment = FileField("A picture or a paper, if you like", description=_FILE_WORDS)

    def wish(self, query_id: UUID) -> SayMore:
        """Return what was typed as a command."""
        name, content = self.file
        return SayMore(
            query_id=query_id,
            step_id=self.step_id.data,
            words=self.said,
            file_name=name,
            file=content,
        )


class ToCouncilForm(SayMoreForm):
    """Why the council is asked, for whoever wants to say it."""

    words = TextAreaField(
        "Anything the council should know? (you do not have to say)",
        [NoLonger(WORDS_LENGTH_MAX)],
        description="The provider reads it too.",
    )


class TakeOfferForm(FlaskForm):  # type: ignore[misc]
    """The offer that stood on the page."""

    shown_pence = HiddenField()

    @property
    def shown(self) -> Money:
        """What was offered on the page; nothing if it was tampered with."""
        return pence_shown(self.shown_pence.data) or ZERO


class QuestionForm(Disputing):
    """A question of the council to one of the two."""

    step_id = UuidField()
    side = RadioField("Whom do you ask?", validators=[InputRequired("Choose whom you ask.")])
    words = TextAreaField(
        "Your question",
        [Needed("Write your question."), NoLonger(WORDS_LENGTH_MAX)],
        description="Both of them read it.",
    )

    def offer(self, *, person: str, provider: str) -> None:
        """Offer the two by name."""
        self.side.choices = choices([(Side.PERSON.value, person), (Side.PROVIDER.value, provider)])

    def wish(self, query_id: UUID) -> AskSide:
        """Return what was typed as a command."""
        return AskSide(
            query_id=query_id,
            step_id=self.step_id.data,
            side=Side(self.side.data),
            words=self.said,
        )


class DecisionForm(Disputing):
    """What the council decides, and why."""

    step_id = UuidField()
    outcome = RadioField(
        "What is paid?",
        choices=choices(
            [
                (Outcome.FULL.value, "All that the provider asks for"),
                (Outcome.PART.value, "A part"),
                (Outcome.NOTHING.value, "Nothing"),
            ]
        ),
        validators=[InputRequired("Choose what is paid.")],
    )
    amount = MoneyField("If it is a part: how much?", validators=[Optional()])
    words = TextAreaField(
        "Why?",
        [Needed("Say why. Both sides read it."), NoLonger(WORDS_LENGTH_MAX)],
        description="Both sides read it, with your name.",
    )

    def wish(self, query_id: UUID) -> DecideQuery:
        """Return what was typed as a command."""
        outcome = Outcome(self.outcome.data)
        return DecideQuery(
            query_id=query_id,
            step_id=self.step_id.data,
            outcome=outcome,
            amount=cast("Money | None", self.amount.data) if outcome is Outcome.PART else None,
            reason=self.said,
        )
