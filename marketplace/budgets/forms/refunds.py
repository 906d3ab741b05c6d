"""Where own money is to be paid back to, and when it was."""

from datetime import date
from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm

from marketplace.budgets.commands import AskBack
from marketplace.web.fields import DayField, LineField, Needed, UuidField


class AskBackForm(FlaskForm):  # type: ignore[misc]
    """Into which account; the digits are counted by the rules."""

    refund_id = UuidField()
    account_name = LineField("Name on the account", [Needed("Enter the name on the account.")])
    sort_code = LineField(
        "Sort code", [Needed("Enter the sort code.")], description="6 digits, like 01 02 03"
    )
    account_number = LineField(
        "Account number", [Needed("Enter the account number.")], description="8 digits"
    )

    def wish(self) -> AskBack:
        """Return what was typed as a command."""
        return AskBack(
            refund_id=self.refund_id.data,
            account_name=self.account_name.data,
            sort_code=self.sort_code.data,
            account_number=self.account_number.data,
        )


class WhoLeftForm(FlaskForm):  # type: ignore[misc]
    """Where somebody who has left told the council to pay their own money."""

    account_name = AskBackForm.account_name
    sort_code = AskBackForm.sort_code
    account_number = AskBackForm.account_number

    def wish(self, refund_id: UUID) -> AskBack:
        """Return what was typed as a command."""
        return AskBack(
            refund_id=refund_id,
            account_name=self.account_name.data,
            sort_code=self.sort_code.data,
            account_number=self.account_number.data,
        )


class PaidBackForm(FlaskForm):  # type: ignore[misc]
    """On which day the bank paid it."""

    paid_on = DayField(
        "On which day did the bank pay it?",
        description="For example, {past}.",
        validators=[Needed("Enter the day on which the bank paid.")],
    )

    def day(self) -> date:
        """Return the day that was typed."""
        return cast("date", self.paid_on.data)
