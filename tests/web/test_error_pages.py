"""What people see when something cannot be done."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from marketplace.app import UPLOAD_BYTES_MAX
from marketplace.database import db
from marketplace.kernel import clock
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def send(client: FlaskClient, headers: dict[str, str]) -> Page:
    typed = {"name": "Sam Hill", "password": "three words here", "csrf_token": "from-long-ago"}
    return Page(client.post("/sign-up?next=/hats", data=typed, headers=headers), "/sign-up")


class TestExpired:
    def test_keeps_what_was_typed_and_sends_it_again(self, client: FlaskClient) -> None:
        page = send(client, SAME_ORIGIN)

        assert page.status == 400
        assert page.heading == "This page was open for a long time"
        again = Browser(client).submit(page, "Send it again")
        assert again.errors == ["Enter an e-mail address.", "Enter a password."]
        assert "Sam Hill" in again.html

    def test_never_keeps_a_password(self, client: FlaskClient) -> None:
        assert "three words here" not in send(client, SAME_ORIGIN).html

    @pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}])
    def test_keeps_nothing_that_another_site_sent(
        self, client: FlaskClient, headers: dict[str, str]
    ) -> None:
        page = send(client, headers)

        assert page.status == 400
        assert "Sam Hill" not in page.html

    def test_a_form_from_an_hour_ago_is_still_good(self, browser: Browser) -> None:
        page = browser.get("access.forgot")

        with time_machine.travel(clock.now() + timedelta(hours=1)):
            answer = browser.submit(page, "Send me the link", email="sam@mail.example")

        assert answer.status == 302


class TestRefusals:
    def test_what_is_not_there_is_404(self, browser: Browser) -> None:
        page = browser.get("/nothing/here")

        assert page.status == 404

    def test_what_a_hat_may_not_do_is_403_and_says_so(self, make: Make, sign_in: SignInAs) -> None:
        page = sign_in(make.person()).get("councils.index")

        assert page.status == 403
        assert "You cannot do this as person." in page.text

    def test_what_cannot_be_opened_like_this_is_405(self, browser: Browser) -> None:
        page = browser.get("/sign-out")

        assert page.status == 405
        assert page.response.headers["Allow"].split(", ").count("POST") == 1

    def test_what_is_too_large_is_413(self, client: FlaskClient) -> None:
        answer = client.post("/sign-in", data={"email": "x" * (UPLOAD_BYTES_MAX + 1)})

        assert answer.status_code == 413

    def test_a_mistake_of_ours_is_500_and_shows_nothing_of_it(
        self, app: Flask, client: FlaskClient
    ) -> None:
        db.connect("sqlite:////nowhere/at/all.sqlite3")
        app.testing = False

        page = Page(client.get("/"), "/")

        app.testing = True
        assert page.status == 500
        assert page.heading == "Something went wrong on our side"
        assert "sqlite" not in page.html
