"""What payments refuse."""

from marketplace.kernel.errors import ConflictError, DomainError, NotAllowedError


class NothingToPayError(ConflictError):
    """No invoice waits for payment that could be paid now."""

    def __init__(self) -> None:
        super().__init__("There is nothing to pay now. Perhaps a colleague has just proposed it.")


class WrongRunStateError(ConflictError):
    """The run is not in a state in which this can be done."""


class SameOfficerError(NotAllowedError):
    """Whoever proposed a run is not the one who approves it."""

    def __init__(self) -> None:
        super().__init__(
            "You proposed this run, so somebody else must approve it. Ask another finance officer."
        )


class BankDetailsChangedError(ConflictError):
    """A provider has other bank details now than when the run was proposed."""

    def __init__(self, names: str) -> None:
        super().__init__(
            f"The bank details of {names} have changed since this run was proposed. "
            "Cancel the run and propose it again."
        )


class PaidOnError(DomainError):
    """The run cannot have been paid on that day."""
