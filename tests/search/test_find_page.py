"""The page of results: places, guesses, the map, and a search that rests."""

from re import search
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar

from marketplace.catalogue.rules import CheckState
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.statements import statements

STATEMENTS_MAX = 6


def address(**asked: str) -> str:
    return f"/find?{urlencode(asked)}"


class TestNothingFound:
    def test_the_next_thing_to_do_is_the_word_that_was_meant(
        self, browser: Browser, make: Make
    ) -> None:
        make.offer(title="Gardening")

        page = browser.get(address(q="gardning"))

        assert "Take all filters off" not in page.text
        assert "gardening" in browser.click(page, "Look for “gardening”").text

    def test_filters_can_be_taken_off_only_where_there_are_some(self, browser: Browser) -> None:
        assert "See everything" in browser.get(address(q="xyzzy")).text
        page = browser.get(address(q="xyzzy", free="yes"))

        assert "take a filter off" in page.text
        assert "See everything" not in page.text

    @pytest.mark.parametrize("page", ["2", "1000000000", "9" * 40])
    def test_a_page_after_the_last_leads_back_to_the_first(
        self, browser: Browser, make: Make, page: str
    ) -> None:
        make.offer(title="Gardening")

        beyond = browser.get(address(q="gardening", page=page))

        assert "The list ends before this page" in beyond.text
        assert "We found nothing" not in beyond.text
        assert "Gardening" in browser.click(beyond, "See the first page").text


class TestNear:
    def test_a_town_is_a_place(self, browser: Browser, make: Make) -> None:
        make.provider(name="Gentle Mornings", postcode="BD21 3QL")

        page = browser.get(address(q="", near="Keighley"))

        assert "miles of Keighley" in page.text
        assert "Gentle Mornings" in page.text

    @pytest.mark.parametrize(
        ("typed", "said"),
        [("Bradfrod", "Did you mean Bradford?"), ("Newport", "Newport, Shropshire")],
    )
    def test_a_place_that_is_not_one_is_asked_for_again(
        self, browser: Browser, typed: str, said: str
    ) -> None:
        page = browser.get(address(q="gardening", near=typed))

        assert said in page.text
        assert f'value="{typed}"' in page.html

    def test_where_somebody_is_stays_out_of_the_address(self, browser: Browser) -> None:
        page = browser.get(address(q="gardening"))

        went = browser.submit(page, "Look near where I am", latitude="53.8205", longitude="-1.5712")

        assert went.location == address(q="gardening", near="LS6")
        assert "of where you are" in browser.follow(went).text

    def test_another_district_that_begins_alike_is_another_place(self, browser: Browser) -> None:
        browser.follow(browser.get(address(q="", near="LS12 3AB")))

        for district in ("LS1", "LS12", "LS1"):
            page = browser.get(address(q="", near=district))

            assert search(rf"miles of {district}\b", page.text)

    @pytest.mark.parametrize("latitude", ["0", "91", "nan", "north", "", "1e400"])
    def test_somebody_who_is_nowhere_keeps_the_search(
        self, browser: Browser, latitude: str
    ) -> None:
        page = browser.get(address(q="gardening"))

        went = browser.submit(page, "Look near where I am", latitude=latitude, longitude="-1.5")

        assert went.location == address(q="gardening")
        assert "only look near places in the United Kingdom" in browser.follow(went).text


class TestMap:
    def test_numbers_are_those_of_the_list(self, browser: Browser, make: Make) -> None:
        make.provider(name="Gentle Mornings", postcode="LS6 2AB", title="Company in Leeds")
        make.provider(name="Far Company", postcode="NR1 3AA", title="Company in Norwich")

        page = browser.get(address(q="company"))

        numbers = [each.text for each in page.soup.select(".card__number")]
        assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
        pins = page.soup.select(".map__label")
        assert len(pins) == 2
        for link in page.soup.select("svg.map__sheet a"):
            assert page.soup.select_one(str(link["href"]))

    def test_nothing_found_has_no_map(self, browser: Browser) -> None:
        assert not browser.get(address(q="qwxyzzy")).soup.select(".map")

    def test_a_store_is_shown_in_the_middle_of_its_district(
        self, browser: Browser, make: Make
    ) -> None:
        make.provider(postcode="LS6 2AB")
        make.provider(postcode="LS6 4JN")

        pins = browser.get(address(q="company")).soup.select(".map__pin")

        assert len(pins) == 1


