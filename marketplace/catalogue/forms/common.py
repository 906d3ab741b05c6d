"""Parts that several forms of the catalogue share."""

from wtforms import Field, ValidationError
from wtforms.fields.choices import SelectChoice

from marketplace.catalogue.rules import ProviderKind, Unit
from marketplace.kernel.labels import label
from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.queries import locate
from marketplace.places.rules import metres
from marketplace.web.fields import choices, one_of

NO_TRAVEL = "0"
REACH_CHOICES = (
    (NO_TRAVEL, "I do not travel. People come to me, or I work by phone or online."),
    ("2", "Up to 2 miles"),
    ("5", "Up to 5 miles"),
    ("10", "Up to 10 miles"),
    ("20", "Up to 20 miles"),
    ("50", "Up to 50 miles"),
    ("500", "Anywhere in the country"),
)


class RealPlace:
    """Refuse a postcode that is nowhere."""

    def __call__(self, _form: object, field: Field) -> None:
        """Check one field."""
        try:
            locate(str(field.data or ""))
        except PlaceNotFoundError as refusal:
            raise ValidationError(str(refusal)) from refusal


def kind_choices() -> list[SelectChoice]:
    """Return the kinds of provider in words; a council's own service does not join by itself."""
    return choices(
        (kind.value, label("provider_kinds", kind))
        for kind in ProviderKind
        if kind is not ProviderKind.COUNCIL_SERVICE
    )


def all_kind_choices() -> list[SelectChoice]:
    """Return the kinds of provider in words, a council's own service with them."""
    service = ProviderKind.COUNCIL_SERVICE
    return [*kind_choices(), SelectChoice(service.value, label("provider_kinds", service))]


def unit_choices() -> list[SelectChoice]:
    """Return the units in words."""
    return one_of((unit.value, unit.value.capitalize()) for unit in Unit)


def reach_metres(miles: str) -> int | None:
    """Return how far somebody travels; None if they do not."""
    return None if miles == NO_TRAVEL else metres(int(miles))


def reach_miles(metres_: int | None) -> str:
    """Return the choice nearest to how far somebody travels, never a shorter way."""
    if metres_ is None:
        return NO_TRAVEL
    far = (miles for miles, _ in REACH_CHOICES if metres(int(miles)) >= metres_)
    return next(far, REACH_CHOICES[-1][0])
