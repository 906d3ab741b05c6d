"""What is typed at the desk of whoever supports people."""

from flask_wtf import FlaskForm
from wtforms.validators import Optional

from marketplace.kernel.money import Money
from marketplace.orders.rules import LOW_BELOW
from marketplace.web.fields import LineField, MoneyField, NoLonger

NAME_LENGTH_MAX = 100


class DeskForm(FlaskForm):  # type: ignore[misc]
    """Whom to show, and how little money is little. Sent, so that no name stands in an address."""

    name = LineField("Name", validators=[Optional(), NoLonger(NAME_LENGTH_MAX)])
    below = MoneyField(
        "Money is low below",
        validators=[Optional()],
        default=LOW_BELOW,
        description="We also say so when less than two weeks of usual spending is left.",
    )

    @property
    def figure(self) -> Money:
        """The figure that was typed; without one the usual figure."""
        return LOW_BELOW if self.below.data is None else self.below.data
