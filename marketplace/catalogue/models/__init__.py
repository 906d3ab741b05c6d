"""The tables of stores, of what they sell, and of how councils check them."""

from marketplace.catalogue.models.checking import (
    Appeal,
    Decision,
    Evidence,
    EvidenceAsk,
    EvidenceCheck,
    EvidencePaper,
    NeededEvidence,
)
from marketplace.catalogue.models.offers import (
    AgreedPrice,
    Category,
    Offer,
    OfferVersion,
    PersonalPrice,
)
from marketplace.catalogue.models.stores import (
    BankChange,
    Break,
    Claim,
    Document,
    Picture,
    PriceSheet,
    Provider,
    ProviderCouncil,
    Worker,
)

__all__ = [
    "AgreedPrice",
    "Appeal",
    "BankChange",
    "Break",
    "Category",
    "Claim",
    "Decision",
    "Document",
    "Evidence",
    "EvidenceAsk",
    "EvidenceCheck",
    "EvidencePaper",
    "NeededEvidence",
    "Offer",
    "OfferVersion",
    "PersonalPrice",
    "Picture",
    "PriceSheet",
    "Provider",
    "ProviderCouncil",
    "Worker",
]
