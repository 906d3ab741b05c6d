"""What is typed on the pages of councils."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from marketplace.access.rules import COUNCIL_ROLES, Role
from marketplace.councils import rules
from marketplace.councils.commands import CouncilPortal
from marketplace.councils.queries import CouncilCard
from marketplace.kernel.errors import DomainError
from marketplace.web.fields import LineField, Needed, NoLonger, UuidField, tidy

LINE_LENGTH_MAX = 120
TEXT_LENGTH_MAX = 2000


class Passes:
    """Refuse what a rule refuses, with the rule's own sentence."""

    def __init__(self, rule: Callable[[str], object]) -> None:
        self.rule = rule

    def __call__(self, _form: object, field: Field) -> None:
        """Check one field."""
        try:
            self.rule(field.data)
        except DomainError as refusal:
            raise ValidationError(str(refusal)) from refusal


class TextField(TextAreaField):  # type: ignore[misc]
    """Several lines of words, tidied."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read the words, tidied."""
        self.data = tidy(str(valuelist[0])) if valuelist else ""


def _line(label: str, sentence: str, description: str = "", *more: object) -> LineField:
    return LineField(
        label,
        validators=[Needed(sentence), NoLonger(LINE_LENGTH_MAX), *more],
        description=description,
    )


def _number(
    label: str,
    description: str,
    *,
    between: tuple[int, int],
    default: int,
    sentence: str = "Enter a number of days.",
) -> IntegerField:
    least, most = between
    return IntegerField(
        label,
        validators=[
            InputRequired(sentence),
            NumberRange(least, most, f"Enter a number between {least} and {most}."),
        ],
        default=default,
        description=description,
    )


class ChangePortalForm(FlaskForm):  # type: ignore[misc]
    """How a portal looks and behaves."""

    name = _line("Name of the council", "Enter the name of the council.")
    strapline = _line(
        "A few words under the name",
        "Enter a few words that say what the portal is for.",
        "They are the heading of the portal's first page.",
    )
    welcome = TextField(
        "Welcome",
        validators=[Needed("Enter a welcome."), NoLonger(TEXT_LENGTH_MAX)],
        description="Two or three sentences for people who come here for the first time.",
    )
    brand = _line(
        "Main colour",
        "Enter a colour.",
        "White words stand on it, so it has to be dark. Like #1d5c63.",
        Passes(rules.brand_colour),
    )
    accent = _line(
        "Second colour",
        "Enter a colour.",
        "For small things that stand out. Like #e07a5f.",
        Passes(rules.accent_colour),
    )
    email = _line("E-mail address for questions", "Enter an e-mail address.", "Shown to everybody.")
    safeguarding_team = _line(
        "Team to tell when somebody is not safe", "Enter the name of the team."
    )
    safeguarding_phone = _line("Phone number of that team", "Enter a phone number.")
    safeguarding_email = LineField(
        "E-mail address of that team",
        validators=[NoLonger(LINE_LENGTH_MAX)],
        description="We write there at once when somebody is worried. Without one, we write to "
        "the address for questions.",
    )
    districts = TextField(
        "First halves of the postcodes you look after",
        validators=[
            Needed("Enter at least one, like LS6."),
            NoLonger(TEXT_LENGTH_MAX),
            Passes(rules.districts_in),
        ],
        description="With spaces between them. Like LS6 LS7 BD1.",
    )
    auto_confirm_days = _number(
        "Days until a delivery confirms itself",
        "If the person says nothing. They are told twice before.",
        between=(1, 60),
        default=7,
    )
    ask_days = _number(
        "Days until a need counts as unmet",
        "If somebody asks for help and no provider answers.",
        between=(1, 60),
        default=7,
    )
    query_answer_days = _number(
        "Working days to answer when something is wrong with a visit",
        "For each side. Who says nothing in that time leaves it to you to decide.",
        between=(1, 30),
        default=5,
    )
    query_late_days = _number(
        "Days in which a visit that confirmed itself can still be put in question",
        "Its invoice is not paid while that goes on.",
        between=(0, 90),
        default=14,
        sentence="Enter a number of days, 0 for none.",
    )
    small_number_threshold = _number(
        "Smallest number of people a report may show",
        "Smaller numbers are left out, so that nobody can be recognised.",
        between=(2, 100),
        default=5,
        sentence="Enter a number of people.",
    )
    appeal_days = _number(
        "Days in which a provider can appeal",
        "After you suspend or reject it. Somebody else in your team answers.",
        between=(7, 365),
        default=28,
    )
    stores_open_unchecked = BooleanField(
        "A new store can be found before the council has checked it", default=True
    )
    family_carers = RadioField(
        "May somebody's family be paid for their support?",
        choices=[SelectChoice(policy.value, policy.label) for policy in rules.FamilyCarers],
        coerce=rules.FamilyCarers,
        default=rules.FamilyCarers.ALLOWED,
        validators=[InputRequired("Choose whether family may be paid.")],
        description="It has to be declared in any case.",
    )

    def show(self, council: CouncilCard) -> None:
        """Fill the form with how things are now."""
        for field in self:
            if hasattr(council, field.short_name):
                field.data = getattr(council, field.short_name)
        self.districts.data = " ".join(council.districts)

    def wish(self, slug: str) -> CouncilPortal:
        """Return what was typed as a command."""
        return CouncilPortal(
            slug=slug,
            districts=rules.districts_in(self.districts.data),
            **{
                field.short_name: field.data
                for field in self
                if field.short_name in CouncilPortal.__slots__
                and field.short_name not in {"slug", "districts"}
            },
        )


class NewPortalForm(ChangePortalForm):
    """A new council and its portal."""

    council_id = UuidField()
    slug = _line(
        "Address of the portal",
        "Enter an address, like green-valley.",
        "Small letters, digits and hyphens. It cannot be changed later.",
        Passes(rules.portal_slug),
    )


class StaffForm(FlaskForm):  # type: ignore[misc]
    """Somebody new in the council's staff."""

    email = _line(
        "Their e-mail address",
        "Enter their e-mail address.",
        "They need to have joined and confirmed it.",
    )
    role = RadioField(
        "What do they do?",
        choices=[SelectChoice(role.value, role.label) for role in Role if role in COUNCIL_ROLES],
        validators=[InputRequired("Choose what they do.")],
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What a council says to somebody who asks to have something put right."""

    answer = TextField(
        "Your answer",
        validators=[Needed("Write an answer."), NoLonger(TEXT_LENGTH_MAX)],
        description="Say what you put right, or why it stays as it is.",
    )
