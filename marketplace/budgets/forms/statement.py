"""Which part of a statement somebody wants to see; an address of its own, so nothing is secret."""

from collections.abc import Mapping
from datetime import date
from typing import cast
from uuid import UUID

from wtforms import Field, Form, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from marketplace.budgets.queries import StatementWish
from marketplace.budgets.rules.statement import KINDS
from marketplace.web.fields import DayField

ANY = ""


class StatementForm(Form):  # type: ignore[misc]
    """From when to when, which money, which kind."""

    from_on = DayField("From", validators=[Optional()], description="For example, {past}.")
    to_on = DayField("Until", validators=[Optional()])
    line = SelectField("Which money", choices=(), validate_choice=False)
    kind = SelectField("What kind", choices=(), validate_choice=False)

    def validate_to_on(self, field: Field) -> None:
        """Refuse a last day before the first."""
        if self.from_on.data and field.data and field.data < self.from_on.data:
            raise ValidationError("The last day is before the first. Enter a later one.")

    def offer(self, lines: Mapping[UUID, str]) -> None:
        """Fill in what can be chosen."""
        self.line.choices = [
            SelectChoice(ANY, "All the money"),
            *(SelectChoice(str(line_id), label) for line_id, label in lines.items()),
        ]
        self.kind.choices = [
            SelectChoice(ANY, "Everything"),
            *(SelectChoice(kind, label) for kind, (label, _) in KINDS.items()),
        ]

    def wish(self) -> StatementWish:
        """Return what was chosen; what makes no sense is as if it were left out."""
        return StatementWish(
            from_on=cast("date | None", self.from_on.data),
            to_on=cast("date | None", self.to_on.data),
            line_id=_uuid(self.line.data),
            kind=self.kind.data if self.kind.data in KINDS else ANY,
        )

    def chosen(self) -> dict[str, str]:
        """Return what was chosen as parts of an address."""
        wish = self.wish()
        return {
            name: str(value)
            for name, value in (
                ("from_on", wish.from_on),
                ("to_on", wish.to_on),
                ("line", wish.line_id),
                ("kind", wish.kind),
            )
            if value
        }


def _uuid(typed: str | None) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        return None
