"""One's account: where one is signed in, and the password."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from marketplace.access import commands
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.web.templating import moment
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.people import PASSWORD

NEW = "four other words now"


class TestAccount:
    def test_shows_where_somebody_is_signed_in(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person(name="Sam Hill", email="sam@mail.example")
        sign_in(person)

        page = sign_in(person).get("access.account")

        assert "sam@mail.example" in page.text
        assert page.text.count("You are here") == 1
        assert len(page.soup.select("main li.panel")) == 2

    def test_says_when_a_sign_in_was_last_used(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.person())
        later = clock.now() + timedelta(hours=1)

        with time_machine.travel(later, tick=False):
            browser.get("access.account")
            page = browser.get("access.account")

        assert f"Last used {moment(later)}" in page.text

    def test_is_signed_out_after_half_a_day_without_use(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        browser = sign_in(make.person())

        with time_machine.travel(clock.now() + timedelta(hours=12, minutes=1)):
            assert browser.get("access.account").status == 302

    def test_sends_a_stranger_to_sign_in(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.person())
        browser.client.delete_cookie("session")

        assert browser.get("access.account").location == "/sign-in?next=/account"

    def test_ends_one_other_sign_in(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person()
        other, here = sign_in(person), sign_in(person)

        here.submit(here.get("access.account"), "Sign out there")

        assert other.get("access.account").status == 302
        assert here.get("access.account").status == 200

    def test_ends_all_others(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person()
        others = [sign_in(person), sign_in(person)]
        here = sign_in(person)

        here.submit(here.get("access.account"), "Sign out everywhere but here")

        assert [browser.get("access.account").status for browser in others] == [302, 302]
        assert here.get("access.account").status == 200

    def test_leaves_a_stranger_s_sign_in_alone(self, make: Make, sign_in: SignInAs) -> None:
        stranger = sign_in(make.person())
        with stranger.client.session_transaction() as cookie:
            sign_in_id = UUID(cookie["_user_id"].split(".")[0])
        browser = sign_in(make.person())
        browser.get("access.account")

        browser.post("access.end_sign_in", sign_in_id=sign_in_id)

        assert stranger.get("access.account").status == 200


class TestPassword:
    def test_is_changed_and_everywhere_else_signed_out(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person(email="sam@mail.example")
        elsewhere, here = sign_in(person), sign_in(person)

        asked = here.get("access.password")
        page = here.submit(asked, "Set the new password", current=PASSWORD, password=NEW)

        assert page.location == "/account"
        assert here.follow(page).status == 200
        assert elsewhere.get("access.account").status == 302
        with transaction() as session:
            found = commands.right_user(session, email="sam@mail.example", password=NEW)
        assert found == person.user_id

    def test_is_not_changed_without_the_old_one(self, make: Make, sign_in: SignInAs) -> None:
        here = sign_in(make.person())

        asked = here.get("access.password")
        page = here.submit(asked, "Set the new password", current="wrong wrong", password=NEW)

        assert page.errors == ["That is not the password you use now."]
        assert NEW not in page.html

    def test_is_not_changed_into_a_weak_one(self, make: Make, sign_in: SignInAs) -> None:
        here = sign_in(make.person())

        asked = here.get("access.password")
        page = here.submit(asked, "Set the new password", current=PASSWORD, password="short")

        assert page.errors == ["Use at least 10 characters. Three words do well."]

    @pytest.mark.usefixtures("one_window")
    def test_cannot_be_guessed_here_either(self, make: Make, sign_in: SignInAs) -> None:
        here = sign_in(make.person())
        asked = here.get("access.password")
        for _ in range(10):
            here.submit(asked, "Set the new password", current="wrong wrong", password=NEW)

        page = here.submit(asked, "Set the new password", current=PASSWORD, password=NEW)

        assert page.errors == ["That was tried too often. Wait 15 minutes, then try again."]
