"""What an officer should look at before a run is approved. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from marketplace.kernel.money import Money

UNUSUAL_TIMES = 3
UNUSUAL_MORE = Money(200_00)
FIRST_LARGE = Money(1_000_00)
PAST_PAYMENTS = 6
UNUSUAL_WORDS = (
    f"A payment is unusual if it is more than {UNUSUAL_TIMES} times the middle one of the last "
    f"{PAST_PAYMENTS} payments to the same provider, and {UNUSUAL_MORE} or more above it. "
    f"A first payment is unusual if it is more than {FIRST_LARGE}."
)


class FindingKind(StrEnum):
    """What was noticed about a payment."""

    DUPLICATE = "duplicate"
    UNUSUAL = "unusual"
    NOT_VERIFIED = "not_verified"
    RUNG = "rung"

    @property
    def label(self) -> str:
        """The kind in a few words."""
        return _LABELS[self]


_LABELS: Mapping[FindingKind, str] = MappingProxyType(
    {
        FindingKind.DUPLICATE: "Perhaps twice",
        FindingKind.UNUSUAL: "Unusual amount",
        FindingKind.NOT_VERIFIED: "Account not checked",
        FindingKind.RUNG: "New account, rung up",
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was noticed about a payment, in a sentence."""

    kind: FindingKind
    words: str


@dataclass(frozen=True, slots=True)
class InvoicedVisit:
    """One visit on an invoice: what makes two of them look the same."""

    invoice_id: UUID
    number: int
    provider_id: UUID
    person_id: UUID
    on: date
    amount: Money


def unusual(amount: Money, *, past: Sequence[Money]) -> Finding | None:
    """Say if a payment is unusual beside the last ones to the same provider."""
    if not past:
        if amount <= FIRST_LARGE:
            return None
        words = f"This is the first payment to them, and it is more than {FIRST_LARGE}."
        return Finding(FindingKind.UNUSUAL, words)
    ordered = sorted(past)
    middle = ordered[(len(ordered) - 1) // 2]
    if amount <= middle * UNUSUAL_TIMES or amount < middle + UNUSUAL_MORE:
        return None
    words = f"They are usually paid about {middle}. This is more than {UNUSUAL_TIMES} times that."
    return Finding(FindingKind.UNUSUAL, words)


def duplicates(
    visits: Iterable[InvoicedVisit], *, in_run: frozenset[UUID]
) -> dict[UUID, list[Finding]]:
    """Say, provider by provider, which visits stand on two invoices, one of them in the run.

    Two visits look the same if provider, person, day and amount are the same.
    """
    seen: dict[tuple[UUID, UUID, date, Money], dict[UUID, int]] = {}
    for visit in visits:
        key = (visit.provider_id, visit.person_id, visit.on, visit.amount)
        seen.setdefault(key, {})[visit.invoice_id] = visit.number
    found: dict[UUID, list[Finding]] = {}
    for (provider_id, _, on, amount), invoices in seen.items():
        if len(invoices) > 1 and invoices.keys() & in_run:
            numbers = " and ".join(str(number) for number in sorted(invoices.values()))
            words = (
                f"Invoices {numbers} are for the same person, the same day "
                f"({on.day} {on:%B %Y}) and the same amount, {amount}."
            )
            found.setdefault(provider_id, []).append(Finding(FindingKind.DUPLICATE, words))
    return found
