"""Fields that several forms about money share."""

from collections.abc import Sequence
from uuid import UUID

from wtforms import Field, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from marketplace.budgets.rules import WORDS_LENGTH_MAX
from marketplace.kernel.money import ZERO
from marketplace.web.fields import LineField, MoneyField, NoLonger

Store = tuple[UUID, str]
"""A store's id and name."""


def store_choices(stores: Sequence[Store]) -> list[SelectChoice]:
    """Return the stores that may keep somebody's money, to choose from, and none of them."""
    return [
        SelectChoice("", "None of them"),
        *(SelectChoice(str(store_id), name) for store_id, name in stores),
    ]


class MoreThanNothing:
    """Refuse an amount of nothing."""

    def __call__(self, _form: object, field: Field) -> None:
        """Check one field."""
        if field.data is not None and field.data <= ZERO:
            raise ValidationError("Enter an amount of more than nothing, like 12.50.")


def reason_field(label: str = "Why?") -> LineField:
    """Return the field for the reason of a limit; the person reads it when the limit stops them."""
    return LineField(
        label,
        description="They read this when the limit stops them.",
        validators=[NoLonger(WORDS_LENGTH_MAX)],
    )


def limit_field(label: str) -> MoneyField:
    """Return the field for the amount of a limit that may be left out."""
    return MoneyField(label, validators=[Optional(), MoreThanNothing()])
