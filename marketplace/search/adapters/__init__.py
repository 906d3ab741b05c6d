"""The engines behind the search, all alike from outside."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, runtime_checkable
from uuid import UUID

from sqlalchemy import Connection

from marketplace.search.rules import Entry, Query, Results, Suggestion


class Engine(Protocol):
    """Keeps an index and answers searches from it.

    Every engine finds the same entries and counts them alike; only the order of almost equal
    answers may differ. An engine ends its own writes: what ``add`` has returned from is found.
    """

    def add(self, entries: Iterable[Entry]) -> None:
        """Put entries into the index, each in place of an older one with its id."""

    def remove(self, ids: Iterable[UUID]) -> None:
        """Take entries out; ids that are not there are no error."""

    def rebuild(self, entries: Iterable[Entry]) -> None:
        """Replace the whole index at once."""

    def search(self, query: Query) -> Results:
        """Answer a search.

        Raises:
            SearchRestingError: the index was lost and has not been filled again yet.
        """
        ...

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return ways to go on with what has been typed so far, and what each would find."""
        ...

    def common_words(self, most: int) -> list[str]:
        """Return the words that most entries have, the commonest first."""
        ...

    def size(self) -> int:
        """Return how many entries the index has."""
        ...

    def needs_rebuild(self) -> bool:
        """Return whether the index was lost, or made with an older understanding of words."""
        ...

    def ready(self) -> bool:
        """Return whether a search would be answered: the index was not lost, or is back."""
        ...

    def advice(self) -> str | None:
        """Return what whoever runs the market should change for this engine; mostly nothing."""
        ...


@runtime_checkable
class EngineOfTheDatabase(Engine, Protocol):
    """Keeps its index in the market's own database: what is saved can be found at once."""

    def lock(self, connection: Connection, ids: Iterable[UUID]) -> None:
        """Let nobody else write these entries until a transaction has ended."""

    def tidy(self, on: date) -> None:
        """Clear up after the writers, once a day."""

    def learn(self, texts: Iterable[str]) -> None:
        """Get to know, in one go, which entries have what many have, and what some texts ask."""

    def write(self, connection: Connection, entries: Iterable[Entry], gone: Iterable[UUID]) -> None:
        """Put entries in and take others out, in the transaction of a connection."""
