"""What reports refuse."""

from marketplace.kernel.errors import DomainError


class BadPeriodError(DomainError):
    """The days asked for are no period we can report on."""
