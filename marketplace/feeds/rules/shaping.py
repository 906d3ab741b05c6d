"""Services as Open Referral UK (HSDS-UK 3.0) writes them. Pure.

Optional fields without a value are left out, as the profile asks. What the profile has no field for
(the whole recurrence rule, the days on which it is called off, names in Welsh) stands in fields of
its own, which every reader may pass over.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import UUID

from marketplace.feeds.rules.identity import made_id, place_link_id, taxonomy_id, term_id
from marketplace.feeds.rules.published import (
    CATEGORIES,
    FOR_WHOM,
    KINDS,
    Organisation,
    Price,
    Published,
    Slot,
    Spot,
)

Record = dict[str, Any]
Terms = Mapping[UUID, Record]

PENCE_A_POUND = 100
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][!-~]*)?")


def one_to_one(service: Published) -> Record:
    """Return a service as a list of services has it."""
    organisation = service.organisation
    return pruned(
        {
            "id": str(service.id),
            "organization_id": str(organisation.id),
            "name": service.title,
            "description": service.about,
            "url": web_address(service.page),
            "email": email_address(service.email),
            "status": "active",
            "fees": service.fees,
            "accreditations": service.accreditations,
            "minimum_age": service.ages.youngest,
            "maximum_age": service.ages.oldest,
            "assured_date": service.assured_on.isoformat(),
            "alert": service.alert,
            "last_modified": instant(service.changed_at),
            "organization": _organisation(organisation),
        }
    )


def nested(service: Published, terms: Terms) -> Record:
    """Return a service with all that belongs to it."""
    own = str(service.id)
    return pruned(
        {
            **one_to_one(service),
            "schedules": [_schedule(service, at, slot) for at, slot in enumerate(service.slots)],
            "service_areas": _areas(service),
            "service_at_locations": [_at_location(service)] if service.spot else [],
            "languages": [
                {
                    "id": str(made_id(own, "language", slug)),
                    "service_id": own,
                    "name": name,
                    "code": code,
                }
                for slug, name, code in service.languages
            ],
            "cost_options": [_cost(service, at, price) for at, price in enumerate(service.prices)],
            "contacts": _contacts(service),
            "attributes": _attributes(service, terms),
            "event": _event(service),
        }
    )


def at_location(service: Published, terms: Terms, *, full: bool) -> Record:
    """Return a service at its location, with the service itself."""
    record = _at_location(service)
    inner = nested(service, terms) if full else one_to_one(service)
    inner.pop("service_at_locations", None)
    if not full:
        for part in ("addresses", "accessibility"):
            record["location"].pop(part, None)
    return pruned({**record, "service": inner})


def envelope(contents: list[Record], *, page: int, per_page: int, total: int) -> Record:
    """Return one page of a list as the profile wraps it."""
    pages = max(1, -(-total // per_page))
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not contents,
        "contents": contents,
    }


def pruned(record: Record) -> Record:
    """Return a record without the fields that have no value, at any depth."""
    kept = {name: _pruned(value) for name, value in record.items()}
    return {name: value for name, value in kept.items() if not _is_empty(value)}


def instant(at: datetime) -> str:
    """Return an instant to the millisecond, as the profile asks."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def web_address(typed: str) -> str:
    """Return an address that every reader takes for one, or nothing."""
    text = typed.strip()
    if text and "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return ""
    path, query = (quote(part, safe="/%:@!$&'()*+,;=-._~?") for part in (parts.path, parts.query))
    found = urlunsplit((parts.scheme.lower(), f"{host}{port}", path, query, ""))
    return found if "." in host and _ADDRESS.fullmatch(found) else ""


def email_address(typed: str) -> str:
    """Return an e-mail address, or nothing if it is none."""
    text = typed.strip()
    return text if text.isascii() and _EMAIL.fullmatch(text) else ""


def _pruned(value: object) -> object:
    if isinstance(value, dict):
        return pruned(value)
    if isinstance(value, list):
        return [each for each in map(_pruned, value) if not _is_empty(each)]
    return value


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def organisation_record(organisation: Organisation) -> Record:
    """Return who runs services."""
    return pruned(_organisation(organisation))


def _organisation(organisation: Organisation) -> Record:
    own = str(organisation.id)
    return {
        "id": own,
        "name": organisation.name,
        "description": organisation.about or organisation.name,
        "email": email_address(organisation.email),
        "website": web_address(organisation.website),
        "uri": web_address(organisation.page),
        "organization_identifiers": [
            {
                "id": str(made_id(own, "identifier", scheme)),
                "organization_id": own,
                "identifier_scheme": scheme,
                "identifier_type": what,
                "identifier": number,
            }
            for scheme, what, number in organisation.identifiers
        ],
    }


