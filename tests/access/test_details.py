"""Putting one's own name and e-mail address right."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.access import commands, queries
from marketplace.access.adapters import links
from marketplace.access.errors import LinkExpiredError, SameEmailError
from marketplace.access.rules import Actor
from marketplace.audit import queries as audit
from marketplace.database import reading
from tests.browser import Browser
from tests.conftest import NOON, SignInAs
from tests.factories import Make
from tests.factories.people import PASSWORD

OLD, NEW = "old@mail.example", "new@mail.example"


def ask(session: Session, actor: Actor, email: str = NEW) -> None:
    """Ask for another address."""
    commands.ask_for_email(session, user_id=actor.user_id, email=email, secret_key="key", at=NOON)


def letters(session: Session) -> list[tuple[str, str]]:
    """Return to whom letters about addresses went, and which."""
    rows = session.execute(
        text(
            "SELECT \"to\", template FROM outbox_letters WHERE template LIKE 'email_%'"
            ' ORDER BY "to", template'
        )
    )
    return [(to, template) for to, template in rows]


def link(session: Session) -> str:
    """Return the link in the letter to the new address."""
    [values] = session.scalars(
        text("SELECT \"values\" FROM outbox_letters WHERE template = 'email_change'")
    )
    found = values if isinstance(values, dict) else json.loads(values)
    return str(found["link"])


def confirm(session: Session, token: str) -> None:
    """Open the link."""
    commands.change_email_by_link(session, link=token, secret_key="key", at=NOON)


def email_of(session: Session, actor: Actor) -> str:
    """Return somebody's address."""
    return queries.person(session, user_id=actor.user_id).email


class TestChangeName:
    def test_changes_it_and_writes_that_down_once(self, session: Session, make: Make) -> None:
        person = make.person(name="Sam Hill")

        for _ in range(2):
            commands.change_name(session, user_id=person.user_id, name=" Sam Hull ", at=NOON)

        assert queries.person(session, user_id=person.user_id).name == "Sam Hull"
        deeds = audit.deeds_of(session, chain_id=person.user_id)
        assert [deed.what for deed in deeds].count("name-changed") == 1


class TestAskForEmail:
    def test_changes_nothing_and_writes_to_both_addresses(
        self, session: Session, make: Make
    ) -> None:
        person = make.person(email=OLD)

        ask(session, person, " New@mail.example ")

        assert email_of(session, person) == OLD
        assert letters(session) == [(NEW, "email_change"), (OLD, "email_change_asked")]

    def test_refuses_the_address_they_have(self, session: Session, make: Make) -> None:
        with pytest.raises(SameEmailError, match="That is the address you have now"):
            ask(session, make.person(email=OLD), OLD)

    def test_tells_only_the_reader_of_a_taken_address(self, session: Session, make: Make) -> None:
        person = make.person(email=OLD)
        make.person(email=NEW)

        ask(session, person)

        assert letters(session) == [(NEW, "email_in_use"), (OLD, "email_change_asked")]


