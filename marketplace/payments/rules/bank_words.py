"""Where a bank statement and each of its lines is in its life. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class StatementState(StrEnum):
    """Where an uploaded statement is in its life."""

    COLUMNS = "columns"
    """Somebody must say which column holds what."""
    CHECKED = "checked"
    """Read, and waiting for a finance officer to take it into the books."""
    POSTED = "posted"

    @property
    def label(self) -> str:
        """The state in words."""
        return _STATEMENT_WORDS[self]


class LineState(StrEnum):
    """What is known of a line of a statement."""

    MATCHED = "matched"
    """It has one right reference; it goes into the books with its statement."""
    OPEN = "open"
    """A human must say whose it is."""
    POSTED = "posted"
    NOT_OURS = "not_ours"

    @property
    def label(self) -> str:
        """The state in words."""
        return _LINE_WORDS[self]

    @property
    def tone(self) -> str:
        """How the state feels: good, something to do, or quiet."""
        return _LINE_TONES[self]


class OutKind(StrEnum):
    """Which way a line about our own payments goes."""

    PAID = "paid"
    """Money went out."""
    RETURNED = "returned"
    """Money that had gone out came back."""

    @property
    def label(self) -> str:
        """The kind in words."""
        return _KIND_WORDS[self]


class OutState(StrEnum):
    """What is known of a line about money that went out, or came back."""

    MATCHED = "matched"
    """It names one of our payments, and the amount is right."""
    OPEN = "open"
    """A human must say which payment it is."""
    POSTED = "posted"
    NOT_OURS = "not_ours"

    @property
    def label(self) -> str:
        """The state in words."""
        return _OUT_WORDS[self]

    @property
    def tone(self) -> str:
        """How the state feels: good, something to do, or quiet."""
        return _OUT_TONES[self]


_KIND_WORDS: Mapping[OutKind, str] = MappingProxyType(
    {OutKind.PAID: "Went out", OutKind.RETURNED: "Came back"}
)
_OUT_WORDS: Mapping[OutState, str] = MappingProxyType(
    {
        OutState.MATCHED: "Reference and amount are right",
        OutState.OPEN: "Which payment is it?",
        OutState.POSTED: "In the books",
        OutState.NOT_OURS: "Not for the market",
    }
)
_OUT_TONES: Mapping[OutState, str] = MappingProxyType(
    {
        OutState.MATCHED: "info",
        OutState.OPEN: "notice",
        OutState.POSTED: "good",
        OutState.NOT_OURS: "quiet",
    }
)
_STATEMENT_WORDS: Mapping[StatementState, str] = MappingProxyType(
    {
        StatementState.COLUMNS: "Waiting for its columns",
        StatementState.CHECKED: "Waiting to be taken in",
        StatementState.POSTED: "Taken in",
    }
)
_LINE_WORDS: Mapping[LineState, str] = MappingProxyType(
    {
        LineState.MATCHED: "Reference is right",
        LineState.OPEN: "Whose is it?",
        LineState.POSTED: "Paid in",
        LineState.NOT_OURS: "Not for the market",
    }
)
_LINE_TONES: Mapping[LineState, str] = MappingProxyType(
    {
        LineState.MATCHED: "info",
        LineState.OPEN: "notice",
        LineState.POSTED: "good",
        LineState.NOT_OURS: "quiet",
    }
)
