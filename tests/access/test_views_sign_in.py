"""Signing in and out."""

from tests.browser import Browser
from tests.factories import Make
from tests.factories.people import PASSWORD


class TestSignIn:
    def test_leads_home_with_the_right_password(self, browser: Browser, make: Make) -> None:
        email = make.email_of(make.person(name="Sam Hill"))

        page = browser.submit(
            browser.get("access.sign_in"), "Sign in", email=email, password=PASSWORD
        )

        assert page.status == 302
        assert "Sam Hill" in browser.follow(page).text

    def test_keeps_the_address_and_forgets_the_password_when_it_is_wrong(
        self, browser: Browser, make: Make
    ) -> None:
        email = make.email_of(make.person())

        page = browser.submit(
            browser.get("access.sign_in"), "Sign in", email=email.upper(), password="wrong wrong"
        )

        assert page.errors == ["The e-mail address or the password is wrong."]
        assert email.upper() in page.html
        assert "wrong wrong" not in page.html
