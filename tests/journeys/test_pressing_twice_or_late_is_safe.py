"""A form from an hour ago, a double click, and the number of somebody else's order."""

from uuid import uuid4

import pytest

from marketplace.access.rules import Role
from marketplace.kernel.money import Money
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import put_in_basket, said, send

pytestmark = pytest.mark.both_engines


@pytest.mark.sqlite_only
def test_a_form_from_an_hour_ago_loses_nothing(make: Make, sign_in: SignInAs) -> None:
    browser = sign_in(make.funded_person().person)
    form = browser.get("budgets.add_outcome")
    for token in form.soup.select("input[name=csrf_token]"):
        token["value"] = "an old one"
    browser.client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"

    old = browser.submit(form, "Add", sentence="I swim on Sundays.")
    assert old.status == 400
    said(old, "This page was open for a long time", "Nothing was sent")
    again = send(browser, old, "Send it again")
    said(again, "I swim on Sundays.")


def test_a_double_click_is_one_order(make: Make, sign_in: SignInAs) -> None:
    funded = make.funded_person(to_spend=Money(100_00))
    make.provider(name="Green Hands", title="Gardening together", price=Money(20_00))
    browser = sign_in(funded.person)
    basket = put_in_basket(browser, "gardening", "Gardening together")

    first = send(browser, basket, "Place the order")
    second = send(browser, basket, "Place the order")

    said(first, "Green Hands: placed")
    said(second, "Green Hands: placed")
    said(browser.get("budgets.wallet"), "There is £80.00 to spend.", "£20.00 is set aside")


@pytest.mark.sqlite_only
def test_somebody_elses_order_is_not_found(make: Make, sign_in: SignInAs) -> None:
    deal = make.placed()
    strangers = [
        make.person(),
        make.provider(),
        make.staff(organisation_id=deal.funded.council_id, role=Role.FINANCE_OFFICER),
    ]
    for stranger in strangers:
        browser = sign_in(stranger)
        page = browser.get("orders.show", order_id=deal.order_id)
        nothing = browser.get("orders.show", order_id=uuid4())
        assert (page.status, nothing.status) == (404, 404)
        assert page.text == nothing.text
