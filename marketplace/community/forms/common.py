"""Parts that several forms of the catalogue share."""

from wtforms import Field, ValidationError

from marketplace.community.errors import BadEntryError
from marketplace.community.rules import safe_link
from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.queries import locate


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
