"""Hats, circles of support, invitations, and who did what."""

from datetime import date
from uuid import uuid4

from marketplace.access import commands, queries
from marketplace.access.rules import Role, Scope
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.web.example_days import near_today
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make


class TestHats:
    def test_shows_every_hat_and_puts_one_on(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person(name="Sam Hill")
        helper = make.supporter(person=person, name="Mo Khan", scopes=[Scope.SEE])
        browser = sign_in(helper)
        page = browser.get("access.hats")
        assert "Supporting Sam Hill Now" in page.text

        browser.submit(page, "Act as this")

        assert "Myself, Mo Khan Now" in browser.get("access.hats").text

    def test_names_whom_somebody_acts_for_on_every_page(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        helper = make.supporter(person=make.person(name="Sam Hill"), name="Mo Khan")

        assert "You are acting for Sam Hill" in sign_in(helper).get("home.privacy").text

    def test_refuses_a_hat_that_is_not_theirs(self, make: Make, sign_in: SignInAs) -> None:
        stranger = make.person()
        browser = sign_in(make.person())
        browser.get("access.hats")

        page = browser.post(
            "access.hats", {"role": Role.SUPPORTER.value, "hat_id": stranger.user_id}
        )

        assert page.status == 403
        assert "You do not have that role, or no longer." in page.text

    def test_refuses_what_is_no_hat_at_all(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.person())
        browser.get("access.hats")

        assert browser.post("access.hats", {"role": "king", "hat_id": "x"}).status == 403

    def test_comes_off_at_once_when_the_person_ends_it(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person(name="Sam Hill")
        browser = sign_in(make.supporter(person=person, scopes=[Scope.MANAGE_CIRCLE]))
        assert browser.get("access.circle").heading == "The circle of support of Sam Hill"

        with transaction() as session:
            row = queries.circle_of(session, person_id=person.user_id)[0]
            commands.end_supporter(session, supporter_row_id=row.id, by=person, at=clock.now())

        assert browser.get("access.circle").heading == "My circle of support"

    def test_comes_off_on_the_day_it_ends(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person(name="Sam Hill")
        helper = make.supporter(person=person, ends_before=date(2025, 6, 1))

        with reading() as session:
            hats = queries.hats_of(session, user_id=helper.user_id, at=clock.now())

        assert [hat.role for hat in hats] == [Role.PERSON]


def invite(browser: Browser, **fields: object) -> Page:
    known: dict[str, object] = {
        "email": "mo@mail.example",
        "basis": "helper",
        "scopes": ["see", "propose"],
        "ceiling": "50",
        "last_on": "31 12 2090",
    }
    return browser.submit(browser.get("access.invite"), "Send the invitation", known | fields)


class TestCircle:
    def test_invites_somebody_who_says_yes(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person(name="Sam Hill")
        mo = make.person(name="Mo Khan", email="mo@mail.example")
        browser = sign_in(person)

        invited = browser.follow(invite(browser))
        assert "We have written to mo@mail.example." in invited.text
        assert "At most £50.00 with one order." in invited.text
        assert "Until Sunday 31 December 2090." in invited.text
        helper = sign_in(mo)
        helper.submit(helper.get("access.invitations"), "Yes, I will")

        assert "Mo Khan" in browser.get("access.circle").text
        assert "Supporting Sam Hill" in helper.get("access.hats").text

    def test_takes_a_no(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.person(name="Sam Hill"))
        invite(browser)
        helper = sign_in(make.person(email="mo@mail.example"))

        helper.submit(helper.get("access.invitations"), "No, thank you")

        assert "Nobody asks for your support" in helper.get("access.invitations").text
        assert "Nobody is in this circle yet" in browser.get("access.circle").text

    def test_keeps_what_was_typed_when_nothing_is_allowed(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        page = invite(sign_in(make.person()), scopes=[])

        assert page.errors == ["Choose at least one thing they may do."]
        assert "mo@mail.example" in page.html

    def test_refuses_a_last_day_in_the_past(self, make: Make, sign_in: SignInAs) -> None:
        page = invite(sign_in(make.person()), last_on="1 2 2020")

        assert page.errors == ["Choose a last day that is not in the past."]

    def test_refuses_an_amount_and_a_day_that_cannot_be_read(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        page = invite(sign_in(make.person()), ceiling="about ten", last_on="31 2 2090")

        assert page.errors == [
            "Enter an amount in pounds, using the digits 0 to 9, like 12.50.",
            near_today("Enter a day that exists, like {day}."),
        ]
        assert "about ten" in page.html

    def test_refuses_themselves(self, make: Make, sign_in: SignInAs) -> None:
        page = invite(sign_in(make.person(email="mo@mail.example")))

        assert page.errors == ["That is your own e-mail address."]

    def test_a_form_sent_twice_is_one_invitation(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.person())
        asked = browser.get("access.invite")
        for _ in range(2):
            browser.submit(
                asked, "Send the invitation", email="mo@mail.example", basis="helper", scopes="see"
            )

        assert len(browser.get("access.circle").soup.select("main li.panel")) == 1

    def test_a_supporter_cannot_hand_on_more_than_they_may(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        helper = make.supporter(person=make.person(), scopes=[Scope.SEE, Scope.MANAGE_CIRCLE])

        page = invite(sign_in(helper), scopes=["pay"])

        assert page.errors == ["You cannot let somebody do more than you may do yourself."]

    def test_a_supporter_without_the_permission_cannot_look(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        helper = make.supporter(person=make.person(name="Sam Hill"), scopes=[Scope.SEE])

        page = sign_in(helper).get("access.circle")

        assert page.status == 403
        assert "Sam Hill has not given you permission" in page.text

    def test_changes_what_a_supporter_may_do(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person()
        make.supporter(person=person, name="Mo Khan", scopes=[Scope.SEE])
        browser = sign_in(person)
        asked = browser.click(browser.get("access.circle"), "Change what")
        assert asked.heading == "What Mo Khan may do"

        browser.submit(asked, "Save the change", scopes=["see", "pay"], ceiling="12.50")

        shown = browser.get("access.circle").text
        assert "place orders and say what was delivered" in shown
        assert "At most £12.50 with one order." in shown

    def test_refuses_a_change_to_nothing(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person()
        make.supporter(person=person)
        browser = sign_in(person)
        asked = browser.click(browser.get("access.circle"), "Change what")

        page = browser.submit(asked, "Save the change", scopes=None)

        assert page.errors == ["Choose at least one thing they may do."]

    def test_ends_a_supporter(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person()
        make.supporter(person=person, name="Mo Khan")
        browser = sign_in(person)

        browser.submit(browser.get("access.circle"), "End this")

        assert "Nobody is in this circle yet" in browser.get("access.circle").text

    def test_lets_a_supporter_leave(self, make: Make, sign_in: SignInAs) -> None:
        helper = make.supporter(person=make.person(name="Sam Hill"))
        browser = sign_in(helper)

        browser.submit(browser.get("access.invitations"), "Leave this circle")

        assert "Supporting Sam Hill" not in browser.get("access.hats").text

    def test_is_not_there_for_strangers(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person()
        make.supporter(person=person)
        with reading() as session:
            row = queries.circle_of(session, person_id=person.user_id)[0]
        stranger = sign_in(make.person())
        stranger.get("access.invite")

        assert stranger.get("access.supporter", row_id=row.id).status == 404
        assert stranger.post("access.end_supporter", row_id=row.id).status == 404
        assert stranger.post("access.accept_invitation", row_id=row.id).status == 404
        assert stranger.post("access.refuse_invitation", row_id=row.id).status == 404
        assert stranger.get("access.supporter", row_id=uuid4()).status == 404


class TestInvitations:
    def test_are_not_shown_before_the_address_is_confirmed(
        self, browser: Browser, make: Make, sign_in: SignInAs
    ) -> None:
        invite(sign_in(make.person(name="Sam Hill")))
        browser.submit(
            browser.get("access.sign_up"),
            "Join",
            name="Not Mo",
            email="mo@mail.example",
            password="three words here",
        )

        page = browser.get("access.invitations")

        assert "Open the link in the letter" in page.text
        assert "Sam Hill" not in page.text


class TestDeeds:
    def test_names_who_acted_and_for_whom(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person(name="Sam Hill")
        make.supporter(person=person, name="Mo Khan", scopes=[Scope.SEE])

        text = sign_in(person).get("access.deeds").text

        assert "Mo Khan joined the circle of support for you" in text
        assert "You made the account" in text

    def test_shows_a_supporter_what_was_done_but_not_when_the_person_signs_in(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        person = make.person(name="Sam Hill")
        helper = make.supporter(person=person, name="Mo Khan", scopes=[Scope.SEE])
        sign_in(person)

        page = sign_in(helper).get("access.deeds")

        assert "Sam Hill invited somebody" in page.text
        assert "signed in" not in page.text

    def test_shows_a_supporter_without_sight_only_their_own(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        person = make.person(name="Sam Hill")
        helper = make.supporter(person=person, scopes=[Scope.PLAN])

        page = sign_in(helper).get("access.deeds")

        assert "Sam Hill invited" not in page.text
        assert "You signed in" in page.text

    def test_goes_on_on_the_next_page(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person()
        for _ in range(21):
            sign_in(person)

        page = sign_in(person).get("access.deeds", page=2)

        assert "You made the account" in page.text
