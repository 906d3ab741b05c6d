"""Where orders and visits are in their lives, and where they may go from there. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from marketplace.orders.errors import WrongStateError


class OrderState(StrEnum):
    """Where an order is in its life."""

    PROPOSED = "proposed"
    PLACED = "placed"
    CHANGE_PROPOSED = "change_proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The state in words, as people read it."""
        return _ORDER_WORDS[self]

    @property
    def tone(self) -> str:
        """How the state feels: good, bad, something to do, or quiet."""
        return _ORDER_TONES.get(self, "quiet")


class VisitState(StrEnum):
    """Where a visit is in its life."""

    PLANNED = "planned"
    NOTED = "noted"
    CONFIRMED = "confirmed"
    QUERIED = "queried"
    RELEASED = "released"

    @property
    def label(self) -> str:
        """The state in words, as people read it."""
        return _VISIT_WORDS[self]


class NoteKind(StrEnum):
    """What the provider says became of a visit."""

    FULL = "full"
    PART = "part"
    MISSED = "missed"
    CANCELLED_IN_TIME = "cancelled_in_time"
    CANCELLED_LATE = "cancelled_late"
    PERSON_NOT_IN = "person_not_in"

    @property
    def label(self) -> str:
        """The note in words, as both sides read it."""
        return _NOTE_WORDS[self]

    @property
    def was_delivered(self) -> bool:
        """Tell whether support was given."""
        return self in {NoteKind.FULL, NoteKind.PART}

    @property
    def is_cancelled(self) -> bool:
        """Tell whether the visit was called off beforehand."""
        return self in {NoteKind.CANCELLED_IN_TIME, NoteKind.CANCELLED_LATE}


class InvoiceKind(StrEnum):
    """An invoice, or a note that takes some of one back."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"

    @property
    def label(self) -> str:
        """What the paper is called."""
        return "Credit note" if self is InvoiceKind.CREDIT_NOTE else "Invoice"


FINISHED = frozenset(
    {OrderState.DECLINED, OrderState.CANCELLED, OrderState.COMPLETED, OrderState.REFUSED}
)
"""States in which nothing more happens and no money is held."""

OPEN_VISITS = frozenset({VisitState.PLANNED, VisitState.NOTED, VisitState.QUERIED})
"""States in which a visit's money is still held."""
NOTHING_DELIVERED = "Nothing of it was delivered."
"""Why an order is cancelled that ended without anything."""

_ORDER_WORDS: Mapping[OrderState, str] = MappingProxyType(
    {
        OrderState.PROPOSED: "Waiting for a yes",
        OrderState.PLACED: "Sent to the provider",
        OrderState.CHANGE_PROPOSED: "Another time suggested",
        OrderState.ACCEPTED: "Accepted",
        OrderState.DECLINED: "The provider said no",
        OrderState.CANCELLED: "Cancelled",
        OrderState.COMPLETED: "Done",
        OrderState.REFUSED: "Not agreed to",
    }
)

_ORDER_TONES: Mapping[OrderState, str] = MappingProxyType(
    {
        OrderState.PROPOSED: "notice",
        OrderState.PLACED: "info",
        OrderState.CHANGE_PROPOSED: "notice",
        OrderState.ACCEPTED: "good",
        OrderState.DECLINED: "bad",
        OrderState.COMPLETED: "good",
    }
)

_VISIT_WORDS: Mapping[VisitState, str] = MappingProxyType(
    {
        VisitState.PLANNED: "Planned",
        VisitState.NOTED: "Waiting to be confirmed",
        VisitState.CONFIRMED: "Confirmed",
        VisitState.QUERIED: "Something is wrong",
        VisitState.RELEASED: "Money given back",
    }
)

_NOTE_WORDS: Mapping[NoteKind, str] = MappingProxyType(
    {
        NoteKind.FULL: "It happened as planned",
        NoteKind.PART: "Part of it happened",
        NoteKind.MISSED: "It was missed",
        NoteKind.CANCELLED_IN_TIME: "Cancelled in time",
        NoteKind.CANCELLED_LATE: "Cancelled late",
        NoteKind.PERSON_NOT_IN: "Nobody was in",
    }
)

_NEXT_ORDER: Mapping[OrderState, frozenset[OrderState]] = MappingProxyType(
    {
        OrderState.PROPOSED: frozenset(
            {OrderState.PLACED, OrderState.REFUSED, OrderState.CANCELLED}
        ),
        OrderState.PLACED: frozenset(
            {
                OrderState.ACCEPTED,
                OrderState.DECLINED,
                OrderState.CHANGE_PROPOSED,
                OrderState.CANCELLED,
            }
        ),
        OrderState.CHANGE_PROPOSED: frozenset(
            {OrderState.ACCEPTED, OrderState.PLACED, OrderState.DECLINED, OrderState.CANCELLED}
        ),
        OrderState.ACCEPTED: frozenset({OrderState.COMPLETED, OrderState.CANCELLED}),
    }
)

_NEXT_VISIT: Mapping[VisitState, frozenset[VisitState]] = MappingProxyType(
    {
        VisitState.PLANNED: frozenset(
            {
                VisitState.NOTED,
                VisitState.QUERIED,
                VisitState.CONFIRMED,
                VisitState.RELEASED,
            }
        ),
        VisitState.NOTED: frozenset(
            {
                VisitState.NOTED,
                VisitState.CONFIRMED,
                VisitState.QUERIED,
                VisitState.RELEASED,
                VisitState.PLANNED,  # taken back by the provider, before anybody answered
            }
        ),
        VisitState.QUERIED: frozenset(
            {VisitState.PLANNED, VisitState.NOTED, VisitState.CONFIRMED, VisitState.RELEASED}
        ),
    }
)


def next_order_state(now: OrderState, wanted: OrderState) -> OrderState:
    """Return ``wanted`` if an order may go there from ``now``.

    Raises:
        WrongStateError: it may not.
    """
    if wanted not in _NEXT_ORDER.get(now, frozenset()):
        raise WrongStateError(
            f"This order has moved on: “{now.label}”. Look at it again before you do anything."
        )
    return wanted


def next_visit_state(now: VisitState, wanted: VisitState) -> VisitState:
    """Return ``wanted`` if a visit may go there from ``now``.

    Raises:
        WrongStateError: it may not.
    """
    if wanted not in _NEXT_VISIT.get(now, frozenset()):
        raise WrongStateError(
            f"This visit has moved on: “{now.label}”. Look at it again before you do anything."
        )
    return wanted


def state_when_settled(
    visits: Iterable[tuple[VisitState, NoteKind | None]],
) -> OrderState | None:
    """Return where an accepted order goes once its visits stand like this; None if it stays.

    It is done when something was delivered and nothing is open. An order of which nothing was
    delivered ends as cancelled: there is nothing to rate.
    """
    seen = list(visits)
    if any(state in OPEN_VISITS for state, _ in seen):
        return None
    delivered = any(
        state is VisitState.CONFIRMED and note is not None and note.was_delivered
        for state, note in seen
    )
    return OrderState.COMPLETED if delivered else OrderState.CANCELLED
