"""What people can choose with an offer: what a provider may write, and where it is kept."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadOfferError
from marketplace.catalogue.rules import checked_menu, why_not_chosen
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.search.queries.indexing import entries
from tests.catalogue.test_offers import offer_wish
from tests.conftest import NOON, SignInAs
from tests.factories import Make

NO_SOUP = "You cannot choose “Soup” with Lunch any more. Choose something else."
MENU = ("Cottage pie", "Vegetable curry")


def test_a_menu_is_tidied() -> None:
    typed = ("  Cottage   pie ", "", "Vegetable curry")

    assert checked_menu(typed, must_choose=True) == MENU
    assert checked_menu((), must_choose=False) == ()
    assert len(checked_menu([str(number) for number in range(20)], must_choose=False)) == 20
    assert checked_menu(["x" * 80], must_choose=False) == ("x" * 80,)


@pytest.mark.parametrize(
    ("typed", "must_choose", "says"),
    [
        ([str(number) for number in range(21)], False, "no more than 20 things"),
        (["x" * 81], False, "no more than 80 characters"),
        (["Pie", "pie"], False, "“pie” is there twice"),
        ([" "], True, "Write what people can choose from"),
    ],
)
def test_a_menu_that_cannot_be_is_refused(
    typed: list[str], *, must_choose: bool, says: str
) -> None:
    with pytest.raises(BadOfferError, match=says):
        checked_menu(typed, must_choose=must_choose)


@pytest.mark.parametrize(
    ("menu", "choice", "must_choose", "says"),
    [
        (MENU, "Cottage pie", True, ""),
        (MENU, "", False, ""),
        ((), "", False, ""),
        (MENU, "", True, "Choose what you would like with Lunch."),
        (
            MENU,
            "Soup",
            False,
            NO_SOUP,
        ),
        ((), "Soup", False, NO_SOUP),
    ],
)
def test_only_what_is_on_the_menu_can_be_chosen(
    menu: tuple[str, ...], choice: str, *, must_choose: bool, says: str
) -> None:
    assert why_not_chosen("Lunch", menu, choice, must_choose=must_choose) == says


def test_a_version_keeps_its_menu_and_gives_it_back(session: Session, make: Make) -> None:
    owner = make.provider()
    wish = replace(offer_wish(), menu=MENU, must_choose=True)
    commands.add_offer(session, wish, by=owner, at=NOON, publish=True)
    without = replace(wish, menu=(), must_choose=False)
    commands.change_offer(session, without, by=owner, at=NOON)

    newest, _ = queries.versions_of(session, offer_id=wish.offer_id, by=owner)
    assert newest.changes == (
        "Of what people can choose, gone is Cottage pie, Vegetable curry.",
        "People do not have to choose any more.",
    )
    commands.put_back(session, offer_id=wish.offer_id, number=1, by=owner, at=NOON)
    kept = queries.kept_offer(session, offer_id=wish.offer_id, by=owner)
    assert (kept.menu, kept.must_choose) == (MENU, True)


def test_what_can_be_chosen_can_be_found(session: Session, make: Make) -> None:
    make.offer(title="Hot lunch", menu=MENU)

    found = [each for each in entries(session, changed=None, at=NOON) if each.title == "Hot lunch"]

    assert [("Vegetable curry" in each.words) for each in found] == [True]


class TestPages:
    def test_a_provider_writes_it_and_anybody_reads_it(self, sign_in: SignInAs, make: Make) -> None:
        owner = make.provider()
        offer_id = make.offer(provider=owner, title="Hot lunch")
        browser = sign_in(owner)
        page = browser.get("catalogue.change_offer", offer_id=offer_id)

        browser.submit(page, "Save", menu="Cottage pie\nVegetable curry\n", must_choose="y")

        page = browser.get("catalogue.change_offer", offer_id=offer_id)
        assert "Cottage pie\nVegetable curry</textarea>" in page.html
        shown = sign_in(make.person()).get("search.offer", offer_id=offer_id)
        assert "You choose one of these when you order. Cottage pie Vegetable curry" in shown.text

    def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(
        self, sign_in: SignInAs, make: Make
    ) -> None:
        owner = make.provider()
        offer_id = make.offer(provider=owner, title="Hot lunch")
        browser = sign_in(owner)
        page = browser.get("catalogue.change_offer", offer_id=offer_id)

        empty = browser.submit(page, "Save", must_choose="y", about="Hot and good.")
        twice = browser.submit(page, "Save", menu="Pie\npie", about="Hot and good.")

        assert empty.errors == ["Write what people can choose from, or let them order without."]
        assert twice.errors == ["“pie” is there twice. Write each thing once."]
        assert "Hot and good." in twice.html
        with transaction() as session:
            assert queries.kept_offer(session, offer_id=offer_id, by=owner).menu == ()


def test_the_interface_tells_it(make: Make, app: Flask) -> None:
    offer_id = make.offer(title="Hot lunch", menu=MENU, at=clock.now())

    told = app.test_client().get(f"/api/v1/offers/{offer_id}").json

    assert told is not None
    assert (told["menu"], told["must_choose"]) == (list(MENU), False)
