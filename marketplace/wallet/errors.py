"""What the ledger refuses."""

from marketplace.kernel.errors import ConflictError, DomainError
from marketplace.kernel.money import Money


class InsufficientFundsError(DomainError):
    """An account would go below nothing."""

    def __init__(self, available: Money, wanted: Money) -> None:
        super().__init__(f"There is {available} left, and this needs {wanted}.")
        self.available = available
        self.wanted = wanted


class KeyReusedError(ConflictError):
    """The key of a transfer belongs to a different movement."""

    def __init__(self, key: str) -> None:
        super().__init__("This was done already, with other amounts.")
        self.key = key
