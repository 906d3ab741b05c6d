"""Funding lines, instalments, limits, outcomes and holds: every write of this room."""

from marketplace.budgets.commands.alerts import LOOKED_EVERY, choose_alerts, tell_alerts
from marketplace.budgets.commands.card_refunds import (
    CardPart,
    give_to_card,
    note_card_paid,
    note_card_refused,
    part_to_cards,
)
from marketplace.budgets.commands.changes import (
    NewHolder,
    change_amount,
    change_cost_code,
    change_end,
    change_funder,
    change_holder,
    move_isf,
)
from marketplace.budgets.commands.clawbacks import (
    DecideClawback,
    GiveNotice,
    answer_notice,
    decide_clawback,
    give_notice,
)
from marketplace.budgets.commands.closing import close_line, stop_line
from marketplace.budgets.commands.council_views import choose_council_view
from marketplace.budgets.commands.forgetting import forget_person
from marketplace.budgets.commands.handing_over import (
    OfferLine,
    TakeOver,
    offer_line,
    take_back_offer,
    take_over,
    turn_down_handover,
)
from marketplace.budgets.commands.holding_again import hold_again
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
from marketplace.budgets.commands.limits import (
    end_limit,
    limit_to_end,
    set_limit,
)
from marketplace.budgets.commands.lines import OpenLine, open_line
from marketplace.budgets.commands.noting import ChangeLine
from marketplace.budgets.commands.outcomes import add_outcome
from marketplace.budgets.commands.own_lines import own_line
from marketplace.budgets.commands.paying_in import PayIn, locked_available, pay_in
from marketplace.budgets.commands.people import AddPerson, add_person
from marketplace.budgets.commands.pool_asks import AskPool, answer_pool_ask, ask_pool
from marketplace.budgets.commands.pool_shares import (
    PutIntoPool,
    TakeFromPool,
    put_into_pool,
    take_from_pool,
)
from marketplace.budgets.commands.pools import (
    InviteToPool,
    MakePool,
    answer_pool_invitation,
    end_pool,
    invite_to_pool,
    leave_pool,
    make_pool,
)
from marketplace.budgets.commands.purchases import (
    RecordPurchase,
    correct_purchase,
    record_purchase,
    remove_purchase,
)
from marketplace.budgets.commands.refunding import refund
from marketplace.budgets.commands.refunds import (
    AskBack,
    ask_own_money_back,
    mark_refund_paid,
    owe_who_left,
    say_account_of_who_left,
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
from marketplace.budgets.commands.sequence import move_in_sequence
from marketplace.budgets.commands.settling import (
    Piece,
    Settlement,
    capture,
    release,
    settle_holds,
)
from marketplace.budgets.commands.sharing import Share, split_line
from marketplace.budgets.commands.taking_out import TakeOut, take_out
from marketplace.budgets.commands.weeks import count_weeks
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
    "LOOKED_EVERY",
    "NARROWED_TO_MOST",
    "NO_TERMS",
    "AddPerson",
    "AnswerRequest",
    "AskBack",
    "AskOnce",
    "AskPool",
    "CardPart",
    "ChangeLine",
    "DecideClawback",
    "GiveNotice",
    "InviteToPool",
    "MakePool",
    "NewHolder",
    "NewLimit",
    "OfferLine",
    "OpenLine",
    "PayIn",
    "Piece",
    "PutIntoPool",
    "RecordPurchase",
    "Settlement",
    "Share",
    "TakeFromPool",
    "TakeOut",
    "TakeOver",
    "Terms",
    "add_outcome",
    "add_person",
    "agree_to_rise",
    "answer_notice",
    "answer_pool_ask",
    "answer_pool_invitation",
    "answer_request",
    "as_it_would_be",
    "ask_once",
    "ask_own_money_back",
    "ask_pool",
    "capture",
    "change_amount",
    "change_cost_code",
    "change_end",
    "change_funder",
    "change_holder",
    "choose_alerts",
    "choose_council_view",
    "close_line",
    "correct_purchase",
    "count_weeks",
    "decide_clawback",
    "end_limit",
    "end_pool",
    "forget_person",
    "give_notice",
    "give_to_card",
    "hold",
    "hold_again",
    "hold_more",
    "invite_to_pool",
    "keep_hold",
    "leave_pool",
    "limit_to_end",
    "line_to_limit",
    "locked_available",
    "make_pool",
    "mark_refund_paid",
    "move_in_sequence",
    "move_isf",
    "note_card_paid",
    "note_card_refused",
    "offer_line",
    "open_line",
    "owe_who_left",
    "own_line",
    "part_to_cards",
    "pay_due_instalments",
    "pay_in",
    "put_into_pool",
    "record_purchase",
    "record_refusal",
    "refund",
    "release",
    "remove_purchase",
    "roll_hold",
    "say_account_of_who_left",
    "set_limit",
    "settle_holds",
    "split_line",
    "stop_line",
    "take_back_offer",
    "take_from_pool",
    "take_out",
    "take_over",
    "tell_alerts",
    "turn_down_handover",
    "withdraw_request",
]
