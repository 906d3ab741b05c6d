"""The directory of the Care Quality Commission (England), as it can be downloaded."""

from collections.abc import Mapping
from types import MappingProxyType

from marketplace.catalogue.errors import BadRegisterError
from marketplace.catalogue.rules import NAME_LENGTH_MAX, RegisterEntry
from marketplace.kernel.ages import ANY_AGE, Ages

_HEADER = frozenset({"Name", "Postcode", "Service types", "Location URL"})
_ID = "CQC Location ID (for office use only)"

_CATEGORIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "homecare agencies": ("personal-care", "home-help"),
        "domiciliary care": ("personal-care", "home-help"),
        "supported living": ("home-help", "company"),
        "supported housing": ("home-help", "company"),
        "extra care housing": ("personal-care", "home-help"),
        "shared lives": ("respite", "company"),
        "residential homes": ("respite",),
        "nursing homes": ("respite", "health-and-wellbeing"),
        "care home": ("respite",),
        "rehabilitation": ("health-and-wellbeing",),
        "community services - learning disabilities": ("day-activities",),
    }
)
"""Words of a service type, and what people look for when that is what helps."""

_FOR_WHOM: Mapping[str, str] = MappingProxyType(
    {
        "dementia": "dementia",
        "learning disabilit": "learning-disability",
        "autis": "autism",
        "physical disabilit": "physical-disability",
        "mental health": "mental-health",
        "sensory impairment": "sensory",
        "children": "young-people",
        "over 65": "older-people",
    }
)

_BANDS: Mapping[str, Ages] = MappingProxyType(
    {
        "caring for children": Ages(None, 17),
        "caring for adults under 65": Ages(18, 64),
        "caring for adults over 65": Ages(65, None),
    }
)
"""The register's own words for ages."""


class Cqc:
    """Reads the directory's rows."""

    name = "cqc"

    def reads(self, header: list[str]) -> bool:
        """Tell whether this is the directory's header."""
        return _HEADER.issubset(header)

    def entry(self, row: Mapping[str, str]) -> RegisterEntry | None:
        """Read one row; None if it is not care and support, but a hospital or a dentist."""
        name, location = row["Name"].strip(), row.get(_ID, "").strip()
        if not name:
            raise BadRegisterError("The name is missing.")
        if len(name) > NAME_LENGTH_MAX:
            raise BadRegisterError("The name is too long.")
        if not location:
            raise BadRegisterError("The CQC location number is missing.")
        types = row["Service types"]
        categories = tuple(dict.fromkeys(_matching(types, _CATEGORIES)))
        if not categories:
            return None
        return RegisterEntry(
            source=self.name,
            key=location,
            name=name,
            about=_about(types, row.get("Provider name", "").strip(), name),
            postcode=row["Postcode"].strip(),
            phone=row.get("Phone number", "").strip()[:40],
            website=_address(row.get("Service's website (if available)", "")),
            cqc_id=location,
            categories=categories,
            for_whom=_for_whom(row.get("Specialisms/services", "")),
            ages=_ages(row.get("Specialisms/services", "")),
        )


def _matching(text: str, table: Mapping[str, tuple[str, ...]]) -> list[str]:
    plain = text.casefold()
    return [value for words, values in table.items() if words in plain for value in values]


def _for_whom(text: str) -> tuple[str, ...]:
    plain = text.casefold()
    return tuple(dict.fromkeys(slug for words, slug in _FOR_WHOM.items() if words in plain))


def _ages(text: str) -> Ages:
    plain = text.casefold()
    said = [ages for words, ages in _BANDS.items() if words in plain]
    if not said:
        return ANY_AGE
    oldest = [ages.oldest for ages in said if ages.oldest is not None]
    return Ages(
        None if None in {ages.youngest for ages in said} else min(a.youngest or 0 for a in said),
        max(oldest) if len(oldest) == len(said) else None,
    )


def _about(types: str, provider: str, name: str) -> str:
    kinds = ", ".join(each.strip() for each in types.replace("|", ",").split(",") if each.strip())
    run_by = f" Run by {provider}." if provider and provider.casefold() != name.casefold() else ""
    return f"{kinds}.{run_by}"


def _address(typed: str) -> str:
    text = typed.strip()
    if not text or " " in text or "." not in text:
        return ""
    return text if text.startswith(("https://", "http://")) else f"https://{text}"
