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
from marketplace.orders.commands.cancelling import cancel_order, cancel_visit
from marketplace.orders.commands.confirming import confirm_visits, query_visit
from marketplace.orders.commands.crediting import Credit, credit
from marketplace.orders.commands.expiry import close_unanswered
from marketplace.orders.commands.family import decide_on_family
from marketplace.orders.commands.forgetting import forget_person
from marketplace.orders.commands.notes import NoteDelivery, correct_note, note_delivery
from marketplace.orders.commands.payers import ask_pool_for, choose_payer
from marketplace.orders.commands.place import PlaceOrder, place_order
from marketplace.orders.commands.proposals import Decided, approve_order, refuse_proposal
from marketplace.orders.commands.silence import tell_and_confirm_order, tell_and_confirm_silent

__all__ = [
    "Credit",
    "Decided",
    "NoteDelivery",
    "PlaceOrder",
    "ProposeChange",
    "PutInBasket",
    "accept_order",
    "agree_change",
    "approve_order",
    "ask_pool_for",
    "cancel_order",
    "cancel_visit",
    "change_basket_line",
    "choose_payer",
    "close_unanswered",
    "confirm_visits",
    "correct_note",
    "credit",
    "decide_on_family",
    "decline_order",
    "forget_person",
    "note_delivery",
    "place_order",
    "propose_change",
    "put_in_basket",
    "query_visit",
    "refuse_proposal",
    "take_out",
    "tell_and_confirm_order",
    "tell_and_confirm_silent",
    "turn_down_change",
]
