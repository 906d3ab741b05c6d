"""Asking, answering, choosing, and what time does to it."""

from marketplace.asking.commands.answering import (
    WriteAnswer,
    answer_ask,
    choose_letters,
    pass_on_ask,
    withdraw_answer,
)
from marketplace.asking.commands.due import look_after_ask
from marketplace.asking.commands.ending import choose_answer, end_ask, extend_ask, take_down
from marketplace.asking.commands.forgetting import forget_asks, forget_person, forget_unmet
from marketplace.asking.commands.posting import (
    PostAsk,
    Preview,
    post_ask,
    preview_ask,
    tell_more_of,
)
from marketplace.asking.commands.price_endings import EndPrice, end_price, give_up_price
from marketplace.asking.commands.prices import OfferForAnswer, make_offer_for_answer

__all__ = [
    "EndPrice",
    "OfferForAnswer",
    "PostAsk",
    "Preview",
    "WriteAnswer",
    "answer_ask",
    "choose_answer",
    "choose_letters",
    "end_ask",
    "end_price",
    "extend_ask",
    "forget_asks",
    "forget_person",
    "forget_unmet",
    "give_up_price",
    "look_after_ask",
    "make_offer_for_answer",
    "pass_on_ask",
    "post_ask",
    "preview_ask",
    "take_down",
    "tell_more_of",
    "withdraw_answer",
]
