"""The register of the Regulation and Quality Improvement Authority (Northern Ireland)."""

from collections.abc import Mapping
from types import MappingProxyType

from marketplace.catalogue.errors import BadRegisterError
from marketplace.catalogue.rules import NAME_LENGTH_MAX, RegisterEntry
from marketplace.catalogue.rules.register import key_of_words

_HEADER = frozenset({"ServiceName", "AddressLine1", "Postcode", "Category", "ProviderName"})

_CATEGORIES: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Domiciliary Care Agency (DCA)": ("Care at home", ("personal-care", "home-help")),
        "Residential (RC)": ("A residential care home", ("respite",)),
        "Nursing (NH)": ("A nursing home", ("respite", "health-and-wellbeing")),
        "Day Care Setting (DCS)": ("Day care", ("day-activities",)),
        "Nursing Agency (NA)": ("Nurses who come to you", ("health-and-wellbeing",)),
        "Adult Placement Agency (APA)": (
            "Shared lives: a stay in a family's home",
            ("respite", "company"),
        ),
    }
)
_NOT_SUPPORT = frozenset(
    {
        "Independent Hospital (IH)",
        "Independent Hospital (IH) - Dental Treatment",
        "Independent Clinic (IC)",
        "Independent Medical Agency (IMA)",
        "Voluntary Adoption Agency (VAA)",
    }
)
_FOR_WHOM: Mapping[str, str] = MappingProxyType(
    {
        "I": "older-people",
        "DE": "dementia",
        "LD": "learning-disability",
        "LD(E)": "learning-disability",
        "PH": "physical-disability",
        "PH(E)": "physical-disability",
        "MP": "mental-health",
        "MP(E)": "mental-health",
        "SI": "sensory",
    }
)


class Rqia:
    """Reads the register's rows. It numbers nothing, so what names a service is its key."""

    name = "rqia"

    def reads(self, header: list[str]) -> bool:
        """Tell whether this is the register's header."""
        return _HEADER.issubset(header)

    def entry(self, row: Mapping[str, str]) -> RegisterEntry | None:
        """Read one row; None if it is not care and support, but a hospital or a dentist."""
        name, category = row["ServiceName"].strip(), row["Category"].strip()
        if not name:
            raise BadRegisterError("The name is missing.")
        if len(name) > NAME_LENGTH_MAX:
            raise BadRegisterError("The name is too long.")
        if category in _NOT_SUPPORT:
            return None
        if category not in _CATEGORIES:
            raise BadRegisterError(f"We do not know the category “{category[:60]}”.")
        words, ours = _CATEGORIES[category]
        return RegisterEntry(
            source=self.name,
            key=key_of_words(name, row["Postcode"], category, row["AddressLine1"]),
            name=name,
            about=_about(words, row.get("Town", "").strip(), row["ProviderName"].strip(), name),
            postcode=row["Postcode"].strip(),
            categories=ours,
            for_whom=_for_whom(row.get("Categories of Care", "")),
        )


def _about(words: str, town: str, provider: str, name: str) -> str:
    where = f" in {town}" if town else ""
    run_by = f" Run by {provider}." if provider and provider.casefold() != name.casefold() else ""
    return f"{words}{where}.{run_by}"


def _for_whom(codes: str) -> tuple[str, ...]:
    found = (_FOR_WHOM.get(code.strip().partition("-")[2]) for code in codes.split(","))
    return tuple(dict.fromkeys(slug for slug in found if slug))
