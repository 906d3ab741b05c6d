"""The pages on which people and providers write to each other."""

from io import BytesIO

import pytest

from marketplace.access.rules import Role
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.orders import Deal


@pytest.fixture
def deal(make: Make) -> Deal:
    return make.accepted(provider=make.provider(name="Wren’s Help"))


def send(browser: Browser, page: Page, said: str, **more: object) -> Page:
    """Write a message on a page."""
    return browser.submit(page, "Send my message", {"words": said} | more)


def begin(browser: Browser, deal: Deal, said: str = "Could you come at nine?") -> Page:
    """Write about the order and return the conversation's page."""
    page = browser.click(
        browser.get("orders.show", order_id=deal.order_id),
        "Write to Wren’s Help about this order",
    )
    send(browser, page, said)
    return browser.follow()


class TestAsking:
    def test_from_the_offer_to_the_answer(self, make: Make, sign_in: SignInAs) -> None:
        provider = make.provider(name="Wren’s Help")
        offer_id = make.offer(provider=provider, title="Walking")
        funded = make.funded_person(name="Ada Quill")
        browser = sign_in(funded.person)

        page = browser.click(browser.get("search.offer", offer_id=offer_id), "Ask a question first")
        send(browser, page, "Do you come by bus?")
        page = browser.follow()
        assert page.heading == "Wren’s Help: Walking"

        answers = sign_in(provider)
        page = answers.get("talk.inbox")
        assert "1 new" in page.text
        assert "Waits for your answer" in page.text
        page = answers.click(page, "Ada Quill: Walking")
        assert "Do you come by bus?" in page.text
        send(answers, page, "Yes, number 4.")
        assert "1 new" not in answers.get("talk.inbox").text

        page = browser.click(browser.get("talk.inbox"), "Wren’s Help: Walking")
        assert "Yes, number 4." in page.text

    def test_asking_again_goes_on(self, make: Make, sign_in: SignInAs) -> None:
        provider = make.provider(name="Wren’s Help")
        offer_id = make.offer(provider=provider, title="Walking")
        browser = sign_in(make.person())
        send(browser, browser.get("talk.ask_about_offer", offer_id=offer_id), "Hello")

        browser.get("talk.ask_about_offer", offer_id=offer_id)

        assert browser.follow().heading == "Wren’s Help: Walking"

    def test_needs_words(self, deal: Deal, sign_in: SignInAs) -> None:
        browser = sign_in(deal.person)
        page = send(browser, browser.get("talk.about_order", order_id=deal.order_id), "")

        assert page.errors == ["Write your message."]


class TestFiles:
    def test_one_that_lies_is_refused_and_the_words_stay(
        self, deal: Deal, sign_in: SignInAs
    ) -> None:
        browser = sign_in(deal.person)
        page = begin(browser, deal)

        page = send(
            browser, page, "Here is the photo.", attachment=(BytesIO(b"%PDF-1.4"), "photo.jpg")
        )

        assert page.errors == [
            (
                "The name of that file ends in .jpg, but it is a PDF file inside. "
                "Send a JPEG picture, or give it its right name."
            )
        ]
        assert "Here is the photo." in page.html

    def test_is_there_for_those_concerned_alone(
        self, make: Make, deal: Deal, sign_in: SignInAs
    ) -> None:
        browser = sign_in(deal.person)
        page = begin(browser, deal)
        send(browser, page, "My list.", attachment=(BytesIO(b"Milk"), "list.txt"))
        link = browser.follow().link("list.txt")

        answer = sign_in(deal.provider).client.get(link)
        assert answer.data == b"Milk"
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="list.txt"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert sign_in(make.person()).client.get(link).status_code == 404


class TestWritingOn:
    @pytest.mark.usefixtures("one_window")
    def test_too_many_at_once_are_asked_to_wait_and_keep_their_words(
        self, deal: Deal, sign_in: SignInAs
    ) -> None:
        browser = sign_in(deal.person)
        page = begin(browser, deal)
        for number in range(19):
            browser.post(page.url, {"words": f"Word {number}"})

        page = browser.post(page.url, {"words": "One more"})

        assert "Wait 15 minutes, then send this one." in page.text
        assert "One more" in page.html

    def test_the_council_is_asked_in(self, make: Make, deal: Deal, sign_in: SignInAs) -> None:
        browser = sign_in(deal.person)
        page = begin(browser, deal)
        browser.submit(page, "Ask the council in")
        assert "asked the council in" in browser.follow().text

        council = sign_in(
            make.staff(organisation_id=deal.funded.council_id, role=Role.PRACTITIONER)
        )
        page = council.get(page.url)
        send(council, page, "We read this now.")
        assert "We read this now." in browser.get(page.url).text

    def test_a_message_is_reported_and_looked_at(
        self, make: Make, deal: Deal, sign_in: SignInAs
    ) -> None:
        browser = sign_in(deal.person)
        page = begin(browser, deal)
        answers = sign_in(deal.provider)
        send(answers, answers.get(page.url), "Rude words.")

        page = browser.get(page.url)
        href = next(a["href"] for a in page.soup.select("a") if "Report this" in a.text)
        page = browser.submit(browser.get(str(href)), "Report this message", {"words": ""})
        assert page.errors == ["Say what is wrong with it."]
        browser.submit(page, "Report this message", {"words": "It is rude."})

        moderator = sign_in(make.staff(organisation_id=deal.funded.council_id, role=Role.MODERATOR))
        page = moderator.get("talk.reported")
        assert "Rude words." in page.text
        assert "Could you come at nine?" not in page.text
        moderator.submit(page, "Say that you looked at it")
        assert "Looked at" in moderator.follow().text
