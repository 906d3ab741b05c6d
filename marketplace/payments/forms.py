"""What people, their family and finance officers type."""

from collections.abc import Sequence
from datetime import date
from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from marketplace.councils.queries import CouncilCard
from marketplace.kernel.money import Money
from marketplace.payments.commands import (
    AskRegular,
    AskTopUp,
    GiveMoney,
    MakeFamilyLink,
    SetBankAccount,
    UploadStatement,
)
from marketplace.payments.rules import (
    NAME_LENGTH_MAX,
    REASON_LENGTH_MAX,
    Every,
    FileFormat,
    Part,
)
from marketplace.web.fields import DayField, LineField, MoneyField, Needed, NoLonger, UuidField


class ProposeForm(FlaskForm):  # type: ignore[misc]
    """The id the run will get, so that two clicks make one run."""

    run_id = UuidField()


class PaidForm(FlaskForm):  # type: ignore[misc]
    """When the bank paid a run."""

    paid_on = DayField(
        "On which day did the bank pay it?",
        description="For example, {past}.",
        validators=[Needed("Enter the day on which the bank paid.")],
    )

    def day(self) -> date:
        """Return the day that was typed."""
        return cast("date", self.paid_on.data)


class SendForm(FlaskForm):  # type: ignore[misc]
    """Which file the bank takes."""

    file_format = RadioField(
        "Which file does your bank take?",
        validators=[InputRequired("Choose a file.")],
        choices=[SelectChoice(each.value, each.label) for each in FileFormat],
        default=FileFormat.FASTER_PAYMENTS.value,
    )

    def chosen(self) -> FileFormat:
        """Return the format that was chosen."""
        return FileFormat(self.file_format.data)


class TakeOutForm(FlaskForm):  # type: ignore[misc]
    """Why a payment is not made in this run."""

    reason = LineField(
        "Why do you take it out?",
        [Needed("Say why."), NoLonger(REASON_LENGTH_MAX)],
        description="Your colleagues read this.",
    )


class BouncedForm(FlaskForm):  # type: ignore[misc]
    """When and why a payment came back."""

    bounced_on = DayField(
        "On which day did it come back?",
        description="For example, {past}.",
        validators=[Needed("Enter the day on which it came back.")],
    )
    reason = LineField(
        "What does the bank say?",
        [Needed("Say why."), NoLonger(REASON_LENGTH_MAX)],
        description="The provider reads this. For example: account closed.",
    )

    def day(self) -> date:
        """Return the day that was typed."""
        return cast("date", self.bounced_on.data)


class CallForm(FlaskForm):  # type: ignore[misc]
    """What was said on the telephone."""

    words = LineField(
        "Whom did you speak to, and what did they say?",
        [Needed("Say whom you spoke to."), NoLonger(REASON_LENGTH_MAX)],
        description="For example: Rosie Bell said that the account ending in 321 is hers.",
    )


class TopUpForm(FlaskForm):  # type: ignore[misc]
    """How much of one's own money to pay in, and in whose market it will be used."""

    top_up_id = UuidField()
    council_id = RadioField(
        "In which council’s market will you use it?",
        validators=[InputRequired("Choose a council.")],
        choices=[],
    )
    amount = MoneyField("How much do you want to pay in?", [Needed("Enter an amount.")])

    def offer(self, markets: Sequence[CouncilCard]) -> None:
        """Offer a choice of markets; ask nothing if there is only one."""
        _offer(self, markets)

    def wish(self, markets: Sequence[CouncilCard]) -> AskTopUp:
        """Return what was typed as a command."""
        return AskTopUp(
            top_up_id=self.top_up_id.data,
            council_id=_chosen(self, markets),
            amount=cast("Money", self.amount.data),
        )


class RegularForm(FlaskForm):  # type: ignore[misc]
    """How much of one's own money comes in regularly, how often, and the yes to it."""

    regular_id = UuidField()
    council_id = RadioField(
        "In which council’s market will you use it?",
        validators=[InputRequired("Choose a council.")],
        choices=[],
    )
    amount = MoneyField("How much each time?", [Needed("Enter an amount.")])
    every = RadioField(
        "How often?",
        validators=[InputRequired("Choose how often.")],
        choices=[SelectChoice(each.value, each.label.capitalize()) for each in Every],
    )
    agrees = BooleanField(
        "Yes, you may take this from my card each time, until I stop it",
        validators=[InputRequired("Say yes, or pay money in by hand instead.")],
    )

    def offer(self, markets: Sequence[CouncilCard]) -> None:
        """Offer a choice of markets; ask nothing if there is only one."""
        _offer(self, markets)

    def wish(self, markets: Sequence[CouncilCard]) -> AskRegular:
        """Return what was typed as a command."""
        return AskRegular(
            regular_id=self.regular_id.data,
            council_id=_chosen(self, markets),
            amount=cast("Money", self.amount.data),
            every=Every(self.every.data),
        )


class PlainForm(FlaskForm):  # type: ignore[misc]
    """A button alone."""


