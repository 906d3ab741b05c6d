"""The pages on which people write down what they bought outside the market."""

from datetime import timedelta
from io import BytesIO

import pytest

from marketplace.access.rules import Scope
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.web.example_days import near_today
from tests.browser import Browser, Page
from tests.budgets.test_purchases import jpeg
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded

TODAY = clock.local_day(clock.now())


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 since ten days ago, who may spend £30.00 at once."""
    start = clock.now() - timedelta(days=10)
    return make.funded_person(
        name="Maya Singh",
        limits=[make.limit()],
        starts_on=TODAY - timedelta(days=10),
        at=start,
    )


def write_down(browser: Browser, **fields: object) -> Page:
    """Fill in the form for a cinema ticket of £8.00, and send it."""
    page = browser.get("budgets.bought")
    typed = {"amount": "8", "what": "Cinema with Joe", "outcome_id": _outcome(page)}
    return browser.submit(page, "Write it down", data=typed | fields)


def _outcome(page: Page) -> str:
    choice = page.soup.select_one('input[name="outcome_id"]')
    assert choice is not None
    return str(choice["value"])


class TestBought:
    def test_needs_an_amount_words_and_what_it_was_for(
        self, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(funded.person)

        page = browser.follow(write_down(browser))

        assert page.heading == "Cinema with Joe"
        assert "It is written down." in page.text
        assert "I see my friends." in page.text
        assert "There is £92.00 to spend." in browser.get("budgets.wallet").text

    def test_has_today_filled_in(self, sign_in: SignInAs, funded: Funded) -> None:
        page = sign_in(funded.person).get("budgets.bought")

        day = page.soup.select_one('input[name="paid_on"]')
        assert day is not None
        assert day["value"] == f"{TODAY.day}/{TODAY.month}/{TODAY.year}"

    def test_sent_twice_is_one(self, sign_in: SignInAs, funded: Funded) -> None:
        browser = sign_in(funded.person)
        page = browser.get("budgets.bought")
        typed = {"amount": "8", "what": "Cinema", "outcome_id": _outcome(page)}

        for _ in range(2):
            browser.submit(page, "Write it down", data=typed)

        assert "There is £92.00 to spend." in browser.get("budgets.wallet").text

    def test_past_a_limit_says_so_and_is_written_down(
        self, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(funded.person)

        page = browser.follow(write_down(browser, amount="45"))

        assert "This is past the limit of £30.00 for one order." in page.text
        assert "It is written down all the same." in page.text

    @pytest.mark.parametrize(
        ("field", "typed", "sentence"),
        [
            ("amount", "", "Enter how much it was, like 12.50."),
            ("amount", "-3", "Enter an amount of more than nothing, like 12.50."),
            ("amount", "0", "Enter an amount of more than nothing, like 12.50."),
            ("amount", "1.234", "Write the pence with two digits, like 12.50."),
            ("amount", "99999999", "Enter an amount of no more than £10,000,000.00."),
            ("amount", "ten", "Enter an amount in pounds, using the digits 0 to 9, like 12.50."),
            ("what", " ", "Say what you bought."),
            ("what", "x" * 121, "Use at most 120 characters. You have used 121."),
            ("paid_on", "30 2 2026", "Enter a day that exists, like {day}."),
            ("paid_on", "1 1 2199", "That day has not come yet. Enter the day you paid."),
            ("paid_on", "", "Enter the day you paid, like {past}."),
        ],
    )
    def test_keeps_what_was_typed_beside_what_is_wrong(
        self, sign_in: SignInAs, funded: Funded, field: str, typed: str, sentence: str
    ) -> None:
        page = write_down(sign_in(funded.person), **{field: typed})

        assert page.errors == [near_today(sentence)]
        kept = page.soup.select_one(f'input[name="{field}"]')
        assert kept is not None
        assert str(kept["value"]) == typed.strip()

    def test_asks_what_it_was_for(self, sign_in: SignInAs, funded: Funded) -> None:
        page = write_down(sign_in(funded.person), outcome_id=None)

        assert page.errors == ["Choose what it was for."]

    def test_keeps_a_photo_without_where_it_was_taken(
        self, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(funded.person)

        page = browser.follow(write_down(browser, photo=(BytesIO(jpeg()), "receipt.jpg")))

        source = page.soup.select_one("main img")
        assert source is not None
        picture = browser.get(str(source["src"]))
        assert picture.response.mimetype == "image/jpeg"
        assert b"Camera maker" not in picture.response.data

    def test_says_that_a_photo_has_to_be_chosen_again(
        self, sign_in: SignInAs, funded: Funded
    ) -> None:
        page = write_down(sign_in(funded.person), amount="", photo=(BytesIO(jpeg()), "receipt.jpg"))

        assert "Choose the photo again." in page.text

    def test_refuses_a_photo_that_is_none_and_keeps_the_words(
        self, sign_in: SignInAs, funded: Funded
    ) -> None:
        page = write_down(sign_in(funded.person), photo=(BytesIO(b"hello"), "receipt.jpg"))

        assert page.errors == ["We cannot open that as a picture. Choose a JPEG, PNG or WebP file."]
        assert "Cinema with Joe" in page.html

    def test_invites_who_has_no_money(self, make: Make, sign_in: SignInAs) -> None:
        page = sign_in(make.person()).get("budgets.bought")

        assert "No money is here yet" in page.text

    def test_by_a_supporter_who_may_pay_but_not_see(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(make.supporter(person=funded.person, scopes=[Scope.PAY]))

        page = browser.follow(write_down(browser))

        assert "It is written down." in page.text

    def test_above_a_supporters_ceiling_is_refused(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        supporter = make.supporter(
            person=funded.person, scopes=[Scope.PAY, Scope.SEE], ceiling=Money(5_00)
        )

        page = write_down(sign_in(supporter))

        assert page.status == 403
        assert "you may spend up to £5.00 at once" in page.text


class TestPuttingRight:
    def test_keeps_what_was_written_before(self, sign_in: SignInAs, funded: Funded) -> None:
        browser = sign_in(funded.person)
        page = browser.click(browser.follow(write_down(browser)), "Put it right")

        done = browser.follow(browser.submit(page, "Save", amount="7.50"))

        assert "It is put right." in done.text
        assert "£7.50" in done.text
        before = browser.click(done, "What was written before")
        assert "£8.00" in before.text
        assert "Its money went back." in before.text
        assert "There is £92.50 to spend." in browser.get("budgets.wallet").text

    def test_taking_out_gives_the_money_back(self, sign_in: SignInAs, funded: Funded) -> None:
        browser = sign_in(funded.person)
        page = browser.follow(write_down(browser))

        done = browser.follow(browser.submit(page, "Take it out"))

        assert "its money is back" in done.text
        assert "There is £100.00 to spend." in browser.get("budgets.wallet").text

    def test_of_somebody_elses_is_not_found(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(funded.person)
        address = write_down(browser).location
        stranger = sign_in(make.funded_person().person)
        stranger.get("budgets.bought")

        assert stranger.get(address).status == 404
        assert stranger.get(f"{address}/correct").status == 404
        assert stranger.get(f"{address}/photo").status == 404
        assert stranger.post(f"{address}/remove").status == 404


class TestList:
    def test_shows_the_last_first(self, sign_in: SignInAs, funded: Funded) -> None:
        browser = sign_in(funded.person)
        write_down(browser)
        write_down(browser, amount="40", what="Train")

        page = browser.get("budgets.purchases")

        rows = [row.get_text(" ", strip=True) for row in page.soup.select("main li")]
        assert rows[0].startswith("Train , £40.00")
        assert "For you to know" in rows[0]
        assert rows[1].startswith("Cinema with Joe , £8.00")

    def test_invites_to_write_the_first(self, sign_in: SignInAs, funded: Funded) -> None:
        assert (
            "Nothing is written down here" in sign_in(funded.person).get("budgets.purchases").text
        )


class TestCouncil:
    def test_sees_what_was_outside_and_nothing_else(
        self, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(funded.person)
        write_down(browser)
        write_down(browser, amount="45", what="Train to the sea")

        page = sign_in(funded.practitioner).get("budgets.person", person_id=funded.id)

        assert "Train to the sea, £45.00" in page.text
        assert "This is past the limit of £30.00 for one order." in page.text
        assert "Cinema with Joe" not in page.text
