"""What is typed about those who earn from orders: supporters and family."""

from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from marketplace.access.commands import DecideFamily, Declare
from marketplace.access.queries import DeclarationRow, NamedStore
from marketplace.access.rules import (
    FEE_WORDS_LENGTH_MAX,
    NAME_LENGTH_MAX,
    PERCENT_MAX,
    STORES_MAX,
    FeePer,
)
from marketplace.orders.rules import WORDS_LENGTH_MAX
from marketplace.web.fields import LineField, MoneyField, Needed, NoLonger, UuidField, tidy


class DeclareForm(FlaskForm):  # type: ignore[misc]
    """What a supporter charges, and from which stores they earn."""

    fee_per = RadioField(
        "What do you charge this person?",
        choices=[SelectChoice(per.value, per.label) for per in FeePer],
        validators=[InputRequired("Choose what you charge.")],
    )
    fee = MoneyField("How much?", validators=[Optional()], description="Leave this empty if none.")
    fee_percent = IntegerField(
        "How many percent?",
        validators=[Optional(), NumberRange(1, PERCENT_MAX, "Enter a number between 1 and 100.")],
        description="Only if you take a part of the budget.",
    )
    sells = RadioField(
        "Do you, or those you work for, also sell support?",
        choices=[SelectChoice("no", "No"), SelectChoice("yes", "Yes")],
        validators=[InputRequired("Choose yes or no.")],
    )
    stores = TextAreaField(
        "From which stores do you, or those you work for, earn?",
        validators=[NoLonger(WORDS_LENGTH_MAX)],
        description="One name on each line, as it stands on the page of the store.",
    )
    family = RadioField(
        "Are you of this person's family?",
        choices=[SelectChoice("no", "No"), SelectChoice("yes", "Yes")],
        validators=[InputRequired("Choose yes or no.")],
    )
    words = TextAreaField(
        "Anything else they should know?",
        validators=[NoLonger(FEE_WORDS_LENGTH_MAX)],
        description="For example how many hours you expect.",
    )

    def show(self, said: DeclarationRow | None) -> None:
        """Fill the form with what was said before."""
        if said is None:
            return
        self.fee_per.data = said.fee_per.value
        self.fee.data, self.fee_percent.data = said.fee, said.fee_percent
        self.sells.data = "yes" if said.sells else "no"
        self.family.data = "yes" if said.family else "no"
        self.stores.data = "\n".join(store.name for store in said.stores)
        self.words.data = said.words

    @property
    def store_names(self) -> list[str]:
        """The names that were typed, each once."""
        lines = tidy(self.stores.data or "").splitlines()
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))[:STORES_MAX]

    def wish(self, supporter_row_id: UUID, stores: tuple[NamedStore, ...]) -> Declare:
        """What was typed, as a command."""
        return Declare(
            supporter_row_id=supporter_row_id,
            fee_per=FeePer(self.fee_per.data),
            fee=self.fee.data or None,
            fee_percent=self.fee_percent.data,
            words=tidy(self.words.data or ""),
            sells=self.sells.data == "yes",
            family=self.family.data == "yes",
            stores=stores,
        )


class FamilyForm(FlaskForm):  # type: ignore[misc]
    """Somebody of the family who is paid for support."""

    carer_id = UuidField()
    who = LineField(
        "Who is it?",
        validators=[Needed("Say who of the family it is."), NoLonger(NAME_LENGTH_MAX)],
        description="A name, or what they are to you, like my sister.",
    )
    store = LineField(
        "Through which store are they paid?",
        validators=[Needed("Write the name of the store."), NoLonger(NAME_LENGTH_MAX)],
        description="Its name as it stands on its page.",
    )


class FamilyDecisionForm(FlaskForm):  # type: ignore[misc]
    """A council's yes or no to family being paid."""

    answer = HiddenField()
    reason = LineField("The reason", validators=[NoLonger(NAME_LENGTH_MAX)])

    def wish(self, person_id: UUID, provider_id: UUID) -> DecideFamily:
        """What was pressed, as a command."""
        return DecideFamily(
            person_id=person_id,
            provider_id=provider_id,
            agreed=self.answer.data == "yes",
            reason=self.reason.data or "",
        )
