"""Who a council funds, and what they want to be true in their life."""

from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import Regexp

from marketplace.access.rules import NAME_LENGTH_MAX
from marketplace.budgets.commands import AddPerson
from marketplace.budgets.rules import WORDS_LENGTH_MAX
from marketplace.web.fields import LineField, Needed, NoLonger

EMAIL_LENGTH_MAX = 254
_AN_ADDRESS = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


class AddPersonForm(FlaskForm):  # type: ignore[misc]
    """Who the council is to fund."""

    name = LineField(
        "Full name", validators=[Needed("Enter their name."), NoLonger(NAME_LENGTH_MAX)]
    )
    email = EmailField(
        "E-mail address",
        description="We write to them here. If they have an account already, we find it by this.",
        filters=[lambda typed: (typed or "").strip()],
        validators=[
            Needed("Enter their e-mail address."),
            Regexp(_AN_ADDRESS, message="Enter an e-mail address like name@example.org."),
            NoLonger(EMAIL_LENGTH_MAX),
        ],
    )

    @property
    def wish(self) -> AddPerson:
        """What was typed, as a command."""
        return AddPerson(name=self.name.data, email=self.email.data)


class OutcomeForm(FlaskForm):  # type: ignore[misc]
    """One thing a person wants to be true in their life."""

    sentence = LineField(
        "What do you want to be true in your life?",
        description="In your own words, like: I see my friends every week.",
        validators=[Needed("Say what you want to be true."), NoLonger(WORDS_LENGTH_MAX)],
    )
