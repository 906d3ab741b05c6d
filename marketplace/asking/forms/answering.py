"""What a provider types to answer, and a person to wait longer; and a moderator's reason."""

from collections.abc import Sequence
from datetime import date
from typing import cast
from uuid import UUID

from wtforms import RadioField, SelectField, TextAreaField, ValidationError

from marketplace.asking.commands import EndPrice, OfferForAnswer, WriteAnswer
from marketplace.asking.forms.common import Saying
from marketplace.asking.queries import OwnAnswer
from marketplace.asking.rules import REASON_LENGTH_MAX, WORDS_LENGTH_MAX, Wish
from marketplace.catalogue.queries import OfferCard
from marketplace.catalogue.rules import NAME_LENGTH_MAX, Unit, per_unit
from marketplace.kernel.money import Money
from marketplace.web.fields import (
    DayField,
    LineField,
    MoneyField,
    Needed,
    NoLonger,
    TickField,
    UuidField,
    choices,
    tidy,
)

NO_OFFER = "none"
AS_THE_OFFER = "offer"


class AnswerForm(Saying):
    """What a provider can do, with which offer or at what price, from when."""

    answer_id = UuidField()
    words = TextAreaField(
        "What can you do?",
        [Needed("Say what you can do."), NoLonger(WORDS_LENGTH_MAX)],
        description="Only whoever asks reads this. Say who would come, and what you are good at.",
    )
    offer = RadioField("Which of your offers is it?")
    price = MoneyField(
        "Another price, if it is not the price of the offer",
        description="Leave this empty if the price of your offer is right. If they choose you, "
        "they can order at this price. Nobody else sees it.",
    )
    unit = SelectField(
        "For how much is that price?",
        choices=choices(
            [
                (AS_THE_OFFER, "The same as the offer"),
                *((each.value, per_unit(each).capitalize()) for each in Unit),
            ]
        ),
        default=AS_THE_OFFER,
    )
    price_until = DayField(
        "Until which day does that price count?",
        description="Like {far}. If you leave this empty, it counts for a year.",
    )
    starts_on = DayField(
        "What is the first day you can start?",
        [Needed("Enter the first day on which you can start, like {day}.")],
        description="Like {day}",
    )
    met = TickField("Which of their wishes can you meet?")

    def set_up(
        self, offers: Sequence[OfferCard], wishes: Sequence[Wish], mine: OwnAnswer | None
    ) -> None:
        """Offer what they sell and what is wished for; show what was answered before."""
        self.offer.choices = choices(
            [
                *(
                    (
                        str(each.id),
                        f"{each.title}, {each.public.price} {per_unit(each.unit)}",
                    )
                    for each in offers
                ),
                (NO_OFFER, "None of these: I say a price"),
            ]
        )
        self._units = {str(each.id): each.unit for each in offers}
        self.met.choices = choices((each.value, each.label) for each in wishes)
        if not wishes:
            del self.met
        if self.is_submitted():
            return
        if mine is None:
            self.offer.data = str(offers[0].id) if len(offers) == 1 else None
            return
        self.words.data, self.price.data, self.starts_on.data = (
            mine.words,
            mine.price,
            mine.starts_on,
        )
        self.price_until.data = mine.price_until
        self.offer.data = str(mine.offer_id) if mine.offer_id else NO_OFFER
        self.unit.data = mine.unit.value if mine.unit else AS_THE_OFFER
        if wishes:
            self.met.data = [each.value for each in mine.met]

    def validate_offer(self, field: RadioField) -> None:
        """Refuse to go on without an offer or a price."""
        if field.data == NO_OFFER and self.price.data is None and not self.price.errors:
            raise ValidationError("Choose one of your offers, or say a price.")

    def validate_unit(self, field: SelectField) -> None:
        """Refuse a price that is said for nothing in particular."""
        if self.price.data is not None and self._unit is None:
            raise ValidationError("Say what the price is for: an hour, a session.")

    @property
    def _unit(self) -> Unit | None:
        """What a price is for; None if that is left to an offer, and none is chosen."""
        if self.unit.data == AS_THE_OFFER:
            return self._units.get(self.offer.data)
        return Unit(self.unit.data)

    def wish(self) -> WriteAnswer:
        """Return what was typed as a command."""
        chosen = self.offer.data
        price = self.price.data
        return WriteAnswer(
            answer_id=self.answer_id.data,
            words=tidy(self.words.data or ""),
            offer_id=UUID(chosen) if chosen and chosen != NO_OFFER else None,
            price=price,
            unit=self._unit if price is not None else None,
            price_until=self.price_until.data if price is not None else None,
            starts_on=cast("date", self.starts_on.data),
            met=frozenset(Wish(each) for each in self.met.chosen) if "met" in self else frozenset(),
        )


class SaleForm(Saying):
    """What a chosen answer is called in the store, and what everybody else pays for it."""

    offer_id = UuidField()
    title = LineField(
        "What is it called in your store?",
        [Needed("Say what it is called."), NoLonger(NAME_LENGTH_MAX)],
        description="Everybody can read this. Leave out who asked for it.",
    )
    public = MoneyField(
        "What does everybody else pay?",
        [Needed("Enter a price, like 15.50.")],
        description="It cannot be less than what you said.",
    )

    def wish(self) -> OfferForAnswer:
        """Return what was typed as a command."""
        return OfferForAnswer(
            offer_id=self.offer_id.data,
            title=tidy(self.title.data or ""),
            public=cast("Money", self.public.data),
        )


class EndPriceForm(Saying):
    """The last day of a price that was agreed with one person."""

    last_on = DayField(
        "What is its last day?",
        [Needed("Enter a day, like {day}.")],
        description="Like {day}. It can be today.",
    )
    words = TextAreaField(
        "Anything to say about it?",
        [NoLonger(REASON_LENGTH_MAX)],
        description="They read this in our letter.",
    )

    def wish(self) -> EndPrice:
        """Return what was typed as a command."""
        return EndPrice(last_on=cast("date", self.last_on.data), words=tidy(self.words.data or ""))


class ExtendForm(Saying):
    """Until which day somebody waits for answers."""

    answers_until = DayField(
        "Until which day?",
        [Needed("Enter a day, like {day}.")],
        description="Like {day}",
    )

    @property
    def until(self) -> date:
        """The day that was typed."""
        return cast("date", self.answers_until.data)


class ReasonForm(Saying):
    """Why a moderator takes an ask down."""

    reason = TextAreaField(
        "Why is it taken down?",
        [Needed("Say why. They read it."), NoLonger(REASON_LENGTH_MAX)],
        description="Whoever asked reads this. Providers do not.",
    )
