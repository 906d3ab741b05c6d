"""What ratings refuse."""

from marketplace.kernel.errors import ConflictError, DomainError, NotAllowedError


class NotDeliveredError(ConflictError):
    """There is nothing to rate yet."""

    def __init__(self) -> None:
        super().__init__(
            "You can rate this when something was delivered and you have confirmed it."
        )


class OwnStoreRatingError(NotAllowedError):
    """Nobody rates a store they work for."""

    def __init__(self) -> None:
        super().__init__(
            "You or the person you support work for this provider, so you cannot rate it."
        )


class PersonsOwnRatingError(NotAllowedError):
    """A supporter does not write over what the person has written."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has written this rating. Only they can change it.")


class AlreadyRepliedError(ConflictError):
    """A provider replies once."""

    def __init__(self) -> None:
        super().__init__("You have replied to this rating already. A reply cannot be changed.")


class BadRatingError(DomainError):
    """The rating, reply or reason is not complete, or too long."""
