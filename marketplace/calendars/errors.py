"""What calendars refuse."""

from marketplace.kernel.errors import ConflictError, DomainError, NotFoundError


class NoSuchTimeError(NotFoundError):
    """There is no such week or month, or it is too far away."""

    def __init__(self) -> None:
        super().__init__("There is no such week or month in this calendar.")


class NoCalendarError(NotFoundError):
    """There is no calendar at this address, or not any more."""

    def __init__(self) -> None:
        super().__init__("There is no calendar at this address, or it was changed.")


class LinkError(DomainError):
    """A link of a letter is not whole, or not ours."""

    def __init__(self) -> None:
        super().__init__(
            "A part of this link is missing. Copy all of it out of the e-mail, and try again."
        )


class NotFollowedError(ConflictError):
    """There is no address that could be changed."""

    def __init__(self) -> None:
        super().__init__("This calendar has no address yet. Make one first.")
