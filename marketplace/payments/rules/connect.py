"""Paying providers through the card company: where such a payment is, and what is missing. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID


class SendingState(StrEnum):
    """Where a payment through the card company is."""

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"
    REVERSED = "reversed"


_MISSING: Mapping[str, str] = MappingProxyType(
    {
        "external_account": "Your bank account",
        "individual": "Who you are: name, birthday, address",
        "company": "Your company: name, number, address",
        "representative": "Who may speak for your company",
        "owners": "Who owns your company",
        "directors": "Who directs your company",
        "person": "The people who run your company",
        "business_profile": "What you do",
        "business_type": "Whether you are a company or alone",
        "tos_acceptance": "Your yes to Stripe’s terms",
    }
)


def missing_in_words(missing: str) -> list[str]:
    """Return what the card company still wants to know of a provider, in words, each once."""
    found: list[str] = []
    for name in missing.split():
        first = name.partition(".")[0]
        kind = "person" if first.startswith("person_") else first
        words = _MISSING.get(kind, "Something only Stripe’s own page can ask")
        if words not in found:
            found.append(words)
    return found


def sending_key(council_id: UUID, reference: str) -> str:
    """Return the name under which a payment is sent once; references are unique in a council."""
    return f"transfer/{council_id}/{reference}"
