"""An offer, as its provider writes it."""

from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional

from marketplace.catalogue.commands import WriteOffer
from marketplace.catalogue.errors import BadOfferError
from marketplace.catalogue.forms.common import unit_choices
from marketplace.catalogue.queries import CategoryRow, KeptOffer
from marketplace.catalogue.rules import (
    NAME_LENGTH_MAX,
    SUMMARY_LENGTH_MAX,
    TEXT_LENGTH_MAX,
    PriceBands,
    SaleDays,
    Unit,
    checked_menu,
)
from marketplace.kernel.money import ZERO, Money
from marketplace.web.ages import AgesForm
from marketplace.web.fields import (
    DayField,
    LineField,
    MoneyField,
    Needed,
    NoLonger,
    UuidField,
    one_of,
    ticks,
)

INCLUDED_LINES_MAX = 20


class OfferForm(AgesForm):
    """Everything an offer says and costs."""

    offer_id = UuidField()
    title = LineField(
        "What do you offer?",
        [Needed("Enter a name for what you offer."), NoLonger(NAME_LENGTH_MAX)],
    )
    category = SelectField("What kind of support is it?", [Needed("Choose the kind of support.")])
    summary = LineField(
        "In one sentence",
        [Optional(), NoLonger(SUMMARY_LENGTH_MAX)],
        description="People read this first.",
    )
    about = TextAreaField("Tell people more", [Optional(), NoLonger(TEXT_LENGTH_MAX)])
    unit = SelectField(
        "What does one price buy?",
        [Needed("Choose what one price buys.")],
        choices=unit_choices(),
    )
    price = MoneyField("Price", [Needed("Enter a price, like 12.50.")])
    evening_price = MoneyField(
        "Price in the evening", [Optional()], description="From 6pm. Leave empty if it is the same."
    )
    weekend_price = MoneyField(
        "Price at the weekend", [Optional()], description="Leave empty if it is the same."
    )
    bank_holiday_price = MoneyField(
        "Price on a bank holiday", [Optional()], description="Leave empty if it is the same."
    )
    included = TextAreaField(
        "What is included?",
        [Optional(), NoLonger(TEXT_LENGTH_MAX)],
        description="One thing a line.",
    )
    menu = TextAreaField(
        "What can people choose from?",
        [NoLonger(TEXT_LENGTH_MAX)],
        description="Like: Cottage pie. One thing a line. Leave empty if there is no choice.",
    )
    must_choose = BooleanField("People have to choose one of them")
    notice_hours = IntegerField(
        "How many hours before a visit may people cancel without paying?",
        [Optional(), NumberRange(0, 8760, "Enter a number of hours between 0 and 8,760.")],
        default=24,
    )
    late_cancel_percent = IntegerField(
        "If they cancel later, how much of the price do they pay?",
        [Optional(), NumberRange(0, 100, "Enter a number between 0 and 100.")],
        default=0,
    )
    terms = TextAreaField(
        "Anything else people should know before they order?",
        [Optional(), NoLonger(TEXT_LENGTH_MAX)],
    )
    days = ticks("On which days?", "days")
    times = ticks("At what times?", "times")
    places_free = IntegerField(
        "How many more people can you help now?",
        [Optional(), NumberRange(0, 10000, "Enter a number between 0 and 10,000.")],
        description="Leave empty if you do not count. 0 shows that you are full.",
    )

    on_sale_from = DayField(
        "First day on sale",
        [Optional()],
        description="For example {day}. Leave empty to sell it from when you publish it.",
    )
    on_sale_until = DayField(
        "Last day on sale",
        [Optional()],
        description="Nobody can order it for a day after this. Leave empty if there is no end.",
    )

    def offer_categories(self, rows: list[CategoryRow]) -> None:
        """Offer the categories there are."""
        self.category.choices = one_of((row.slug, row.name) for row in rows)

    def validate_price(self, field: MoneyField) -> None:
        """Refuse a price of nothing."""
        _more_than_nothing(field)

    def validate_evening_price(self, field: MoneyField) -> None:
        """Refuse a price of nothing."""
        _more_than_nothing(field)

    def validate_weekend_price(self, field: MoneyField) -> None:
        """Refuse a price of nothing."""
        _more_than_nothing(field)

    def validate_bank_holiday_price(self, field: MoneyField) -> None:
        """Refuse a price of nothing."""
        _more_than_nothing(field)

    def validate_included(self, field: TextAreaField) -> None:
        """Refuse a longer list than people read."""
        if len(_lines(field.data)) > INCLUDED_LINES_MAX:
            raise ValidationError(f"List no more than {INCLUDED_LINES_MAX} things.")
        if any(len(line) > NAME_LENGTH_MAX for line in _lines(field.data)):
            raise ValidationError(f"Use no more than {NAME_LENGTH_MAX} characters a line.")

    def validate_menu(self, field: TextAreaField) -> None:
        """Refuse a longer menu than people read, one thing twice, and a choice from nothing."""
        try:
            checked_menu(_lines(field.data), must_choose=self.must_choose.data)
        except BadOfferError as refusal:
            raise ValidationError(str(refusal)) from refusal

    def wish(self, offer_id: UUID | None = None) -> WriteOffer:
        """Return what was typed as a command."""
        return WriteOffer(
            offer_id=offer_id or self.offer_id.data,
            title=self.title.data,
            category=self.category.data,
            unit=Unit(self.unit.data),
            bands=PriceBands(
                cast("Money", self.price.data),
                self.evening_price.data,
                self.weekend_price.data,
                self.bank_holiday_price.data,
            ),
            summary=self.summary.data or "",
            about=self.about.data or "",
            included=_lines(self.included.data),
            menu=_lines(self.menu.data),
            must_choose=self.must_choose.data,
            notice_hours=self.notice_hours.data or 0,
            late_cancel_percent=self.late_cancel_percent.data or 0,
            terms=self.terms.data or "",
            days=self.days.chosen,
            times=self.times.chosen,
            ages=self.chosen_ages(),
            places_free=self.places_free.data,
            sale_days=SaleDays(self.on_sale_from.data, self.on_sale_until.data),
        )

    @staticmethod
    def values_of(offer: KeptOffer) -> dict[str, object]:
        """Return an offer as the values of this form."""
        return {
            "offer_id": offer.id,
            "title": offer.title,
            "category": offer.category,
            "summary": offer.summary,
            "about": offer.about,
            "unit": offer.unit.value,
            "price": offer.public.price,
            "evening_price": offer.public.evening,
            "weekend_price": offer.public.weekend,
            "bank_holiday_price": offer.public.bank_holiday,
            "included": "\n".join(offer.included),
            "menu": "\n".join(offer.menu),
            "must_choose": offer.must_choose,
            "notice_hours": offer.notice_hours,
            "late_cancel_percent": offer.late_cancel_percent,
            "terms": offer.terms,
            "days": offer.days,
            "times": offer.times,
            "places_free": offer.places_free,
            "on_sale_from": offer.sale_days.first,
            "on_sale_until": offer.sale_days.last,
            **AgesForm.values_of_ages(offer.ages),
        }


def _lines(typed: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (typed or "").splitlines() if line.strip())


def _more_than_nothing(field: MoneyField) -> None:
    if field.data is not None and field.data <= ZERO:
        raise ValidationError("Enter a price of more than nothing, like 12.50.")


class OffersFileForm(FlaskForm):  # type: ignore[misc]
    """A table of offers, sent to be looked at."""

    file = FileField("Your table", [FileRequired("Choose a file.")], description="A CSV file.")


class OffersTableForm(FlaskForm):  # type: ignore[misc]
    """A table that was looked at, to be taken in."""

    table = HiddenField()
    which = HiddenField()
