"""What may be written, how often, and what becomes of it. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from marketplace.talk.errors import BadWordsError

CONCERN_LENGTH_MAX = 5_000
NOTE_LENGTH_MAX = 5_000
LINE_LENGTH_MAX = 200
CONCERNS_OF_NETWORK_MAX = 30
"""So many in a quarter of an hour from one network address: a whole day centre may be worried."""


MESSAGE_LENGTH_MAX = 5_000
REPORT_LENGTH_MAX = 1_000
MESSAGES_MAX = 20
"""So many messages one account may send in a quarter of an hour."""
THREADS_MAX = 10
"""So many conversations one account may begin in a quarter of an hour."""
ABOUT_THE_STORE = "store"
"""What stands for an offer where the question is about the store as a whole."""


class Subject(StrEnum):
    """What a conversation is about."""

    ORDER = "order"
    QUESTION = "question"
    PLAN = "plan"

    @property
    def label(self) -> str:
        """What it is about, as the list says it."""
        return _SUBJECT_WORDS[self]


PLAN_TITLE = "Plan and money"
_SUBJECT_WORDS: Mapping[Subject, str] = MappingProxyType(
    {
        Subject.ORDER: "About an order",
        Subject.QUESTION: "A question",
        Subject.PLAN: "About plan and money",
    }
)


class Side(StrEnum):
    """For whom somebody writes."""

    PERSON = "person"
    PROVIDER = "provider"
    COUNCIL = "council"


class CallBack(StrEnum):
    """How the team may get back to whoever is worried."""

    NO = "no"
    PHONE = "phone"
    EMAIL = "email"

    @property
    def label(self) -> str:
        """The answer in words, as on the form."""
        return {"no": "No", "phone": "Yes, ring me", "email": "Yes, by e-mail"}[self.value]


class ConcernState(StrEnum):
    """What has become of a concern."""

    NEW = "new"
    LOOKED_AT = "looked_at"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The state in words."""
        return {"new": "New", "looked_at": "Being looked at", "closed": "Closed"}[self.value]

    @property
    def tone(self) -> str:
        """How loud its tag is."""
        return {"new": "bad", "looked_at": "notice", "closed": "quiet"}[self.value]


def checked(typed: str, *, most: int, needed: str = "", field: str = "words") -> str:
    """Return words that are not too long; with ``needed``, that are there.

    Raises:
        BadWordsError: there are none and ``needed`` is said, or there are too many.
    """
    words = typed.strip()
    if needed and not words:
        raise BadWordsError(needed, field=field)
    if len(words) > most:
        raise BadWordsError(
            f"Use at most {most:,} characters. You have used {len(words):,}.", field=field
        )
    return words


def wait_words(seconds: int) -> str:
    """Return a wait in words, a part of an hour or day counted as a whole one."""
    hours = -(-seconds // 3600)
    if hours <= 1:
        return "within an hour"
    if hours <= 24:  # noqa: PLR2004 - a day has so many
        return f"within {hours} hours"
    return f"within {-(-hours // 24)} days"
