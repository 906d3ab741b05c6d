"""The life of an order, of its visits and of its money. Pure."""

from marketplace.orders.rules.money import (
    PROMISE_DAYS,
    add_up,
    due,
    moved_amount,
    promised_on,
    share_due,
)
from marketplace.orders.rules.silence import Silence, next_step
from marketplace.orders.rules.states import (
    FINISHED,
    OPEN_VISITS,
    InvoiceKind,
    NoteKind,
    OrderState,
    VisitState,
    next_order_state,
    next_visit_state,
    state_when_settled,
)
from marketplace.orders.rules.times import (
    EVERY_DAYS_MAX,
    NOTE_LENGTH_MAX,
    QUANTITY_MAX,
    VISITS_MAX,
    WORDS_LENGTH_MAX,
    in_time_to_cancel,
    may_be_noted,
    moved_times,
    visit_times,
)

__all__ = [
    "EVERY_DAYS_MAX",
    "FINISHED",
    "NOTE_LENGTH_MAX",
    "OPEN_VISITS",
    "PROMISE_DAYS",
    "QUANTITY_MAX",
    "VISITS_MAX",
    "WORDS_LENGTH_MAX",
    "InvoiceKind",
    "NoteKind",
    "OrderState",
    "Silence",
    "VisitState",
    "add_up",
    "due",
    "in_time_to_cancel",
    "may_be_noted",
    "moved_amount",
    "moved_times",
    "next_order_state",
    "next_step",
    "next_visit_state",
    "promised_on",
    "share_due",
    "state_when_settled",
    "visit_times",
]
