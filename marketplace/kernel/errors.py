"""What the market refuses, in sentences a person can read."""


class DomainError(Exception):
    """A refusal. Its message is the sentence for the person."""


class NotFoundError(DomainError):
    """What was asked for does not exist, or not for the one who asks."""

    def __init__(self, sentence: str = "We cannot find that.") -> None:
        super().__init__(sentence)


class NotAllowedError(DomainError):
    """The one who asks may see this but not do it."""


class ConflictError(DomainError):
    """The deed does not fit the state things are in now."""