class PayingWayForm(FlaskForm):  # type: ignore[misc]
    """How a council pays providers."""

    way = RadioField(
        "How do you pay providers?",
        validators=[InputRequired("Choose how you pay.")],
        choices=[
            SelectChoice("bank", "With a file for our bank"),
            SelectChoice("stripe", "Through Stripe, or with a file: we choose for each run"),
        ],
    )


class FamilyLinkForm(FlaskForm):  # type: ignore[misc]
    """What family sees when they open the link."""

    link_id = UuidField()
    council_id = RadioField(
        "In which council’s market will you use the money?",
        validators=[InputRequired("Choose a council.")],
        choices=[],
    )
    shown_name = LineField(
        "Which name do they see?",
        [Needed("Enter a name."), NoLonger(NAME_LENGTH_MAX)],
        description="Your first name is enough. They see nothing else of you.",
    )

    def offer(self, markets: Sequence[CouncilCard]) -> None:
        """Offer a choice of markets; ask nothing if there is only one."""
        _offer(self, markets)

    def wish(self, markets: Sequence[CouncilCard]) -> MakeFamilyLink:
        """Return what was typed as a command."""
        return MakeFamilyLink(
            link_id=self.link_id.data,
            council_id=_chosen(self, markets),
            shown_name=self.shown_name.data,
        )


class GiveForm(FlaskForm):  # type: ignore[misc]
    """How much family gives, and who it is from."""

    top_up_id = UuidField()
    amount = MoneyField("How much do you want to give?", [Needed("Enter an amount.")])
    giver = LineField(
        "Who is it from?",
        [Optional(), NoLonger(NAME_LENGTH_MAX)],
        description="So that they know whom to thank.",
    )

    def wish(self, token: str) -> GiveMoney:
        """Return what was typed as a command."""
        return GiveMoney(
            top_up_id=self.top_up_id.data,
            token=token,
            amount=cast("Money", self.amount.data),
            giver=self.giver.data,
        )


class BankAccountForm(FlaskForm):  # type: ignore[misc]
    """Into which account people pay. The digits are counted by the rules."""

    account_name = LineField("Name on the account", [Needed("Enter the name on the account.")])
    sort_code = LineField(
        "Sort code", [Needed("Enter the sort code.")], description="6 digits, like 01 02 03"
    )
    account_number = LineField(
        "Account number", [Needed("Enter the account number.")], description="8 digits"
    )
    service_user = LineField(
        "Bacs user number",
        [Optional()],
        description="6 digits. Only if you send Bacs Standard 18 files.",
    )

    def wish(self) -> SetBankAccount:
        """Return what was typed as a command."""
        return SetBankAccount(
            sort_code=self.sort_code.data,
            account_number=self.account_number.data,
            account_name=self.account_name.data,
            service_user=self.service_user.data or "",
        )


class StatementForm(FlaskForm):  # type: ignore[misc]
    """A file of the bank."""

    statement_id = UuidField()
    file = FileField(
        "The file from the bank",
        [FileRequired("Choose a file.")],
        description="CSV or CAMT.053, of no more than 5 MB.",
    )

    def wish(self) -> UploadStatement:
        """Return the file as a command."""
        return UploadStatement(
            statement_id=self.statement_id.data,
            name=self.file.data.filename or "",
            content=self.file.data.read(),
        )


class ColumnsForm(FlaskForm):  # type: ignore[misc]
    """Which column of a bank's file holds what: one question for each part."""

    def columns(self) -> dict[Part, str]:
        """Return what was chosen; what is in no column is left out."""
        return {part: self[part.value].data for part in Part if self[part.value].data}


for _part in Part:
    setattr(ColumnsForm, _part.value, SelectField(_part.label, choices=[]))


class MatchForm(FlaskForm):  # type: ignore[misc]
    """Whose a payment is."""

    typed = LineField(
        "Reference or e-mail address of the person",
        [Needed("Enter a reference or an e-mail address.")],
    )


class NotOursForm(FlaskForm):  # type: ignore[misc]
    """Why a payment is not for the market."""

    reason = LineField("What is it for?", [Needed("Say what it is for."), NoLonger(200)])


class WhichPaymentForm(FlaskForm):  # type: ignore[misc]
    """Which of our payments a line of the bank is."""

    typed = LineField(
        "Number of the payment, or of the run",
        [Needed("Enter the number of a payment or of a run.")],
        description="For example 12-3 for a payment, or run 12 if the bank writes one line for all "
        "of it.",
    )


class UndoForm(FlaskForm):  # type: ignore[misc]
    """Why something is taken back."""

    reason = LineField(
        "What was wrong?",
        [Needed("Say what was wrong."), NoLonger(REASON_LENGTH_MAX)],
        description="Your colleagues read this.",
    )


def _offer(form: TopUpForm | RegularForm | FamilyLinkForm, markets: Sequence[CouncilCard]) -> None:
    if len(markets) == 1:
        del form.council_id
    else:
        form.council_id.choices = [SelectChoice(str(each.id), each.name) for each in markets]


def _chosen(form: TopUpForm | RegularForm | FamilyLinkForm, markets: Sequence[CouncilCard]) -> UUID:
    return markets[0].id if "council_id" not in form else UUID(form.council_id.data)
