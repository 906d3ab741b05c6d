"""What access refuses."""

from marketplace.kernel.errors import ConflictError, DomainError, NotAllowedError


class EmailTakenError(DomainError):
    """Somebody already has an account with this e-mail address."""


class SameEmailError(DomainError):
    """The new e-mail address is the old one."""


class WrongPasswordError(DomainError):
    """The e-mail address and password do not belong together."""


class TooManyTriesError(DomainError):
    """Too many sign-in tries in a short time."""


class WeakPasswordError(DomainError):
    """The password is too short or too well known."""


class LinkExpiredError(ConflictError):
    """A link from a letter is too old, was used already, or is not ours."""


class NotInCircleError(NotAllowedError):
    """The supporter's permissions do not reach this far."""


class InvitationError(ConflictError):
    """The invitation cannot be made, accepted or changed like this."""


class CircleTooSmallError(ConflictError):
    """Two people could not say yes to what somebody in this circle suggests."""


class DeclarationError(DomainError):
    """What a supporter or person declares is not whole."""
