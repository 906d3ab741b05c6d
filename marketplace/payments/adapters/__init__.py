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


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """What the card company says of something it was asked to do."""

    id: str
    """Its name for it."""
    status: str
    why: str


@dataclass(frozen=True, slots=True)
class AccountStands:
    """How a provider's account with the card company stands."""

    ready: bool
    missing: str
    """What it still wants to know, in its own words, with spaces between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSetup:
    """A wish for a page on which a card is kept for regular payments."""

    regular_id: UUID
    customer: str
    back_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """A wish to take one regular payment."""

    top_up_id: UUID
    amount: Money
    customer: str
    method: str
    words: str


class CardMoney(Protocol):
    """Moves money by the card company.

    Each raises CardRefusedError for a no that stays one, and CardSilentError if nobody answers.
    """

    def refund(self, *, refund_id: UUID, payment: str, amount: Money) -> CardAnswer:
        """Give money back to the card of a payment."""
        ...

    def find_refund(self, *, refund_id: UUID, payment: str) -> CardAnswer | None:
        """Return a refund that was asked for before, if it is known."""
        ...

    def make_customer(self, *, regular_id: UUID) -> str:
        """Make somebody whose card can be kept, and return their name."""
        ...

    def open_setup(self, wish: OpenSetup) -> CardPage:
        """Open a page on which a card is typed, to be kept."""
        ...

    def take(self, wish: Taking) -> CardAnswer:
        """Take one regular payment from a card that is kept."""
        ...

    def give_up(self, *, payment: str) -> None:
        """Give a payment up, so that it is never taken any more."""
        ...

    def make_account(self, *, provider_id: UUID) -> str:
        """Make an account for a provider, and return its name."""
        ...

    def account_page(self, *, account_id: str, back_url: str, again_url: str) -> str:
        """Return a page on which a provider tells about itself."""
        ...

    def account(self, *, account_id: str) -> AccountStands:
        """Return how a provider's account stands."""
        ...

    def send(
        self, *, key: str, item_id: UUID, account_id: str, amount: Money, words: str
    ) -> CardAnswer:
        """Send money to a provider's account; the same key sends it once."""
        ...

    def find_sent(self, *, key: str) -> CardAnswer | None:
        """Return what was sent under a key before, if it is known."""
        ...
