"""What the search room refuses."""

from marketplace.kernel.errors import DomainError


class SearchBusyError(DomainError):
    """Somebody else has been writing the index for too long."""

    def __init__(self) -> None:
        """Say that trying again will do."""
        super().__init__("The search is being brought up to date. Try again in a minute.")
