"""For which ages stores, offers and entries are: asked for, shown, found and handed on."""

import json
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue import commands, queries
from marketplace.catalogue.queries.published import published_services
from marketplace.kernel import clock
from marketplace.kernel.ages import Ages, BadAgesError
from tests.browser import Browser, Page
from tests.catalogue.test_stores import change
from tests.conftest import NOON, SignInAs
from tests.factories import Make


def found(page: Page) -> list[str]:
    """Return the titles on a page of results."""
    return sorted(
        " ".join(each.get_text().split()) for each in page.soup.select("[id=results] h2, main h2 a")
    )


def say(session: Session, ages: Ages, owner: Actor) -> None:
    """Say for which ages a store is."""
    commands.change_store(session, replace(change(), ages=ages), by=owner, at=NOON)


class TestPages:
    def test_ask_for_the_ages_of_a_store_and_show_them(
        self, sign_in: SignInAs, browser: Browser, make: Make
    ) -> None:
        keeper = sign_in(make.provider(name="Rosie Bloom"))

        page = keeper.get("catalogue.change_store")
        keeper.submit(page, "Save", youngest="18")

        assert 'value="18"' in keeper.get("catalogue.change_store").html
        assert "Age 18 and over" in browser.get("search.store", slug="rosie-bloom").text

    @pytest.mark.parametrize(
        ("youngest", "oldest", "said"),
        [
            ("eighteen", "", "Enter an age in whole years, like 18."),
            ("-1", "", "Enter an age in whole years, like 18."),
            ("121", "", "An age is a number from 0 to 120."),
            ("", "9999", "Enter an age in whole years, like 18."),
            ("30", "20", "The oldest age has to be the same as the youngest, or more."),
        ],
    )
    def test_say_which_ages_cannot_be_and_keep_what_was_typed(
        self, sign_in: SignInAs, make: Make, youngest: str, oldest: str, said: str
    ) -> None:
        keeper = sign_in(make.provider())

        page = keeper.submit(
            keeper.get("catalogue.change_store"), "Save", youngest=youngest, oldest=oldest
        )

        assert said in page.text
        assert f'value="{youngest or oldest}"' in page.html

    def test_of_an_offer_have_a_place_of_their_own(
        self, sign_in: SignInAs, browser: Browser, make: Make
    ) -> None:
        owner = make.provider()
        offer_id = make.offer(provider=owner)
        keeper = sign_in(owner)

        page = keeper.get("catalogue.change_offer", offer_id=offer_id)
        keeper.submit(page, "Save", youngest="5", oldest="11")

        assert "Age: 5 to 11." in browser.get("search.offer", offer_id=offer_id).text


class TestFinding:
    def test_narrows_down_by_age_and_counts(
        self, sign_in: SignInAs, browser: Browser, make: Make
    ) -> None:
        owner = make.provider()
        make.offer(provider=owner, title="Xylophone for children", at=clock.now())
        offer_id = make.offer(provider=owner, title="Xylophone for grown-ups", at=clock.now())
        keeper = sign_in(owner)
        keeper.submit(
            keeper.get("catalogue.change_offer", offer_id=offer_id), "Save", youngest="18"
        )

        children = browser.get("/find?q=xylophone&kind=offer&age=children")
        older = browser.get("/find?q=xylophone&kind=offer&age=older")

        assert found(children) == ["Xylophone for children"]
        assert found(older) == ["Xylophone for children", "Xylophone for grown-ups"]
        assert "Children under 14" in older.text
        api = json.loads(browser.get("/api/v1/search?q=xylophone&kind=offer&age=children").html)
        assert api["total"] == 1
        assert api["counts"]["age"] == {"children": 1, "young": 2, "adults": 2, "older": 2}


class TestStores:
    def test_say_ages_for_offers_that_say_none(self, session: Session, make: Make) -> None:
        owner = make.provider()
        offer_id = make.offer(provider=owner)
        say(session, Ages(18, None), owner)

        (shown,) = queries.findable_offers(session, [offer_id])
        (store,) = queries.findable_providers(session, [owner.works_for])

        assert shown.ages == Ages(18, None)
        assert store.ages == {"young", "adults", "older"}
        keys = published_services(session, at=NOON, ids=[offer_id])
        assert {key.ages for key in keys} <= {Ages(18, None)}

    def test_refuse_ages_that_cannot_be(self, session: Session, make: Make) -> None:
        with pytest.raises(BadAgesError, match="The oldest age"):
            say(session, Ages(30, 20), make.provider())