def _schedule(service: Published, at: int, slot: Slot) -> Record:
    repeats = slot.freq in {"WEEKLY", "MONTHLY"}
    return {
        "id": str(made_id(service.id, "schedule", at)),
        "service_id": str(service.id),
        "service_at_location_id": str(place_link_id(service.id)) if service.spot else None,
        "valid_from": _day(slot.starts_on),
        "valid_to": _day(slot.ends_on),
        "dtstart": _day(slot.starts_on),
        "freq": slot.freq if repeats else None,
        "interval": slot.interval if repeats else None,
        "byday": ",".join(slot.days),
        "bymonthday": ",".join(map(str, slot.month_days)),
        "description": slot.words,
        "opens_at": _time(slot.opens),
        "closes_at": _time(slot.closes),
        "until": _day(slot.until),
        "count": slot.count,
        "timezone": "Europe/London" if slot.opens else None,
        "rrule": slot.rule,
        "exdates": [day.isoformat() for day in slot.not_on],
    }


def _areas(service: Published) -> list[Record]:
    if not service.area:
        return []
    return [
        {
            "id": str(made_id(service.id, "area")),
            "service_id": str(service.id),
            "name": service.area,
            "service_area": service.area,
        }
    ]


def _at_location(service: Published) -> Record:
    assert service.spot is not None, "only what is somewhere is at a location"
    return {
        "id": str(place_link_id(service.id)),
        "service_id": str(service.id),
        "location_id": str(service.spot.id),
        "location": pruned(_location(service.spot)),
    }


def _location(spot: Spot) -> Record:
    return {
        "id": str(spot.id),
        "location_type": "physical",
        "name": spot.name,
        "description": spot.about,
        "latitude": spot.latitude,
        "longitude": spot.longitude,
        "addresses": _addresses(spot),
        "accessibility": [
            {
                "id": str(made_id(spot.id, "access", slug)),
                "location_id": str(spot.id),
                "description": words,
                "accessibility": words,
            }
            for slug, words in spot.access
        ],
    }


def _addresses(spot: Spot) -> list[Record]:
    if not (spot.street and spot.postcode):
        return []
    return [
        {
            "id": str(made_id(spot.id, "address")),
            "location_id": str(spot.id),
            "address_1": spot.street,
            "city": spot.town,
            "state_province": spot.county,
            "postal_code": spot.postcode,
            "country": "GB",
            "address_type": "physical",
        }
    ]


def _cost(service: Published, at: int, price: Price) -> Record:
    pounds, pence = divmod(price.pence, PENCE_A_POUND)
    return {
        "id": str(made_id(service.id, "cost", at)),
        "service_id": str(service.id),
        "option": price.option,
        "amount": price.pence / PENCE_A_POUND if pence else pounds,
        "amount_description": price.per,
    }


def _contacts(service: Published) -> list[Record]:
    if not (service.contact or service.phone):
        return []
    own = str(made_id(service.id, "contact"))
    phones = [{"id": str(made_id(own, "phone")), "contact_id": own, "number": service.phone}]
    return [
        {
            "id": own,
            "service_id": str(service.id),
            "name": service.contact or service.organisation.name,
            "phones": phones if service.phone else [],
        }
    ]


def _attributes(service: Published, terms: Terms) -> list[Record]:
    tagged = [
        *((CATEGORIES, slug) for slug in service.categories),
        *((FOR_WHOM, slug) for slug in service.for_whom),
        (KINDS, service.kind.value),
    ]
    found = []
    for taxonomy, slug in tagged:
        of_term = term_id(taxonomy, slug)
        if of_term in terms:
            found.append(
                {
                    "id": str(made_id(service.id, "attribute", of_term)),
                    "link_id": str(service.id),
                    "link_type": "service",
                    "taxonomy_term_id": str(of_term),
                    "taxonomy_term": terms[of_term],
                }
            )
    return found


def _event(service: Published) -> Record | None:
    if service.happens_at is None:
        return None
    begins, ends = service.happens_at
    return {"starts_at": instant(begins), "ends_at": instant(ends)}


def term_record(taxonomy: str, title: str, slug: str, names: Mapping[str, str]) -> Record:
    """Return a term; its names in other languages stand beside the English one."""
    also = [f"{words} ({code})" for code, words in names.items() if code != "en" and words]
    return pruned(
        {
            "id": str(term_id(taxonomy, slug)),
            "name": names["en"],
            "description": " / ".join([names["en"], *also]),
            "taxonomy": title,
            "taxonomy_id": str(taxonomy_id(taxonomy)),
            "term": slug,
            "names": dict(names),
        }
    )


def taxonomy_record(taxonomy: str, title: str, about: str, terms: Iterable[Record]) -> Record:
    """Return a taxonomy with its terms."""
    return pruned(
        {
            "id": str(taxonomy_id(taxonomy)),
            "name": title,
            "description": about,
            "version": "1",
            "taxonomy_terms": list(terms),
        }
    )


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _time(at: time | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
