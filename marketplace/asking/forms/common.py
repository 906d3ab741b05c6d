"""What the forms of asks share."""

from flask_wtf import FlaskForm
from wtforms import Field, ValidationError

from marketplace.asking.errors import BadAskError
from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.queries import find_place


class Saying(FlaskForm):  # type: ignore[misc]
    """A form beside whose fields a refusal of the room stands."""

    def say(self, refusal: BadAskError) -> None:
        """Put a refusal beside the answer it is about."""
        field = self[refusal.field]
        field.errors = [*field.errors, str(refusal)]


class SomePlace:
    """Refuse what is no postcode, no first half of one, and no town."""

    def __call__(self, _form: object, field: Field) -> None:
        """Check one field; an empty one is for others to refuse."""
        if not str(field.data or "").strip():
            return
        try:
            find_place(str(field.data))
        except PlaceNotFoundError as refusal:
            raise ValidationError(str(refusal)) from refusal
