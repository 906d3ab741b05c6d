"""Who is in a payment run, and how fast providers are paid. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from marketplace.kernel.money import ZERO, Money, total
from marketplace.payments.errors import PaidOnError, ReasonMissingError

REFERENCE_LENGTH_MAX = 18
"""What both kinds of bank file, and every statement, have room for."""
REASON_LENGTH_MAX = 200
BANK_FILE_HEAD = ("Sort code", "Account number", "Account name", "Amount", "Reference")


class WhyNot(StrEnum):
    """Why a provider with unpaid invoices is left out of a run."""

    NO_BANK_DETAILS = "no_bank_details"
    NOTHING_OWED = "nothing_owed"
    SUSPENDED = "suspended"
    BANK_WAITS = "bank_waits"
    BANK_REFUSED = "bank_refused"
    BANK_WRONG = "bank_wrong"

    @property
    def label(self) -> str:
        """The reason in words."""
        return _WHY_NOT[self]


_WHY_NOT: Mapping[WhyNot, str] = MappingProxyType(
    {
        WhyNot.NO_BANK_DETAILS: "Has not given bank details yet",
        WhyNot.NOTHING_OWED: "Credit notes are as much as the invoices, or more",
        WhyNot.SUSPENDED: "Is suspended by your council",
        WhyNot.BANK_WAITS: "Has changed the bank details",
        WhyNot.BANK_REFUSED: "Somebody known before said that the new bank details are wrong",
        WhyNot.BANK_WRONG: "Has bank details that cannot be right: the check digits do not fit",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Why nobody should be paid yet, and whom to ring about it."""

    why_not: WhyNot
    words: str
    change_id: UUID | None = None
    """The change of bank details that a call can end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One unpaid invoice; a credit note has a negative total."""

    invoice_id: UUID
    provider_id: UUID
    provider_name: str
    number: int
    total: Money
    promised_on: date
    confirmed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Everything that is owed to one provider."""

    provider_id: UUID
    provider_name: str
    invoices: tuple[Due, ...]
    why_not: WhyNot | None
    why_words: str = ""
    """The reason in words, with its day, name or sentence."""
    change_id: UUID | None = None

    @property
    def total(self) -> Money:
        """What is to be paid, credit notes taken off."""
        return total(due.total for due in self.invoices)

    @property
    def promised_on(self) -> date:
        """The earliest day we promised to pay any of it."""
        return min(due.promised_on for due in self.invoices)


def by_provider(
    dues: Iterable[Due],
    *,
    with_bank: Collection[UUID],
    held: Mapping[UUID, Held] = MappingProxyType({}),
) -> list[Owed]:
    """Return what is owed, provider by provider, the one promised soonest first."""
    found: dict[UUID, list[Due]] = {}
    for due in dues:
        found.setdefault(due.provider_id, []).append(due)
    owed = [
        _owed(provider_id, theirs, with_bank, held.get(provider_id))
        for provider_id, theirs in found.items()
    ]
    return sorted(owed, key=lambda each: (each.promised_on, each.provider_name, each.provider_id))


def _owed(
    provider_id: UUID, dues: list[Due], with_bank: Collection[UUID], held: Held | None
) -> Owed:
    why_not = None
    if total(due.total for due in dues) <= ZERO:
        why_not, held = WhyNot.NOTHING_OWED, None
    elif provider_id not in with_bank:
        why_not = WhyNot.NO_BANK_DETAILS
    elif held is not None:
        why_not = held.why_not
    return Owed(
        provider_id=provider_id,
        provider_name=dues[-1].provider_name,
        invoices=tuple(sorted(dues, key=lambda due: due.number)),
        why_not=why_not,
        why_words=(held.words if held else "") or (why_not.label if why_not else ""),
        change_id=held.change_id if held else None,
    )


def reference(run_number: int, position: int) -> str:
    """Return what a provider sees on the bank statement: at most 18 plain characters."""
    numbers = f"{run_number}-{position}"
    assert len(numbers) <= REFERENCE_LENGTH_MAX, "no council has run so often"
    words = f"SUPPORT {numbers}"
    return words if len(words) <= REFERENCE_LENGTH_MAX else numbers


def checked_paid_on(paid_on: date, *, approved_on: date, today: date) -> date:
    """Return the day on which a run was paid.

    Raises:
        PaidOnError: it is in the future, or before the run was approved.
    """
    if paid_on > today:
        raise PaidOnError("Enter a day that is not in the future.")
    if paid_on < approved_on:
        raise PaidOnError("Enter a day on or after the one on which the run was approved.")
    return paid_on


def checked_bounced_on(on: date, *, since: date, today: date) -> date:
    """Return the day on which a payment came back.

    Raises:
        PaidOnError: it is in the future, or before it was made.
    """
    if on > today:
        raise PaidOnError("Enter a day that is not in the future.")
    if on < since:
        raise PaidOnError("Enter a day on or after the one on which the payment was made.")
    return on


def checked_reason(reason: str, *, ask: str = "Say why") -> str:
    """Return a reason without needless space; ``ask`` begins the sentence if it is missing.

    Raises:
        ReasonMissingError: there is none, or a very long one.
    """
    words = " ".join(reason.split())
    if not 0 < len(words) <= REASON_LENGTH_MAX:
        raise ReasonMissingError(f"{ask}, in at most {REASON_LENGTH_MAX} characters.")
    return words


@dataclass(frozen=True, slots=True)
class Performance:
    """How many invoices were paid, how many of them by the day we promised, and how fast."""

    paid: int
    in_time: int
    median_days: int | None
    slowest_days: int | None

    @property
    def percent(self) -> int | None:
        """The share paid in time, rounded down; None if nothing was paid."""
        return self.in_time * 100 // self.paid if self.paid else None


def performance(days_counted: Iterable[tuple[int, int, int]]) -> Performance:
    """Return how fast invoices were paid, from rows of (days, how many, of these in time)."""
    rows = sorted(days_counted)
    paid = sum(count for _, count, _ in rows)
    if not paid:
        return Performance(0, 0, None, None)
    seen, median = 0, rows[-1][0]
    for days, count, _ in rows:
        seen += count
        if 2 * seen >= paid:
            median = days
            break
    return Performance(paid, sum(in_time for *_, in_time in rows), median, rows[-1][0])
