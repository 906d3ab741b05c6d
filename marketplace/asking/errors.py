"""What asking the market refuses."""

from marketplace.kernel.errors import ConflictError, DomainError


class AskOverError(ConflictError):
    """The ask, or an answer to it, is no longer open for this."""


class BadAskError(DomainError):
    """Something of an ask or an answer is not complete; ``field`` says which part."""

    def __init__(self, sentence: str, *, field: str = "words") -> None:
        super().__init__(sentence)
        self.field = field


class TooManyAsksError(ConflictError):
    """They have asked for many things already that are still open."""
