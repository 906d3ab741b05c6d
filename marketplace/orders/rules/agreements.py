"""The agreement by which the market makes invoices in a provider's own name. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

VERSION = 1
WORDS: Mapping[int, str] = MappingProxyType(
    {
        1: (
            "The market makes the invoices and credit notes for all that I sell here, in my name, "
            "for the people who buy it and the councils that pay. "
            "I do not make invoices for it myself. "
            "I take each invoice that the market makes in my name as mine. "
            "I say so here before anything of this changes: my VAT number, "
            "that I am registered for VAT or am not any more, or that I sell my business. "
            "If I am registered for VAT, the VAT on these invoices is mine to pay to HMRC. "
            "This holds for 12 months from today, or until I stop selling here, if that is sooner. "
            "The market may let another company make the invoices for it, and says so then."
        )
    }
)
"""What an owner agrees to, by version. Words that somebody agreed to are never changed."""
RENEW_BEFORE = timedelta(days=30)


def ends_on(starts_on: date) -> date:
    """Return the last day of an agreement: it is asked for again each year, as HMRC wants."""
    try:
        next_year = starts_on.replace(year=starts_on.year + 1)
    except ValueError:  # 29 February
        next_year = date(starts_on.year + 1, 3, 1)
    return next_year - timedelta(days=1)


def may_renew(last_day: date, *, on: date) -> bool:
    """Tell whether an agreement runs out soon enough to be renewed."""
    return on > last_day - RENEW_BEFORE


def next_start(last_day: date | None, *, on: date) -> date:
    """Return the day an agreement made today begins: after the one that still holds."""
    return on if last_day is None or last_day < on else last_day + timedelta(days=1)
