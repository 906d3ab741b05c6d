"""The life of a payment run, and of each payment in it. Pure."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

from marketplace.payments.errors import WrongItemStateError, WrongRunStateError


class RunState(StrEnum):
    """Where a payment run is in its life."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    SENT = "sent"
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
        RunState.APPROVED: "Approved, to be sent to the bank",
        RunState.SENT: "With the bank",
        RunState.PAID: "Paid",
        RunState.CANCELLED: "Cancelled",
    }
)

_TONES: Mapping[RunState, str] = MappingProxyType(
    {
        RunState.PROPOSED: "notice",
        RunState.APPROVED: "info",
        RunState.SENT: "info",
        RunState.PAID: "good",
        RunState.CANCELLED: "quiet",
    }
)

_NEXT: Mapping[RunState, frozenset[RunState]] = MappingProxyType(
    {
        RunState.PROPOSED: frozenset({RunState.APPROVED, RunState.CANCELLED}),
        RunState.APPROVED: frozenset({RunState.SENT, RunState.CANCELLED}),
        RunState.SENT: frozenset({RunState.PAID}),
        # Back again when a line of a statement turns out to have meant another payment.
        RunState.PAID: frozenset({RunState.SENT}),
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


class ItemState(StrEnum):
    """Where one payment of a run is in its life."""

    PLANNED = "planned"
    TAKEN_OUT = "taken_out"
    SENT = "sent"
    SETTLED = "settled"
    BOUNCED = "bounced"

    @property
    def label(self) -> str:
        """The state in words."""
        return _ITEM_WORDS[self]

    @property
    def tone(self) -> str:
        """How the state feels: good, bad, something to do, or quiet."""
        return _ITEM_TONES[self]


_ITEM_WORDS: Mapping[ItemState, str] = MappingProxyType(
    {
        ItemState.PLANNED: "Planned",
        ItemState.TAKEN_OUT: "Taken out",
        ItemState.SENT: "With the bank",
        ItemState.SETTLED: "Paid",
        ItemState.BOUNCED: "Came back",
    }
)

_ITEM_TONES: Mapping[ItemState, str] = MappingProxyType(
    {
        ItemState.PLANNED: "notice",
        ItemState.TAKEN_OUT: "quiet",
        ItemState.SENT: "info",
        ItemState.SETTLED: "good",
        ItemState.BOUNCED: "bad",
    }
)

_ITEM_NEXT: Mapping[ItemState, frozenset[ItemState]] = MappingProxyType(
    {
        ItemState.PLANNED: frozenset({ItemState.SENT, ItemState.TAKEN_OUT}),
        ItemState.TAKEN_OUT: frozenset(),
        ItemState.SENT: frozenset({ItemState.SETTLED, ItemState.BOUNCED}),
        # Back again when a line of a statement turns out to have meant another payment.
        ItemState.SETTLED: frozenset({ItemState.BOUNCED, ItemState.SENT}),
        ItemState.BOUNCED: frozenset(),
    }
)


def next_item_state(now: ItemState, wanted: ItemState) -> ItemState:
    """Return ``wanted`` if a payment may go there from ``now``.

    Raises:
        WrongItemStateError: it may not.
    """
    if wanted not in _ITEM_NEXT[now]:
        raise WrongItemStateError(_NOT_NOW[now])
    return wanted


_NOT_NOW: Mapping[ItemState, str] = MappingProxyType(
    {
        ItemState.PLANNED: "This payment has not gone to the bank yet.",
        ItemState.TAKEN_OUT: "This payment was taken out of its run, so it was never made.",
        ItemState.SENT: "This payment is with the bank already.",
        ItemState.SETTLED: "The bank has paid this already.",
        ItemState.BOUNCED: "This payment came back. Its invoices wait for another run.",
    }
)


def is_over(states: Collection[ItemState]) -> bool:
    """Tell whether the bank has answered for each payment of a run that went there."""
    return ItemState.SENT not in states
