"""Signing in and out."""

import pytest

from marketplace.access import commands
from marketplace.access.rules import Role
from marketplace.database import transaction
from marketplace.kernel import clock
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.people import PASSWORD


def try_to_sign_in(browser: Browser, email: str, password: str, target: str = "/sign-in") -> Page:
    return browser.submit(browser.get(target), "Sign in", email=email, password=password)


class TestSignIn:
    def test_leads_home_with_the_right_password(self, browser: Browser, make: Make) -> None:
        email = make.email_of(make.person(name="Sam Hill"))

        page = try_to_sign_in(browser, email, PASSWORD)

        assert page.status == 302
        assert "Sam Hill" in browser.get("access.account").text

    def test_keeps_the_address_and_forgets_the_password_when_it_is_wrong(
        self, browser: Browser, make: Make
    ) -> None:
        email = make.email_of(make.person())

        page = try_to_sign_in(browser, email.upper(), "wrong wrong")

        assert page.errors == ["The e-mail address or the password is wrong."]
        assert email.upper() in page.html
        assert "wrong wrong" not in page.html

    def test_says_the_same_of_an_address_that_nobody_has(self, browser: Browser) -> None:
        page = try_to_sign_in(browser, "nobody@mail.example", PASSWORD)

        assert page.errors == ["The e-mail address or the password is wrong."]

    def test_asks_for_what_was_left_empty(self, browser: Browser) -> None:
        page = try_to_sign_in(browser, "", "")

        assert page.errors == ["Enter your e-mail address.", "Enter your password."]

    @pytest.mark.usefixtures("one_window")
    def test_refuses_the_eleventh_try_even_with_the_right_password(
        self, browser: Browser, make: Make
    ) -> None:
        email = make.email_of(make.person())
        for _ in range(10):
            try_to_sign_in(browser, email, "wrong wrong")

        page = try_to_sign_in(browser, email, PASSWORD)

        assert page.errors == ["That was tried too often. Wait 15 minutes, then try again."]

    def test_forgets_the_tries_after_a_right_one(self, browser: Browser, make: Make) -> None:
        email = make.email_of(make.person())
        for password in [*["wrong wrong"] * 9, PASSWORD]:
            try_to_sign_in(browser, email, password)
        browser.submit(browser.get("access.account"), "Sign out")

        assert try_to_sign_in(browser, email, PASSWORD).status == 302

    def test_leads_where_somebody_wanted_to_go(self, browser: Browser, make: Make) -> None:
        email = make.email_of(make.person())
        asked = browser.get("access.deeds", page=2)
        assert asked.location == "/sign-in?next=/deeds?page%3D2"

        page = try_to_sign_in(browser, email, PASSWORD, asked.location)

        assert page.location == "/deeds?page=2"

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://elsewhere.example/",
            "//elsewhere.example",
            "/%5Celsewhere.example",
            "javascript:x",
        ],
    )
    def test_never_leads_to_another_site(
        self, browser: Browser, make: Make, elsewhere: str
    ) -> None:
        email = make.email_of(make.person())

        page = try_to_sign_in(browser, email, PASSWORD, f"/sign-in?next={elsewhere}")

        assert page.location in {"/wallet", "/"}

    def test_begins_in_the_hat_of_a_job_if_that_is_all_there_is(
        self, browser: Browser, make: Make
    ) -> None:
        council_id = make.council(name="Green Valley Council")
        staff = make.staff(
            organisation_id=council_id,
            role=Role.ADMINISTRATOR,
            organisation_name="Green Valley Council",
        )

        page = try_to_sign_in(browser, make.email_of(staff), PASSWORD)

        assert page.location == "/councils"
        assert "administrator, Green Valley Council" in browser.follow(page).text

    def test_asks_a_supporter_first_whom_it_is_about(self, browser: Browser, make: Make) -> None:
        helper = make.supporter(person=make.person())

        page = try_to_sign_in(browser, make.email_of(helper), PASSWORD)

        assert page.location == "/hats"

    def test_gives_a_new_cookie_and_keeps_only_the_portal(
        self, browser: Browser, make: Make
    ) -> None:
        email = make.email_of(make.person())
        make.council(slug="green-valley")
        browser.get("/green-valley/")
        with browser.client.session_transaction() as cookie:
            cookie["planted"] = "by somebody else"

        try_to_sign_in(browser, email, PASSWORD)

        with browser.client.session_transaction() as cookie:
            assert "planted" not in cookie
            assert cookie["portal"] == "green-valley"
            assert cookie.permanent

    def test_does_not_ask_somebody_who_is_signed_in(self, make: Make, sign_in: SignInAs) -> None:
        page = sign_in(make.person()).get("access.sign_in", next="/hats")

        assert page.location == "/hats"


class TestSignOut:
    def test_ends_the_sign_in_itself_so_that_a_copied_cookie_is_worth_nothing(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        browser = sign_in(make.person())
        browser.get("access.account")
        with browser.client.session_transaction() as cookie:
            copied = dict(cookie)

        browser.post("access.sign_out")
        with browser.client.session_transaction() as cookie:
            cookie.update(copied)

        assert browser.get("access.account").status == 302

    def test_cannot_be_done_by_a_link(self, browser: Browser) -> None:
        assert browser.get("/sign-out").status == 405

    def test_leads_home_somebody_who_is_out_already(self, browser: Browser) -> None:
        browser.get("access.sign_in")

        assert browser.post("access.sign_out").location == "/"


class TestASignInThatHasEnded:
    def test_is_refused_at_once(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person()
        browser, other = sign_in(person), sign_in(person)
        assert browser.get("access.account").status == 200

        with transaction() as session:
            commands.end_other_sign_ins(session, by=person, at=clock.now())

        assert browser.get("access.account").location == "/sign-in?next=/account"
        assert other.get("access.account").status == 302
