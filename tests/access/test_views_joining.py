"""Signing up, confirming an address, forgetting a password."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from marketplace.access import commands, queries
from marketplace.access.adapters import links
from marketplace.councils import queries as councils
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.people import PASSWORD

NEW = "four other words now"


def join(browser: Browser, **fields: object) -> Page:
    known: dict[str, object] = {
        "name": "Sam Hill",
        "email": "sam@mail.example",
        "password": PASSWORD,
    }
    return browser.submit(browser.get("access.sign_up"), "Join", known | fields)


def letters(app: Flask, template: str) -> list[str]:
    with app.app_context(), reading() as session:
        rows = session.execute(
            text('SELECT "values" FROM outbox_letters WHERE template = :t ORDER BY written_at'),
            {"t": template},
        )
        return [str(row[0]) for row in rows]


class TestSignUp:
    def test_makes_an_account_and_signs_it_in(self, browser: Browser, app: Flask) -> None:
        page = browser.follow(join(browser))

        assert "Welcome!" in page.text
        assert "Sam Hill" in page.text
        assert len(letters(app, "confirm_address")) == 1

    def test_says_when_the_address_has_an_account(self, browser: Browser, make: Make) -> None:
        make.person(email="sam@mail.example")

        page = join(browser, email="Sam@Mail.example")

        assert page.errors == ["There is already an account with this e-mail address."]
        assert PASSWORD not in page.html

    @pytest.mark.parametrize(
        ("fields", "error"),
        [
            ({"name": ""}, "Enter your name."),
            ({"name": "x" * 10_000}, "Use at most 200 characters. You have used 10,000."),
            (
                {"email": "sam"},
                "Enter an e-mail address with an @ in it, like sam@mail.example.",
            ),
            ({"password": "short"}, "Use at least 10 characters. Three words do well."),
            (
                {"password": "password12345"},
                "That password is easy to guess. Use three words of your own.",
            ),
            ({"password": "x y" * 500}, "Use at most 200 characters. You have used 1,500."),
        ],
    )
    def test_refuses_with_a_sentence(
        self, browser: Browser, fields: dict[str, str], error: str
    ) -> None:
        assert join(browser, **fields).errors == [error]

    def test_notes_the_council_whose_portal_it_was(self, browser: Browser, make: Make) -> None:
        council_id = make.council(slug="green-valley")
        browser.get("/green-valley/")

        browser.follow(join(browser))

        with reading() as session:
            person = queries.find_person_by_email(session, email="sam@mail.example")
            assert person is not None
            assert councils.belongs(session, council_id=council_id, person_id=person.id)
            assert councils.funding_councils(session, person_id=person.id) == frozenset()

    def test_notes_no_council_outside_of_portals(self, browser: Browser, make: Make) -> None:
        make.council(slug="green-valley")

        browser.follow(join(browser))

        with reading() as session:
            person = queries.find_person_by_email(session, email="sam@mail.example")
            assert person is not None
            assert councils.councils_of(session, person_id=person.id) == []


class TestConfirm:
    def test_believes_the_link_once_the_button_is_pressed(
        self, browser: Browser, app: Flask
    ) -> None:
        join(browser)
        with reading() as session:
            person = queries.find_person_by_email(session, email="sam@mail.example")
            assert person is not None
            assert not queries.is_confirmed(session, user_id=person.id)
        token = links.token(str(app.secret_key), links.CONFIRM, person.id, person.email)
        assert token.split(".")[0] in letters(app, "confirm_address")[0]

        asked = browser.get("access.confirm", token=token)
        browser.submit(asked, "Yes, this is my address")

        with reading() as session:
            assert queries.is_confirmed(session, user_id=person.id)

    def test_refuses_a_link_that_was_made_up(self, browser: Browser) -> None:
        asked = browser.get("access.confirm", token="made-up")

        page = browser.submit(asked, "Yes, this is my address")

        assert page.status == 409
        assert "This link is too old" in page.text

    def test_refuses_a_link_made_for_something_else(
        self, browser: Browser, app: Flask, make: Make
    ) -> None:
        person = make.person()
        token = links.token(str(app.secret_key), links.RESET, person.user_id, "anything")

        page = browser.submit(browser.get("access.confirm", token=token), "Yes, this is my address")

        assert page.status == 409

    def test_can_be_sent_again(self, browser: Browser, app: Flask) -> None:
        join(browser)

        browser.submit(browser.get("access.account"), "Send the letter again")

        assert len(letters(app, "confirm_address")) == 2

    @pytest.mark.usefixtures("one_window")
    def test_cannot_be_sent_again_and_again(self, browser: Browser) -> None:
        join(browser)
        asked = browser.get("access.account")
        for _ in range(10):
            browser.submit(asked, "Send the letter again")

        page = browser.submit(asked, "Send the letter again")

        assert page.status == 429
        assert page.heading == "Please wait a little"


class TestForgot:
    def test_answers_the_same_whether_or_not_there_is_an_account(
        self, browser: Browser, app: Flask, make: Make
    ) -> None:
        make.person(email="sam@mail.example")

        answers = []
        for email in ("sam@mail.example", "nobody@mail.example"):
            page = browser.submit(browser.get("access.forgot"), "Send me the link", email=email)
            answers.append(browser.follow(page).text)

        assert answers[0] == answers[1]
        assert len(letters(app, "reset_password")) == 1

    @pytest.mark.usefixtures("one_window")
    def test_refuses_the_eleventh_letter(self, browser: Browser) -> None:
        for _ in range(10):
            browser.submit(browser.get("access.forgot"), "Send me the link", email="a@b.example")

        page = browser.submit(browser.get("access.forgot"), "Send me the link", email="a@b.example")

        assert page.errors == ["That was tried too often. Wait 15 minutes, then try again."]


class TestReset:
    def link(self, app: Flask, person_id: UUID) -> str:
        with reading() as session:
            row = session.execute(
                text("SELECT password_hash FROM access_users WHERE email = 'sam@mail.example'")
            )
            stored = row.scalar_one()
        return links.token(
            str(app.secret_key), links.RESET, person_id, f"{stored} sam@mail.example"
        )

    def test_sets_a_new_password_and_ends_every_sign_in(
        self, browser: Browser, app: Flask, make: Make, sign_in: SignInAs
    ) -> None:
        person = make.person(email="sam@mail.example")
        elsewhere = sign_in(person)
        asked = browser.get("access.reset", token=self.link(app, person.user_id))

        page = browser.submit(asked, "Set the new password", password=NEW)

        assert page.location == "/sign-in"
        assert elsewhere.get("access.account").status == 302
        with transaction() as session:
            assert (
                commands.right_user(session, email="sam@mail.example", password=NEW)
                == person.user_id
            )

    def test_works_once(self, browser: Browser, app: Flask, make: Make) -> None:
        person = make.person(email="sam@mail.example")
        link = self.link(app, person.user_id)
        asked = browser.get("access.reset", token=link)
        browser.submit(asked, "Set the new password", password=NEW)

        page = browser.submit(asked, "Set the new password", password="another three words")

        assert page.status == 409
        assert browser.get("access.reset", token=link).status == 409

    def test_refuses_a_weak_password_and_can_be_tried_again(
        self, browser: Browser, app: Flask, make: Make
    ) -> None:
        person = make.person(email="sam@mail.example")
        asked = browser.get("access.reset", token=self.link(app, person.user_id))

        page = browser.submit(asked, "Set the new password", password="short")

        assert page.errors == ["Use at least 10 characters. Three words do well."]
        assert browser.submit(page, "Set the new password", password=NEW).status == 302

    def test_refuses_a_link_from_four_days_ago(
        self, browser: Browser, app: Flask, make: Make
    ) -> None:
        person = make.person(email="sam@mail.example")
        link = self.link(app, person.user_id)

        with time_machine.travel(clock.now() + timedelta(days=4)):
            page = browser.get("access.reset", token=link)

        assert page.status == 409

    def test_refuses_a_closed_account(self, browser: Browser, app: Flask, make: Make) -> None:
        person = make.person(email="sam@mail.example")
        link = self.link(app, person.user_id)
        with transaction() as session:
            commands.close_account(
                session, user_id=person.user_id, by_user_id=person.user_id, at=clock.now()
            )

        assert browser.get("access.reset", token=link).status == 409
