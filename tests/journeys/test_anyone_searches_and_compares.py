"""Anyone searches, opens a store and an offer, and compares; prices are for who looks."""

from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import not_said, said


def test_everybody_sees_the_price_that_is_theirs(
    make: Make, sign_in: SignInAs, browser: Browser
) -> None:
    council_id = make.council(name="Ashdale Council", slug="ashdale")
    washing = make.provider(name="Bright Mornings", title="Company at home")
    make.standing(provider=washing, council_id=council_id)
    offer_id = make.offer(
        provider=washing,
        title="Help getting washed and dressed",
        category="personal-care",
        price=Money(18_00),
    )
    make.agreed_price(offer_id=offer_id, council_id=council_id, price=Money(13_37))
    other = make.provider(name="Slow Starts", title="Help getting washed", price=Money(17_50))
    make.activity(title="Getting washed and brushed: tea and talk", at=clock.now())
    funded = sign_in(make.funded_person(council_id=council_id).person)
    self_funder = sign_in(make.person())
    rival = sign_in(other)

    found = browser.get("/find?q=help+getting+washed&near=LS6+2AB")
    if found.location:
        found = browser.follow(found)
    said(found, "Help getting washed and dressed", "Help getting washed", "£18.00", "£17.50")
    said(found, "within", "LS6", "Getting washed and brushed")
    store = browser.click(browser.click(found, "Help getting washed and dressed"), "Bright")
    said(store, "Bright Mornings", "£18.00", "Checked")

    first = browser.click(found, "Compare Help getting washed and dressed, Bright Mornings")
    said(first, "Choose one more")
    both = browser.click(
        browser.get("/find?q=help+getting+washed"), "Compare Help getting washed, Slow Starts"
    )
    said(both, "Bright Mornings", "Slow Starts", "£18.00", "£17.50")

    pages = [
        "/find?q=help+getting+washed",
        "/ashdale/find?q=help+getting+washed",
        "/find?q=13.37",
        "/find/suggest?q=help",
        f"/offers/{offer_id}",
        "/stores/bright-mornings",
        f"/compare?offer={offer_id}",
    ]
    for path in pages:
        for other_eyes in (browser, self_funder, rival):
            not_said(other_eyes.get(path), "£13.37")
    said(funded.get("/find?q=help+getting+washed"), "£13.37", "price agreed for you")
    said(funded.get(f"/offers/{offer_id}"), "£13.37", "Everybody else pays £18.00")
    said(funded.get("/stores/bright-mornings"), "£13.37")
    said(funded.get(f"/compare?offer={offer_id}"), "£13.37")


def test_filters_count_and_a_slip_of_the_pen_is_understood(make: Make, browser: Browser) -> None:
    provider = make.provider(name="Bright Mornings")
    make.offer(provider=provider, title="Gardening together", category="personal-care")
    make.offer(provider=provider, title="Gardening for two")

    found = browser.get("/find?q=gardening")
    said(found, "3 found", "Washing, dressing and daily care")
    narrowed = browser.submit(found, "Show these", category="personal-care")
    said(narrowed, "1 found", "Gardening together")
    slip = browser.get("/find?q=gardenning")
    assert "Gardening together" in slip.text or "Did you mean" in slip.text
