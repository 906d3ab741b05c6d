"""What the catalogue refuses."""

from marketplace.kernel.errors import ConflictError, DomainError


class BadWordsError(DomainError):
    """A name or text is missing or too long."""


class BadSaleDaysError(DomainError):
    """An offer cannot be on sale on such days."""


class BadBankDetailsError(DomainError):
    """A sort code or account number does not have the right shape."""


class BankChangeOverError(ConflictError):
    """Nobody needs to say any more whether changed bank details are right."""

    def __init__(self) -> None:
        super().__init__(
            "This was answered already, or the bank details have changed again since. "
            "If something is wrong, tell the council."
        )


class BadPictureError(DomainError):
    """A file is not a picture we can show."""


class BadDocumentError(DomainError):
    """A file is not a paper we can hand on, or there are too many."""


class BadEvidenceError(DomainError):
    """Something cannot go into the evidence locker like this."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class BadFiguresError(DomainError):
    """A figure in the sum of what an hour costs cannot be."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


class OwnDecisionError(ConflictError):
    """Somebody would answer an appeal against what they decided themselves."""

    def __init__(self) -> None:
        super().__init__(
            "You made this decision. Somebody else in your team has to answer the appeal."
        )


class AppealError(DomainError):
    """There is nothing to appeal against, or not any more."""


class BadTimesError(DomainError):
    """Opening times or weeks that cannot be."""


class BadAreaError(DomainError):
    """A district or council that is nowhere."""


class BadOfferError(DomainError):
    """An offer cannot be sold like this: no price, no such category."""


class WrongStateError(ConflictError):
    """The store, offer or claim is no longer in the state this needs."""


class ReasonMissingError(DomainError):
    """A refusal needs a reason, and there is none."""


class BadRegisterError(DomainError):
    """A file is not one of the public registers we can read."""
