"""What budgets refuse."""

from collections.abc import Sequence
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


class MoneyGoneError(ConflictError):
    """What was put back cannot be set aside once more. The words tell nobody how much there is."""


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


class SecondLookError(DomainError):
    """A limit may come between somebody and food or safety, and nobody has said why."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = tuple(reasons)


class OwnLimitError(ConflictError):
    """Whoever asks would have to answer themself."""

    def __init__(self) -> None:
        super().__init__(
            "You set this limit yourself, and nobody else is named to be asked. "
            "You can end it instead."
        )


class AskedAlreadyError(ConflictError):
    """The same was asked, and has no answer yet."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"You have asked {name} already, and they have not answered yet. "
            "You can take it back and ask again."
        )


class AnsweredAlreadyError(ConflictError):
    """Somebody else was quicker."""


class HandoverDoneError(ConflictError):
    """An offer to go on with a line was answered or taken back already."""

    def __init__(self) -> None:
        super().__init__("This was answered or taken back already. Look at it again.")


class PoolError(ConflictError):
    """A pool, or somebody's part in it, does not allow this."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)


class ClawbackDoneError(ConflictError):
    """A notice was answered or decided already."""

    def __init__(self) -> None:
        super().__init__("This was answered or decided already. Look at it again.")
