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
from marketplace.orders.forms.stops import CouncilStopForm, MoveForm, StopForm

__all__ = [
    "TODAY",
    "AnswerForm",
    "BasketLineForm",
    "CancelForm",
    "ChangeForm",
    "ConfirmForm",
    "CouncilStopForm",
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
    "MoveForm",
    "NoteForm",
    "NoteTableForm",
    "PhoneForm",
    "PlaceForm",
    "QueryForm",
    "QuestionForm",
    "SayMoreForm",
    "StopForm",
    "TableForm",
    "TakeOfferForm",
    "Ticket",
    "ToCouncilForm",
    "WholeField",
    "WordsForm",
]
