"""The two questions that ask for which ages something is."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import Optional, ValidationError

from marketplace.kernel.ages import AGE_MAX, Ages, BadAgesError, ages
from marketplace.web.fields import TypedField


class AgeField(TypedField):
    """An age in whole years."""

    def read(self, typed: str) -> int:
        """Read an age."""
        if not (typed.isascii() and typed.isdigit() and len(typed) <= len(str(AGE_MAX))):
            raise ValueError("Enter an age in whole years, like 18.")
        return int(typed)


class AgesForm(FlaskForm):  # type: ignore[misc]
    """The two questions, as part of a form that asks more."""

    youngest = AgeField(
        "What is the youngest age?",
        [Optional()],
        description="Like 18 for adults only. Leave empty if there is none.",
    )
    oldest = AgeField(
        "What is the oldest age?", [Optional()], description="Leave empty if there is none."
    )

    def validate_oldest(self, _field: AgeField) -> None:
        """Refuse ages that cannot be."""
        if self.youngest.errors:
            return
        try:
            self.chosen_ages()
        except BadAgesError as refusal:
            raise ValidationError(str(refusal)) from refusal

    def validate_youngest(self, field: AgeField) -> None:
        """Refuse an age that nobody has."""
        try:
            ages(field.data, None)
        except BadAgesError as refusal:
            raise ValidationError(str(refusal)) from refusal

    def chosen_ages(self) -> Ages:
        """Return what was typed."""
        return ages(self.youngest.data, self.oldest.data)

    @staticmethod
    def values_of_ages(said: Ages) -> dict[str, Any]:
        """Return ages as the values of these questions."""
        return {"youngest": said.youngest, "oldest": said.oldest}
