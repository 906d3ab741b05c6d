"""Instalments, windows, limits, shares, and the answer to "may this be bought?". Pure."""

from marketplace.budgets.rules.instalments import (
    INSTALMENTS_A_YEAR,
    due_after,
    due_by,
    instalment,
    instalment_number,
)
from marketplace.budgets.rules.lines import (
    OUTCOMES_MAX,
    WORDS_LENGTH_MAX,
    check_amount,
    check_days,
    check_holder,
    check_words,
)
from marketplace.budgets.rules.shares import (
    give_back_last_first,
    in_proportion,
    refund_shares,
    take_in_sequence,
)
from marketplace.budgets.rules.spending import (
    Answer,
    Limit,
    LimitAfter,
    Pot,
    Share,
    Spend,
    day_words,
    decide,
    decide_all,
    pots_after,
    usable,
)
from marketplace.budgets.rules.windows import FOUR_WEEKS, Span, anniversary, window_of
from marketplace.budgets.rules.words import Funder, Holder, LimitKind, LimitWindow, RefusalReason

__all__ = [
    "FOUR_WEEKS",
    "INSTALMENTS_A_YEAR",
    "OUTCOMES_MAX",
    "WORDS_LENGTH_MAX",
    "Answer",
    "Funder",
    "Holder",
    "Limit",
    "LimitAfter",
    "LimitKind",
    "LimitWindow",
    "Pot",
    "RefusalReason",
    "Share",
    "Span",
    "Spend",
    "anniversary",
    "check_amount",
    "check_days",
    "check_holder",
    "check_words",
    "day_words",
    "decide",
    "decide_all",
    "due_after",
    "due_by",
    "give_back_last_first",
    "in_proportion",
    "instalment",
    "instalment_number",
    "pots_after",
    "refund_shares",
    "take_in_sequence",
    "usable",
    "window_of",
]
