"""What talking refuses."""

from marketplace.kernel.errors import DomainError


class BadWordsError(DomainError):
    """What was written is not complete, or too long; ``field`` says which answer."""

    def __init__(self, sentence: str, *, field: str = "words") -> None:
        super().__init__(sentence)
        self.field = field
