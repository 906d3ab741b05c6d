"""A commissioner reads the market in tables and files, in which nobody can be found."""

from marketplace.access.rules import Role
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.web.example_days import near_today
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import not_said, said


def test_a_commissioner_reads_the_market(make: Make, sign_in: SignInAs, browser: Browser) -> None:
    council_id = make.council(name="Ashdale Council", slug="ashdale")
    garden, singing = make.provider(name="Green Hands"), make.provider(name="Amber Lane")
    at = clock.now()
    for number in range(6):
        funded = make.funded_person(
            council_id=council_id, name=f"Reed {number}", outcomes=["I keep my garden."]
        )
        deal = make.accepted(make.placed(funded=funded, provider=garden, price=Money(15_00)))
        make.confirmed(deal, at=at)
    alone = make.funded_person(council_id=council_id, outcomes=["I sing at the Apricot."])
    make.placed(funded=alone, provider=singing, price=Money(13_37))
    browser.get("/ashdale/find?q=underwater+basketweaving")
    commissioner = sign_in(make.staff(organisation_id=council_id, role=Role.COMMISSIONER))

    market = commissioner.get("/market?since=1+3+2026")
    said(market, "The market", "£180.00", "Confirmed spending by category", "Company")
    said(market, "Groups of fewer than 5 people are not shown")
    said(market, "1 search in your portal found nothing.", "Who provides")
    said(market, "One person")
    assert len(market.soup.select("table")) >= 6
    assert len(market.soup.select("svg, figure, .bar-chart")) >= 1
    not_said(market, "Reed 3", "I sing at the Apricot.")

    wrong = commissioner.get("/market?since=31+2+2026")
    assert near_today("Enter a day that exists, like {day}.") in wrong.errors
    for link in market.soup.find_all("a", href=True):
        if ".csv" in str(link["href"]):
            file = commissioner.get(str(link["href"]))
            assert file.response.mimetype == "text/csv"
            assert len(file.html.splitlines()) >= 1
            not_said(file, "Reed 3", "I sing at the Apricot.")


def test_another_councils_market_is_another_market(make: Make, sign_in: SignInAs) -> None:
    deal = make.accepted(make.placed(provider=make.provider(name="Green Hands")))
    make.confirmed(deal, at=clock.now())
    council_id = make.council(name="Brackenshire Council")
    commissioner = sign_in(make.staff(organisation_id=council_id, role=Role.COMMISSIONER))

    market = commissioner.get("/market?since=1+3+2026")
    said(market, "Nothing was ordered in this time.", "£0.00")
    not_said(market, "£30.00", "Green Hands")
