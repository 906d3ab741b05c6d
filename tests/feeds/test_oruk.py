"""The market as Open Referral UK: held to the standard, and nothing in it that is not public."""

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from sqlalchemy import event
from sqlalchemy.orm import Session

from marketplace.access.rules import Role
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue import queries as stores
from marketplace.catalogue.commands import AgreePrice, DecideOnProvider
from marketplace.catalogue.rules import CheckState, OfferState, PriceBands, RegisterEntry
from marketplace.community import commands as community
from marketplace.community.commands import PutListing
from marketplace.community.rules import HidingRule, ListingKind
from marketplace.database import db, transaction
from marketplace.feeds.rules.identity import place_link_id, taxonomy_id, term_id
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.factories import Make

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
LISTS = ("services", "service_at_locations", "taxonomies", "taxonomy_terms")
UNKNOWN = "00000000-0000-4000-8000-000000000000"

Get = Callable[..., Any]


@pytest.fixture
def get(client: FlaskClient) -> Get:
    """Return what asks the feed and reads its answer."""

    def ask(path: str, **asked: object) -> Any:  # noqa: ANN401 - any JSON
        answer = client.get(f"/oruk{path}", query_string=asked)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    return ask


def ids(page: dict[str, Any]) -> set[str]:
    """Return the ids on a page."""
    return {each["id"] for each in page["contents"]}


def listing(make: Make, group_id: UUID, **changes: Any) -> UUID:  # noqa: ANN401 - any field
    """Put an entry into a group as of today."""
    wish: dict[str, Any] = {
        "slug": uuid4().hex[:8],
        "title": "Tea",
        "category": "company",
        "about": "Tea and talk.",
        "venue": "The hall",
        "postcode": "LS6 2AB",
        "cost": Money(2_50),
        "cost_words": "£2.50",
        "for_whom": ("older-people",),
        "access": ("step-free",),
        "languages": ("english", "welsh"),
        "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        "on_day": None,
        "starts": "10:30",
        "minutes": 90,
        "contact": "Ring Alma",
    }
    with make.block() as session:
        return community.put_listing(
            session,
            PutListing(group_id=group_id, **(wish | changes)),
            by_user_id=None,
            at=clock.now(),
        )


class World:
    """One of everything that is public."""

    def __init__(self, make: Make) -> None:
        self.now = clock.now()
        self.category = make.category("company")
        self.owner = make.provider(name="Amber Lane Help", at=self.now)
        self.group_id = make.group(name="Larkfield Neighbours")
        self.activity = listing(make, self.group_id)
        today = clock.local_day(self.now)
        self.event_day = today + timedelta(days=7 + (2 - today.weekday()) % 7)  # a Wednesday
        self.event = listing(
            make,
            self.group_id,
            title="Fair",
            rrule="",
            on_day=self.event_day,
            cost=Money(0),
            cost_words="",
        )
        self.advice = listing(
            make,
            self.group_id,
            title="Helpline",
            rrule="",
            starts="",
            minutes=0,
            venue="",
            postcode="",
            kind=ListingKind.ADVICE,
        )
        self.monthly = listing(
            make, self.group_id, title="Choir", rrule="FREQ=MONTHLY;BYDAY=-1SU;UNTIL=20271231"
        )
        entry = RegisterEntry(
            source="cqc",
            key="1-1",
            name="Larkfield Care",
            about="Care.",
            postcode="LS6 2AB",
            cqc_id="1-1",
            categories=("personal-care",),
            phone="0113 496 0000",
        )
        with make.block() as session:
            catalogue.import_entry(session, entry, at=self.now)


@pytest.fixture
def world(make: Make) -> World:
    """Return one of everything that is public."""
    return World(make)


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


