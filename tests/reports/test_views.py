"""The page of the market: for commissioners of one council, and nobody else."""

import pytest

from marketplace.access.rules import Actor, Role
from marketplace.web.example_days import near_today
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make

MARCH = "since=2026-03-01&until=2026-03-31"


@pytest.fixture
def commissioner(make: Make) -> Actor:
    """Return the commissioner of a council in which five people ordered £30.00 of company each."""
    council_id = make.council()
    provider = make.provider()
    for _ in range(5):
        make.placed(funded=make.funded_person(council_id=council_id), provider=provider)
    return make.staff(organisation_id=council_id, role=Role.COMMISSIONER)


@pytest.fixture
def browser(commissioner: Actor, sign_in: SignInAs) -> Browser:
    return sign_in(commissioner)


class TestDashboard:
    def test_shows_the_market_in_numbers(self, browser: Browser) -> None:
        page = browser.get(f"/market?{MARCH}")

        assert page.heading == "The market"
        assert "5 People with orders" in page.text
        assert "£150.00 Set aside now" in page.text
        assert "Company" in page.text

    def test_opens_on_the_last_twelve_months(self, browser: Browser) -> None:
        assert browser.get("reports.dashboard").status == 200

    def test_shows_an_empty_market(self, make: Make, sign_in: SignInAs) -> None:
        nobody = make.staff(organisation_id=make.council(), role=Role.COMMISSIONER)

        page = sign_in(nobody).get(f"/market?{MARCH}")

        assert "Nothing was ordered in this time." in page.text

    @pytest.mark.parametrize(
        ("asked", "sentence"),
        [
            ("since=31+2+2026", "Enter a day that exists, like {day}."),
            (
                "since=2026-03-31&until=2026-03-01",
                "The last day is before the first. Change one of them.",
            ),
        ],
    )
    def test_says_what_is_wrong_with_the_days(
        self, browser: Browser, asked: str, sentence: str
    ) -> None:
        page = browser.get(f"/market?{asked}")

        assert page.errors == [near_today(sentence)]

    def test_shows_another_council_nothing(
        self, commissioner: Actor, make: Make, sign_in: SignInAs
    ) -> None:
        stranger = make.staff(organisation_id=make.council(), role=Role.COMMISSIONER)

        assert "0 People with orders" in sign_in(stranger).get(f"/market?{MARCH}").text

    def test_is_for_commissioners(self, make: Make, sign_in: SignInAs) -> None:
        assert sign_in(make.person()).get("reports.dashboard").status == 403


class TestDownload:
    def test_sends_a_table_as_a_file(self, browser: Browser) -> None:
        file = browser.get(f"/market/categories.csv?{MARCH}")

        assert file.html.splitlines() == [
            "Category,People,Orders,Set aside now,Confirmed",
            "Company,5,5,150.00,0.00",
        ]

    def test_hides_in_the_file_what_the_page_hides(self, make: Make, sign_in: SignInAs) -> None:
        council_id = make.council()
        make.placed(funded=make.funded_person(council_id=council_id))
        commissioner = make.staff(organisation_id=council_id, role=Role.COMMISSIONER)

        file = sign_in(commissioner).get(f"/market/categories.csv?{MARCH}")

        assert file.html.splitlines()[1] == "Company,fewer than 5,not shown,not shown,not shown"

    def test_does_not_find_a_table_there_is_none_of(self, browser: Browser) -> None:
        assert browser.get("/market/everybody.csv").status == 404

    def test_is_for_commissioners(self, make: Make, sign_in: SignInAs) -> None:
        assert sign_in(make.person()).get("/market/categories.csv").status == 403
