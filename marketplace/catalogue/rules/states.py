"""The states of stores, offers, checks and claims."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from marketplace.catalogue.errors import WrongStateError

OUT_OF_DATE_AFTER = timedelta(weeks=26)
TOO_OLD_AFTER = timedelta(weeks=52)


class ProviderKind(StrEnum):
    """How big a provider is, and whose it is."""

    ONE_PERSON = "one_person"
    SMALL_TEAM = "small_team"
    CHARITY = "charity"
    COMPANY = "company"
    COUNCIL_SERVICE = "council_service"

    @property
    def label(self) -> str:
        """The kind in words."""
        return self.value.replace("_", " ").capitalize()


class CategoryVat(StrEnum):
    """How a category stands to VAT, where the seller is registered."""

    STANDARD = "standard"
    EXEMPT = "exempt"
    """Welfare: exempt if the seller is regulated by the state, or a charity."""


class ProviderState(StrEnum):
    """Whether a store is open."""

    OPEN = "open"
    PAUSED = "paused"
    UNCLAIMED = "unclaimed"
    CLOSED = "closed"


class CheckState(StrEnum):
    """What one council says of a provider."""

    APPLIED = "applied"
    CHECKED = "checked"
    SUSPENDED = "suspended"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        """The state in words."""
        return "Not yet checked" if self is CheckState.APPLIED else self.value.capitalize()

    @property
    def needs_reason(self) -> bool:
        """Tell whether a council must say why."""
        return self in {CheckState.SUSPENDED, CheckState.REJECTED}


class OfferState(StrEnum):
    """Where an offer is in its life."""

    DRAFT = "draft"
    ON_SALE = "on_sale"
    PAUSED = "paused"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The state in words."""
        return self.value.replace("_", " ").capitalize()


class ClaimState(StrEnum):
    """What became of a wish to look after a store that came from a register."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


class EvidenceKind(StrEnum):
    """What a piece of evidence shows."""

    DBS = "dbs"
    INSURANCE = "insurance"
    REFERENCES = "references"
    TRAINING = "training"
    CQC = "cqc"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The kind in words, as a tick on a store says it."""
        return _EVIDENCE_WORDS[self]

    @property
    def is_renewed(self) -> bool:
        """Whether a newer one takes the place of an older one; else several stand side by side."""
        return self in {EvidenceKind.DBS, EvidenceKind.INSURANCE, EvidenceKind.CQC}

    @property
    def paper(self) -> str:
        """What somebody has in their hands: for a sentence like "Your … runs out"."""
        return _PAPERS[self]


class Unit(StrEnum):
    """What one price buys."""

    HOUR = "hour"
    NIGHT = "night"
    SESSION = "session"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    MILE = "mile"
    ITEM = "item"
    MEMBERSHIP = "membership"
    RETAINER = "retainer"


_EVIDENCE_WORDS: Mapping[EvidenceKind, str] = MappingProxyType(
    {
        EvidenceKind.DBS: "DBS check",
        EvidenceKind.INSURANCE: "Insured",
        EvidenceKind.REFERENCES: "References",
        EvidenceKind.TRAINING: "Training",
        EvidenceKind.CQC: "Registered with the Care Quality Commission",
        EvidenceKind.OTHER: "Other check",
    }
)

_PAPERS: Mapping[EvidenceKind, str] = MappingProxyType(
    {
        EvidenceKind.DBS: "DBS check",
        EvidenceKind.INSURANCE: "insurance",
        EvidenceKind.REFERENCES: "list of references",
        EvidenceKind.TRAINING: "training record",
        EvidenceKind.CQC: "CQC registration",
        EvidenceKind.OTHER: "other check",
    }
)

_NEXT: Mapping[OfferState, frozenset[OfferState]] = MappingProxyType(
    {
        OfferState.DRAFT: frozenset({OfferState.ON_SALE, OfferState.ENDED}),
        OfferState.ON_SALE: frozenset({OfferState.PAUSED, OfferState.ENDED}),
        OfferState.PAUSED: frozenset({OfferState.ON_SALE, OfferState.ENDED}),
        OfferState.ENDED: frozenset(),
    }
)


def next_offer_state(now: OfferState, wanted: OfferState) -> OfferState:
    """Return ``wanted`` if an offer may go there; staying where it is is always allowed.

    Raises:
        WrongStateError: it may not, because it has ended or was never on sale.
    """
    if wanted is not now and wanted not in _NEXT[now]:
        raise WrongStateError(
            "This offer has ended. Make a new one instead."
            if now is OfferState.ENDED
            else "Publish this offer first."
        )
    return wanted


def is_out_of_date(confirmed_at: datetime, *, at: datetime) -> bool:
    """Tell whether nobody has said for half a year that this is still right."""
    return at - confirmed_at > OUT_OF_DATE_AFTER


def is_too_old_to_find(confirmed_at: datetime, *, at: datetime) -> bool:
    """Tell whether nobody has said for a year that this is still right."""
    return at - confirmed_at > TOO_OLD_AFTER


def shows_in_portal(state: CheckState, *, opens_unchecked: bool) -> bool:
    """Tell whether a council's portal shows a provider of whom the council says this."""
    return state is CheckState.CHECKED or (state is CheckState.APPLIED and opens_unchecked)
