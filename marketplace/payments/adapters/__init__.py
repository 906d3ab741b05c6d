"""The card company: where a card is typed, and what it tells us. Cards never come here."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPage:
    """A wish for a page of the card company on which one amount is paid."""

    top_up_id: UUID
    amount: Money
    words: str
    """What the money is for, as the payer reads it there; names nobody."""
    back_url: str
    """Where the payer comes back to, paid or not."""


@dataclass(frozen=True, slots=True)
class CardPage:
    """A page of the card company."""

    session_id: str
    url: str


class CardPages(Protocol):
    """Opens pages on which cards are typed."""

    def open(self, wish: OpenPage) -> CardPage:
        """Open a page; asking again for the same payment gives the same page.

        Raises:
            CardPageError: the card company does not answer, or says no.
        """
        ...
