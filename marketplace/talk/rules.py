"""What may be written, how often, and what becomes of it. Pure."""

from enum import StrEnum

from marketplace.talk.errors import BadWordsError

CONCERN_LENGTH_MAX = 5_000
NOTE_LENGTH_MAX = 5_000
LINE_LENGTH_MAX = 200
CONCERNS_OF_NETWORK_MAX = 30
"""So many in a quarter of an hour from one network address: a whole day centre may be worried."""


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
