"""The life of a payment run, who is in it, and how fast providers are paid. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from marketplace.kernel.money import ZERO, Money, total
from marketplace.payments.errors import PaidOnError, WrongRunStateError

BANK_FILE_HEAD = ("Sort code", "Account number", "Account name", "Amount", "Reference")


class RunState(StrEnum):
    """Where a payment run is in its life."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    PAID = "paid"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """The state in words."""
        return _WORDS[self]

    @property
    def tone(self) -> str:
        """How the state feels: good, something to do, or quiet."""
        return _TONES[self]


_WORDS: Mapping[RunState, str] = MappingProxyType(
    {
        RunState.PROPOSED: "Waiting for approval",
        RunState.APPROVED: "Approved, to be paid",
        RunState.PAID: "Paid",
        RunState.CANCELLED: "Cancelled",
    }
)

_TONES: Mapping[RunState, str] = MappingProxyType(
    {
        RunState.PROPOSED: "notice",
        RunState.APPROVED: "info",
        RunState.PAID: "good",
        RunState.CANCELLED: "quiet",
    }
)

_NEXT: Mapping[RunState, frozenset[RunState]] = MappingProxyType(
    {
        RunState.PROPOSED: frozenset({RunState.APPROVED, RunState.CANCELLED}),
        RunState.APPROVED: frozenset({RunState.PAID, RunState.CANCELLED}),
        RunState.PAID: frozenset(),
        RunState.CANCELLED: frozenset(),
    }
)


def next_state(now: RunState, wanted: RunState) -> RunState:
    """Return ``wanted`` if a run may go there from ``now``.

    Raises:
        WrongRunStateError: it may not.
    """
    if wanted not in _NEXT[now]:
        raise WrongRunStateError(
            f"This run has moved on: “{now.label}”. Look at it again before you do anything."
        )
    return wanted


class WhyNot(StrEnum):
    """Why a provider with unpaid invoices is left out of a run."""

    NO_BANK_DETAILS = "no_bank_details"
    NOTHING_OWED = "nothing_owed"

    @property
    def label(self) -> str:
        """The reason in words."""
        if self is WhyNot.NO_BANK_DETAILS:
            return "Has not given bank details yet"
        return "Credit notes are as much as the invoices, or more"


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

    @property
    def total(self) -> Money:
        """What is to be paid, credit notes taken off."""
        return total(due.total for due in self.invoices)

    @property
    def promised_on(self) -> date:
        """The earliest day we promised to pay any of it."""
        return min(due.promised_on for due in self.invoices)


def by_provider(dues: Iterable[Due], *, with_bank: frozenset[UUID]) -> list[Owed]:
    """Return what is owed, provider by provider, the one promised soonest first."""
    found: dict[UUID, list[Due]] = {}
    for due in dues:
        found.setdefault(due.provider_id, []).append(due)
    owed = [
        Owed(
            provider_id=provider_id,
            provider_name=theirs[-1].provider_name,
            invoices=tuple(sorted(theirs, key=lambda due: due.number)),
            why_not=_why_not(provider_id, theirs, with_bank),
        )
        for provider_id, theirs in found.items()
    ]
    return sorted(owed, key=lambda each: (each.promised_on, each.provider_name, each.provider_id))


def _why_not(provider_id: UUID, dues: list[Due], with_bank: frozenset[UUID]) -> WhyNot | None:
    if total(due.total for due in dues) <= ZERO:
        return WhyNot.NOTHING_OWED
    return None if provider_id in with_bank else WhyNot.NO_BANK_DETAILS


def reference(run_number: int, position: int) -> str:
    """Return what a provider sees on the bank statement: at most 18 plain characters."""
    return f"SUPPORT {run_number}-{position}"


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
