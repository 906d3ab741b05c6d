"""What the search room refuses."""

from marketplace.kernel.errors import DomainError


class SearchRestingError(DomainError):
    """The index was lost, and is being made anew."""

    def __init__(self) -> None:
        """Say that it is not for long, and what there is meanwhile."""
        super().__init__(
            "Search is coming back. It takes a few minutes. Until then you can browse by category."
        )


class SearchBusyError(DomainError):
    """Somebody else has been writing the index for too long."""

    def __init__(self) -> None:
        """Say that trying again will do."""
        super().__init__("The search is being brought up to date. Try again in a minute.")
