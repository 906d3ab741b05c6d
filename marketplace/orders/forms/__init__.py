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
    PlaceForm,
    Ticket,
    WholeField,
    WordsForm,
)
from marketplace.orders.forms.circle import DeclareForm, FamilyDecisionForm, FamilyForm
from marketplace.orders.forms.delivery import (
    TODAY,
    KeyForm,
    NoteForm,
    NoteTableForm,
    PhoneForm,
    TableForm,
)
from marketplace.orders.forms.desk import DeskForm
from marketplace.orders.forms.disputes import (
    AnswerForm,
    DecisionForm,
    QueryForm,
    QuestionForm,
    SayMoreForm,
    TakeOfferForm,
    ToCouncilForm,
)

__all__ = [
    "TODAY",
    "AnswerForm",
    "BasketLineForm",
    "CancelForm",
    "ChangeForm",
    "ConfirmForm",
    "CreditForm",
    "DecideForm",
    "DecisionForm",
    "DeclareForm",
    "DeclineForm",
    "DeskForm",
    "FamilyDecisionForm",
    "FamilyForm",
    "KeyForm",
    "MomentForm",
    "NoteForm",
    "NoteTableForm",
    "PhoneForm",
    "PlaceForm",
    "QueryForm",
    "QuestionForm",
    "SayMoreForm",
    "TableForm",
    "TakeOfferForm",
    "Ticket",
    "ToCouncilForm",
    "WholeField",
    "WordsForm",
]
