"""Parts that several forms of the catalogue share."""

from collections.abc import Iterable, Sequence
from typing import cast

from wtforms import Field, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.community.errors import BadEntryError
from marketplace.community.rules import safe_link
from marketplace.kernel.labels import labels
from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.queries import locate


class TickField(SelectMultipleField):  # type: ignore[misc]
    """Several answers to one question, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    @property
    def chosen(self) -> tuple[str, ...]:
        """What was ticked."""
        return tuple(cast("Sequence[str]", self.data or ()))


def ticks(text: str, topic: str, hint: str = "") -> TickField:
    """Return a question whose answers are the labels of a topic."""
    return TickField(text, choices=choices(labels(topic).items()), default=(), description=hint)


class RealPlace:
    """Refuse a postcode that is nowhere."""

    def __call__(self, _form: object, field: Field) -> None:
        """Check one field; an empty one is for others to refuse."""
        if not str(field.data or "").strip():
            return
        try:
            locate(str(field.data))
        except PlaceNotFoundError as refusal:
            raise ValidationError(str(refusal)) from refusal


class WebAddress:
    """Refuse what is no web address."""

    def __call__(self, _form: object, field: Field) -> None:
        """Check one field."""
        try:
            safe_link(str(field.data or ""))
        except BadEntryError as refusal:
            raise ValidationError(str(refusal)) from refusal


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return values and their words as choices of a field."""
    return [SelectChoice(value, words) for value, words in pairs]


def one_of(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return values and their words as choices of a list that begins with none of them."""
    return choices([("", "Choose"), *pairs])
