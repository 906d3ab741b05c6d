"""What the lists refuse."""

from marketplace.kernel.errors import ConflictError, DomainError


class BadListWordsError(DomainError):
    """A name or note is missing or too long."""


class ListFullError(ConflictError):
    """There are as many lists, things or notes as there is room for."""
