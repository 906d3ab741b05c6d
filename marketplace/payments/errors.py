"""What payments refuse."""

from marketplace.kernel.errors import ConflictError, DomainError, NotAllowedError


class NothingToPayError(ConflictError):
    """No invoice waits for payment that could be paid now."""

    def __init__(self) -> None:
        super().__init__("There is nothing to pay now. Perhaps a colleague has just proposed it.")


class WrongRunStateError(ConflictError):
    """The run is not in a state in which this can be done."""


class WrongItemStateError(ConflictError):
    """The payment is not in a state in which this can be done."""


class SameOfficerError(NotAllowedError):
    """Whoever proposed a run is not the one who approves it."""

    def __init__(self) -> None:
        super().__init__(
            "You proposed this run, so somebody else must approve it. Ask another finance officer."
        )


class SecondHandError(NotAllowedError):
    """Whoever approved a run that nobody proposed is not the one who sends it."""

    def __init__(self) -> None:
        super().__init__(
            "You approved this run, and nobody else has looked at it yet. "
            "Ask another finance officer to send it to the bank."
        )


class BankDetailsChangedError(ConflictError):
    """A provider has other bank details now than when the run was proposed."""

    def __init__(self, names: str) -> None:
        super().__init__(
            f"Since this run was proposed, something has changed for {names}: the bank details, or "
            "whether they may be paid, or somebody says that something was wrong with a visit. "
            "Take these payments out, or cancel the run."
        )


class CallerApprovesError(NotAllowedError):
    """Whoever rang a provider about new bank details is not the one who approves paying there."""

    def __init__(self, names: str) -> None:
        super().__init__(
            f"You noted the call about the new bank details of {names}, so somebody else must "
            "approve this run. Ask another finance officer."
        )


class NoKnownNumberError(ConflictError):
    """Nobody can be rung at a number that was known before their bank details changed."""

    def __init__(self) -> None:
        super().__init__(
            "We knew no telephone number before the change, so a call proves nothing. Wait for "
            "the answer to our e-mail, or until the days are over."
        )


class LastPaymentError(ConflictError):
    """A run without any payment is no run."""

    def __init__(self) -> None:
        super().__init__("This is the only payment of the run. Cancel the run instead.")


class FileRefusedError(DomainError):
    """The bank would not take such a file."""


class FileChangedError(ConflictError):
    """A file cannot be made again as it was sent."""

    def __init__(self) -> None:
        super().__init__(
            "We cannot make this file again exactly as it was sent. Do not send anything. "
            "Tell whoever looks after this market."
        )


class BadServiceUserError(DomainError):
    """A number by which Bacs would know a council is none."""


class PaidOnError(DomainError):
    """The run cannot have been paid on that day."""


class BadStatementError(DomainError):
    """A bank statement, or a line of it, cannot be taken. The message says which and why."""


class UnknownColumnsError(BadStatementError):
    """Nobody has said yet which column of this bank's files holds what."""

    def __init__(self) -> None:
        super().__init__("Say which column holds what.")


class SameStatementError(ConflictError):
    """The same file was uploaded before."""


class NoBankAccountError(ConflictError):
    """The council has not said which account it has."""

    def __init__(self) -> None:
        super().__init__("Say first which bank account you have.")


class LineDoneError(ConflictError):
    """A line of a statement was dealt with already."""


class TopUpRefusedError(DomainError):
    """An amount that cannot be paid in by card."""


class CardPageError(DomainError):
    """The page on which a card is typed cannot be opened now."""

    def __init__(self) -> None:
        super().__init__(
            "We cannot open the card payment page now. Try again in a few minutes, "
            "or pay by bank transfer."
        )


class CardRefusedError(DomainError):
    """The card company says no, and will say so again."""

    def __init__(self, why: str, payment: str) -> None:
        super().__init__("The card company says no.")
        self.why = why
        """Its word for why."""
        self.payment = payment
        """The payment that it made of it all the same, and that waits for another card."""


class CardSilentError(DomainError):
    """The card company does not answer, or cannot now."""

    def __init__(self) -> None:
        super().__init__("The card company does not answer now. Try again in a few minutes.")


class LinkEndedError(DomainError):
    """A family link was ended, or never was."""


class ForgedWebhookError(DomainError):
    """A message does not come from the card company, or cannot be read."""


class StatementDoneError(ConflictError):
    """A statement is not in a state in which this can be done."""


class NoSuchPaymentError(DomainError):
    """A finance officer means a payment that cannot be the one of a line. The message says why."""


class NotFreeError(ConflictError):
    """Money cannot be taken back out of a wallet, because it was spent or set aside."""


class NobodyFoundError(DomainError):
    """Nobody of this council is meant."""

    def __init__(self) -> None:
        super().__init__(
            "Nobody in your council’s market has that reference or e-mail address. Check it again."
        )


class ReasonMissingError(DomainError):
    """A deed needs a reason, and there is none, or a very long one."""


class NotReadyError(ConflictError):
    """A run cannot go through the card company now. The message says whose account is missing."""
