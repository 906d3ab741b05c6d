"""Reading asks and answers, each for those whom they concern."""

from marketplace.asking.queries.data import data_of
from marketplace.asking.queries.due import asks_due, asks_to_tell
from marketplace.asking.queries.moderation import (
    AskToModerate,
    ask_to_moderate,
    asks_to_moderate,
)
from marketplace.asking.queries.person import (
    AnswerCard,
    AskView,
    ask_for,
    asks_of,
    category_names,
    days_to_answer,
)
from marketplace.asking.queries.rows import AskRow, SeenAsk
from marketplace.asking.queries.store import (
    AskForStore,
    NearAsk,
    OwnAnswer,
    ask_near,
    asks_near,
    wants_no_letters,
)

__all__ = [
    "AnswerCard",
    "AskForStore",
    "AskRow",
    "AskToModerate",
    "AskView",
    "NearAsk",
    "OwnAnswer",
    "SeenAsk",
    "ask_for",
    "ask_near",
    "ask_to_moderate",
    "asks_due",
    "asks_near",
    "asks_of",
    "asks_to_moderate",
    "asks_to_tell",
    "category_names",
    "data_of",
    "days_to_answer",
    "wants_no_letters",
]
