"""A store, as its provider looks after it."""

from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional

from marketplace.catalogue.commands import ChangeStore
from marketplace.catalogue.forms.common import (
    REACH_CHOICES,
    RealPlace,
    all_kind_choices,
    reach_metres,
    reach_miles,
)
from marketplace.catalogue.queries import KeptStore
from marketplace.catalogue.rules import (
    NAME_LENGTH_MAX,
    TEXT_LENGTH_MAX,
    ProviderKind,
)
from marketplace.web.ages import AgesForm
from marketplace.web.fields import LineField, Needed, NoLonger, UuidField, choices, ticks

_PLAIN = (
    "name",
    "about",
    "postcode",
    "phone",
    "email",
    "website",
    "regulated",
    "cqc_id",
    "why_no_cqc",
    "languages",
    "genders",
    "access",
    "for_whom",
)


class StoreForm(AgesForm):
    """Everything a store says of itself."""

    name = LineField(
        "Name of your store",
        [Needed("Enter a name for your store."), NoLonger(NAME_LENGTH_MAX)],
    )
    kind = RadioField(
        "Who are you?", [InputRequired("Choose who you are.")], choices=all_kind_choices()
    )
    about = TextAreaField("What do you do?", [Optional(), NoLonger(TEXT_LENGTH_MAX)])
    postcode = LineField(
        "Your postcode",
        [Needed("Enter your postcode."), RealPlace()],
        description="People see only the first half of it.",
    )
    reach_miles = RadioField(
        "How far do you travel?",
        [InputRequired("Choose how far you travel.")],
        choices=choices(REACH_CHOICES),
    )
    phone = LineField("Telephone number", [Optional(), NoLonger(40)])
    email = LineField("E-mail address", [Optional(), NoLonger(254)])
    website = LineField("Website", [Optional(), NoLonger(500)])
    regulated = BooleanField("I am registered with the Care Quality Commission (CQC)")
    cqc_id = LineField("Your CQC number", [Optional(), NoLonger(40)])
    why_no_cqc = TextAreaField(
        "If you are not registered: why do you not need to be?", [Optional(), NoLonger(1000)]
    )
    languages = ticks("Which languages do you speak?", "languages")
    genders = ticks("Who can come?", "genders")
    access = ticks("What makes it easy to use your support?", "access")
    for_whom = ticks("Who is your support for?", "for_whom")

    def wish(self) -> ChangeStore:
        """Return what was typed as a command."""
        return ChangeStore(
            name=self.name.data,
            kind=ProviderKind(self.kind.data),
            about=self.about.data or "",
            postcode=self.postcode.data,
            reach_metres=reach_metres(self.reach_miles.data),
            phone=self.phone.data or "",
            email=self.email.data or "",
            website=self.website.data or "",
            regulated=bool(self.regulated.data),
            cqc_id=self.cqc_id.data or "",
            why_no_cqc=self.why_no_cqc.data or "",
            languages=self.languages.chosen,
            genders=self.genders.chosen,
            access=self.access.chosen,
            for_whom=self.for_whom.chosen,
            ages=self.chosen_ages(),
        )

    @staticmethod
    def values_of(store: KeptStore) -> dict[str, object]:
        """Return a store as the values of this form."""
        return {
            **{name: getattr(store, name) for name in _PLAIN},
            **AgesForm.values_of_ages(store.ages),
            "kind": store.kind.value,
            "reach_miles": reach_miles(store.reach_metres),
        }


class BankForm(FlaskForm):  # type: ignore[misc]
    """Where the provider is paid. The digits are counted by the rules."""

    account_name = LineField(
        "Name on the account",
        [Needed("Enter the name on the account."), NoLonger(NAME_LENGTH_MAX)],
    )
    sort_code = LineField(
        "Sort code", [Needed("Enter the sort code.")], description="6 digits, like 01 02 03"
    )
    account_number = LineField(
        "Account number", [Needed("Enter the account number.")], description="8 digits"
    )


class WorkerForm(FlaskForm):  # type: ignore[misc]
    """A worker people can ask for."""

    worker_id = UuidField()
    name = LineField("Name", [Needed("Enter a name."), NoLonger(NAME_LENGTH_MAX)])
    about = TextAreaField("A few words about them", [Optional(), NoLonger(1000)])


class CouncilForm(FlaskForm):  # type: ignore[misc]
    """Which further council is to check the store."""

    council_id = SelectField(
        "Which council?", [Needed("Choose a council.")], coerce=lambda value: str(value or "")
    )

    @property
    def chosen(self) -> UUID:
        """The council that was chosen."""
        return UUID(self.council_id.data)
