"""Paying providers, and taking in what people pay by card and by bank transfer."""

from marketplace.payments.adapters import CardPage
from marketplace.payments.commands.bank import SetBankAccount, make_reference, set_bank_account
from marketplace.payments.commands.bounce import bounce_item, unsettle_item
from marketplace.payments.commands.calling import note_call
from marketplace.payments.commands.card_disputes import settle_dispute
from marketplace.payments.commands.card_refunds import (
    begin_card_refund,
    note_answer,
    note_no,
    plan_card_refunds,
)
from marketplace.payments.commands.connect import (
    begin_account,
    begin_sending,
    choose_paying_way,
    keep_account,
    note_not_transferred,
    note_stands,
    note_transferred,
    send_by_transfer,
)
from marketplace.payments.commands.decide import approve_run, cancel_run, take_out
from marketplace.payments.commands.events import act_on_event, keep_event
from marketplace.payments.commands.family import (
    MakeFamilyLink,
    end_family_link,
    make_family_link,
)
from marketplace.payments.commands.forgetting import forget_person
from marketplace.payments.commands.lines import mark_not_ours, match_line, post_line, undo_line
from marketplace.payments.commands.pay import mark_paid, settle_items
from marketplace.payments.commands.propose import propose_daily, propose_run
from marketplace.payments.commands.regulars import (
    AskRegular,
    ask_regular,
    begin_due,
    begin_taking,
    keep_setup,
    note_given_up,
    note_taking,
    note_taking_refused,
    stop_regular,
)
from marketplace.payments.commands.sending import mark_sent
from marketplace.payments.commands.settling import (
    mark_out_not_ours,
    match_out_line,
    post_out_line,
    undo_out_line,
)
from marketplace.payments.commands.statements import (
    UploadStatement,
    drop_statement,
    say_columns,
    take_in_statement,
    upload_statement,
)
from marketplace.payments.commands.top_ups import (
    AskTopUp,
    GiveMoney,
    ask_top_up,
    give,
    keep_page,
    settle_top_up,
)

__all__ = [
    "AskRegular",
    "AskTopUp",
    "CardPage",
    "GiveMoney",
    "MakeFamilyLink",
    "SetBankAccount",
    "UploadStatement",
    "act_on_event",
    "approve_run",
    "ask_regular",
    "ask_top_up",
    "begin_account",
    "begin_card_refund",
    "begin_due",
    "begin_sending",
    "begin_taking",
    "bounce_item",
    "cancel_run",
    "choose_paying_way",
    "drop_statement",
    "end_family_link",
    "forget_person",
    "give",
    "keep_account",
    "keep_event",
    "keep_page",
    "keep_setup",
    "make_family_link",
    "make_reference",
    "mark_not_ours",
    "mark_out_not_ours",
    "mark_paid",
    "mark_sent",
    "match_line",
    "match_out_line",
    "note_answer",
    "note_call",
    "note_given_up",
    "note_no",
    "note_not_transferred",
    "note_stands",
    "note_taking",
    "note_taking_refused",
    "note_transferred",
    "plan_card_refunds",
    "post_line",
    "post_out_line",
    "propose_daily",
    "propose_run",
    "say_columns",
    "send_by_transfer",
    "set_bank_account",
    "settle_dispute",
    "settle_items",
    "settle_top_up",
    "stop_regular",
    "take_in_statement",
    "take_out",
    "undo_line",
    "undo_out_line",
    "unsettle_item",
    "upload_statement",
]
