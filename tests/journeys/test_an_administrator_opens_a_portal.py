"""An administrator opens a second council's portal with one form, and it wears its own clothes."""

from marketplace.access.rules import Role
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import said, send


def test_an_administrator_opens_a_portal(make: Make, sign_in: SignInAs, browser: Browser) -> None:
    council_id = make.council(name="Ashdale Council", slug="ashdale")
    at_work = sign_in(make.staff(organisation_id=council_id, role=Role.ADMINISTRATOR))
    form = at_work.click(at_work.get("councils.index"), "Make a council portal")
    typed = {
        "name": "Brackenshire Council",
        "slug": "ashdale",
        "strapline": "Near the fens",
        "welcome": "Look around, and ask us if you get stuck.",
        "email": "hello@brackenshire.example",
        "brand": "#4b2a63",
        "accent": "#8fd0b0",
        "safeguarding_team": "Brackenshire Safe Team",
        "safeguarding_phone": "01632 960201",
        "districts": "BS5 BS6",
    }

    taken = at_work.submit(form, "Open the portal", typed)
    assert len(taken.errors) == 1
    said(taken, "Look around, and ask us if you get stuck.")
    opened = send(at_work, taken, "Open the portal", slug="brackenshire")
    said(opened, "The portal of Brackenshire Council is open.")

    portal = browser.get("/brackenshire/")
    said(portal, "Brackenshire Council", "Look around, and ask us if you get stuck.")
    assert "#4b2a63" in browser.get("/brackenshire/theme.css").html
    assert browser.get("/brackenshire/find").status == 200
    said(browser.get("home.safeguarding"), "Brackenshire Safe Team", "01632 960201")
    assert browser.get("/nowhere/").status == 404
