"""The market as Open Referral UK: held to the standard."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from marketplace.community import commands as community
from marketplace.database import transaction
from marketplace.feeds.rules.identity import place_link_id, taxonomy_id, term_id
from tests.factories import Make
from tests.feeds.world import LISTS, Get, World, ids, listing
from tests.statements import statements

SCHEMAS = (
    Path(os.environ.get("SHARED_DATA", Path(__file__).parents[3] / "shared" / "data")) / "oruk"
)
ENVELOPE = {
    "total_items": int,
    "total_pages": int,
    "page_number": int,
    "size": int,
    "first_page": bool,
    "last_page": bool,
    "empty": bool,
    "contents": list,
}


class TestFeed:
    def test_says_which_standard_it_is(self, get: Get) -> None:
        root = get("/")

        assert root["version"] == "HSDS-UK-3.0"
        assert root["profile"].startswith("https://")
        assert root["openapi_url"].startswith("https://")

    @pytest.mark.parametrize("name", LISTS)
    def test_wraps_each_list_in_the_envelope(self, get: Get, world: World, name: str) -> None:
        page = get(f"/{name}", per_page=2)

        assert {key: type(value) for key, value in page.items()} == ENVELOPE
        assert (page["page_number"], page["first_page"], page["size"]) == (1, True, 2)
        assert page["total_pages"] == -(-page["total_items"] // 2)

    @pytest.mark.parametrize("name", LISTS)
    def test_each_thing_is_on_one_page_and_has_an_address(
        self, get: Get, world: World, name: str
    ) -> None:
        total = get(f"/{name}", per_page=2)["total_pages"]
        pages = [get(f"/{name}", page=n, per_page=2) for n in range(1, total + 1)]

        listed = [each["id"] for page in pages for each in page["contents"]]
        assert len(listed) == len(set(listed)) == pages[0]["total_items"]
        assert pages[-1]["last_page"] is True
        for one in listed:
            assert get(f"/{name}/{one}")["id"] == one
            UUID(one)

    def test_has_offers_stores_and_entries_of_groups(self, get: Get, world: World) -> None:
        page = get("/services")

        names = {each["name"] for each in page["contents"]}
        assert names == {"Company at home", "Larkfield Care", "Tea", "Fair", "Helpline", "Choir"}

    def test_leaves_out_what_has_no_value(self, get: Get, world: World) -> None:
        for one in ids(get("/services")):
            assert list(empty(get(f"/services/{one}"))) == []

    def test_a_timetable_is_a_schedule(self, get: Get, world: World) -> None:
        (weekly,) = get(f"/services/{world.activity}")["schedules"]
        (monthly,) = get(f"/services/{world.monthly}")["schedules"]

        assert (weekly["freq"], weekly["interval"], weekly["byday"]) == ("WEEKLY", 2, "TU")
        assert (weekly["opens_at"], weekly["closes_at"]) == ("10:30:00", "12:00:00")
        assert date.fromisoformat(weekly["dtstart"]).isoweekday() == 2
        assert weekly["rrule"] == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
        assert (monthly["freq"], monthly["byday"]) == ("MONTHLY", "-1SU")
        assert (monthly["until"], monthly["valid_to"]) == ("2027-12-31", "2027-12-31")

    def test_an_event_carries_its_own_fields(self, get: Get, world: World) -> None:
        fair = get(f"/services/{world.event}")

        (schedule,) = fair["schedules"]
        assert schedule["dtstart"] == schedule["valid_to"] == world.event_day.isoformat()
        assert fair["event"]["starts_at"].startswith(world.event_day.isoformat())
        assert "freq" not in schedule
        assert fair["cost_options"][0]["amount"] == 0

    def test_an_offer_says_what_anybody_pays_and_not_where_somebody_lives(
        self, get: Get, world: World
    ) -> None:
        (offer,) = (s for s in get("/services")["contents"] if s["name"] == "Company at home")
        whole = get(f"/services/{offer['id']}")

        location = whole["service_at_locations"][0]["location"]
        assert whole["cost_options"][0]["amount"] == 15
        assert whole["cost_options"][0]["amount_description"] == "an hour"
        assert location["name"] == "LS6"
        assert "addresses" not in location
        assert "LS6 2AB" not in json.dumps(whole)
        assert whole["service_areas"][0]["name"] == "Up to 5 miles around LS6"

    def test_a_place_people_go_to_has_its_address(self, get: Get, world: World) -> None:
        link = get(f"/service_at_locations/{place_link_id(world.activity)}")

        (address,) = link["location"]["addresses"]
        assert (address["address_1"], address["city"]) == ("The hall", "Leeds")
        assert address["postal_code"] == "LS6 2AB"
        assert link["service"]["id"] == str(world.activity)
        assert link["location"]["accessibility"][0]["description"] == "Step-free way in"

    def test_categories_have_english_and_welsh_names(self, get: Get, world: World) -> None:
        term = get(f"/taxonomy_terms/{term_id('categories', 'company')}")

        assert term["names"] == {"en": "Company", "cy": "company"}
        assert term["taxonomy_id"] == str(taxonomy_id("categories"))
        assert {t["id"] for t in get(f"/taxonomies/{term['taxonomy_id']}")["taxonomy_terms"]}

    def test_is_there_for_a_council(
        self, get: Get, client: FlaskClient, make: Make, world: World
    ) -> None:
        council_id = make.council(slug="ashdale")
        other_id = make.council(slug="brackenshire")
        ours, theirs = (make.group(council_id=each) for each in (council_id, other_id))
        here, there = listing(make, ours), listing(make, theirs)

        found = ids(client.get("/ashdale/oruk/services").get_json())

        assert str(here) in found
        assert str(there) not in found
        assert str(world.activity) in found
        assert client.get(f"/ashdale/oruk/services/{there}").status_code == 404
        assert client.get("/nowhere/oruk/services").status_code == 404

    def test_asks_the_database_as_often_for_many_as_for_few(
        self, get: Get, make: Make, world: World
    ) -> None:
        few = counted(lambda: get("/services", full="true"))
        for number in range(12):
            make.provider(name=f"Store {number}", at=world.now)
            listing(make, make.group(), title=f"Tea {number}")

        many = counted(lambda: get("/services", full="true"))

        assert many == few
        assert few <= 20


class TestConditional:
    @pytest.mark.parametrize("name", ["", *LISTS])
    def test_says_when_nothing_changed(self, client: FlaskClient, world: World, name: str) -> None:
        first = client.get(f"/oruk/{name}")

        again = client.get(f"/oruk/{name}", headers={"If-None-Match": first.headers["ETag"]})

        assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
        assert again.headers["Access-Control-Allow-Origin"] == "*"

    def test_says_when_a_service_changed_last(self, client: FlaskClient, world: World) -> None:
        path = f"/oruk/services/{world.activity}"
        first = client.get(path)

        again = client.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]})

        assert again.status_code == 304

    def test_a_list_from_which_something_went_is_another(
        self, client: FlaskClient, world: World
    ) -> None:
        first = client.get("/oruk/services")
        with transaction() as session:
            community.end_listing(session, listing_id=world.activity, by_user_id=None, at=world.now)

        again = client.get(
            "/oruk/services",
            headers={
                "If-None-Match": first.headers["ETag"],
                "If-Modified-Since": first.headers["Last-Modified"],
            },
        )

        assert again.status_code == 200
        assert str(world.activity) not in ids(again.get_json())

    def test_a_browser_may_ask_beforehand(self, client: FlaskClient) -> None:
        answer = client.options("/oruk/services")

        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the official schemas are not on this machine")
class TestOfficialSchemas:
    def test_every_record_keeps_to_its_schema(self, get: Get, world: World) -> None:
        faults = []
        for name, schema in (
            ("organizations", "organization"),
            ("services", "service"),
            ("service_at_locations", "service_at_location"),
            ("taxonomies", "taxonomy"),
            ("taxonomy_terms", "taxonomy_term"),
        ):
            whole, listed = validator(schema), validator(f"{schema}_list")
            for each in get(f"/{name}")["contents"]:
                faults += [f"{name}: {fault.message}" for fault in listed.iter_errors(each)]
                one = get(f"/{name}/{each['id']}")
                faults += [f"{name}: {fault.message}" for fault in whole.iter_errors(one)]

        assert faults == []


def validator(name: str) -> Draft202012Validator:
    """Return what holds a record to an official schema."""
    path = SCHEMAS / f"{name}.json"
    schema = json.loads(path.read_text()) if path.exists() else {}
    parts = Registry().with_resources(
        (
            part.name,
            Resource.from_contents(json.loads(part.read_text()), default_specification=DRAFT202012),
        )
        for part in (SCHEMAS / "parts").glob("*.json")
    )
    return Draft202012Validator(schema, registry=parts, format_checker=FormatChecker())


def empty(value: object, path: str = "") -> Iterator[str]:
    """Give where a record has a field without a value."""
    inside: list[tuple[str, object]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = [(str(number), each) for number, each in enumerate(value)]
    if value is None or value in ("", [], {}):
        yield path
    for name, each in inside:
        yield from empty(each, f"{path}/{name}")


def counted(deed: Callable[[], object]) -> int:
    """Return how many statements something takes."""
    with statements() as sent:
        deed()
    return len(sent)
