"""Prices, states and words of stores and offers. Pure."""

from marketplace.catalogue.rules.prices import (
    EVENING_BEGINS_HOUR,
    PriceBands,
    per_unit,
    unit_words,
)
from marketplace.catalogue.rules.register import ImportResult, RegisterEntry
from marketplace.catalogue.rules.states import (
    CheckState,
    ClaimState,
    EvidenceKind,
    OfferState,
    ProviderKind,
    ProviderState,
    Unit,
    is_out_of_date,
    is_too_old_to_find,
    next_offer_state,
    shows_in_portal,
)
from marketplace.catalogue.rules.words import (
    ALT_LENGTH_MAX,
    NAME_LENGTH_MAX,
    SUMMARY_LENGTH_MAX,
    TEXT_LENGTH_MAX,
    BankDetails,
    bank_details,
    checked_text,
    first_slug,
    provider_name,
)

__all__ = [
    "ALT_LENGTH_MAX",
    "EVENING_BEGINS_HOUR",
    "NAME_LENGTH_MAX",
    "SUMMARY_LENGTH_MAX",
    "TEXT_LENGTH_MAX",
    "BankDetails",
    "CheckState",
    "ClaimState",
    "EvidenceKind",
    "ImportResult",
    "OfferState",
    "PriceBands",
    "ProviderKind",
    "ProviderState",
    "RegisterEntry",
    "Unit",
    "bank_details",
    "checked_text",
    "first_slug",
    "is_out_of_date",
    "is_too_old_to_find",
    "next_offer_state",
    "per_unit",
    "provider_name",
    "shows_in_portal",
    "unit_words",
]
