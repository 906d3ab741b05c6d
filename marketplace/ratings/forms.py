"""What people say of the support, what providers answer, and what moderators decide."""

from typing import ClassVar, cast

from flask_wtf import FlaskForm
from wtforms import Field, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, StopValidation

from marketplace.ratings.queries import OwnRating
from marketplace.ratings.rules import (
    REASON_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Answers,
    HidingRule,
)
from marketplace.web.fields import Needed, NoLonger, tidy

YES_NO = [SelectChoice("yes", "Yes"), SelectChoice("no", "No")]
SCORES = [
    SelectChoice("5", "5 – very good"),
    SelectChoice("4", "4 – good"),
    SelectChoice("3", "3 – all right"),
    SelectChoice("2", "2 – not good"),
    SelectChoice("1", "1 – bad"),
]
RULES = [SelectChoice(rule.value, rule.label) for rule in HidingRule]


class Chosen:
    """Refuse a question without one of its answers, with its own sentence."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, _form: object, field: Field) -> None:
        """Check one field."""
        if field.data not in {choice.value for choice in field.choices}:
            field.errors[:] = []
            raise StopValidation(self.sentence)


class RateForm(FlaskForm):  # type: ignore[misc]
    """Three questions, a score, and words."""

    on_time = RadioField(
        "Were they on time?", choices=YES_NO, validators=[Chosen("Say if they were on time.")]
    )
    to_standard = RadioField(
        "Was it done as well as you wanted?",
        choices=YES_NO,
        validators=[Chosen("Say if it was done as well as you wanted.")],
    )
    again = RadioField(
        "Would you use them again?",
        choices=YES_NO,
        validators=[Chosen("Say if you would use them again.")],
    )
    score = RadioField(
        "How good was it in all?", choices=SCORES, validators=[Chosen("Choose a score.")]
    )
    words = TextAreaField(
        "Would you like to say more?",
        description="Everybody can read it. Do not name anybody, and leave out private things.",
        validators=[Optional(), NoLonger(WORDS_LENGTH_MAX)],
    )

    def answers(self) -> Answers:
        """Return what was chosen and written."""
        return Answers(
            on_time=self.on_time.data == "yes",
            to_standard=self.to_standard.data == "yes",
            again=self.again.data == "yes",
            score=int(cast("str", self.score.data)),
            words=tidy(self.words.data or ""),
        )

    @staticmethod
    def of(rating: OwnRating) -> dict[str, str]:
        """Return a rating as the form's fields."""
        asked = ("on_time", "to_standard", "again")
        answers = {name: "yes" if getattr(rating, name) else "no" for name in asked}
        return answers | {"score": str(rating.score), "words": rating.words}


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """What a provider answers, once."""

    words = TextAreaField(
        "Your reply",
        description="Everybody can read it. You can reply once, and cannot change it later.",
        validators=[Needed("Write your reply."), NoLonger(WORDS_LENGTH_MAX)],
    )


class ReportForm(FlaskForm):  # type: ignore[misc]
    """Which rule somebody thinks a rating breaks."""

    rule = RadioField(
        "What is wrong with it?", choices=RULES, validators=[Chosen("Choose what is wrong.")]
    )
    words = TextAreaField(
        "Would you like to say more?", validators=[Optional(), NoLonger(REASON_LENGTH_MAX)]
    )


class HideForm(FlaskForm):  # type: ignore[misc]
    """By which rule a rating is hidden, and why."""

    rule = RadioField(
        "Which rule does it break?", choices=RULES, validators=[Chosen("Choose a rule.")]
    )
    reason = TextAreaField(
        "Your reason",
        description="The person who wrote the rating will read it. A low score is no reason.",
        validators=[
            Needed("Write the reason. The author will read it."),
            NoLonger(REASON_LENGTH_MAX),
        ],
    )
