"""What this room refuses."""

from marketplace.kernel.errors import ConflictError


class NotYetError(ConflictError):
    """Something has to be done before an account can be closed."""
