"""What talking refuses."""

from marketplace.kernel.errors import ConflictError, DomainError


class BadWordsError(DomainError):
    """What was written is not complete, or too long; ``field`` says which answer."""

    def __init__(self, sentence: str, *, field: str = "words") -> None:
        super().__init__(sentence)
        self.field = field


class NoStoreKeeperError(ConflictError):
    """There is nobody at this store who could answer."""

    def __init__(self) -> None:
        super().__init__("Nobody looks after this store yet, so nobody could answer.")


class NotPlacedError(ConflictError):
    """The provider does not know of this order."""

    def __init__(self) -> None:
        super().__init__(
            "This order is not placed, so the provider does not know of it. "
            "You can ask them about the offer."
        )


class NoCouncilError(ConflictError):
    """No council looks after this conversation."""

    def __init__(self) -> None:
        super().__init__(
            "No council has to do with this conversation, so nobody could look at it. "
            "If it worries you, use “Worried about somebody?”."
        )
