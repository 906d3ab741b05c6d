"""Where providers are paid, and how long a change of that waits. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from marketplace.catalogue.rules.words import BankDetails

BANK_CHANGE_WAITS_DAYS = 10
"""For so long nobody is paid into changed bank details, unless somebody who was known before
says that they are right."""


class BankChangeState(StrEnum):
    """What became of bank details that a provider typed."""

    FIRST = "first"
    """The first a store ever had: there was nobody before to ask."""
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    REPLACED = "replaced"
    """Changed again before anybody answered."""


def waits_until(changed_on: date) -> date:
    """Return the day from which on changed bank details are used, if nobody says no."""
    return changed_on + timedelta(days=BANK_CHANGE_WAITS_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankStanding:
    """Where a provider is paid, and whether a change of that still waits."""

    details: BankDetails
    change_id: UUID | None = None
    """The newest change, if anybody is still to say that it is right."""
    refused: bool = False
    """Did somebody who was known before say that it is wrong?"""
    changed_on: date | None = None
    changed_by_name: str = ""
    waits_until: date | None = None
    ring_at_phone: str = ""

    def is_held(self, on: date) -> bool:
        """Tell whether nobody should be paid there yet, on a day."""
        if self.refused:
            return True
        return self.waits_until is not None and on < self.waits_until
