"""Records of Open Referral, version 1 to 3, as the market reads them. Pure."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.feeds.rules import sorting
from marketplace.feeds.rules.cleaning import Cleaner
from marketplace.feeds.rules.said import FeedSaid, OrganisationSaid, Remark, ServiceSaid
from marketplace.feeds.rules.times import Times, times_of
from marketplace.kernel.ages import AGE_MAX, ANY_AGE, NO_LIMIT_FROM, Ages, BadAgesError, ages
from marketplace.kernel.money import Money
from marketplace.places.rules import Point

Raw = Mapping[str, Any]

NAME_MAX = 120
REMARKS_MAX = 10_000
_NOT_OFFERED = frozenset({"inactive", "defunct"})
_FREE = re.compile(r"\b(free|no charge|no cost|nothing|without charge)\b", re.IGNORECASE)
_CQC = re.compile(r"1-\d{6,12}")
ASK_COST = "Ask them what it costs"


@dataclass(frozen=True, slots=True)
class _Now:
    """What does not stand in a feed: the day it is, and where places lie."""

    on: date
    district_at: Callable[[Point], str]


def _nowhere(_point: Point) -> str:
    return ""


def read_services(
    raws: Iterable[object],
    *,
    on: date,
    remarks: Iterable[Remark] = (),
    complete: bool = True,
    district_at: Callable[[Point], str] = _nowhere,
) -> FeedSaid:
    """Return what a feed says: its good services, and a line for all that was not.

    A place without a postcode is put into the district whose middle is nearest.
    """
    now = _Now(on, district_at)
    organisations: dict[str, OrganisationSaid] = {}
    services: dict[str, ServiceSaid] = {}
    noted = list(remarks)
    for number, raw in enumerate(raws, start=1):
        cleaner = Cleaner(f"service {number}")
        found = _read_one(raw, cleaner, now) if isinstance(raw, Mapping) else None
        if not isinstance(raw, Mapping):
            cleaner.note("it is no record and was left out.")
        noted += dict.fromkeys(cleaner.remarks)
        if found is None:
            continue
        organisation, service = found
        if service.key in services:
            noted.append(Remark(cleaner.where, "its id is there twice; the first one counts."))
            continue
        services[service.key] = service
        organisations.setdefault(organisation.key, organisation)
    return FeedSaid(
        organisations=organisations,
        services=tuple(services.values()),
        remarks=tuple(noted[:REMARKS_MAX]),
        complete=complete,
    )


def _read_one(raw: Raw, cleaner: Cleaner, now: _Now) -> tuple[OrganisationSaid, ServiceSaid] | None:
    key, title = cleaner.key(raw), cleaner.line(raw, "name", longest=NAME_MAX)
    if key or title:
        cleaner.call(f"service {key or '?'} “{title[:40]}”")
    if not key or not title:
        cleaner.note("it has no id or no name and was left out.")
        return None
    if cleaner.line(raw, "status").casefold() in _NOT_OFFERED:
        cleaner.note("its source says that it is not offered any more.")
        return None
    place, postcode = _place(raw, cleaner, now)
    organisation = _organisation(raw, cleaner, postcode, own_key=key)
    times = times_of(_schedules(raw, cleaner), cleaner)
    last = times.on_day or times.last_on
    if last is not None and last < now.on:
        cleaner.note("it is over.")
        return None
    service = _service(raw, cleaner, organisation, times, (place, postcode))
    return organisation, service


def _organisation(raw: Raw, cleaner: Cleaner, postcode: str, own_key: str) -> OrganisationSaid:
    inner: Raw = next(iter(cleaner.parts(raw, "organization", "organisation")), {})
    numbers = [
        (
            cleaner.line(each, "identifier_scheme") + cleaner.line(each, "identifier_type"),
            cleaner.line(each, "identifier"),
        )
        for each in cleaner.parts(inner, "organization_identifiers", "identifiers")
    ]
    name = cleaner.line(inner, "name", longest=NAME_MAX)
    title = cleaner.line(raw, "name", longest=NAME_MAX)
    key = cleaner.key(inner) or cleaner.key(raw, "organization_id") or f"of/{own_key}"
    return OrganisationSaid(
        key=key,
        name=name or title,
        about=cleaner.text(inner, "description") or name or title,
        email=cleaner.email(inner, "email") or cleaner.email(raw, "email"),
        phone=_phone(raw, cleaner) or _phone(inner, cleaner),
        website=cleaner.link(inner, "website") or cleaner.link(inner, "url"),
        postcode=postcode,
        cqc_id=next((number for _, number in numbers if _CQC.fullmatch(number)), ""),
        charity=next(
            (number for scheme, number in numbers if "CQC" not in scheme.upper() and number), ""
        ),
    )


def _service(
    raw: Raw,
    cleaner: Cleaner,
    organisation: OrganisationSaid,
    times: Times,
    place: tuple[str, str],
) -> ServiceSaid:
    title, about = cleaner.line(raw, "name", longest=NAME_MAX), cleaner.text(raw, "description")
    terms, allowed = _terms(raw, cleaner), _ages(raw, cleaner)
    pence, cost_words = _cost(raw, cleaner)
    categories = sorting.categories_of(terms, title, about)
    kind = _kind(times, title, terms)
    category = categories[0] if categories else _usual_category(kind)
    paid = bool(pence)
    care = sorting.is_care(title, terms, category, paid=paid, regulated=bool(organisation.cqc_id))
    return ServiceSaid(
        key=cleaner.key(raw),
        organisation_key=organisation.key,
        is_care=care,
        kind=kind,
        title=title,
        about=_about(about or title, times.words, organisation.name if care else ""),
        category=category,
        categories=categories or (category,),
        venue=place[0],
        postcode=place[1],
        online=cleaner.link(raw, "url"),
        cost_pence=pence or 0,
        cost_known=pence is not None,
        cost_words=cost_words,
        for_whom=sorting.for_whom(title, about, *terms),
        youngest=allowed.youngest,
        oldest=allowed.oldest,
        access=sorting.access(_access(raw, cleaner)),
        languages=sorting.languages(_languages(raw, cleaner)),
        rrule=times.rrule,
        on_day=times.on_day,
        first_on=times.first_on,
        last_on=times.last_on,
        starts=times.starts,
        minutes=times.minutes,
        contact=_contact(raw, cleaner),
        phone=_phone(raw, cleaner),
        cqc_id=organisation.cqc_id,
        modified_at=cleaner.moment(raw, "last_modified"),
    )


def _kind(times: Times, title: str, terms: Iterable[str]) -> str:
    if times.rrule:
        return "activity"
    if times.on_day is not None:
        return "event"
    return "volunteering" if sorting.is_volunteering(title, terms) else "advice"


def _usual_category(kind: str) -> str:
    return "day-activities" if kind in {"activity", "event"} else "advice-and-advocacy"


def _ages(raw: Raw, cleaner: Cleaner) -> Ages:
    """Return for which ages it is: of the service itself, else as older versions said it."""
    older = [
        each
        for name in ("eligibilitys", "eligibilities", "eligibility")
        if isinstance(raw.get(name), list | Mapping)
        for each in cleaner.parts(raw, name)
    ]
    for each in (raw, *older):
        youngest, oldest = _age(each, "minimum_age", cleaner), _age(each, "maximum_age", cleaner)
        if oldest is not None and oldest >= NO_LIMIT_FROM:
            oldest = None
        try:
            allowed = ages(youngest, oldest or None)
        except BadAgesError:
            cleaner.note(f"its ages are from {youngest} to {oldest}, so they were left out.")
            continue
        if allowed:
            return allowed
    return ANY_AGE


def _age(raw: Raw, name: str, cleaner: Cleaner) -> int | None:
    """Return an age in whole years: of babies, who are counted in parts of one, the year begun."""
    years = cleaner.number(raw, name)
    if years is None:
        return None
    if years < 0 or (name == "minimum_age" and years > AGE_MAX):
        cleaner.note(f"{name} is {years:g}, which is no age, and was left out.")
        return None
    return min(math.floor(years) if name == "minimum_age" else math.ceil(years), AGE_MAX)


def _about(about: str, words: str, run_by: str) -> str:
    more = [f"When: {words.rstrip('.')}."] if words else []
    if run_by and run_by.casefold() not in about.casefold():
        more.append(f"Run by {run_by}.")
    return "\n\n".join([about, *more])


def _terms(raw: Raw, cleaner: Cleaner) -> list[str]:
    found = []
    for each in cleaner.parts(raw, "attributes", "service_taxonomys", "service_taxonomies"):
        term: Raw = next(iter(cleaner.parts(each, "taxonomy_term", "taxonomy")), {})
        found += [cleaner.line(term, "term"), cleaner.line(term, "name")]
    return [term for term in dict.fromkeys(found) if term]


def _cost(raw: Raw, cleaner: Cleaner) -> tuple[int | None, str]:
    options = [
        (cleaner.pence(each, "amount"), _option(each, cleaner))
        for each in cleaner.parts(raw, "cost_options")
    ]
    known = [(pence, words) for pence, words in options if pence is not None]
    fees = cleaner.line(raw, "fees") or cleaner.line(raw, "fees_description")
    if known:
        cheapest = min(pence for pence, _ in known)
        said = "; ".join(_price_words(pence, words) for pence, words in known)
        return cheapest, said[:300]
    words = fees or next((words for _, words in options if words), "")
    if not words:
        return None, ASK_COST
    return (0 if _FREE.search(words) else None), words


def _option(raw: Raw, cleaner: Cleaner) -> str:
    parts = cleaner.line(raw, "option"), cleaner.line(raw, "amount_description")
    return ", ".join(part for part in parts if part)


def _price_words(pence: int, words: str) -> str:
    price = str(Money(pence)) if pence else "Free"
    return price if not words or words.casefold() == price.casefold() else f"{price} ({words})"


def _place(raw: Raw, cleaner: Cleaner, now: _Now) -> tuple[str, str]:
    """Return the words and the postcode of the first place that has one, at worst its district."""
    found = [
        place
        for each in cleaner.parts(raw, "service_at_locations", "locations")
        for place in cleaner.parts(each, "location", "locations")
    ] or list(cleaner.parts(raw, "locations"))
    best = ("", "")
    for place in found:
        name = cleaner.line(place, "name")
        point = cleaner.point(place)
        address: Raw = next(
            iter(cleaner.parts(place, "addresses", "physical_addresses", "physical_address")), {}
        )
        postcode = cleaner.postcode(address, "postal_code")
        street = cleaner.line(address, "address_1"), cleaner.line(address, "city")
        words = ", ".join(dict.fromkeys(part for part in (name, *street) if part))
        if postcode:
            return words, postcode
        if not any(best):
            best = words, now.district_at(point) if point else ""
    return best


def _schedules(raw: Raw, cleaner: Cleaner) -> list[Raw]:
    return [
        *cleaner.parts(raw, "schedules", "regular_schedules"),
        *(
            inner
            for each in cleaner.parts(raw, "service_at_locations")
            for inner in cleaner.parts(each, "schedules", "regular_schedules")
        ),
    ]


def _access(raw: Raw, cleaner: Cleaner) -> list[str]:
    return [
        cleaner.line(each, "accessibility") or cleaner.line(each, "description")
        for link in cleaner.parts(raw, "service_at_locations")
        for place in cleaner.parts(link, "location")
        for each in cleaner.parts(place, "accessibility", "accessibility_for_disabilities")
    ]


def _languages(raw: Raw, cleaner: Cleaner) -> list[str]:
    return [
        cleaner.line(each, name)
        for each in cleaner.parts(raw, "languages")
        for name in ("name", "code", "language")
    ]


def _contact(raw: Raw, cleaner: Cleaner) -> str:
    first: Raw = next(iter(cleaner.parts(raw, "contacts")), {})
    said = (
        cleaner.line(first, "name"),
        _phone(raw, cleaner),
        cleaner.email(raw, "email") or cleaner.email(first, "email"),
    )
    return ", ".join(part for part in said if part)


def _phone(raw: Raw, cleaner: Cleaner) -> str:
    direct = list(cleaner.parts(raw, "phones"))
    nested = [
        phone
        for contact in cleaner.parts(raw, "contacts")
        for phone in cleaner.parts(contact, "phones")
    ]
    numbers = (cleaner.line(each, "number", longest=40) for each in [*direct, *nested])
    return next((number for number in numbers if number), "")
