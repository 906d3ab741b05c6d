"""Open Referral data packages, version 1 to 3: tables joined to records of the newest version."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from marketplace.feeds.adapters import RawFeed
from marketplace.feeds.adapters.files import Row, Tables, read_tables
from marketplace.feeds.errors import BadFeedError

Record = dict[str, Any]
_NAMES = {
    "organizations": ("organizations", "organization"),
    "identifiers": ("organization_identifiers", "organization_identifier"),
    "services": ("services", "service"),
    "locations": ("locations", "location"),
    "links": ("service_at_locations", "service_at_location"),
    "addresses": ("addresses", "address", "physical_addresses", "physical_address"),
    "schedules": ("schedules", "schedule", "regular_schedules", "regular_schedule"),
    "phones": ("phones", "phone"),
    "contacts": ("contacts", "contact"),
    "languages": ("languages", "language"),
    "ages": ("eligibilitys", "eligibilities", "eligibility"),
    "costs": ("cost_options", "cost_option"),
    "accessibility": (
        "accessibility",
        "accessibility_for_disabilities",
        "accessibility_for_disabilities_table",
    ),
    "terms": ("taxonomy_terms", "taxonomy_term", "taxonomies", "taxonomy"),
    "tags": (
        "attributes",
        "attribute",
        "service_attributes",
        "service_attribute",
        "service_taxonomies",
        "service_taxonomy",
        "service_taxonomys",
    ),
}
"""What the versions of the standard call their tables."""


def read_package(path: Path) -> RawFeed:
    """Return the services of a data package: a folder or a zip file of tables.

    Raises:
        BadFeedError: it is none, or has no services.
    """
    feed = RawFeed()
    tables = _sorted(read_tables(path, feed))
    if not tables["services"]:
        raise BadFeedError("There is no table of services (services.csv or service.csv) in it.")
    feed.services = _joined(tables)
    return feed


def _sorted(tables: Tables) -> Tables:
    """Return the tables by one set of names; two that mean the same are put together."""
    return {
        ours: [row for name in theirs for row in tables.get(name, [])]
        for ours, theirs in _NAMES.items()
    }


def _joined(tables: Tables) -> list[Record]:
    organisations = _organisations(tables)
    places = _places(tables)
    of_service = {
        name: _by(tables[name], "service_id")
        for name in ("schedules", "phones", "contacts", "languages", "costs", "links", "ages")
    }
    tags = _tags(tables)
    found = []
    for row in tables["services"]:
        key = row.get("id", "")
        organisation_id = row.get("organization_id", "")
        links = of_service["links"].get(key, [])
        found.append(
            {
                **{name: value for name, value in row.items() if value},
                "organization": organisations.get(organisation_id, {"id": organisation_id}),
                "schedules": [
                    *of_service["schedules"].get(key, []),
                    *_schedules_of_links(links, tables),
                ],
                "phones": of_service["phones"].get(key, []),
                "contacts": of_service["contacts"].get(key, []),
                "languages": of_service["languages"].get(key, []),
                "eligibilitys": of_service["ages"].get(key, []),
                "cost_options": of_service["costs"].get(key, []),
                "attributes": tags.get(key, []),
                "service_at_locations": [
                    {**link, "location": places.get(link.get("location_id", ""), {})}
                    for link in links
                ],
            }
        )
    return found


def _organisations(tables: Tables) -> dict[str, Record]:
    identifiers = _by(tables["identifiers"], "organization_id")
    phones = _by(tables["phones"], "organization_id")
    return {
        row.get("id", ""): {
            **row,
            "organization_identifiers": identifiers.get(row.get("id", ""), []),
            "phones": [
                phone for phone in phones.get(row.get("id", ""), []) if not phone.get("service_id")
            ],
        }
        for row in tables["organizations"]
    }


def _places(tables: Tables) -> dict[str, Record]:
    addresses = _by(tables["addresses"], "location_id")
    access = _by(tables["accessibility"], "location_id")
    return {
        row.get("id", ""): {
            **row,
            "addresses": addresses.get(row.get("id", ""), []),
            "accessibility": access.get(row.get("id", ""), []),
        }
        for row in tables["locations"]
    }


def _schedules_of_links(links: Iterable[Mapping[str, Any]], tables: Tables) -> list[Row]:
    by_link = _by(tables["schedules"], "service_at_location_id")
    return [
        row
        for link in links
        for row in by_link.get(link.get("id", ""), [])
        if not row.get("service_id")
    ]


def _tags(tables: Tables) -> dict[str, list[Record]]:
    terms = {row.get("id", ""): row for row in tables["terms"]}
    found: dict[str, list[Record]] = {}
    for row in tables["tags"]:
        key = row.get("service_id") or row.get("link_id") or ""
        term = terms.get(row.get("taxonomy_term_id") or row.get("taxonomy_id") or "")
        if term:
            found.setdefault(key, []).append({"id": row.get("id", ""), "taxonomy_term": term})
    return found


def _by(rows: Iterable[Row], name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.get(name):
            found.setdefault(row[name], []).append(row)
    return found