class TestChangeEmailByLink:
    def test_changes_it_and_tells_the_old_address(self, session: Session, make: Make) -> None:
        person = make.person(email=OLD)
        ask(session, person)

        confirm(session, link(session))

        assert email_of(session, person) == NEW
        assert (OLD, "email_changed") in letters(session)
        assert commands.right_user(session, email=NEW, password=PASSWORD) == person.user_id

    def test_works_once(self, session: Session, make: Make) -> None:
        ask(session, make.person(email=OLD))
        confirm(session, link(session))

        with pytest.raises(LinkExpiredError):
            confirm(session, link(session))

    def test_refuses_a_link_after_another_address_was_asked_for(
        self, session: Session, make: Make
    ) -> None:
        person = make.person(email=OLD)
        ask(session, person)
        first = link(session)
        ask(session, person, "third@mail.example")

        with pytest.raises(LinkExpiredError, match="used already"):
            confirm(session, first)
        assert email_of(session, person) == OLD

    def test_refuses_an_address_taken_meanwhile(self, session: Session, make: Make) -> None:
        person = make.person(email=OLD)
        ask(session, person)
        make.person(email=NEW)

        with pytest.raises(LinkExpiredError, match="has an account by now"):
            confirm(session, link(session))

    def test_refuses_a_link_of_another_kind_and_one_of_a_closed_account(
        self, session: Session, make: Make
    ) -> None:
        person = make.person(email=OLD)
        ask(session, person)
        other = links.token("key", links.CONFIRM, person.user_id, OLD)
        with pytest.raises(LinkExpiredError):
            confirm(session, other)

        commands.close_account(session, user_id=person.user_id, by_user_id=None, at=NOON)
        with pytest.raises(LinkExpiredError, match="no longer good"):
            confirm(session, link(session))

    def test_kills_links_for_a_new_password_sent_to_the_old_address(
        self, session: Session, make: Make
    ) -> None:
        person = make.person(email=OLD)
        commands.send_reset(session, email=OLD, secret_key="key", at=NOON)
        [values] = session.scalars(
            text("SELECT \"values\" FROM outbox_letters WHERE template = 'reset_password'")
        )
        found = values if isinstance(values, dict) else json.loads(values)
        ask(session, person)
        confirm(session, link(session))

        with pytest.raises(LinkExpiredError):
            commands.set_password_by_link(
                session,
                link=found["link"],
                password="four words are here",
                secret_key="key",
                at=NOON + timedelta(hours=1),
            )


class TestCloseAccount:
    def test_is_the_same_twice(self, session: Session, make: Make) -> None:
        person = make.person(email=OLD)

        for at in (NOON, NOON + timedelta(days=1)):
            commands.close_account(session, user_id=person.user_id, by_user_id=None, at=at)

        deeds = audit.deeds_of(session, chain_id=person.user_id)
        assert [deed.at for deed in deeds if deed.what == "account-closed"] == [NOON]


class TestPages:
    def test_change_the_name(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.person(name="Sam Hill"))

        page = browser.submit(browser.get("access.name"), "Change my name", name="Sam Hull")

        assert "Sam Hull" in browser.follow(page).text

    @pytest.mark.sqlite_only
    def test_refuse_an_empty_name(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.person())

        page = browser.submit(browser.get("access.name"), "Change my name", name=" ")

        assert page.errors == ["Enter your name."]

    def test_change_the_address_by_the_link_in_the_letter(
        self, app: Flask, make: Make, sign_in: SignInAs, browser: Browser
    ) -> None:
        person = make.person(email=OLD)
        here = sign_in(person)

        page = here.submit(
            here.get("access.email"), "Write to the new address", email=NEW, current=PASSWORD
        )
        assert f"We have written to {NEW}." in here.follow(page).text
        with reading() as session:
            token = link(session)
        asked = browser.get("access.confirm_email", token=token)
        done = browser.submit(asked, "Yes, this is my address")

        assert "Your e-mail address is changed." in browser.follow(done).text
        assert make.email_of(person) == NEW

    def test_say_the_same_of_a_taken_address(self, make: Make, sign_in: SignInAs) -> None:
        make.person(email=NEW)
        here = sign_in(make.person(email=OLD))

        page = here.submit(
            here.get("access.email"), "Write to the new address", email=NEW, current=PASSWORD
        )

        assert f"We have written to {NEW}." in here.follow(page).text

    @pytest.mark.sqlite_only
    def test_ask_for_the_password_and_another_address(self, make: Make, sign_in: SignInAs) -> None:
        here = sign_in(make.person(email=OLD))
        form = here.get("access.email")

        wrong = here.submit(form, "Write to the new address", email=NEW, current="wrong wrong")
        same = here.submit(form, "Write to the new address", email=OLD, current=PASSWORD)

        assert wrong.errors == ["That is not the password you use now."]
        assert same.errors == ["That is the address you have now."]

    @pytest.mark.sqlite_only
    def test_refuse_a_broken_link(self, browser: Browser) -> None:
        asked = browser.get("access.confirm_email", token="nonsense")

        assert browser.submit(asked, "Yes, this is my address").status == 409

    @pytest.mark.sqlite_only
    def test_lead_a_stranger_to_sign_in(self, browser: Browser) -> None:
        assert "/sign-in" in browser.get("access.email").location
        assert "/sign-in" in browser.get("access.name").location
