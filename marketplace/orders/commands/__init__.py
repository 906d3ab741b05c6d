"""Baskets, orders, visits and invoices: every write of this room."""

from marketplace.orders.commands.answers import (
    ProposeChange,
    accept_order,
    agree_change,
    decline_order,
    propose_change,
    turn_down_change,
)
from marketplace.orders.commands.basket import (
    PutInBasket,
    change_basket_line,
    put_in_basket,
    take_out,
)
from marketplace.orders.commands.billing import SayVat, agree_to_self_billing, say_vat
from marketplace.orders.commands.bulk import LineDone, ManyNoted, note_many
from marketplace.orders.commands.cancelling import cancel_order, cancel_visit
from marketplace.orders.commands.checking_in import CheckIn, check_in
from marketplace.orders.commands.confirming import confirm_visits
from marketplace.orders.commands.crediting import Credit, credit
from marketplace.orders.commands.disputes_answering import (
    Answer,
    AnswerQuery,
    answer_query,
    take_offer,
)
from marketplace.orders.commands.disputes_asking import QueryVisit, query_visit
from marketplace.orders.commands.disputes_mediating import (
    AskSide,
    DecideQuery,
    ask_side,
    decide_query,
)
from marketplace.orders.commands.disputes_moving import (
    SayMore,
    ask_council_to_decide,
    pass_on_silent,
    say_more,
    withdraw_query,
)
from marketplace.orders.commands.expiry import close_unanswered
from marketplace.orders.commands.family import decide_on_family
from marketplace.orders.commands.forgetting import forget_person, forget_query_files
from marketplace.orders.commands.notes import NoteDelivery, correct_note, note_delivery, undo_note
from marketplace.orders.commands.payers import ask_pool_for, choose_payer
from marketplace.orders.commands.place import PlaceOrder, place_order
from marketplace.orders.commands.proposals import Decided, approve_order, refuse_proposal
from marketplace.orders.commands.sending import Sent
from marketplace.orders.commands.silence import (
    confirm_silent_orders,
    tell_and_confirm_silent,
    tell_silent_order,
)
from marketplace.orders.commands.standing_ahead import look_ahead
from marketplace.orders.commands.standing_changes import (
    ChangeStanding,
    accept_standing_change,
    change_standing,
    decline_standing_change,
)
from marketplace.orders.commands.standing_ends import EndStanding, end_standing, stop_providing
from marketplace.orders.commands.standing_gaps import (
    LeaveOut,
    pause_standing,
    resume_standing,
    skip_visit,
)
from marketplace.orders.commands.standing_pool_answers import AnswerInPool, answer_in_pool
from marketplace.orders.commands.standing_prices import (
    agree_to_price,
    keep_old_price,
    turn_down_price,
)
from marketplace.orders.commands.standing_start import StartStanding, start_standing
from marketplace.orders.commands.standing_weeks import order_week
from marketplace.orders.commands.standing_workers import send_worker, send_worker_to_visit
from marketplace.orders.commands.stops import (
    SayStop,
    look_for_more,
    notice_stop,
    say_stop,
    withdraw_stop,
)
from marketplace.orders.commands.stops_ending import end_stopped
from marketplace.orders.commands.stops_moving import (
    MoveItem,
    draft_order_again,
    end_item,
    move_standing_order,
    say_nobody,
)

__all__ = [
    "Answer",
    "AnswerInPool",
    "AnswerQuery",
    "AskSide",
    "ChangeStanding",
    "CheckIn",
    "Credit",
    "DecideQuery",
    "Decided",
    "EndStanding",
    "LeaveOut",
    "LineDone",
    "ManyNoted",
    "MoveItem",
    "NoteDelivery",
    "PlaceOrder",
    "ProposeChange",
    "PutInBasket",
    "QueryVisit",
    "SayMore",
    "SayStop",
    "SayVat",
    "Sent",
    "StartStanding",
    "accept_order",
    "accept_standing_change",
    "agree_change",
    "agree_to_price",
    "agree_to_self_billing",
    "answer_in_pool",
    "answer_query",
    "approve_order",
    "ask_council_to_decide",
    "ask_pool_for",
    "ask_side",
    "cancel_order",
    "cancel_visit",
    "change_basket_line",
    "change_standing",
    "check_in",
    "choose_payer",
    "close_unanswered",
    "confirm_silent_orders",
    "confirm_visits",
    "correct_note",
    "credit",
    "decide_on_family",
    "decide_query",
    "decline_order",
    "decline_standing_change",
    "draft_order_again",
    "end_item",
    "end_standing",
    "end_stopped",
    "forget_person",
    "forget_query_files",
    "keep_old_price",
    "look_ahead",
    "look_for_more",
    "move_standing_order",
    "note_delivery",
    "note_many",
    "notice_stop",
    "order_week",
    "pass_on_silent",
    "pause_standing",
    "place_order",
    "propose_change",
    "put_in_basket",
    "query_visit",
    "refuse_proposal",
    "resume_standing",
    "say_more",
    "say_nobody",
    "say_stop",
    "say_vat",
    "send_worker",
    "send_worker_to_visit",
    "skip_visit",
    "start_standing",
    "stop_providing",
    "take_offer",
    "take_out",
    "tell_and_confirm_silent",
    "tell_silent_order",
    "turn_down_change",
    "turn_down_price",
    "undo_note",
    "withdraw_query",
    "withdraw_stop",
]
