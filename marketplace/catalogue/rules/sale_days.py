"""From which day until which day an offer is on sale. Pure."""

from dataclasses import dataclass
from datetime import date

from marketplace.catalogue.errors import BadSaleDaysError
from marketplace.catalogue.rules.states import OfferState


@dataclass(frozen=True, slots=True)
class SaleDays:
    """The first and the last day on sale; either may be open."""

    first: date | None = None
    last: date | None = None

    @property
    def words(self) -> str:
        """Say them: From 1 December 2026 until 24 December 2026; "" if both are open."""
        parts = [f"from {sale_day(self.first)}"] if self.first else []
        parts += [f"until {sale_day(self.last)}"] if self.last else []
        words = " ".join(parts)
        return words[:1].upper() + words[1:]

    def ahead_of(self, today: date) -> bool:
        """Tell whether the first day is still to come."""
        return self.first is not None and self.first > today

    def over_on(self, today: date) -> bool:
        """Tell whether the last day has passed."""
        return self.last is not None and self.last < today


ANY_DAY = SaleDays()


def sale_day(day: date) -> str:
    """Write 24 December 2026."""
    return f"{day.day} {day:%B %Y}"


def check_sale_days(days: SaleDays, *, kept: SaleDays, today: date) -> None:
    """Refuse days that cannot be; what was said before may stay, though its days have passed.

    Raises:
        BadSaleDaysError: the last day is before the first, or has passed.
    """
    if days.first is not None and days.last is not None and days.last < days.first:
        raise BadSaleDaysError("The last day is before the first day.")
    if days != kept and days.over_on(today):
        raise BadSaleDaysError("The last day has passed. Choose a day to come, or leave it empty.")


def standing_on(
    today: date, state: OfferState, days: SaleDays, *, ready: bool
) -> tuple[OfferState, bool]:
    """Return the state of an offer on a day, and whether it waits for its first day.

    What is on sale, or waits for it, is on sale on its days: before them it waits, after them it
    is paused. What was never published, was paused or has ended stays so.
    """
    if state is OfferState.ENDED or not (ready or state is OfferState.ON_SALE):
        return state, False
    off_sale = OfferState.PAUSED if state is OfferState.ON_SALE else state
    if days.over_on(today):
        return off_sale, False
    if days.ahead_of(today):
        return off_sale, True
    return OfferState.ON_SALE, False


def why_too_late(title: str, last: date | None, days: list[date]) -> str:
    """Say why an offer cannot be had on some days; "" if it can."""
    if last is None or all(day <= last for day in days):
        return ""
    return f"{title} is on sale until {sale_day(last)}. Choose a day up to then."