class TestQuestions:
    @pytest.mark.parametrize(
        ("asked", "names"),
        [
            ({"search": "tea TALK"}, {"Tea", "Fair", "Helpline", "Choir"}),
            ({"search": "choir"}, {"Choir"}),
            ({"search": "amber"}, {"Company at home"}),
            ({"day": "TU"}, {"Tea"}),
            ({"day": "sunday"}, {"Choir"}),
            ({"start_time": "10:30", "end_time": "12:00", "day": "tue"}, {"Tea"}),
            ({"start_time": "10:31"}, set()),
            ({"end_time": "11:59:00"}, set()),
            ({"taxonomy_term_id": str(term_id("kinds", "event"))}, {"Fair"}),
            (
                {
                    "taxonomy_term_id": f"{term_id('kinds', 'event')},"
                    f"{term_id('categories', 'personal-care')}"
                },
                {"Fair", "Larkfield Care"},
            ),
            ({"taxonomy_term_id": UNKNOWN}, set()),
            ({"taxonomy_term_id": "nonsense"}, set()),
            ({"taxonomy_id": str(taxonomy_id("for-whom"))}, {"Tea", "Fair", "Helpline", "Choir"}),
            ({"taxonomy_id": "nonsense"}, set()),
            ({"organization_id": UNKNOWN}, set()),
            ({"organization_id": "nonsense"}, set()),
            ({"modified_after": "2100-01-01"}, set()),
            ({"minimum_age": "18"}, set()),
            ({"maximum_age": "18"}, set()),
            ({"postcode": "LS6 2AB", "proximity": "100", "day": "TU"}, {"Tea"}),
            ({"postcode": "BS5", "proximity": "1000"}, set()),
            # Who travels to people does not come to Bristol; the others say nothing of an area.
            ({"postcode": "BS5"}, {"Larkfield Care", "Tea", "Fair", "Helpline", "Choir"}),
        ],
    )
    def test_finds_what_answers(
        self, get: Get, world: World, asked: dict[str, str], names: set[str]
    ) -> None:
        page = get("/services", **asked)

        assert {each["name"] for each in page["contents"]} == names
        assert page["empty"] is not bool(names)

    def test_finds_what_an_organisation_offers(self, get: Get, world: World) -> None:
        page = get("/services", organization_id=world.group_id)

        assert page["total_items"] == 4

    def test_gives_everything_changed_since(self, get: Get, world: World) -> None:
        since = (world.now - timedelta(hours=1)).isoformat()

        assert get("/services", modified_after=since)["total_items"] == 6

    def test_gives_all_of_each_service_if_asked(self, get: Get, world: World) -> None:
        page = get("/services", full="true")
        links = get("/service_at_locations", full="true")

        assert all("attributes" in each for each in page["contents"])
        assert all("attributes" in each["service"] for each in links["contents"])

    def test_gives_ids_and_days_alone_if_asked(self, get: Get, world: World) -> None:
        page = get("/services", minimal="true")

        assert {frozenset(each) for each in page["contents"]} == {
            frozenset({"id", "modified_date"})
        }
        assert (page["total_items"], page["total_pages"]) == (6, 1)
        assert get("/service_at_locations", minimal="true")["total_items"] == 5

    def test_gives_everything_as_lines_if_asked(self, client: FlaskClient, world: World) -> None:
        answer = client.get("/oruk/services?format=ndjson")

        rows = [json.loads(line) for line in answer.text.splitlines()]
        assert answer.mimetype == "application/x-ndjson"
        assert len(rows) == 6

    def test_keeps_pages_to_a_size(self, get: Get, world: World) -> None:
        assert get("/services", per_page=10**6)["total_pages"] == 1
        assert get("/services", per_page=0)["size"] == 1
        beyond = get("/services", page=10**9)
        assert (beyond["empty"], beyond["last_page"], beyond["contents"]) == (True, True, [])

    @pytest.mark.parametrize(
        "query",
        [
            "page=0",
            "page=-1",
            "page=x",
            "page=10000000000",
            "page=%C2%B2",
            "per_page=x",
            "day=someday",
            "start_time=25:00",
            "end_time=x",
            "minimum_age=x",
            "minimum_age=NaN",
            "maximum_age=-1",
            "modified_after=yesterday",
            "modified_after=9999-99-99",
            "postcode=nowhere&proximity=10",
            "postcode=ZZ99 9ZZ",
            "proximity=10",
            "postcode=LS6&proximity=-1",
            "postcode=LS6&proximity=inf",
            "full=perhaps",
            "minimal=2",
            "format=xml",
            "search=" + "x" * 1001,
        ],
    )
    def test_refuses_a_bad_question_with_a_sentence(self, client: FlaskClient, query: str) -> None:
        for name in ("services", "service_at_locations"):
            answer = client.get(f"/oruk/{name}?{query}")

            assert answer.status_code == 400
            assert answer.get_json()["error"].endswith(".")
            assert answer.headers["Access-Control-Allow-Origin"] == "*"

    @pytest.mark.parametrize(
        "text",
        ["'", '"', "%", "\0", "*" * 500, "(a+)+$", "\u202e", "🙂", "'; DROP TABLE x;--", "a\nb"],
    )
    def test_answers_whatever_is_typed(self, client: FlaskClient, text: str) -> None:
        names = ("search", "taxonomy_term_id", "organization_id", "postcode", "day", "page")
        for name in names:
            answer = client.get("/oruk/services", query_string={name: text})
            assert answer.status_code in {200, 400}

    @pytest.mark.parametrize("name", LISTS)
    @pytest.mark.parametrize("one", [UNKNOWN, "nonsense", "%00"])
    def test_an_unknown_id_is_not_there(self, client: FlaskClient, name: str, one: str) -> None:
        answer = client.get(f"/oruk/{name}/{one}")

        assert answer.status_code == 404
        assert answer.get_json()["error"]


