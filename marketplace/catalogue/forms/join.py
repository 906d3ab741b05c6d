"""Joining, one short page after the other. Each page carries the answers of the others along."""

from typing import cast

from wtforms import RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired

from marketplace.catalogue.commands import JoinMarket, WriteOffer
from marketplace.catalogue.forms.common import (
    REACH_CHOICES,
    RealPlace,
    kind_choices,
    reach_metres,
    unit_choices,
)
from marketplace.catalogue.queries import CategoryRow
from marketplace.catalogue.rules import (
    NAME_LENGTH_MAX,
    TEXT_LENGTH_MAX,
    PriceBands,
    ProviderKind,
    Unit,
)
from marketplace.kernel.money import ZERO, Money
from marketplace.web.fields import (
    LineField,
    MoneyField,
    Needed,
    NoLonger,
    UuidField,
    choices,
    one_of,
)
from marketplace.web.steps import StepForm


class JoinStep(StepForm):
    """What every page of joining carries: the ids that make two clicks one store."""

    provider_id = UuidField()
    offer_id = UuidField()


class YouForm(JoinStep):
    """Who you are."""

    name = LineField(
        "Your name, or the name of your business",
        [Needed("Enter a name for your store."), NoLonger(NAME_LENGTH_MAX)],
        description="People see this name.",
    )
    kind = RadioField(
        "Who are you?", [InputRequired("Choose who you are.")], choices=kind_choices()
    )
    about = TextAreaField(
        "What do you do?",
        [Needed("Say in a few words what you do."), NoLonger(TEXT_LENGTH_MAX)],
        description="A few short sentences. You can change them later.",
    )


class WhereForm(JoinStep):
    """Where you work."""

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


class FirstOfferForm(JoinStep):
    """The first thing you sell."""

    title = LineField(
        "What do you offer?",
        [Needed("Enter a name for what you offer."), NoLonger(NAME_LENGTH_MAX)],
        description="For example: an hour of gardening with you.",
    )
    category = SelectField("What kind of support is it?", [Needed("Choose the kind of support.")])
    unit = SelectField(
        "What does one price buy?",
        [Needed("Choose what one price buys.")],
        choices=unit_choices(),
    )
    price = MoneyField("Price", [Needed("Enter a price, like 12.50.")])

    def offer_categories(self, rows: list[CategoryRow]) -> None:
        """Offer the categories there are."""
        self.category.choices = one_of((row.slug, row.name) for row in rows)

    def validate_price(self, field: MoneyField) -> None:
        """Refuse a price of nothing."""
        if field.data is not None and field.data <= ZERO:
            raise ValidationError("Enter a price of more than nothing, like 12.50.")


class SendForm(JoinStep):
    """The last page: nothing to fill in."""


def join_wish(you: YouForm, where: WhereForm, offer: FirstOfferForm, *, email: str) -> JoinMarket:
    """Return what was typed on all pages as a command."""
    return JoinMarket(
        provider_id=you.provider_id.data,
        name=you.name.data,
        kind=ProviderKind(you.kind.data),
        about=you.about.data or "",
        postcode=where.postcode.data,
        reach_metres=reach_metres(where.reach_miles.data),
        email=email,
        offer=WriteOffer(
            offer_id=you.offer_id.data,
            title=offer.title.data,
            category=offer.category.data,
            unit=Unit(offer.unit.data),
            bands=PriceBands(cast("Money", offer.price.data)),
        ),
    )
