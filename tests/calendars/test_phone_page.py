"""The page on which a calendar is put in a phone, changed and switched off."""

from marketplace.access.rules import Actor, Scope
from marketplace.calendars import commands
from marketplace.calendars.commands import FollowCalendar
from marketplace.calendars.rules.subjects import subjects_of
from marketplace.database import transaction
from tests.browser import Browser
from tests.conftest import NOON, SignInAs
from tests.factories import Make


def begun(by: Actor, secret_key: str = "only-for-tests") -> None:
    """Put somebody's calendar in their phone."""
    wish = FollowCalendar(subjects_of(by)[0])
    with transaction() as session:
        commands.follow(session, wish, secret_key=secret_key, by=by, at=NOON)


class TestPage:
    def test_makes_shows_changes_and_switches_off(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.person())
        page = browser.get("calendars.phone")
        browser.submit(page, "Make a secret address", words="full")
        page = browser.follow()
        assert page.soup.select("a[href^='webcal://']")
        old = _address(browser)
        browser.submit(page, "Change the address")
        browser.follow()
        assert _address(browser) != old
        browser.submit(browser.get("calendars.phone"), "Save", words="busy")
        assert "Nobody has looked at it" in browser.follow().text
        browser.submit(browser.get("calendars.phone"), "Switch it off")
        assert "Make a secret address" in browser.follow().html

    def test_says_who_else_follows(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person()
        begun(make.supporter(person=person, scopes=[Scope.SEE], name="Sam Hill"))
        browser = sign_in(person)

        page = browser.get("calendars.phone")
        assert "Sam Hill" in page.text
        browser.submit(page, "Switch it off : Sam Hill")

        assert "Sam Hill" not in browser.follow().text
        assert "switched off the calendar in a phone" in browser.get("access.deeds").text

    def test_has_two_calendars_for_staff(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.provider())
        page = browser.get("calendars.phone")
        assert "This is about your own visits." in page.text

        page = browser.click(page, "All visits of the store instead")
        browser.submit(page, "Make a secret address")

        assert "This is about all visits of the store." in browser.follow().text
        assert "Make a secret address" in browser.get("calendars.phone").html

    def test_is_not_found_for_who_has_no_calendar(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.officer(council_id=make.council()))

        assert browser.get("calendars.phone").status == 404
        assert browser.get("calendars.reminders").status == 404
        assert sign_in(make.person()).get("/calendar/phone?whose=store").status == 404

    def test_says_that_the_key_was_changed(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person()
        begun(person, secret_key="an older one")

        page = sign_in(person).get("calendars.phone")

        assert "before the market changed its keys" in page.text


def _address(browser: Browser) -> str:
    found = browser.get("calendars.phone").soup.select_one(".calendar-address code")
    assert found is not None
    return found.get_text()