class TestPublicOnly:
    def test_what_is_not_public_is_not_there(
        self, client: FlaskClient, make: Make, world: World
    ) -> None:
        now = world.now
        council_id = make.council()
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        commissioner = make.staff(organisation_id=council_id, role=Role.COMMISSIONER)
        draft, paused, refused, old = (
            make.provider(name=f"Canary {what}", title=f"Canary {what} offer", at=now)
            for what in ("draft", "paused", "refused", "old")
        )
        agreed = make.provider(name="Agreed", at=now)
        with transaction() as session:
            offer_id = only_offer(session, draft.works_for)
            catalogue.set_offer_state(
                session, offer_id=offer_id, state=OfferState.PAUSED, by=draft, at=now
            )
            catalogue.pause_store(session, by=paused, at=now)
            catalogue.apply_to_council(session, council_id=council_id, by=refused, at=now)
            catalogue.decide_on_provider(
                session,
                DecideOnProvider(
                    provider_id=refused.works_for, state=CheckState.REJECTED, reason="No."
                ),
                by=moderator,
                at=now,
            )
            catalogue.agree_price(
                session,
                AgreePrice(
                    offer_id=only_offer(session, agreed.works_for),
                    bands=PriceBands(Money(13_37)),
                    starts_on=clock.local_day(now),
                ),
                by=commissioner,
                at=now,
            )
            long_ago = now - timedelta(days=400)
            catalogue.confirm_store(session, by=old, at=long_ago)
        hidden = make.group(name="Canary hidden")
        listing(make, hidden, title="Canary entry")
        hide(make, hidden)

        told = client.get("/oruk/services?full=true&per_page=500").text
        told += client.get("/oruk/service_at_locations?full=true&per_page=500").text

        assert "Canary draft offer" not in told
        assert "Canary" not in told.replace("Canary draft", "")
        assert "13.37" not in told
        assert "Agreed" in told
        assert {each[:5] for each in re.findall(r"\w+@mail\.example", told)} == {"group"}

    def test_no_cookie_is_set_and_none_is_needed(self, client: FlaskClient, make: Make) -> None:
        make.council(slug="ashdale")

        answer = client.get("/ashdale/oruk/services")

        assert "Set-Cookie" not in answer.headers
        assert "no-store" not in answer.headers["Cache-Control"]


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


def only_offer(session: Session, provider_id: UUID) -> UUID:
    """Return the one offer of a store."""
    on = clock.local_day(clock.now())
    (offer,) = stores.offers_of_provider(
        session, provider_id=provider_id, funded_by=frozenset(), with_drafts=True, on=on
    )
    return offer.id


def hide(make: Make, group_id: UUID) -> None:
    """Hide a group, as a council does."""
    moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)
    with make.block() as session:
        community.hide_group(
            session,
            group_id=group_id,
            rule=HidingRule.ADVERT,
            reason="It is an advert.",
            by=moderator,
            at=clock.now(),
        )


def counted(deed: Callable[[], object]) -> int:
    """Return how many statements something takes."""
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        deed()
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(asked)
