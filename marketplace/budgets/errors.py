"""What budgets refuse."""

from typing import Protocol
from uuid import UUID

from marketplace.kernel.errors import ConflictError, DomainError
from marketplace.kernel.money import Money


class Refused(Protocol):
    """Why a spend may not be: a sentence for the person, and the same for those who count."""

    @property
    def refusal(self) -> str:
        """The sentence."""
        ...

    @property
    def why(self) -> str | None:
        """Which kind of refusal it is."""
        ...

    @property
    def line_id(self) -> UUID | None:
        """The funding line whose limit it is."""
        ...

    @property
    def limit_id(self) -> UUID | None:
        """The limit that stands in the way."""
        ...

    @property
    def remaining(self) -> Money:
        """What was left, of the money or under the limit."""
        ...


class SpendRefusedError(DomainError):
    """There is too little money, or a limit stands in the way."""

    def __init__(self, answer: Refused) -> None:
        super().__init__(answer.refusal)
        self.answer = answer


class CaptureTooMuchError(ConflictError):
    """More would be paid, released or refunded than is there for it."""

    def __init__(self, left: Money, wanted: Money) -> None:
        super().__init__(f"Only {left} is set aside for this, and {wanted} was asked for.")
        self.left = left
        self.wanted = wanted


class RefundTooMuchError(ConflictError):
    """More would be given back than was paid."""

    def __init__(self, left: Money, wanted: Money) -> None:
        super().__init__(f"Only {left} was paid for this, and {wanted} was to be given back.")
        self.left = left
        self.wanted = wanted


class OrderIdReusedError(ConflictError):
    """Money is set aside for an order with this id already, but not this money."""

    def __init__(self) -> None:
        super().__init__("Money was already set aside for this order, but a different amount.")


class BadLineError(DomainError):
    """A funding line cannot be like this. ``field`` names what is wrong."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class PriceRiseError(DomainError):
    """A standing order costs more than was agreed to."""

    def __init__(self, agreed: Money, wanted: Money) -> None:
        super().__init__(
            f"This now costs {wanted}, and you agreed to {agreed}. It waits until you agree."
        )
        self.agreed = agreed
        self.wanted = wanted


class BadPurchaseError(DomainError):
    """Something bought elsewhere cannot be written down so. ``field`` names what is wrong."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
