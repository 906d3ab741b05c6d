"""What the open data refuses."""

from marketplace.kernel.errors import ConflictError, DomainError


class BadQuestionError(DomainError):
    """A parameter of the feed cannot be read; the sentence says which one."""


class BadFeedError(DomainError):
    """A feed or file cannot be taken over at all; the sentence says why."""


class RefusedAddressError(BadFeedError):
    """An address is not one of the public internet, so nothing is fetched from it."""


class TooMuchError(BadFeedError):
    """A feed or file is bigger, or takes longer, than anything real does."""


class AnsweredAlreadyError(ConflictError):
    """Somebody has answered this question already."""
