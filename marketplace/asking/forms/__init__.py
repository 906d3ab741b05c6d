"""What is typed on the pages of asks."""

from marketplace.asking.forms.answering import (
    AnswerForm,
    EndPriceForm,
    ExtendForm,
    ReasonForm,
    SaleForm,
)
from marketplace.asking.forms.asking import (
    AskStep,
    CheckForm,
    NeedForm,
    WhereForm,
    WishesForm,
    ask_wish,
    say_where_it_belongs,
)

__all__ = [
    "AnswerForm",
    "AskStep",
    "CheckForm",
    "EndPriceForm",
    "ExtendForm",
    "NeedForm",
    "ReasonForm",
    "SaleForm",
    "WhereForm",
    "WishesForm",
    "ask_wish",
    "say_where_it_belongs",
]
