"""The public interface: what a stranger sees, as JSON, and a sentence for every refusal."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marketplace.catalogue.rules import CheckState
from marketplace.kernel.money import Money
from marketplace.search.adapters import Engine
from marketplace.search.adapters.whoosh import WhooshEngine
from marketplace.search.errors import SearchRestingError
from tests.factories import Make

Ask = Callable[..., TestResponse]


def told(answer: TestResponse) -> Any:  # noqa: ANN401 - any JSON
    """Return what an answer says."""
    assert answer.json is not None
    return answer.json


@pytest.fixture
def ask(app: Flask) -> Ask:
    """Return how to ask for an address of the interface."""
    client = app.test_client()

    def get(path: str, *, headers: dict[str, str] | None = None, **asked: object) -> TestResponse:
        query = urlencode(asked, doseq=True)
        return client.get(f"/api/v1{path}?{query}".rstrip("?"), headers=headers)

    return get


class TestSearch:
    def test_finds_what_the_page_finds(self, ask: Ask, make: Make) -> None:
        make.provider(name="Gentle Mornings", title="Company at home", price=Money(15_00))

        found = told(ask("/search", q="company", near="LS6", kind="offer"))

        (result,) = found["results"]
        assert result["name"] == "Company at home"
        assert result["price"] == {"pence": 1500, "unit": "hour", "words": "£15.00 an hour"}
        assert (result["by"], result["district"]) == ("Gentle Mornings", "LS6")
        assert found["counts"]["category"] == {"company": 1}
        assert (found["total"], found["pages"], found["place"]) == (1, 1, "LS6")

    def test_pages_lead_to_each_other(self, ask: Ask, make: Make) -> None:
        provider = make.provider()
        for _ in range(4):
            make.offer(provider=provider)

        first = told(ask("/search", kind="offer", per_page=3))

        assert (first["pages"], first["links"]["previous"]) == (2, None)
        second = told(ask("/search", kind="offer", per_page=3, page=2))
        assert first["links"]["next"] == second["links"]["self"]
        assert len(first["results"]) + len(second["results"]) == first["total"] == 5

    def test_the_page_for_people_is_that_of_the_same_portal(self, ask: Ask, make: Make) -> None:
        make.council(slug="ashdale")

        found = told(ask("/search", q="company", council="ashdale", page=2))

        assert found["links"]["page"].endswith("/ashdale/find?q=company&sort=best")

    def test_a_place_in_the_middle_of_nothing_is_far_from_everything(
        self, ask: Ask, make: Make
    ) -> None:
        make.provider(postcode="LS6 2AB", reach_metres=None)

        assert told(ask("/search", near="TR1", within=1))["total"] == 0

    def test_suggestions_have_counts(self, ask: Ask, make: Make) -> None:
        make.provider(title="Gardening by the hour")

        said = told(ask("/suggest", q="garden"))["suggestions"]

        assert all(set(each) == {"text", "count"} for each in said)

    def test_search_that_rests_says_when_to_come_back(
        self, ask: Ask, monkeypatch: pytest.MonkeyPatch, app: Flask, engine: str
    ) -> None:
        if engine != "sqlite":
            pytest.skip("the index of this engine cannot be lost without its database")

        def rest(_engine: Engine, _query: object) -> None:
            raise SearchRestingError

        monkeypatch.setattr(WhooshEngine, "search", rest)

        refused = ask("/search", q="company")

        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
        assert "Search is coming back." in told(refused)["detail"]


class TestEntries:
    def test_an_offer_a_store_an_activity_and_a_group_can_be_read(
        self, ask: Ask, make: Make
    ) -> None:
        provider = make.provider(name="Gentle Mornings")
        offer_id = make.offer(provider=provider, title="A walk in the park")
        offer = told(ask(f"/offers/{offer_id}"))
        store = told(ask(offer["provider"]["links"]["self"].partition("/api/v1")[2]))

        assert offer["title"] == "A walk in the park"
        assert "A walk in the park" in [each["title"] for each in store["offers"]]
        assert (store["district"], "postcode" in store) == ("LS6", False)
        assert "2AB" not in json.dumps(store)

    def test_what_is_not_there_is_said_to_be_not_there(self, ask: Ask) -> None:
        for path in (f"/offers/{uuid4()}", "/stores/nobody", f"/activities/{uuid4()}", "/groups/x"):
            refused = ask(path)

            assert (refused.status_code, refused.mimetype) == (404, "application/problem+json")
            assert told(refused)["detail"]

    def test_what_is_hidden_is_nowhere(self, ask: Ask, make: Make) -> None:
        council_id = make.council(name="Ashdale Council", slug="ashdale")
        provider = make.provider(name="Hidden Apricot", title="Apricot company")
        offer_id = make.offer(provider=provider, title="Apricot walks")
        draft = make.offer(title="Apricot drafts", on_sale=False)
        make.standing(provider=provider, council_id=council_id, state=CheckState.SUSPENDED)

        answers = "".join(
            ask(path, **asked).text
            for path, asked in (
                ("/search", {"q": "apricot"}),
                ("/search", {"q": "apricot", "council": "ashdale"}),
                ("/search", {"page": 1, "per_page": 50}),
                ("/suggest", {"q": "apri"}),
                (f"/offers/{offer_id}", {}),
                (f"/offers/{draft}", {}),
                ("/stores/hidden-apricot", {}),
            )
        )
        answers = answers.replace('"q=apricot', "").replace("q=apricot", "")

        assert "Apricot" not in answers

    def test_an_agreed_price_is_nowhere(self, ask: Ask, make: Make) -> None:
        council_id = make.council()
        provider = make.provider(name="Gentle Mornings", title="Company at home")
        offer_id = make.offer(provider=provider, price=Money(15_00), title="Walks")
        make.standing(provider=provider, council_id=council_id)
        make.agreed_price(offer_id=offer_id, council_id=council_id, price=Money(13_37))

        answers = "".join(
            ask(path, **asked).text
            for path, asked in (
                ("/search", {"q": "walks", "sort": "price"}),
                ("/search", {"price_band": ["10_15", "15_20"]}),
                (f"/offers/{offer_id}", {}),
                ("/stores/gentle-mornings", {}),
                ("/openapi.json", {}),
            )
        )

        assert "1337" not in answers
        assert "13.37" not in answers
        assert told(ask("/search", q="walks", price_band="10_15"))["total"] == 0


class TestRefusals:
    @pytest.mark.parametrize(
        ("asked", "parameter", "words"),
        [
            ({"page": "1000000000"}, "page", "from 1 to 10000"),
            ({"page": "-1"}, "page", "from 1 to 10000"),
            ({"page": "two"}, "page", "whole number"),
            ({"per_page": "51"}, "per_page", "from 1 to 50"),
            ({"within": "1e9", "near": "LS6"}, "within", "from 1 to 200"),
            ({"within": "5"}, "within", "needs near"),
            ({"sort": "nearest"}, "sort", "needs near"),
            ({"sort": "money"}, "sort", "best, nearest, price or rating"),
            ({"near": "Atlantis"}, "near", "We cannot find"),
            ({"near": "ZZ99 9ZZ"}, "near", "We cannot find"),
            ({"council": "nowhere"}, "council", "council must be"),
            ({"category": "spells"}, "category", "category must be"),
            ({"day": "someday"}, "day", "day must be"),
            ({"colour": "blue"}, "colour", "There is no parameter “colour”"),
            ({"q": "x" * 5_000}, "q", "at most 300 characters"),
            ({"q": ["one", "two"]}, "q", "once only"),
            ({"kind": ["offer"] * 51}, "kind", "at most 50 times"),
        ],
    )
    def test_names_the_parameter_in_a_sentence(
        self, ask: Ask, asked: dict[str, object], parameter: str, words: str
    ) -> None:
        refused = ask("/search", **asked)

        assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")
        assert told(refused)["parameter"] == parameter
        assert words in told(refused)["detail"]

    @pytest.mark.parametrize(
        "words",
        [
            '"', "'; DROP TABLE search_counts; --", "*?*", "((a+)+)+$", "title:secret AND NOT x",
            "\u202e\u0645\u0631\u062d", "🧹🧹🧹", "a\x00b", "%", "[a TO z]", "\\", "~2", " ",
        ],
    )  # fmt: skip
    def test_whatever_is_typed_is_answered(self, ask: Ask, make: Make, words: str) -> None:
        make.provider()

        assert ask("/search", q=words).status_code == 200
        assert ask("/suggest", q=words).status_code == 200
        assert ask("/search", near=words or "?").status_code in {200, 400}

    def test_bytes_that_are_no_text_are_answered(self, app: Flask) -> None:
        client = app.test_client()

        assert client.get("/api/v1/search?q=%ff%fe%00").status_code == 200
        assert client.get("/api/v1/search?%ff=1").status_code == 400
        assert client.get(f"/api/v1/stores/{quote('../..', safe='')}").status_code == 404

    def test_an_address_that_is_none_and_a_deed_that_is_none(self, app: Flask) -> None:
        client = app.test_client()
        missing, posted = client.get("/api/v1/nothing"), client.post("/api/v1/search")

        assert (missing.status_code, posted.status_code) == (404, 405)
        assert missing.mimetype == posted.mimetype == "application/problem+json"
        assert "GET" in posted.headers["Allow"]

    def test_what_breaks_is_a_problem_too(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise RuntimeError("a secret")

        monkeypatch.setattr("marketplace.catalogue.queries.categories", broken)
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", value=False)

        refused = app.test_client().get("/api/v1/categories")

        assert (refused.status_code, refused.mimetype) == (500, "application/problem+json")
        assert "secret" not in refused.text


class TestForMachines:
    def test_who_has_it_already_is_told_so(self, ask: Ask, make: Make) -> None:
        make.provider()
        first = ask("/search", q="company")

        again = ask("/search", q="company", headers={"If-None-Match": first.headers["ETag"]})

        assert (again.status_code, again.data) == (304, b"")
        assert "public" in again.headers["Cache-Control"]
        assert "max-age=60" in first.headers["Cache-Control"]

    def test_reads_no_cookie_and_sets_none(self, app: Flask) -> None:
        client: FlaskClient = app.test_client()
        client.get("/find?q=company")
        with client.session_transaction() as cookie:
            cookie["portal"] = "nowhere"

        answer = client.get("/api/v1/search?q=company")

        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"

    def test_a_browser_may_ask_beforehand(self, app: Flask) -> None:
        allowed = app.test_client().options("/api/v1/search")

        assert allowed.headers["Access-Control-Allow-Origin"] == "*"
        assert "If-None-Match" in allowed.headers["Access-Control-Allow-Headers"]

    def test_head_is_get_without_what_it_says(self, app: Flask, make: Make) -> None:
        make.provider()
        client = app.test_client()

        head, get = client.head("/api/v1/search"), client.get("/api/v1/search")

        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["ETag"] == get.headers["ETag"]

    def test_the_page_for_people_explains_it(self, app: Flask) -> None:
        page = app.test_client().get("/api").text

        for words in ("/api/v1/search", "You need no key", "per_page", "OpenAPI document"):
            assert words in page


class TestLimit:
    @pytest.fixture
    def limited(self, app: Flask) -> Iterator[Ask]:
        """Return how to ask from an address where 20 calls a minute are allowed."""
        usual = app.config["SETTINGS"]
        app.config["SETTINGS"] = replace(usual, api_calls_a_minute=20, secret_key=str(uuid4()))
        client = app.test_client()

        def get(path: str, **asked: object) -> TestResponse:
            address = str(asked.pop("address", "192.0.2.7"))
            query = urlencode(asked, doseq=True)
            return client.get(f"/api/v1{path}?{query}", environ_base={"REMOTE_ADDR": address})

        yield get
        app.config["SETTINGS"] = usual

    @pytest.fixture(autouse=True)
    def _one_minute(self, time_machine: object) -> None:
        time_machine.move_to("2026-03-04 12:00:15+00:00", tick=False)  # type: ignore[attr-defined]

    def test_so_many_a_minute_and_no_more(self, limited: Ask) -> None:
        answers = [limited("/categories") for _ in range(21)]

        assert [each.status_code for each in answers] == [200] * 20 + [429]
        left = [int(each.headers["RateLimit-Remaining"]) for each in answers]
        assert left == [*range(19, -1, -1), 0]
        assert answers[0].headers["RateLimit-Limit"] == "20"
        refused = answers[-1]
        assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"] == "45"
        assert "20 times a minute" in told(refused)["detail"]

    def test_others_are_not_kept_waiting(self, limited: Ask) -> None:
        for _ in range(21):
            limited("/categories")

        assert limited("/categories", address="192.0.2.8").status_code == 200

    def test_one_household_is_one_address(self, limited: Ask) -> None:
        for number in range(20):
            limited("/categories", address=f"2001:db8::{number + 1:x}")

        assert limited("/categories", address="2001:db8::ffff").status_code == 429
        assert limited("/categories", address="2001:db8:1::1").status_code == 200

    def test_refusals_count_too(self, limited: Ask) -> None:
        for _ in range(20):
            limited("/search", colour="blue")

        assert limited("/categories").status_code == 429

    def test_the_next_minute_is_another(self, limited: Ask, time_machine: object) -> None:
        for _ in range(21):
            limited("/categories")
        time_machine.move_to("2026-03-04 12:01:00+00:00", tick=False)  # type: ignore[attr-defined]

        assert limited("/categories").status_code == 200


def test_ids_are_told_as_ids(ask: Ask, make: Make) -> None:
    make.provider()

    for result in told(ask("/search"))["results"]:
        assert str(UUID(result["id"])) == result["id"]
