"""What the columns of a plain table say: known by their headings, or as somebody said. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from marketplace.feeds.errors import BadFeedError
from marketplace.feeds.rules.said import digest

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "reference", "ref", "service id", "record id", "unique id"),
    "name": ("name", "title", "service", "service name", "activity", "activity name"),
    "organisation": (
        "organisation",
        "organization",
        "organisation name",
        "organization name",
        "provider",
        "provider name",
        "group",
        "run by",
    ),
    "about": ("description", "about", "summary", "details", "what"),
    "venue": ("venue", "address", "location", "place", "where", "address 1", "street"),
    "town": ("town", "city", "town city"),
    "postcode": ("postcode", "post code", "postal code", "zip"),
    "phone": ("phone", "telephone", "tel", "phone number", "telephone number", "contact number"),
    "email": ("email", "e mail", "email address", "e mail address"),
    "website": ("website", "web", "url", "web address", "link"),
    "cost": ("cost", "price", "fee", "fees", "charge", "charges"),
    "days": ("day", "days", "day of week", "weekday"),
    "starts": ("start", "starts", "start time", "from", "opens", "opening time", "time"),
    "ends": ("end", "ends", "end time", "to", "until", "closes", "closing time", "finish"),
    "date": ("date", "on", "event date", "start date"),
    "category": ("category", "categories", "type", "service type", "kind"),
    "for_whom": ("for whom", "audience", "who for", "eligibility", "who is it for", "age group"),
    "youngest": ("minimum age", "min age", "youngest age", "age from", "from age"),
    "oldest": ("maximum age", "max age", "oldest age", "age to", "to age"),
    "ages": ("ages", "age", "age range", "age limit", "age limits"),
    "access": ("access", "accessibility", "facilities"),
    "languages": ("language", "languages"),
    "charity": ("charity number", "charity no", "registered charity number"),
    "cqc": ("cqc location id", "cqc id", "cqc number"),
    "modified": ("last modified", "modified", "last updated", "updated"),
}
FIELDS = tuple(_HEADINGS)


def recognised(
    header: Sequence[str], *, said: Mapping[str, str], remembered: Mapping[str, str]
) -> dict[str, str]:
    """Return what each field's column is: as said now, as the last time, or by its heading.

    Raises:
        BadFeedError: there is no column for the name, or one that was said is not there.
    """
    plain = {_plain(name): name for name in reversed(header)}
    mapping: dict[str, str] = {}
    for name in FIELDS:
        if name in said:
            mapping[name] = said[name]
        elif remembered.get(name) in header:
            mapping[name] = remembered[name]
        else:
            found = next((plain[each] for each in _HEADINGS[name] if each in plain), None)
            if found is not None and found not in mapping.values():
                mapping[name] = found
    missing = [column for column in mapping.values() if column not in header]
    if missing:
        raise BadFeedError(f"There is no column “{missing[0][:40]}” in the table.")
    if "name" not in mapping:
        raise BadFeedError(
            "No column is called like a name. Say which one it is, like --map name=Column."
        )
    return mapping


def read_said(pairs: Sequence[str]) -> dict[str, str]:
    """Read ``field=Column`` pairs.

    Raises:
        BadFeedError: one of them is not written so, or names a field we do not have.
    """
    said = {}
    for pair in pairs:
        name, sign, column = pair.partition("=")
        if not sign or name.strip() not in FIELDS:
            raise BadFeedError(
                f"“{pair[:40]}” is not like name=Column. The fields are: {', '.join(FIELDS)}."
            )
        said[name.strip()] = column.strip()
    return said


def record_of(row: Mapping[str, str], mapping: Mapping[str, str]) -> dict[str, Any]:
    """Return a row of a table as a record of the standard."""
    cell = {name: row.get(column, "").strip() for name, column in mapping.items()}
    told = {name: cell.get(name, "") for name in FIELDS}
    organisation = told["organisation"] or told["name"]
    named = (organisation, told["name"], told["postcode"], told["date"])
    key = told["id"] or digest({"named": [part.casefold() for part in named]})
    return {
        "id": key,
        "name": told["name"],
        "description": told["about"],
        "url": told["website"],
        "email": told["email"],
        **_ages(told),
        "fees": "" if _pounds(told["cost"]) else told["cost"],
        "last_modified": told["modified"],
        "organization": {
            "id": digest({"organisation": organisation.casefold()}),
            "name": organisation,
            "description": "" if told["organisation"] else told["about"],
            "website": told["website"],
            "organization_identifiers": _identifiers(told),
        },
        "phones": [{"number": told["phone"]}] if told["phone"] else [],
        "cost_options": [{"amount": pounds}] if (pounds := _pounds(told["cost"])) else [],
        "languages": [{"name": each.strip()} for each in re.split(r"[,;/]", told["languages"])],
        "attributes": [
            {"taxonomy_term": {"name": each.strip()}}
            for each in re.split(r"[,;|]", f"{told['category']};{told['for_whom']}")
            if each.strip()
        ],
        "schedules": _schedules(told),
        "service_at_locations": [_at_location(told)],
    }


def _ages(told: Mapping[str, str]) -> dict[str, str]:
    """Return the ages of a row: in columns of their own, or in words like "18+" and "5 to 11"."""
    written = told["ages"].casefold()
    numbers = re.findall(r"\d{1,3}", written)
    up_to = re.search(r"\b(up to|under|below|younger)\b", written) is not None
    youngest = numbers[0] if numbers and not up_to else ""
    oldest = numbers[-1] if numbers and (up_to or len(numbers) > 1) else ""
    if oldest and re.search(r"\b(under|below)\b", written):
        oldest = str(max(int(oldest) - 1, 0))
    return {
        "minimum_age": told["youngest"] or youngest,
        "maximum_age": told["oldest"] or oldest,
    }


def _identifiers(told: Mapping[str, str]) -> list[dict[str, str]]:
    schemes = {"charity": "GB-CHC", "cqc": "GB-CQC"}
    return [
        {"identifier_scheme": scheme, "identifier_type": name, "identifier": told[name]}
        for name, scheme in schemes.items()
        if told[name]
    ]


def _schedules(told: Mapping[str, str]) -> list[dict[str, str]]:
    if not (told["days"] or told["starts"] or told["date"]):
        return []
    day = _day(told["date"])
    return [
        {
            "byday": re.sub(r"\band\b|&|/", ",", told["days"]),
            "opens_at": told["starts"],
            "closes_at": told["ends"],
            "dtstart": day,
            "valid_to": "" if told["days"] else day,
        }
    ]


def _at_location(told: Mapping[str, str]) -> dict[str, Any]:
    return {
        "location": {
            "accessibility": [{"description": told["access"]}] if told["access"] else [],
            "addresses": [
                {
                    "address_1": told["venue"],
                    "city": told["town"],
                    "postal_code": told["postcode"],
                }
            ],
        }
    }


def _day(typed: str) -> str:
    """Return a day as the standard writes it; in a table here the day comes first."""
    found = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", typed)
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else typed


def _pounds(typed: str) -> str:
    found = re.fullmatch(r"£?\s*(\d{1,5}(?:\.\d{1,2})?)", typed.strip())
    return found[1] if found else ""


def _plain(heading: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", heading.casefold()).split())
