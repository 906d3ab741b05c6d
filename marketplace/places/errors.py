"""What the places room refuses."""

from collections.abc import Sequence

from marketplace.kernel.errors import NotFoundError

_SHOWN_MAX = 20


class PlaceNotFoundError(NotFoundError):
    """There is no such postcode, or it is not written as one."""

    def __init__(self, typed: str) -> None:
        """Say what was typed and what to do."""
        shown = _short(typed)
        super().__init__(
            f"We cannot find the postcode “{shown}”. Check it, or type just its first half."
            if shown
            else "Type a postcode, or just its first half."
        )


class NameNotFoundError(PlaceNotFoundError):
    """There is no postcode or town of that name, or there are several."""

    def __init__(
        self, typed: str, *, meant: str | None = None, several: Sequence[str] = ()
    ) -> None:
        """Say what was typed and what to do, and name what may have been meant."""
        shown = _short(typed)
        if several:
            sentence = f"There is more than one “{shown}”. Type {' or '.join(several)}."
        elif meant:
            sentence = f"We cannot find “{shown}”. Did you mean {meant}?"
        else:
            sentence = f"We cannot find “{shown}”. Type a postcode, its first half, or a town."
        NotFoundError.__init__(self, sentence)


def _short(typed: str) -> str:
    return " ".join(typed.split())[:_SHOWN_MAX]
