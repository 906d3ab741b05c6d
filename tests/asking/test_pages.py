"""The pages on which people ask, providers answer, and moderators look."""

import pytest

from marketplace.access.rules import Actor, Role
from marketplace.catalogue.rules import Unit
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.web.example_days import near_today
from tests.asking.seen import a_year_on
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.journeys.ways import choice, day, said, send


def step_on(browser: Browser, page: Page, **fields: object) -> Page:
    """Fill in a page of asking and go on to the next."""
    return browser.submit(page, "Continue", fields)


def to_check(browser: Browser, *, words: str = "I like to swim.") -> Page:
    """Go through three pages of asking, to the one that shows what providers see."""
    page = browser.get("asking.ask")
    page = step_on(browser, page, title="Somebody to swim with", words=words)
    page = step_on(browser, page, category="company", near="ls6 3hn", often="weekly", days=["tue"])
    return step_on(browser, page, budget="14")


class TestAsking:
    def test_shows_exactly_what_providers_see_and_sends_it_once(
        self, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        browser = sign_in(funded.person)
        page = to_check(browser)
        assert page.heading == "This is what providers see"
        said(page, "Somebody to swim with", "LS6", "Once a week", "Tuesday")
        assert "3HN" not in page.text
        said(page, "They do not see any money.")

        for _ in range(2):
            browser.submit(page, "Send it to providers")

        shown = browser.follow()
        said(shown, "1 provider was told", "No answers yet", "You think of £14.00 an hour;")
        assert browser.get("asking.index").text.count("Somebody to swim with") == 1

    def test_looks_twice_at_what_would_tell_who_they_are_and_loses_nothing(
        self, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        browser = sign_in(funded.person)
        words = "I am Ada. Ring me on 01632 960777."

        page = to_check(browser, words=words)
        said(page, "We left something out", "a phone number or another long number and a name")
        said(page, "I am [left out]. Ring me on [left out].")

        page = browser.submit(page, "Change your words")
        assert words in page.html
        page = browser.submit(page, "Continue")
        assert 'value="tue" checked' in page.html or page.soup.select_one(
            "input[name=days][value=tue][checked]"
        )

    def test_every_page_keeps_what_was_typed_when_something_is_missing(
        self, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        browser = sign_in(funded.person)
        page = step_on(browser, browser.get("asking.ask"), words="I like to swim.")
        assert page.errors == ["Say in a few words what you need."]
        assert "I like to swim." in page.html
        page = step_on(browser, page, title="Somebody to swim with")
        page = step_on(browser, page, near="Nowhere at all", from_on="31 2 2030")
        assert page.errors[0] == "Choose what kind of support it is."
        assert "We cannot find “Nowhere at all”" in page.errors[1]
        assert page.errors[2] == near_today("Enter a day that exists, like {day}.")
        page = step_on(browser, page, category="company", near="LS6", from_on="")
        page = step_on(browser, page, answers_until=day(-1), budget="lots")
        assert page.errors == ["Enter an amount in pounds, using the digits 0 to 9, like 12.50."]
        page = step_on(browser, page, budget="")
        assert page.errors == ["That day has passed. Choose today or later."]
        page = step_on(browser, page, answers_until=day(3))
        assert page.heading == "This is what providers see"

    def test_goes_back_with_everything(
        self, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        browser = sign_in(funded.person)
        page = browser.submit(to_check(browser), "Change where and when")
        assert page.soup.select_one("input[name=often][value=weekly][checked]")
        page = browser.submit(page, "Back")
        assert "I like to swim." in page.html

    def test_guesses_the_kind_from_the_words(
        self, make: Make, funded: Funded, sign_in: SignInAs
    ) -> None:
        make.category("garden-and-repairs", name="Garden and repairs")
        make.category("personal-care", name="Washing and dressing")
        browser = sign_in(funded.person)

        page = step_on(
            browser, browser.get("asking.ask"), title="Somebody to mow my lawn", words="It is high."
        )

        said(page, "We guessed this from your words.")
        assert page.soup.select_one("option[value=garden-and-repairs][selected]")

    def test_brings_the_words_of_a_search_along(self, funded: Funded, sign_in: SignInAs) -> None:
        browser = sign_in(funded.person)
        page = browser.click(browser.get("/find?q=origami"), "Ask providers for it")

        assert page.soup.select_one("input[name=title][value=origami]")

    @pytest.mark.usefixtures("one_window")
    def test_too_many_at_once_are_asked_to_wait(
        self, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        browser = sign_in(funded.person)
        for _ in range(5):
            browser.submit(to_check(browser), "Send it to providers")

        page = browser.submit(to_check(browser), "Send it to providers")

        said(page, "That was tried too often. Wait 15 minutes", "Somebody to swim with")

    def test_a_page_that_there_is_not_is_the_first(
        self, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        browser = sign_in(funded.person)
        browser.get("asking.ask")

        page = browser.post("asking.ask", {"step": "nowhere", "title": "Swimming"})

        assert page.heading == "Ask for help"
        assert "Swimming" in page.html

    def test_ten_open_ones_are_enough(
        self, make: Make, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        browser = sign_in(funded.person)
        page = to_check(browser)
        for _ in range(10):
            make.ask(funded.person, at=clock.now())

        page = browser.submit(page, "Send it to providers")

        assert page.errors == [
            "You have asked for 10 things that are still open. Close one of them first."
        ]
        said(page, "Somebody to swim with")

    def test_staff_of_a_store_cannot_ask(self, wren: Actor, sign_in: SignInAs) -> None:
        assert sign_in(wren).get("asking.ask").status == 403


class TestComparing:
    def test_a_price_that_is_said_is_what_the_order_costs(
        self, make: Make, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        at = clock.now()
        ask_id = make.ask(funded.person, at=at)
        make.answer(ask_id, wren, price=Money(14_00), at=at)
        browser = sign_in(funded.person)

        page = browser.click(browser.get("asking.show", ask_id=ask_id), "Choose Wren’s Help")
        said(page, "£14.00 an hour, they say.", "Everybody else pays £15.00.")
        page = send(browser, page, "Choose Wren’s Help")

        said(page, "£14.00 an hour")
        assert "£15.00" not in page.text
        said(browser.get("asking.show", ask_id=ask_id), "It costs you £14.00 an hour")
        store = sign_in(wren).get("asking.answer", ask_id=ask_id)
        said(store, "Your answer was chosen", f"They can order at that price until {a_year_on()}.")
        stranger = sign_in(make.person())
        for other in (stranger, sign_in(wren)):
            found = other.get("search.offer", offer_id=_offer_in(page))
            said(found, "£15.00")
            assert "£14.00" not in found.text
        said(browser.get("search.offer", offer_id=_offer_in(page)), "£14.00")

    def test_a_dearer_price_needs_an_offer_of_its_own(
        self, make: Make, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        at = clock.now()
        ask_id = make.ask(funded.person, at=at)
        make.answer(ask_id, wren, price=Money(18_00), at=at)
        browser = sign_in(funded.person)

        page = browser.click(browser.get("asking.show", ask_id=ask_id), "Choose Wren’s Help")
        said(page, "What it costs you: £18.00 an hour, they say.")
        page = send(browser, page, "Choose Wren’s Help")

        said(page, "They said £18.00 an hour.", "costs you £15.00 an hour")
        said(page, "an order takes that price")
        page.link("Look at the offer")
        store = sign_in(wren).get("asking.answer", ask_id=ask_id)
        said(store, "Your answer was chosen", "You said £18.00 an hour.")
        store.link("Put it on sale")

    def test_a_price_without_an_offer_is_put_on_sale_with_two_fields(
        self, make: Make, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        at = clock.now()
        ask_id = make.ask(funded.person, at=at)
        answer_id = make.answer(ask_id, wren, price=Money(14_00), with_offer=False, at=at)
        browser, store = sign_in(funded.person), sign_in(wren)

        page = browser.get("asking.choose", ask_id=ask_id, answer_id=answer_id)
        page = send(browser, page, "Choose Wren’s Help")
        said(page, "They have no offer at that price in the market yet.")
        page.link("Look at their store")

        form = store.click(store.get("asking.answer", ask_id=ask_id), "Put it on sale")
        form = store.submit(form, "Put it on sale", {"public": "12"})
        assert form.errors == ["You said £14.00. Everybody else cannot pay less than that."]
        store.submit(form, "Put it on sale", {"title": "Swimming together", "public": "16"})
        said(store.follow(), f"They can order at that price until {a_year_on()}.")

        page = browser.click(browser.get("asking.show", ask_id=ask_id), "Order it")
        said(page, "Swimming together", "£14.00 an hour")

    def test_an_offer_is_made_only_where_one_is_missing(
        self, make: Make, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        ask_id = make.ask(funded.person, at=clock.now())
        make.answer(ask_id, wren, price=Money(14_00), at=clock.now())
        store = sign_in(wren)

        assert store.get("asking.make_offer", ask_id=ask_id).location
        assert sign_in(funded.person).get("asking.make_offer", ask_id=ask_id).status == 403

    def test_a_second_choice_is_told_so(
        self, make: Make, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        at = clock.now()
        robin = make.approved(council_id=funded.council_id, name="Robin’s Help")
        ask_id = make.ask(funded.person, at=at)
        first, second = make.answer(ask_id, wren, at=at), make.answer(ask_id, robin, at=at)
        browser = sign_in(funded.person)
        page = browser.get("asking.choose", ask_id=ask_id, answer_id=second)
        browser.post("asking.choose", ask_id=ask_id, answer_id=first)

        page = browser.submit(page, "Choose Robin’s Help")

        assert page.status == 409
        said(page, "An answer to this was chosen already.")

    def test_an_answer_that_is_not_there_cannot_be_chosen(
        self, make: Make, funded: Funded, sign_in: SignInAs
    ) -> None:
        ask_id = make.ask(funded.person, at=clock.now())

        browser = sign_in(funded.person)
        browser.get("asking.choose", ask_id=ask_id, answer_id=ask_id)

        said(browser.follow(), "They may have taken it back.", "No answers yet")


class TestEnding:
    def test_waits_longer(self, make: Make, funded: Funded, wren: Actor, sign_in: SignInAs) -> None:
        ask_id = make.ask(funded.person, at=clock.now())
        browser = sign_in(funded.person)
        page = browser.get("asking.extend", ask_id=ask_id)

        for wrong, sentence in (
            ("", near_today("Enter a day, like {day}.")),
            (day(2), "Choose a later day than now."),
            (day(99), "Choose a day in the next 60 days."),
        ):
            page = browser.submit(page, "Wait until then", answers_until=wrong)
            assert page.errors == [sentence]
        page = send(browser, page, "Wait until then", answers_until=day(20))

        said(page, "Providers can answer until then.")

    @pytest.mark.parametrize(
        ("button", "label"),
        [
            ("I found it elsewhere", "You found it elsewhere"),
            ("I do not need it any more", "You took it back"),
        ],
    )
    def test_is_closed(
        self, make: Make, funded: Funded, sign_in: SignInAs, button: str, label: str
    ) -> None:
        ask_id = make.ask(funded.person, at=clock.now())
        browser = sign_in(funded.person)

        page = browser.click(browser.get("asking.show", ask_id=ask_id), "Close this")
        page = send(browser, page, button)

        said(page, label)
        assert "Close this" not in page.text


class TestAnswering:
    def test_from_the_list_to_the_answer_and_back_again(
        self, make: Make, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        make.ask(funded.person, days=("tue",), at=clock.now())
        browser = sign_in(wren)
        page = browser.click(browser.get("orders.work"), "People are asking: who needs")
        page = browser.click(page, "Somebody to swim with")

        bare = browser.submit(page, "Send my answer", starts_on="")
        assert bare.errors == [
            "Say what you can do.",
            near_today("Enter the first day on which you can start, like {day}."),
        ]
        offer = choice(page, "offer", "I say a price")
        bare = browser.submit(
            bare, "Send my answer", words="We swim.", offer=offer, starts_on=day(1)
        )
        assert bare.errors == ["Choose one of your offers, or say a price."]
        page = browser.submit(bare, "Send my answer", price="14", met=["days"])
        assert page.errors == ["Say what the price is for: an hour, a session."]
        page = send(browser, page, "Send my answer", unit="hour")
        said(page, "You answered. They have not chosen yet.")
        page = send(browser, page, "Send this answer instead", words="We dive.")
        assert "We dive." in page.html
        page = send(browser, page, "Take my answer back")
        said(page, "You took your answer back")

    def test_another_price_is_for_what_the_offer_is_sold_by(
        self, make: Make, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        ask_id = make.ask(funded.person, at=clock.now())
        offer = make.offer(provider=wren, title="A lunch", unit=Unit.ITEM)
        browser = sign_in(wren)
        page = browser.get("asking.answer", ask_id=ask_id)

        send(
            browser,
            page,
            "Send my answer",
            words="We bring it.",
            offer=str(offer),
            price="6.85",
            starts_on=day(1),
        )

        page = sign_in(funded.person).get("asking.show", ask_id=ask_id)
        assert "£6.85 an item, they say. Choose them, and you can order" in page.text

    def test_not_for_us(self, make: Make, funded: Funded, wren: Actor, sign_in: SignInAs) -> None:
        ask_id = make.ask(funded.person, at=clock.now())
        browser = sign_in(wren)

        page = send(browser, browser.get("asking.answer", ask_id=ask_id), "This is not for us")

        said(page, "Nobody is asking just now")
        said(browser.click(page, "Also what you answered before"), "Not for you")

    def test_no_letters(self, wren: Actor, sign_in: SignInAs) -> None:
        browser = sign_in(wren)
        page = send(browser, browser.get("asking.near"), "Send me no such letters")
        said(page, "You get no letters when somebody asks.")
        page = send(browser, page, "Write to me when somebody asks")
        said(page, "We write to you when somebody asks.")

    def test_too_late_keeps_the_words(
        self, make: Make, funded: Funded, wren: Actor, sign_in: SignInAs
    ) -> None:
        ask_id = make.ask(funded.person, at=clock.now())
        browser = sign_in(wren)
        page = browser.get("asking.answer", ask_id=ask_id)
        make.answer(ask_id, wren, at=clock.now())
        at_home = sign_in(funded.person)
        at_home.submit(at_home.get("asking.end", ask_id=ask_id), "I found it elsewhere")

        page = browser.submit(page, "Send my answer", words="We can.", starts_on=day(1))

        assert page.errors == ["The time for answers to this is over. Nothing was sent."]


class TestModerating:
    def test_takes_it_down_and_the_person_reads_why(
        self, make: Make, funded: Funded, sign_in: SignInAs
    ) -> None:
        ask_id = make.ask(funded.person, title="Buy my pills", at=clock.now())
        moderator = sign_in(make.staff(organisation_id=funded.council_id, role=Role.MODERATOR))
        page = moderator.click(moderator.get("asking.moderate"), "Take this down")
        page = moderator.submit(page, "Take it down", reason="")
        assert page.errors == ["Say why. They read it."]
        page = send(moderator, page, "Take it down", reason="It sells something.")
        said(page, "It is taken down", "Nobody asks just now")

        page = sign_in(funded.person).get("asking.show", ask_id=ask_id)
        said(page, "The council took this down", "It sells something.")


def _offer_in(page: Page) -> str:
    """Return which offer a page is about."""
    return page.url.split("offer_id=")[1]
