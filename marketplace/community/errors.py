"""What the community catalogue refuses."""

from marketplace.kernel.errors import DomainError


class BadTimetableError(DomainError):
    """The timetable is not one that can be read, or it never happens."""


class BadEntryError(DomainError):
    """A group or entry is not written as it has to be."""


class LastKeeperError(DomainError):
    """Nobody else looks after the group, so it has to be closed or handed on first."""


class WrongStateError(DomainError):
    """That was decided, answered or ended already."""


class ReasonMissingError(DomainError):
    """Somebody is refused something, and is not told why."""


class LinkExpiredError(DomainError):
    """The link from a letter is too old, not ours, or was used."""


class NoSuchPersonError(DomainError):
    """Nobody has an account with this e-mail address."""
