"""What is due for a visit, and by when a provider is paid. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from marketplace.catalogue.rules import PriceBands
from marketplace.kernel.clock import LONDON, local_day
from marketplace.kernel.money import Money, percent_of, total
from marketplace.orders.rules.states import NoteKind

PROMISE_DAYS = 5
"""A provider is paid within so many days of confirmation."""


def due(note: NoteKind, amount: Money, *, part: int, late_percent: int) -> Money:
    """Return what is to be paid for a visit.

    ``part`` is the percentage that happened, when only part of it did. Whoever was not in pays
    what a late cancellation costs.
    """
    match note:
        case NoteKind.FULL:
            return amount
        case NoteKind.PART:
            return percent_of(amount, part)
        case NoteKind.CANCELLED_LATE | NoteKind.PERSON_NOT_IN:
            return share_due(amount, late_percent)
        case NoteKind.MISSED | NoteKind.CANCELLED_IN_TIME:
            return amount * 0


def visit_amounts(
    bands: PriceBands, times: Iterable[datetime | None], *, quantity: int
) -> list[Money]:
    """Return what each visit costs, by the price of its own time of day and week."""
    return [bands.at(at and at.astimezone(LONDON)) * quantity for at in times]


def share_due(amount: Money, late_percent: int) -> Money:
    """Return the share of a visit's price that is due when it is cancelled late."""
    return percent_of(amount, late_percent)


def moved_amount(agreed: Money, at_the_new_time: Money) -> Money:
    """Return the price of a visit that the provider moved: never more than was agreed to."""
    return min(agreed, at_the_new_time)


def add_up(amounts: Iterable[Money]) -> Money:
    """Return the price of several visits together."""
    return total(amounts)


def promised_on(confirmed_at: datetime) -> date:
    """Return the day by which a provider is to have the money of something confirmed."""
    return local_day(confirmed_at) + timedelta(days=PROMISE_DAYS)


def moved_for(paper_id: UUID, *, is_credit: bool) -> str:
    """Return how the ledger calls the movement of an invoice, or of a credit note."""
    return f"credit/{paper_id}" if is_credit else f"invoice/{paper_id}/capture"
