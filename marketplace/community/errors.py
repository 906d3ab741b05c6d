"""What the community catalogue refuses."""

from marketplace.kernel.errors import DomainError


class BadTimetableError(DomainError):
    """The timetable is not one that can be read, or it never happens."""
