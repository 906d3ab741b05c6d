"""What people look for in vain is seen by the council and by providers, once enough have asked."""

from flask import Flask

from marketplace.access.rules import Role
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import not_said, said


def test_what_nobody_finds_is_seen(app: Flask, make: Make, sign_in: SignInAs) -> None:
    # Nobody in Ashdale sells what people look for.
    council_id = make.council(name="Ashdale Council", slug="ashdale", districts=("LS6",))
    provider = make.provider(name="Gentle Mornings", postcode="LS6 2AB", title="Company at home")
    commissioner = sign_in(make.staff(organisation_id=council_id, role=Role.COMMISSIONER))
    owner = sign_in(provider)

    def visitor_looks() -> None:
        visitor = Browser(app.test_client())
        said(visitor.get("/find?q=underwater+basketweaving&near=LS6"), "We found nothing for this")
        # With a filter, what there is is gone too.
        visitor.get("/find?q=company&near=LS6&language=polish")

    # Four people are too few to be told of.
    for _ in range(4):
        visitor_looks()
    few = commissioner.get("reports.demand")
    said(few, "Nothing that enough people share")
    not_said(few, "basketweaving")
    not_said(commissioner.get("/market/looked-for.csv"), "basketweaving")
    said(owner.get("reports.near_you"), "Nothing to show yet")

    # The fifth makes it something that people here need.
    visitor_looks()
    told = commissioner.get("reports.demand")
    said(told, "underwater basketweaving", "Language: Polish", "What they did next", "Left")
    file = commissioner.get("/market/looked-for.csv")
    assert "underwater basketweaving,5," in file.html

    # The provider sees it, and begins an offer of that name.
    near = owner.click(owner.get("catalogue.my_store"), "See what people near you look for")
    said(near, "Ashdale Council", "Underwater basketweaving", "At least 5 people")
    said(near, "Most found next to nothing", "Language: Polish")
    form = owner.click(near, "Offer this : Underwater basketweaving")
    (title,) = form.soup.select("input[name=title]")
    assert title["value"] == "Underwater basketweaving"


def test_another_council_is_told_nothing(app: Flask, make: Make, sign_in: SignInAs) -> None:
    make.council(name="Ashdale Council", slug="ashdale", districts=("LS6",))
    other = make.council(name="Brackenshire Council", districts=("NR1",))
    for _ in range(6):
        Browser(app.test_client()).get("/find?q=underwater+basketweaving&near=LS6")

    commissioner = sign_in(make.staff(organisation_id=other, role=Role.COMMISSIONER))

    not_said(commissioner.get("reports.demand"), "basketweaving")
    not_said(commissioner.get("reports.dashboard"), "basketweaving")
