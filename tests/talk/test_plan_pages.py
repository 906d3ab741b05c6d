"""The pages on which people and their council write to each other about plan and money."""

from io import BytesIO

import pytest

from marketplace.access.rules import Role, Scope
from marketplace.councils.commands import note_person
from tests.browser import Browser, Page
from tests.conftest import NOON, SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.statements import statements

FROM_THE_WALLET = "Write to the council about the plan and the money"
ONLY_THEY = "No provider can, not even one who looks after the money."


@pytest.fixture
def ada(make: Make) -> Funded:
    council_id = make.council(name="Ashdale Council")
    return make.funded_person(name="Ada Quill", council_id=council_id)


def send(browser: Browser, page: Page, said: str, **more: object) -> Page:
    """Write a message on a page."""
    return browser.submit(page, "Send my message", {"words": said} | more)


def begin(browser: Browser, said: str = "Can the money pay for a taxi?", **more: object) -> Page:
    """Write to the council from the wallet and return the conversation's page."""
    browser.click(browser.get("budgets.wallet"), FROM_THE_WALLET)
    send(browser, browser.follow(), said, **more)
    return browser.follow()


class TestWritingToTheCouncil:
    def test_from_the_wallet_to_the_answer(self, ada: Funded, sign_in: SignInAs) -> None:
        browser = sign_in(ada.person)
        page = begin(browser)
        assert page.heading == "Ashdale Council: Plan and money"
        assert ONLY_THEY in page.text
        assert browser.click(page, "Look at the plan and the money").heading == "My money"

        council = sign_in(ada.practitioner)
        page = council.get("talk.inbox")
        assert "Waits for your answer" in page.text
        assert "About plan and money." in page.text
        page = council.click(page, "Ada Quill: Plan and money")
        assert council.click(page, "Look at the plan and the money").heading == "Ada Quill"
        send(council, council.get(page.url), "Yes, it can.")

        browser.click(browser.get("budgets.wallet"), FROM_THE_WALLET)
        browser.follow()
        assert "Yes, it can." in browser.follow().text

    def test_says_who_reads_it_before_anything_is_written(
        self, ada: Funded, sign_in: SignInAs
    ) -> None:
        page = sign_in(ada.person).get("talk.about_my_plan", council_id=ada.council_id)

        assert page.heading == "Write to Ashdale Council"
        assert ONLY_THEY in page.text

    def test_needs_words(self, ada: Funded, sign_in: SignInAs) -> None:
        browser = sign_in(ada.person)
        page = send(browser, browser.get("talk.about_my_plan", council_id=ada.council_id), "")

        assert page.errors == ["Write your message."]

    def test_asks_which_council_where_there_are_two(
        self, make: Make, ada: Funded, sign_in: SignInAs
    ) -> None:
        other = make.council(name="Birch Council")
        with make.block() as session:
            note_person(session, council_id=other, person_id=ada.id, funded=False, at=NOON)
        browser = sign_in(ada.person)

        page = browser.click(browser.get("budgets.wallet"), FROM_THE_WALLET)

        assert page.heading == "Which council do you want to write to?"
        assert browser.click(page, "Birch Council").heading == "Write to Birch Council"

    def test_says_so_where_there_is_none(self, make: Make, sign_in: SignInAs) -> None:
        page = sign_in(make.person()).get("talk.councils_to_write_to")

        assert "There is no council to write to yet" in page.text

    def test_a_supporter_who_only_sees_reads_and_has_nothing_to_send(
        self, make: Make, ada: Funded, sign_in: SignInAs
    ) -> None:
        browser = sign_in(make.supporter(person=ada.person, scopes=[Scope.SEE]))
        assert (
            "Nobody has written about this yet."
            in browser.get("talk.about_my_plan", council_id=ada.council_id).text
        )
        begin(sign_in(ada.person))

        browser.get("talk.about_my_plan", council_id=ada.council_id)

        page = browser.follow()
        assert "Can the money pay for a taxi?" in page.text
        assert page.soup.select("textarea") == []

    def test_a_file_is_there_for_those_concerned_alone(
        self, make: Make, ada: Funded, sign_in: SignInAs
    ) -> None:
        page = begin(sign_in(ada.person), "My list.", attachment=(BytesIO(b"Taxi"), "list.txt"))
        link = page.link("list.txt")

        assert sign_in(ada.practitioner).client.get(link).data == b"Taxi"
        for stranger in (make.provider(), make.practitioner(), make.person()):
            browser = sign_in(stranger)
            assert browser.client.get(link).status_code == 404
            assert browser.client.get(page.url).status_code == 404


class TestTheMenu:
    def test_says_how_many_are_unread_until_they_are_read(
        self, ada: Funded, sign_in: SignInAs
    ) -> None:
        begin(sign_in(ada.person))
        council = sign_in(ada.practitioner)
        page = council.get("budgets.people")
        assert "Messages, 1 unread" in page.text
        assert page.soup.select("summary .badge")[0].text == "1"

        council.click(council.get("talk.inbox"), "Ada Quill: Plan and money")

        assert "unread" not in council.get("budgets.people").text

    def test_says_it_where_people_begin_and_asks_nothing_elsewhere(
        self, make: Make, ada: Funded, sign_in: SignInAs
    ) -> None:
        council = sign_in(ada.practitioner)
        send(council, council.get("talk.about_plan_of", person_id=ada.id), "Hello")
        browser = sign_in(ada.person)

        for start in ("budgets.wallet", "home.front", "talk.inbox"):
            assert "Messages, 1 unread" in browser.get(start).text
        with statements() as sent:
            page = browser.get("access.account")
        assert "unread" not in page.text
        assert not [each for each in sent if "talk_threads" in each]

    def test_asks_once_where_it_says_it(self, ada: Funded, sign_in: SignInAs) -> None:
        browser = sign_in(ada.person)
        browser.get("budgets.wallet")

        with statements() as sent:
            browser.get("budgets.wallet")

        assert len([each for each in sent if "talk_threads" in each]) == 1

    def test_asks_nothing_of_who_has_no_conversations(
        self, make: Make, ada: Funded, sign_in: SignInAs
    ) -> None:
        officer = make.staff(organisation_id=ada.council_id, role=Role.FINANCE_OFFICER)
        browser = sign_in(officer)

        with statements() as sent:
            browser.get("home.front")

        assert not [each for each in sent if "talk_threads" in each]


class TestWritingToThePerson:
    def test_from_the_persons_page(self, ada: Funded, sign_in: SignInAs) -> None:
        council = sign_in(ada.practitioner)
        page = council.click(
            council.get("budgets.person", person_id=ada.id),
            "Write to Ada Quill about their plan and money",
        )
        assert page.heading == "Write to Ada Quill"
        send(council, page, "Shall we look at your plan together?")
        assert council.follow().heading == "Ada Quill: Plan and money"

        page = sign_in(ada.person).get("talk.inbox")

        assert "Ashdale Council: Plan and money" in page.text
        assert "1 new" in page.text

    def test_of_another_council_finds_nobody(
        self, make: Make, ada: Funded, sign_in: SignInAs
    ) -> None:
        council = sign_in(make.practitioner())

        assert council.get("talk.about_plan_of", person_id=ada.id).status == 404
