"""What councils refuse."""

from marketplace.kernel.errors import DomainError


class SlugTakenError(DomainError):
    """Another council, or a page of ours, has this address."""


class PoorContrastError(DomainError):
    """White words on this colour could not be read by everybody."""


class BadColourError(DomainError):
    """The colour is not written as #rrggbb."""


class LastAdministratorError(DomainError):
    """A council needs at least one administrator."""


class NoSuchPersonError(DomainError):
    """Nobody is known to read letters to this address."""


class BadDistrictError(DomainError):
    """What was typed is not the first half of a postcode."""
