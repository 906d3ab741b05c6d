"""What the search room refuses."""

from marketplace.kernel.errors import DomainError


class SearchRestingError(DomainError):
    """The index was lost, and is being made anew."""

    def __init__(self) -> None:
        """Say that it is not for long, and what there is meanwhile."""
        super().__init__(
            "Search is coming back. It takes a few minutes. Until then you can browse by category."
        )


class SearchBusyError(DomainError):
    """Somebody else has been writing the index for too long."""

    def __init__(self) -> None:
        """Say that trying again will do."""
        super().__init__("The search is being brought up to date. Try again in a minute.")


class BadParameterError(DomainError):
    """A parameter of the public interface is unknown, or cannot be read."""

    def __init__(self, parameter: str, sentence: str) -> None:
        """Keep which it is, for programs."""
        super().__init__(sentence)
        self.parameter = parameter


class TooManyCallsError(DomainError):
    """Somebody has asked the public interface too often within a minute."""

    def __init__(self, most: int, *, seconds: int) -> None:
        """Say how many calls there may be, and when to go on."""
        super().__init__(
            f"You may ask {most} times a minute. Wait {seconds} "
            f"{'second' if seconds == 1 else 'seconds'}, then go on."
        )
        self.seconds = seconds
