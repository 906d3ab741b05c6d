"""What is typed about orders: shape, not permission."""

from marketplace.orders.forms.buying import (
    BasketLineForm,
    CancelForm,
    ChangeForm,
    ConfirmForm,
    CreditForm,
    DecideForm,
    DeclineForm,
    MomentForm,
    NoteForm,
    PlaceForm,
    Ticket,
    WholeField,
    WordsForm,
    WrongForm,
)
from marketplace.orders.forms.circle import DeclareForm, FamilyDecisionForm, FamilyForm
from marketplace.orders.forms.desk import DeskForm

__all__ = [
    "BasketLineForm",
    "CancelForm",
    "ChangeForm",
    "ConfirmForm",
    "CreditForm",
    "DecideForm",
    "DeclareForm",
    "DeclineForm",
    "DeskForm",
    "FamilyDecisionForm",
    "FamilyForm",
    "MomentForm",
    "NoteForm",
    "PlaceForm",
    "Ticket",
    "WholeField",
    "WordsForm",
    "WrongForm",
]
