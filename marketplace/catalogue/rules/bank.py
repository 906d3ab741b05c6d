"""Where providers are paid, and how long a change of that waits. Pure."""

from datetime import date, timedelta
from enum import StrEnum

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
