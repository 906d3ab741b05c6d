"""The pages on which limits are set, checked and ended."""

from dataclasses import replace
from uuid import UUID

import pytest

from marketplace.access.rules import Scope
from marketplace.budgets import commands
from marketplace.budgets.rules import LimitWindow
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded

TODAY = clock.local_day(clock.now())
CHECK = "See what it would do"


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 today, and no limits."""
    for slug in ("company", "meals"):
        make.category(slug)
    return make.funded_person(name="Maya Singh", starts_on=TODAY, at=clock.now())


def open_form(browser: Browser, funded: Funded) -> Page:
    """Open the form for a limit, as the practitioner."""
    return browser.get("budgets.set_limit", person_id=funded.id, line_id=funded.line_id)


def check(browser: Browser, funded: Funded, **fields: str | list[str]) -> Page:
    """Fill the form in, £20.00 for one week unless told otherwise, and see what it would do."""
    typed: dict[str, str | list[str]] = {
        "amount": "20",
        "window": "week",
        "reason": "It is to last.",
    }
    return browser.submit(open_form(browser, funded), CHECK, typed | fields)


def kept(page: Page, name: str) -> list[str]:
    """Return what a form holds under a name."""
    fields = page.soup.select(f'[name="{name}"]')
    return [str(field.get("value") or field.get_text()) for field in fields]


class TestSetting:
    def test_shows_what_it_would_do_before_it_is_set(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        kitchen = make.provider(name="Kettle Kitchen").works_for
        for pence in (15_00, 8_00):
            spend = make.spend(Money(pence), council_id=funded.council_id)
            with transaction() as session:
                commands.hold(
                    session,
                    spend=replace(spend, provider_id=kitchen),
                    person_id=funded.id,
                    by=funded.person,
                    at=clock.now(),
                )
        browser = sign_in(funded.practitioner)

        page = check(browser, funded, kind="ask")

        assert page.heading == "Check the limit"
        assert "It would have asked about 1 of 2 orders, £8.00 of £23.00 ." in page.text
        assert "Company, Kettle Kitchen" in page.text
        assert make.lines(funded, at=clock.now())[0].limits == ()
        done = browser.follow(browser.submit(page, "Set the limit"))
        assert "£20.00 for one week" in done.text
        assert "Ask first. Set by Priya Nair (Ashdale Council)" in done.text

    def test_loses_nothing_on_the_way_back_to_the_form(
        self, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(funded.practitioner)
        page = check(
            browser, funded, narrowed="category", categories=["company", "meals"], kind="ask"
        )

        form = browser.submit(page, "Change it")

        assert form.heading == "Set a limit"
        ticked = [str(box["value"]) for box in form.soup.select('[name="categories"][checked]')]
        assert ticked == ["company", "meals"]
        assert (kept(form, "amount"), kept(form, "reason")) == (["20"], ["It is to last."])
        assert kept(form, "limit_id") == kept(page, "limit_id")
        again = browser.submit(form, CHECK)
        browser.follow(browser.submit(again, "Set the limit"))

    def test_names_the_limits_it_does_not_fit_with(self, sign_in: SignInAs, funded: Funded) -> None:
        browser = sign_in(funded.practitioner)
        browser.follow(browser.submit(check(browser, funded), "Set the limit"))

        page = check(browser, funded, window="day", amount="50")
        shown = browser.follow(browser.submit(page, "Set the limit"))

        sentence = (
            "“£50.00 for one day” (set by Priya Nair (Ashdale Council)) never matters, because "
            "“£20.00 for one week” (set by Priya Nair (Ashdale Council)) always comes first."
        )
        assert sentence in page.text
        assert sentence in shown.text

    def test_is_looked_at_twice_before_food_is_cut_off(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(funded.practitioner)
        page = check(
            browser, funded, how="never", amount="", narrowed="category", categories=["meals"]
        )
        assert "It stops what is bought for meals." in page.text

        refused = browser.submit(page, "Set the limit", second_look="")
        assert refused.errors == [
            "Tick this when you have looked at it.",
            "Say why it is right.",
        ]
        half = browser.submit(refused, "Set the limit", second_look="Her sister cooks.")
        assert half.errors == ["Tick this when you have looked at it."]
        assert kept(half, "second_look") == ["Her sister cooks."]
        shown = browser.follow(browser.submit(half, "Set the limit", looked="y"))

        (limit,) = make.lines(funded, at=clock.now())[0].limits
        assert limit.label == "nothing on meals"
        for page in (shown, sign_in(funded.person).get("budgets.line", line_id=funded.line_id)):
            assert "They looked at it twice" in page.text
            assert "Her sister cooks." in page.text

    def test_takes_providers_by_name(self, make: Make, sign_in: SignInAs, funded: Funded) -> None:
        make.provider(name="Kettle Kitchen", reach_metres=None)
        browser = sign_in(funded.practitioner)

        page = check(
            browser,
            funded,
            how="only",
            amount="",
            narrowed="provider",
            provider_names=" kettle  kitchen \n\n",
        )
        browser.follow(browser.submit(page, "Set the limit"))

        (limit,) = make.lines(funded, at=clock.now())[0].limits
        assert limit.label == "only Kettle Kitchen"

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"amount": ""}, "Enter an amount."),
            ({"amount": "0"}, "Enter an amount of more than nothing, like 12.50."),
            ({"amount": "-5"}, "Enter an amount of more than nothing, like 12.50."),
            ({"amount": "5.005"}, "Write the pence with two digits, like 12.50."),
            ({"amount": "99,999,999"}, "Enter an amount of no more than £10,000,000.00."),
            (
                {"amount": "twenty"},
                "Enter an amount in pounds, using the digits 0 to 9, like 12.50.",
            ),
            ({"reason": ""}, "Say why there is this limit."),
            ({"reason": "x" * 301}, "Use at most 300 characters. You have used 301."),
            ({"how": "count"}, "Enter how many orders."),
            (
                {"how": "count", "orders": "2.5"},
                "Enter a whole number of orders from 1 to 1,000, like 3.",
            ),
            (
                {"how": "count", "orders": "0"},
                "Enter a whole number of orders from 1 to 1,000, like 3.",
            ),
            (
                {"how": "count", "orders": "-1"},
                "Enter a whole number of orders from 1 to 1,000, like 3.",
            ),
            (
                {"how": "count", "orders": "9" * 40},
                "Enter a whole number of orders from 1 to 1,000, like 3.",
            ),
            (
                {"how": "count", "orders": "3", "window": "order"},
                "Choose over what time the orders are counted.",
            ),
            ({"how": "never"}, "Choose what stands on the list."),
            ({"narrowed": "category"}, "Choose at least one kind of support."),
            ({"narrowed": "outcome"}, "Choose at least one thing that is to be true."),
            ({"narrowed": "provider"}, "Choose at least one provider, or write a name."),
            (
                {"narrowed": "provider", "provider_names": "Nobody & Sons"},
                "We know no provider called Nobody & Sons. Check how it is written.",
            ),
            (
                {
                    "narrowed": "provider",
                    "provider_names": "\n".join(f"Help {number}" for number in range(200)),
                },
                "Choose at most 50 providers, not 200.",
            ),
        ],
    )
    def test_says_beside_each_field_what_is_wrong(
        self, sign_in: SignInAs, funded: Funded, fields: dict[str, str], sentence: str
    ) -> None:
        page = check(sign_in(funded.practitioner), funded, **fields)

        assert page.heading == "Set a limit"
        assert sentence in page.errors
        for name, typed in fields.items():
            if name not in {"how", "narrowed", "window"}:
                assert [" ".join(value.split()) for value in kept(page, name)] == [
                    " ".join(typed.split())
                ]

    def test_asks_which_of_two_providers_of_one_name(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        for _ in range(2):
            make.provider(name="Kettle Kitchen", reach_metres=None)

        page = check(
            sign_in(funded.practitioner),
            funded,
            narrowed="provider",
            provider_names="Kettle Kitchen",
        )

        assert page.errors == [
            (
                "More than one provider is called Kettle Kitchen. Tick the one you mean, if it is "
                "listed."
            )
        ]

    def test_refuses_choices_nobody_was_offered(self, sign_in: SignInAs, funded: Funded) -> None:
        browser = sign_in(funded.practitioner)
        open_form(browser, funded)

        typed = {"how": "amount", "amount": "20", "window": "week", "kind": "refuse", "reason": "x"}
        for more in (
            {"narrowed": "category", "categories": "gold"},
            {"narrowed": "nothing", "asks": str(UUID(int=7))},
            {"narrowed": "nothing", "asks": "somebody"},
        ):
            page = browser.post(
                "budgets.set_limit", typed | more, person_id=funded.id, line_id=funded.line_id
            )
            assert len(page.errors) == 1


class TestOwnLimits:
    def test_are_set_and_ended_by_the_person(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(funded.person)
        line = browser.get("budgets.line", line_id=funded.line_id)

        form = browser.click(line, "Set a limit on this money")
        page = browser.submit(form, CHECK, amount="20", window="week", reason="I want it to last.")
        line = browser.follow(browser.submit(page, "Set the limit"))
        assert "Set by Maya Singh because: I want it to last." in line.text

        ending = browser.click(line, "End the limit of £20.00 for one week")
        browser.follow(browser.submit(ending, "End the limit"))
        assert make.lines(funded, at=clock.now())[0].limits == ()

    def test_are_not_the_councils(self, make: Make, sign_in: SignInAs, funded: Funded) -> None:
        council = sign_in(funded.practitioner)
        council.follow(council.submit(check(council, funded), "Set the limit"))
        (limit,) = make.lines(funded, at=clock.now())[0].limits

        page = sign_in(funded.person).get("budgets.end_own_limit", limit_id=limit.id)

        assert page.status == 403
        assert "Ask them to end it" in page.text

    @pytest.mark.parametrize("scopes", [[Scope.SEE], [Scope.SEE, Scope.PAY, Scope.PLAN]])
    def test_are_kept_from_a_supporter_who_may_not(
        self, make: Make, sign_in: SignInAs, funded: Funded, scopes: list[Scope]
    ) -> None:
        browser = sign_in(make.supporter(person=funded.person, scopes=scopes))

        assert "Set a limit" not in browser.get("budgets.line", line_id=funded.line_id).text
        assert browser.get("budgets.set_own_limit", line_id=funded.line_id).status == 403

    def test_of_strangers_are_not_found(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        browser = sign_in(make.person())

        assert browser.get("budgets.set_own_limit", line_id=funded.line_id).status == 404


class TestEnding:
    def test_somebody_elses_limit_asks_why(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        author = sign_in(funded.practitioner)
        author.follow(author.submit(check(author, funded), "Set the limit"))
        (limit,) = make.lines(funded, at=clock.now())[0].limits
        colleague = sign_in(make.practitioner(council_id=funded.council_id, name="Omar Quill"))
        page = colleague.get("budgets.end_limit", person_id=funded.id, limit_id=limit.id)

        refused = colleague.submit(page, "End the limit")
        assert refused.errors == ["Say why this limit ends."]
        colleague.follow(colleague.submit(refused, "End the limit", reason="It is too tight."))

        assert make.lines(funded, at=clock.now())[0].limits == ()

    def test_a_limit_of_another_council_is_not_found(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        author = sign_in(funded.practitioner)
        author.follow(author.submit(check(author, funded), "Set the limit"))
        (limit,) = make.lines(funded, at=clock.now())[0].limits
        stranger = sign_in(make.practitioner())
        stranger.get("budgets.people")

        assert _end(stranger, funded, limit.id).status == 404

    def test_ends_ones_own_without_a_reason(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        limit = make.limit(window=LimitWindow.WEEK)
        other = make.funded_person(limits=[limit], starts_on=TODAY, at=clock.now())
        browser = sign_in(other.practitioner)
        browser.get("budgets.people")

        assert _end(browser, other, limit.limit_id).status == 302


def _end(browser: Browser, funded: Funded, limit_id: UUID) -> Page:
    return browser.post("budgets.end_limit", person_id=funded.id, limit_id=limit_id)
