"""What orders refuse."""

from marketplace.kernel.errors import ConflictError, DomainError, NotAllowedError
from marketplace.kernel.money import Money


class WrongStateError(ConflictError):
    """The order or visit is not in a state in which this can be done."""


class TooEarlyError(ConflictError):
    """A visit cannot be noted before it begins."""


class ElsewhereError(ConflictError):
    """The worker was at another visit at that time."""


class OwnStoreError(NotAllowedError):
    """Nobody orders from a store they work for."""


class CeilingError(NotAllowedError):
    """The order is more than the supporter may spend at once."""


class SameHandsError(NotAllowedError):
    """Whoever suggested a spend is not the one who approves it."""


class ConflictedError(NotAllowedError):
    """Whoever earns from a store does not say yes to an order from it."""


class FamilyCarerError(ConflictError):
    """The council that pays has a rule about paying family."""


class BadLineError(DomainError):
    """What was put in the basket cannot be ordered like this."""


class DisputeRefusedError(BadLineError):
    """What is said about a query cannot be. ``field`` names what is wrong."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class StopRefusedError(DomainError):
    """A provider cannot stop like this. ``field`` names what is wrong."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class OfferOverError(ConflictError):
    """An offer of a standing order cannot be had any more."""


class StandingRefusedError(DomainError):
    """A standing order cannot be like this. ``field`` names what is wrong."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class NoMoneyError(DomainError):
    """There is no funding line that could pay."""


class CreditTooMuchError(DomainError):
    """An invoice cannot be credited by more than is left of it."""


class BadVatError(DomainError):
    """What was said about VAT cannot be. ``field`` names what is wrong."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class NoFileError(ConflictError):
    """A paper has no file for programs: it is not an invoice in the provider's name."""


class PriceChangedError(ConflictError):
    """The price is not the one that was shown."""

    def __init__(self, *, shown: Money, now: Money) -> None:
        super().__init__(
            f"The price has changed. It was {shown} when you looked, and is {now} now. "
            "Look at it again before you place the order."
        )
        self.shown = shown
        self.now = now


class ShareDueError(ConflictError):
    """It is late to cancel, so a share of the price is due, and that was not agreed to yet."""

    def __init__(self, due: Money) -> None:
        super().__init__(
            f"It is late to cancel. You would still pay {due}. Say yes to that, or keep the visit."
        )
        self.due = due