class TestGuesses:
    def test_what_a_sentence_may_mean_is_marked_as_a_guess(
        self, browser: Browser, make: Make
    ) -> None:
        pytest.importorskip("wordllama")
        make.provider(name="Rails", title="Grab rails fitted", postcode="LS6 2AB")

        page = browser.get(address(q="I cannot manage the stairs any more"))

        assert "These are our guesses. They are not in the list below." in page.text

    def test_words_that_find_enough_are_not_guessed_at(self, browser: Browser, make: Make) -> None:
        for _ in range(3):
            make.provider(title="Company at home")

        assert "our guesses" not in browser.get(address(q="company at home")).text


class TestFeeds:
    def test_a_search_can_be_followed_as_news(self, browser: Browser, make: Make) -> None:
        make.provider(name="Gentle <Mornings>", title="Company & tea")

        page = browser.get(address(q="company", near="LS6"))
        feed = ET.fromstring(browser.client.get(page.link("as news")).data)

        titles = [item.findtext("title") for item in feed.iter("item")]
        assert any(title and title.startswith("Company & tea") for title in titles)
        assert "Gentle <Mornings>" in titles

    def test_a_search_can_be_followed_as_a_calendar(self, browser: Browser, make: Make) -> None:
        group_id = make.group(name="Baildon Blethers")
        make.activity(group_id=group_id, title="Choir practice", at=clock.now())

        page = browser.get(address(q="choir"))
        calendar = Calendar.from_ical(browser.client.get(page.link("as a calendar")).data)

        assert [str(event["summary"]) for event in calendar.walk("VEVENT")] == ["Choir practice"]

    def test_a_feed_sets_no_cookie_and_is_not_sent_twice(self, browser: Browser) -> None:
        first = browser.client.get("/find/news.rss?q=company")
        assert first.status_code == 200, first.text
        again = browser.client.get(
            "/find/news.rss?q=company", headers={"If-None-Match": first.headers["ETag"]}
        )

        assert "Set-Cookie" not in first.headers
        assert again.status_code == 304

    def test_a_portal_that_is_not_there_has_no_feed(self, browser: Browser) -> None:
        assert browser.get("/find/news.rss?council=nowhere").status == 404


class TestStatements:
    """Whoever looks, and however much is found: the same few."""

    @pytest.fixture(params=["stranger", "holder", "supporter", "provider", "practitioner"])
    def looker(
        self, request: pytest.FixtureRequest, browser: Browser, make: Make, sign_in: SignInAs
    ) -> Browser:
        store, funded = make.provider(), make.funded_person()
        make.standing(provider=store, council_id=funded.council_id, state=CheckState.CHECKED)
        offer_id = make.offer(provider=store, title="Company at an agreed price")
        make.agreed_price(offer_id=offer_id, council_id=funded.council_id, price=Money(13_37))
        actors = {
            "holder": funded.person,
            "supporter": make.supporter(person=funded.person),
            "provider": store,
            "practitioner": funded.practitioner,
        }
        actor = actors.get(request.param)
        return sign_in(actor) if actor else browser

    @pytest.mark.parametrize("portal", ["", "/leeds"])
    def test_are_few(self, looker: Browser, make: Make, portal: str) -> None:
        make.council(slug="leeds")
        kinds: set[str] = set()
        for more in (1, 19):
            for number in range(more):
                make.provider(title=f"Company {number}", name=f"Company Store {number}")
                make.activity(title=f"Company on day {number}", at=clock.now())
            for page in range(1, 2 + 3 * more // 20):
                where = portal + address(q="company", page=str(page))
                looker.get(where)  # sees to the index, and counts the search
                with statements() as sent:
                    shown = looker.get(where)

                kinds |= {str(link["href"]).split("/")[1] for link in shown.soup.select(".card a")}
                # Whether the index is behind is asked only where no worker sees to it.
                assert len(sent) - 1 <= STATEMENTS_MAX, "\n\n".join(sent)
        assert kinds >= {"offers", "stores", "groups"}, kinds

        # For another visitor the same search is new, and counted.
        with looker.client.session_transaction() as cookie:
            for kept in ("counted", "search"):
                cookie.pop(kept, None)
        with statements() as sent:
            looker.get(portal + address(q="company"))
        assert len([one for one in sent if "search_counts" in one]) == 1
        assert len(sent) - 1 <= STATEMENTS_MAX, "\n\n".join(sent)


class TestDanger:
    def test_who_helps_now_is_said_before_all_else(self, browser: Browser) -> None:
        page = browser.get(address(q="i want to die"))

        assert page.text.index("116 123") < page.text.index("Find support: i want to die")
        assert "0808 2000 247" not in page.text

    def test_of_others_the_councils_team_can_be_told(self, browser: Browser) -> None:
        page = browser.get(address(q="my husband hits me"))

        assert "0808 2000 247" in page.text
        assert browser.click(page, "tell the council’s team in writing").heading

    def test_nobody_else_is_asked(self, browser: Browser) -> None:
        assert "Samaritans" not in browser.get(address(q="gardening")).text
