"""What is typed on the pages of this room."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, RadioField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import EmailInput

from marketplace.access.commands import ChooseCircleRule, InviteSupporter
from marketplace.access.queries import CircleRuleRow, SupporterRow
from marketplace.access.rules import (
    EMAIL_LENGTH_MAX,
    NAME_LENGTH_MAX,
    PASSWORD_LENGTH_MAX,
    PASSWORD_LENGTH_MIN,
    TOGETHER_DAYS,
    Basis,
    Scope,
)
from marketplace.web.fields import (
    DayField,
    LineField,
    MoneyField,
    Needed,
    NoLonger,
    TickField,
    UuidField,
)

PASSWORD_HINT = f"At least {PASSWORD_LENGTH_MIN} characters. Three words do well."


class EmailField(LineField):
    """An e-mail address."""

    widget = EmailInput()


class RealEmail:
    """Refuse what cannot be an e-mail address; whether it exists, only a letter can tell."""

    def __call__(self, _form: object, field: Field) -> None:
        """Check one field."""
        try:
            validate_email(field.data, check_deliverability=False)
        except EmailNotValidError:
            raise ValidationError(
                "Enter an e-mail address with an @ in it, like sam@mail.example."
            ) from None


def _email() -> EmailField:
    return EmailField(
        "E-mail address",
        validators=[
            Needed("Enter an e-mail address."),
            NoLonger(EMAIL_LENGTH_MAX),
            RealEmail(),
        ],
    )


def _new_password(label: str) -> PasswordField:
    return PasswordField(
        label,
        validators=[InputRequired("Enter a password."), NoLonger(PASSWORD_LENGTH_MAX)],
        description=PASSWORD_HINT,
    )


def _current_password() -> PasswordField:
    return PasswordField(
        "Password you use now",
        validators=[
            InputRequired("Enter the password you use now."),
            NoLonger(PASSWORD_LENGTH_MAX),
        ],
    )


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Who are you?"""

    email = EmailField(
        "E-mail address",
        validators=[Needed("Enter your e-mail address."), NoLonger(EMAIL_LENGTH_MAX)],
    )
    password = PasswordField(
        "Password",
        validators=[InputRequired("Enter your password."), NoLonger(PASSWORD_LENGTH_MAX)],
    )


class SignUpForm(FlaskForm):  # type: ignore[misc]
    """A new account."""

    name = LineField(
        "Your name",
        validators=[Needed("Enter your name."), NoLonger(NAME_LENGTH_MAX)],
        description="As you want providers and supporters to see it.",
    )
    email = _email()
    password = _new_password("Choose a password")


class ForgotForm(FlaskForm):  # type: ignore[misc]
    """Where shall we send the link?"""

    email = _email()


class ResetForm(FlaskForm):  # type: ignore[misc]
    """A new password, by a link from a letter."""

    password = _new_password("New password")


class ChangePasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, by the old one."""

    current = _current_password()
    password = _new_password("New password")


class NameForm(FlaskForm):  # type: ignore[misc]
    """Another name for oneself."""

    name = LineField(
        "Your name",
        validators=[Needed("Enter your name."), NoLonger(NAME_LENGTH_MAX)],
        description="As you want providers and supporters to see it.",
    )


class EmailForm(FlaskForm):  # type: ignore[misc]
    """Another e-mail address for oneself."""

    email = _email()
    current = _current_password()


class SupporterForm(FlaskForm):  # type: ignore[misc]
    """What a supporter may do, and until when."""

    scopes = TickField(
        "What may they do?",
        choices=[SelectChoice(scope.value, scope.label.capitalize()) for scope in Scope],
    )
    ceiling = MoneyField(
        "The most they may spend with one order",
        validators=[Optional()],
        description=(
            "Leave this empty if there is no such limit. What they order from one store within "
            f"{TOGETHER_DAYS} days counts together, so one big purchase cannot be cut into "
            "small ones."
        ),
    )
    last_on = DayField(
        "Their last day",
        validators=[Optional()],
        description="For example {far}. Leave this empty if there is none.",
    )

    def show(self, row: SupporterRow) -> None:
        """Fill the form with how things are now."""
        self.scopes.data = [scope.value for scope in row.scopes]
        self.ceiling.data = row.ceiling
        self.last_on.data = row.ends_before - timedelta(days=1) if row.ends_before else None

    def terms(self) -> dict[str, Any]:
        """Return what was chosen, as the commands name it."""
        return {
            "scopes": frozenset(Scope(value) for value in self._chosen()),
            # No pounds at all would be a limit that allows nothing: they mean that there is none.
            "ceiling": self.ceiling.data or None,
            "ends_before": self.last_on.data + timedelta(days=1) if self.last_on.data else None,
        }

    def _chosen(self) -> Sequence[str]:
        return self.scopes.data or ()


class InviteForm(SupporterForm):
    """Somebody new for the circle of support."""

    invitation_id = UuidField()
    email = _email()
    basis = RadioField(
        "How do they support you?",
        choices=[SelectChoice(basis.value, basis.label) for basis in Basis],
        validators=[InputRequired("Choose how they support you.")],
    )

    def wish(self) -> InviteSupporter:
        """Return what was typed as a command."""
        invitation_id: UUID = self.invitation_id.data
        return InviteSupporter(
            email=self.email.data,
            basis=Basis(self.basis.data),
            invitation_id=invitation_id,
            **self.terms(),
        )


class CircleRuleForm(FlaskForm):  # type: ignore[misc]
    """How a circle decides."""

    yeses = RadioField(
        "How many people must say yes to what somebody suggests?",
        choices=[
            SelectChoice("1", "One person"),
            SelectChoice("2", "Two different people"),
        ],
        validators=[InputRequired("Choose how many people must say yes.")],
        description="Whoever suggests something never says yes to it. Your own yes counts as one.",
    )
    asks_from = MoneyField(
        "From which price must an order wait for a yes, even if its supporter may place orders?",
        validators=[Optional()],
        description=(
            "Write 0 for every order. Leave this empty if they need no other yes. What a "
            f"supporter orders from one store within {TOGETHER_DAYS} days counts together."
        ),
    )

    def show(self, rule: CircleRuleRow) -> None:
        """Fill the form with how things are now."""
        self.yeses.data = str(rule.yeses)
        self.asks_from.data = rule.asks_from

    def wish(self) -> ChooseCircleRule:
        """Return what was chosen as a command."""
        return ChooseCircleRule(yeses=int(self.yeses.data), asks_from=self.asks_from.data)
