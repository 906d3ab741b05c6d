"""What a reader of the feed may ask, and what is answered."""

import json
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from marketplace.feeds.rules.identity import taxonomy_id, term_id
from tests.feeds.world import LISTS, UNKNOWN, Get, World

ANSWERS: list[tuple[dict[str, str], set[str]]] = [
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
    ({"minimum_age": "18"}, {"Choir", "Larkfield Care"}),
    ({"minimum_age": "60"}, {"Larkfield Care"}),
    ({"minimum_age": "66"}, set()),
    ({"maximum_age": "90", "minimum_age": "18"}, {"Choir"}),
    ({"maximum_age": "89"}, set()),
    ({"minimum_age": "0", "search": "tea TALK", "day": "tue"}, {"Tea"}),
    ({"postcode": "LS6 2AB", "proximity": "100", "day": "TU"}, {"Tea"}),
    ({"postcode": "BS5", "proximity": "1000"}, set()),
    # Who travels to people does not come to Bristol; the others say nothing of an area.
    ({"postcode": "BS5"}, {"Larkfield Care", "Tea", "Fair", "Helpline", "Choir"}),
]


class TestQuestions:
    def test_finds_what_answers(self, get: Get, world: World) -> None:
        wrong = []
        for asked, names in ANSWERS:
            page = get("/services", **asked)
            found = {each["name"] for each in page["contents"]}
            if found != names or page["empty"] is bool(names):
                wrong.append((asked, found))

        assert wrong == []

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
            "postcode=LS6&proximity=near",
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

    @given(
        asked=st.dictionaries(
            st.sampled_from(
                [
                    *("search", "page", "per_page", "taxonomy_term_id", "taxonomy_id"),
                    *("organization_id", "modified_after", "minimum_age", "maximum_age", "day"),
                    *("start_time", "end_time", "postcode", "proximity", "full", "minimal"),
                ]
            ),
            st.text(max_size=12) | st.integers().map(str) | st.floats().map(str),
            max_size=4,
        )
    )
    def test_any_question_has_an_answer(self, client: FlaskClient, asked: dict[str, str]) -> None:
        for name in LISTS:
            answer = client.get(f"/oruk/{name}", query_string=asked)

            assert answer.status_code in {200, 400}, (asked, answer.text)
            assert answer.is_json
