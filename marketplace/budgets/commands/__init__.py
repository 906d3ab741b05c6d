"""Funding lines, instalments, limits, outcomes and holds: every write of this room."""

from marketplace.budgets.commands.council_views import choose_council_view
from marketplace.budgets.commands.forgetting import forget_person
from marketplace.budgets.commands.holds import (
    NO_TERMS,
    Terms,
    agree_to_rise,
    hold,
    hold_more,
    keep_hold,
    roll_hold,
)
from marketplace.budgets.commands.instalments import pay_due_instalments
from marketplace.budgets.commands.limits import end_limit, set_limit
from marketplace.budgets.commands.lines import OpenLine, open_line
from marketplace.budgets.commands.outcomes import add_outcome
from marketplace.budgets.commands.paying_in import PayIn, own_line, pay_in
from marketplace.budgets.commands.people import AddPerson, add_person
from marketplace.budgets.commands.purchases import (
    RecordPurchase,
    correct_purchase,
    record_purchase,
    remove_purchase,
)
from marketplace.budgets.commands.refusals import record_refusal
from marketplace.budgets.commands.requests import (
    DAYS_MOST,
    AnswerRequest,
    AskOnce,
    answer_request,
    ask_once,
    withdraw_request,
)
from marketplace.budgets.commands.settling import capture, refund, release
from marketplace.budgets.commands.taking_out import TakeOut, take_out
from marketplace.budgets.commands.wishes import (
    COUNT_MOST,
    NARROWED_TO_MOST,
    NewLimit,
    as_it_would_be,
    line_to_limit,
)

__all__ = [
    "COUNT_MOST",
    "DAYS_MOST",
    "NARROWED_TO_MOST",
    "NO_TERMS",
    "AddPerson",
    "AnswerRequest",
    "AskOnce",
    "NewLimit",
    "OpenLine",
    "PayIn",
    "RecordPurchase",
    "TakeOut",
    "Terms",
    "add_outcome",
    "add_person",
    "agree_to_rise",
    "answer_request",
    "as_it_would_be",
    "ask_once",
    "capture",
    "choose_council_view",
    "correct_purchase",
    "end_limit",
    "forget_person",
    "hold",
    "hold_more",
    "keep_hold",
    "line_to_limit",
    "open_line",
    "own_line",
    "pay_due_instalments",
    "pay_in",
    "record_purchase",
    "record_refusal",
    "refund",
    "release",
    "remove_purchase",
    "roll_hold",
    "set_limit",
    "take_out",
    "withdraw_request",
]
