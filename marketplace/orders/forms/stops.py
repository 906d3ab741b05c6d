"""What is typed when a provider stops."""

from collections.abc import Sequence
from datetime import date
from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, TextAreaField

from marketplace.catalogue.queries import OfferCard
from marketplace.orders.commands import MoveItem, SayStop
from marketplace.orders.errors import StopRefusedError
from marketplace.orders.forms.wishes import check_chosen, chosen_in, offer_menu
from marketplace.orders.rules import WORDS_LENGTH_MAX
from marketplace.web.fields import DayField, Needed, NoLonger, UuidField, one_of, pence_shown, tidy


def _last_on() -> DayField:
    return DayField(
        "What is the last day?",
        validators=[Needed("Enter the last day, like {day}.")],
        description="For example {day}",
    )


def _reason() -> TextAreaField:
    return TextAreaField(
        "Why?",
        [Needed("Say why. Everybody whom it concerns reads it."), NoLonger(WORDS_LENGTH_MAX)],
        description="Everybody whom it concerns reads this.",
    )


class StopForm(FlaskForm):  # type: ignore[misc]
    """When a store comes for the last time, and why."""

    stop_id = UuidField()
    last_on = _last_on()
    reason = _reason()

    def say(self, refusal: StopRefusedError) -> None:
        """Put a refusal beside the answer it is about."""
        field = self[refusal.field]
        field.errors = [*field.errors, str(refusal)]

    def wish_for(self, provider_id: UUID) -> SayStop:
        """Return what was typed as a command."""
        return SayStop(
            stop_id=self.stop_id.data,
            provider_id=provider_id,
            last_on=cast("date", self.last_on.data),
            reason=tidy(self.reason.data or ""),
        )


class CouncilStopForm(FlaskForm):  # type: ignore[misc]
    """The same, said by the council for a store."""

    stop_id = UuidField()
    provider = SelectField("Which provider stops?", validators=[Needed("Choose a provider.")])
    last_on = _last_on()
    reason = _reason()

    say = StopForm.say
    wish_for = StopForm.wish_for

    def offer(self, stores: Sequence[tuple[UUID, str]]) -> None:
        """Offer the stores that the council's people buy from now."""
        self.provider.choices = one_of((str(id_), name) for id_, name in stores)


class MoveForm(FlaskForm):  # type: ignore[misc]
    """A yes to somebody else, with the price that stood on the page."""

    new_id = UuidField()
    seen_pence = HiddenField()
    choice = RadioField("What would you like?", validate_choice=False)

    def offer(self, card: OfferCard) -> None:
        """Ask what of the menu of the other offer, if it has one."""
        offer_menu(self, card.menu, must_choose=card.must_choose)

    def validate_choice(self, field: RadioField) -> None:
        """Refuse what is not on the menu any more, and no choice where one has to choose."""
        check_chosen(field)

    def wish(self, item_id: UUID, offer_id: UUID) -> MoveItem:
        """Return what was shown and pressed as a command."""
        seen = pence_shown(self.seen_pence.data)
        return MoveItem(
            item_id=item_id,
            offer_id=offer_id,
            seen=seen,
            choice=chosen_in(self, "choice"),
            new_id=self.new_id.data,
        )
