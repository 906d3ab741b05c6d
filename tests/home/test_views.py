"""The fronts, portals, statements and probes."""

import pytest
from flask import Flask

from marketplace.access.rules import Role
from marketplace.councils.rules import RESERVED_SLUGS, contrast_with_white
from marketplace.database import db
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make


class TestFront:
    def test_invites_to_look_round_when_nothing_is_there_yet(self, browser: Browser) -> None:
        page = browser.get("home.front")

        assert page.status == 200
        assert page.heading == "Support that fits your life"
        assert "How it works" in page.text

    def test_lists_the_councils(self, browser: Browser, make: Make) -> None:
        make.council(name="Green Valley Council", slug="green-valley")

        page = browser.click(browser.get("home.front"), "Green Valley Council")

        assert page.url == "/green-valley/"
        assert "Find what helps." in page.text

    def test_leaves_the_portal_somebody_was_in(self, browser: Browser, make: Make) -> None:
        make.council(name="Green Valley Council", slug="green-valley")
        browser.get("/green-valley/")
        assert "Green Valley Council" in browser.get("home.privacy").text

        browser.get("home.front")

        assert "Green Valley Council" not in browser.get("home.privacy").text


class TestPortal:
    def test_wears_the_council_s_words_and_colours(self, browser: Browser, make: Make) -> None:
        make.council(name="Green Valley Council", slug="green-valley")

        page = browser.get("home.portal", council_slug="green-valley")

        assert page.heading == "Support near you"
        assert "/green-valley/theme.css" in page.html

    def test_is_not_found_where_no_council_is(self, browser: Browser) -> None:
        assert browser.get("/nowhere/").status == 404

    def test_an_administrator_s_pages_wear_their_own_council(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        from_valley = make.council(name="Green Valley Council", slug="green-valley")
        administrator = make.staff(
            organisation_id=from_valley,
            role=Role.ADMINISTRATOR,
            organisation_name="Green Valley Council",
        )

        assert "/green-valley/theme.css" in sign_in(administrator).get("access.account").html

    def test_swallows_none_of_the_market_s_own_pages(self, base_app: Flask) -> None:
        first_parts = {
            rule.rule.split("/")[1]
            for rule in base_app.url_map.iter_rules()
            if not rule.rule.startswith("/<")
        } - {""}

        assert first_parts - RESERVED_SLUGS == set()


class TestTheme:
    def test_sets_colours_and_nothing_else(self, browser: Browser, make: Make) -> None:
        make.council(slug="green-valley")

        page = browser.get("home.theme", council_slug="green-valley")

        assert page.response.mimetype == "text/css"
        assert page.html.startswith(":root {\n  --brand: #1d5c63;\n  --brand-ink: #ffffff;\n")
        accent = page.html.split("--accent: ")[1][:7]
        assert contrast_with_white(accent) >= 5

    def test_is_sent_once_while_it_stays_the_same(self, browser: Browser, make: Make) -> None:
        make.council(slug="green-valley")
        etag = browser.get("/green-valley/theme.css").response.headers["ETag"]

        again = browser.client.get("/green-valley/theme.css", headers={"If-None-Match": etag})

        assert again.status_code == 304
        assert "max-age=300" in again.headers["Cache-Control"]

    def test_is_not_found_where_no_council_is(self, browser: Browser) -> None:
        assert browser.get("/nowhere/theme.css").status == 404


class TestStatements:
    @pytest.mark.parametrize("view", ["accessibility", "privacy", "safeguarding"])
    def test_are_there_in_and_out_of_a_portal(
        self, browser: Browser, make: Make, view: str
    ) -> None:
        make.council(slug="green-valley")

        outside = browser.get(f"home.{view}")
        browser.get("/green-valley/")
        inside = browser.get(f"home.{view}")

        assert (outside.status, inside.status) == (200, 200)

    def test_say_whom_to_call_first_and_then_the_council_s_own_team(
        self, browser: Browser, make: Make
    ) -> None:
        make.council(slug="green-valley")
        browser.get("/green-valley/")

        text = browser.get("home.safeguarding").text

        assert text.index("Call 999") < text.index("01632 960100")


class TestProbes:
    def test_health_answers_without_a_database(self, browser: Browser, app: Flask) -> None:
        db.connect("sqlite:////nowhere/at/all.sqlite3")

        assert browser.get("home.health").status == 200
        ready = browser.get("home.ready")
        assert ready.status == 503
        assert ready.response.get_json() == {
            "database": False,
            "index": app.config["SETTINGS"].search == "postgres",
            "migrations": False,
        }

    def test_ready_once_there_is_an_index(self, browser: Browser, app: Flask) -> None:
        folder = app.config["SETTINGS"].var / "index"
        folder.mkdir()
        (folder / "segment").touch()

        assert browser.get("home.ready").status == 200

    def test_metrics_count_requests_by_view(self, browser: Browser) -> None:
        browser.get("home.privacy")

        text = browser.get("home.metrics").html

        assert 'market_requests_total{endpoint="home.privacy",method="GET",status="200"}' in text
        assert "market_letters_waiting 0.0" in text

    def test_robots_stay_out_of_accounts(self, browser: Browser) -> None:
        assert "Disallow: /account" in browser.get("home.robots").html
