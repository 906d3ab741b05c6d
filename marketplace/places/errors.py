"""What the places room refuses."""

from marketplace.kernel.errors import NotFoundError


class PlaceNotFoundError(NotFoundError):
    """There is no such postcode, or it is not written as one."""

    def __init__(self, typed: str) -> None:
        """Say what was typed and what to do, and keep a very long text short."""
        shown = " ".join(typed.split())[:20]
        super().__init__(
            f"We cannot find the postcode “{shown}”. Check it, or type just its first half."
            if shown
            else "Type a postcode, or just its first half."
        )
