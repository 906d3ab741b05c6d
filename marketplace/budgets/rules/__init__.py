"""Instalments, windows, limits, shares, and the answer to "may this be bought?". Pure."""

from marketplace.budgets.rules.deciding import decide, decide_all, pots_after, usable, with_order
from marketplace.budgets.rules.funding import ANYTHING, MayBuy, may_buy_with
from marketplace.budgets.rules.instalments import (
    INSTALMENTS_A_YEAR,
    due_after,
    due_by,
    instalment,
    instalment_number,
)
from marketplace.budgets.rules.limiting import Limit, covered, orders_words
from marketplace.budgets.rules.lines import (
    OUTCOMES_MAX,
    WORDS_LENGTH_MAX,
    check_amount,
    check_days,
    check_holder,
    check_words,
)
from marketplace.budgets.rules.pots import Pot
from marketplace.budgets.rules.refusing import day_words
from marketplace.budgets.rules.shares import (
    in_proportion,
    refund_shares,
    spread,
    take_in_sequence,
)
from marketplace.budgets.rules.spends import Answer, LimitAfter, Part, Share, Spend, Taking
from marketplace.budgets.rules.windows import FOUR_WEEKS, Span, anniversary, window_of
from marketplace.budgets.rules.words import (
    Calendar,
    Funder,
    Holder,
    HoldKind,
    LimitKind,
    LimitWindow,
    Measure,
    Narrowing,
    RefusalReason,
    RequestState,
)

__all__ = [
    "ANYTHING",
    "FOUR_WEEKS",
    "INSTALMENTS_A_YEAR",
    "OUTCOMES_MAX",
    "WORDS_LENGTH_MAX",
    "Answer",
    "Calendar",
    "Funder",
    "HoldKind",
    "Holder",
    "Limit",
    "LimitAfter",
    "LimitKind",
    "LimitWindow",
    "MayBuy",
    "Measure",
    "Narrowing",
    "Part",
    "Pot",
    "RefusalReason",
    "RequestState",
    "Share",
    "Span",
    "Spend",
    "Taking",
    "anniversary",
    "check_amount",
    "check_days",
    "check_holder",
    "check_words",
    "covered",
    "day_words",
    "decide",
    "decide_all",
    "due_after",
    "due_by",
    "in_proportion",
    "instalment",
    "instalment_number",
    "may_buy_with",
    "orders_words",
    "pots_after",
    "refund_shares",
    "spread",
    "take_in_sequence",
    "usable",
    "window_of",
    "with_order",
]
