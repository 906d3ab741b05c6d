"""What councils decide: agreed prices, checks and claims."""

from datetime import date
from typing import cast

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Optional

from marketplace.catalogue.rules import CheckState, PriceBands
from marketplace.kernel.money import ZERO, Money
from marketplace.web.fields import DayField, MoneyField, Needed, NoLonger, UuidField, choices


class AgreedPriceForm(FlaskForm):  # type: ignore[misc]
    """What the people a council funds pay, from a day on."""

    price = MoneyField("Agreed price", [Needed("Enter a price, like 12.50.")])
    evening_price = MoneyField(
        "Agreed price in the evening", [Optional()], description="Leave empty if it is the same."
    )
    weekend_price = MoneyField(
        "Agreed price at the weekend", [Optional()], description="Leave empty if it is the same."
    )
    bank_holiday_price = MoneyField(
        "Agreed price on a bank holiday",
        [Optional()],
        description="Leave empty if it is the same.",
    )
    starts_on = DayField(
        "First day", [Needed("Enter a day, like {day}.")], description="Today or later."
    )

    def validate_price(self, field: MoneyField) -> None:
        """Refuse a price of nothing."""
        if field.data is not None and field.data <= ZERO:
            raise ValidationError("Enter a price of more than nothing, like 12.50.")

    @property
    def first_day(self) -> date:
        """The day from which it holds."""
        return cast("date", self.starts_on.data)

    @property
    def bands(self) -> PriceBands:
        """What was typed as prices."""
        return PriceBands(
            cast("Money", self.price.data),
            self.evening_price.data,
            self.weekend_price.data,
            self.bank_holiday_price.data,
        )


class DecideProviderForm(FlaskForm):  # type: ignore[misc]
    """What a council says of a provider."""

    state = RadioField(
        "What do you decide?",
        [InputRequired("Choose what you decide.")],
        choices=choices(
            [
                (
                    CheckState.CHECKED.value,
                    "Checked: people see that you have checked this provider",
                ),
                (CheckState.SUSPENDED.value, "Suspended: not shown in your portal for now"),
                (CheckState.REJECTED.value, "Rejected: not shown in your portal"),
            ]
        ),
    )
    reason = TextAreaField(
        "Why?",
        [NoLonger(2000)],
        description="The provider reads this, and nobody else. Needed unless you say checked.",
    )


class ClaimForm(FlaskForm):  # type: ignore[misc]
    """Who somebody is, who says a store is theirs."""

    claim_id = UuidField()
    words = TextAreaField(
        "Who are you, and how can the council make sure?",
        [Needed("Say who you are."), NoLonger(2000)],
        description="For example: I am the registered manager. Ring the service and ask for me.",
    )


class DecideClaimForm(FlaskForm):  # type: ignore[misc]
    """Whether somebody may look after a store."""

    answer = RadioField(
        "May they look after this store?",
        [InputRequired("Choose yes or no.")],
        choices=choices([("yes", "Yes, hand it over"), ("no", "No")]),
    )
    reason = TextAreaField(
        "Why?",
        [NoLonger(2000)],
        description="The one who asked reads this. Needed if you say no.",
    )
