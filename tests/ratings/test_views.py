"""The pages on which people rate, providers reply and moderators keep it fair."""

from uuid import UUID

import pytest

from marketplace.access.rules import Actor, Role, Scope
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.orders import Deal

GOOD = {
    "on_time": "yes",
    "to_standard": "yes",
    "again": "yes",
    "score": "5",
    "words": "Kind and careful.",
}


@pytest.fixture
def deal(make: Make) -> Deal:
    """Return an order by Wren’s Help of which something was delivered and confirmed."""
    deal = make.accepted(provider=make.provider(name="Wren’s Help"))
    make.confirmed(deal)
    return deal


@pytest.fixture
def rating_id(make: Make, deal: Deal) -> UUID:
    return make.rating(deal, score=2, words="They were late.")


@pytest.fixture
def moderator(make: Make, deal: Deal, sign_in: SignInAs) -> Browser:
    """Return the browser of a moderator of the council that paid."""
    return sign_in(make.staff(organisation_id=deal.funded.council_id, role=Role.MODERATOR))


class TestRate:
    def test_asks_and_shows_what_was_said(self, deal: Deal, sign_in: SignInAs) -> None:
        browser = sign_in(deal.person)
        page = browser.click(browser.get("ratings.mine"), "Rate order")
        assert page.heading == "How was the support from Wren’s Help?"

        browser.submit(page, "Save my rating", GOOD)

        page = browser.follow()
        assert "Your rating is saved." in page.text
        assert "Kind and careful." in page.text
        assert "5 out of 5" in page.text

    def test_keeps_what_was_typed_when_a_question_is_open(
        self, deal: Deal, sign_in: SignInAs
    ) -> None:
        browser = sign_in(deal.person)
        page = browser.get("ratings.rate", order_id=deal.order_id)

        page = browser.submit(page, "Save my rating", GOOD | {"score": None})

        assert page.errors == ["Choose a score."]
        assert "Kind and careful." in page.html

    @pytest.mark.parametrize("score", ["0", "6", "five"])
    def test_refuses_a_score_there_is_none_of(
        self, deal: Deal, sign_in: SignInAs, score: str
    ) -> None:
        browser = sign_in(deal.person)
        browser.get("ratings.rate", order_id=deal.order_id)

        page = browser.post("ratings.rate", GOOD | {"score": score}, order_id=deal.order_id)

        assert page.errors == ["Choose a score."]

    def test_can_be_changed(self, deal: Deal, rating_id: UUID, sign_in: SignInAs) -> None:
        browser = sign_in(deal.person)
        page = browser.get("ratings.rate", order_id=deal.order_id)
        assert "They were late." in page.html

        browser.submit(page, "Change my rating", {"words": "They came in the end."})

        assert "They came in the end." in browser.follow().text

    def test_says_when_it_is_too_early(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted()

        page = sign_in(deal.person).get("ratings.rate", order_id=deal.order_id)

        assert page.status == 409
        assert "You can rate this when something was delivered" in page.text

    def test_refuses_a_supporter_who_may_only_look(
        self, make: Make, deal: Deal, sign_in: SignInAs
    ) -> None:
        supporter = make.supporter(person=deal.person, scopes=[Scope.SEE])
        browser = sign_in(supporter)

        assert browser.get("ratings.rate", order_id=deal.order_id).status == 403
        assert browser.get("ratings.mine").status == 200

    def test_does_not_find_somebody_elses_order(
        self, make: Make, deal: Deal, sign_in: SignInAs
    ) -> None:
        page = sign_in(make.person()).get("ratings.rate", order_id=deal.order_id)

        assert page.status == 404


class TestMine:
    def test_shows_nobody_elses(self, make: Make, rating_id: UUID, sign_in: SignInAs) -> None:
        page = sign_in(make.person()).get("ratings.mine")

        assert "They were late." not in page.text
        assert "No ratings yet" in page.text

    def test_is_not_for_providers(self, make: Make, sign_in: SignInAs) -> None:
        assert sign_in(make.provider()).get("ratings.mine").status == 403


class TestReply:
    def test_is_published_once(self, deal: Deal, rating_id: UUID, sign_in: SignInAs) -> None:
        browser = sign_in(deal.provider)
        page = browser.get("ratings.store")
        assert "2 out of 5" in page.text
        page = browser.click(page, "Reply")

        browser.submit(page, "Publish my reply", words="The bus was late, and we are sorry.")

        assert "The bus was late, and we are sorry." in browser.follow().text
        assert "A reply cannot be changed." in browser.get(page.url).text
        assert browser.post(page.url, {"words": "Or not."}).status == 409

    def test_needs_words(self, deal: Deal, rating_id: UUID, sign_in: SignInAs) -> None:
        browser = sign_in(deal.provider)
        page = browser.get("ratings.reply", rating_id=rating_id)

        assert browser.submit(page, "Publish my reply").errors == ["Write your reply."]

    def test_does_not_find_another_stores_rating(
        self, make: Make, rating_id: UUID, sign_in: SignInAs
    ) -> None:
        browser = sign_in(make.provider())
        browser.get("ratings.store")

        assert browser.get("ratings.reply", rating_id=rating_id).status == 404
        assert browser.post("ratings.reply", {"words": "Ha."}, rating_id=rating_id).status == 404

    def test_is_not_for_people(self, deal: Deal, rating_id: UUID, sign_in: SignInAs) -> None:
        browser = sign_in(deal.person)

        assert browser.get("ratings.reply", rating_id=rating_id).status == 403
        assert browser.get("ratings.store").status == 403


class TestReport:
    def test_comes_before_a_moderator(
        self, make: Make, rating_id: UUID, sign_in: SignInAs, moderator: Browser
    ) -> None:
        reader = sign_in(make.person())
        page = reader.get("ratings.report", rating_id=rating_id)
        assert reader.submit(page, "Report this rating").errors == ["Choose what is wrong."]

        reader.submit(page, "Report this rating", rule="insults", words="It is rude.")

        page = moderator.click(moderator.get("ratings.moderate"), "Wren’s Help")
        assert "It is rude." in page.text
        moderator.submit(page, "Leave the rating as it is")
        assert not moderator.get("ratings.moderate").soup.select(
            "main strong:-soup-contains(Reported)"
        )

    def test_needs_a_sign_in(self, browser: Browser, rating_id: UUID) -> None:
        assert "sign-in" in browser.get("ratings.report", rating_id=rating_id).location

    def test_does_not_find_what_is_not_there(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.person())

        assert browser.get("ratings.report", rating_id=UUID(int=1)).status == 404


class TestModerate:
    def test_hides_by_a_rule_with_a_reason_that_the_author_reads(
        self, deal: Deal, rating_id: UUID, sign_in: SignInAs, moderator: Browser
    ) -> None:
        page = moderator.get("ratings.decide", rating_id=rating_id)
        page = moderator.submit(page, "Hide this rating", rule="names_somebody")
        assert page.errors == ["Write the reason. The author will read it."]

        moderator.submit(
            page, "Hide this rating", rule="names_somebody", reason="It names a worker."
        )

        assert "Hidden" in moderator.follow().text
        page = sign_in(deal.person).get("ratings.mine")
        assert "It names a worker." in page.text
        assert "They were late." not in sign_in(deal.provider).get("ratings.store").text

    def test_shows_again(
        self, deal: Deal, rating_id: UUID, sign_in: SignInAs, moderator: Browser
    ) -> None:
        page = moderator.get("ratings.decide", rating_id=rating_id)
        moderator.submit(page, "Hide this rating", rule="insults", reason="A slip.")

        page = moderator.get("ratings.decide", rating_id=rating_id)
        moderator.submit(page, "Show it again")

        assert "They were late." in sign_in(deal.provider).get("ratings.store").text

    def test_does_not_find_another_councils_ratings(
        self, make: Make, rating_id: UUID, sign_in: SignInAs
    ) -> None:
        stranger = make.staff(organisation_id=make.council(), role=Role.MODERATOR)
        browser = sign_in(stranger)
        assert "Wren’s Help" not in browser.get("ratings.moderate").text

        assert browser.get("ratings.decide", rating_id=rating_id).status == 404
        for view in ("show", "keep"):
            assert browser.post(f"ratings.{view}", rating_id=rating_id).status == 404
        sent = {"rule": "insults", "reason": "No."}
        assert browser.post("ratings.decide", sent, rating_id=rating_id).status == 404

    @pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.FINANCE_OFFICER])
    def test_is_for_moderators(
        self, make: Make, rating_id: UUID, sign_in: SignInAs, role: Role
    ) -> None:
        actor: Actor = make.staff(organisation_id=make.council(), role=role)

        assert sign_in(actor).get("ratings.moderate").status == 403
