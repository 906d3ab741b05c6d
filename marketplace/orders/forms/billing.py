"""What an owner types about invoices in the store's name."""

from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from marketplace.orders.commands import SayVat
from marketplace.orders.rules import ADDRESS_LENGTH_MAX, VERSION
from marketplace.web.fields import DayField, LineField, Needed, NoLonger, UuidField, choices


class AgreeForm(FlaskForm):  # type: ignore[misc]
    """A yes to the words on the page."""

    agreement_id = UuidField()
    version = IntegerField(widget=HiddenInput(), default=VERSION)

    @property
    def agreed_version(self) -> int:
        """The version of the words that were on the page; 0 if none were sent."""
        return int(self.version.data or 0)

    @property
    def chosen_id(self) -> UUID:
        """The id the page brought along."""
        found: UUID = self.agreement_id.data
        return found


class VatForm(FlaskForm):  # type: ignore[misc]
    """Whether the store is registered for VAT. The digits are checked by the rules."""

    registration_id = UuidField()
    registered = RadioField(
        "Are you registered for VAT?",
        [InputRequired("Say if you are registered for VAT.")],
        choices=choices((("yes", "Yes"), ("no", "No"))),
    )
    number = LineField("VAT number", [Optional()], description="9 digits, like GB 123 4567 82")
    address = TextAreaField(
        "Name and address that HMRC knows", [Optional(), NoLonger(ADDRESS_LENGTH_MAX)]
    )
    starts_on = DayField(
        "From which day on?",
        [Needed("Enter the day from which on this is so.")],
        description="Like {day}. Invoices that stand already stay as they are.",
    )

    def wish(self) -> SayVat:
        """Return what was typed as a command."""
        assert self.starts_on.data is not None, "a day is needed, and was checked"
        return SayVat(
            registration_id=self.registration_id.data,
            registered=self.registered.data == "yes",
            starts_on=self.starts_on.data,
            number=self.number.data or "",
            address=self.address.data or "",
        )
