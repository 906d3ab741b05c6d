"""The wallet page: picture first, and fast."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from marketplace.access import queries as access
from marketplace.access.commands import end_supporter
from marketplace.access.rules import Scope
from marketplace.budgets import commands
from marketplace.budgets.rules import LimitWindow
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.web.languages import COOKIE
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.statements import statements

NOW = clock.now()
WEEK = timedelta(days=7)
STATEMENTS_MAX = 8


@pytest.fixture
def rich(make: Make) -> Funded:
    """Return somebody with ten lines and eight limits, who has ordered."""
    began = NOW - 6 * WEEK
    windows = [LimitWindow.ORDER, LimitWindow.DAY, LimitWindow.WEEK, LimitWindow.MONTH]
    limits = [make.limit(Money(90_00), window=window) for window in windows]
    funded = make.funded_person(
        name="Maya Singh", starts_on=clock.local_day(began), at=began, limits=limits
    )
    for number in range(9):
        make.line(
            person=funded.person,
            practitioner=funded.practitioner,
            starts_on=clock.local_day(began),
            at=began,
            limits=[replace(limit, limit_id=uuid4()) for limit in limits] if number == 0 else (),
        )
    for week in range(5):
        make.hold(funded, Money(5_00), at=began + week * WEEK)
    return funded


class TestSpeed:
    def test_takes_eight_statements_at_most(self, sign_in: SignInAs, rich: Funded) -> None:
        browser = sign_in(rich.person)
        browser.get("budgets.wallet")

        with statements() as sent:
            page = browser.get("budgets.wallet")

        assert page.status == 200
        assert len(page.soup.select("section.panel")) == 10
        assert len(sent) <= STATEMENTS_MAX, "\n\n".join(sent)

    def test_takes_no_more_for_a_supporter(
        self, make: Make, sign_in: SignInAs, rich: Funded
    ) -> None:
        browser = sign_in(make.supporter(person=rich.person, scopes=[Scope.SEE]))
        browser.get("budgets.wallet")

        with statements() as sent:
            browser.get("budgets.wallet")

        assert len(sent) <= STATEMENTS_MAX, "\n\n".join(sent)

    def test_counts_no_entries(self, sign_in: SignInAs, rich: Funded) -> None:
        browser = sign_in(rich.person)

        with statements() as sent:
            browser.get("budgets.wallet")

        assert not [each for each in sent if "wallet_entries" in each]


class TestAskedTogether:
    def test_with_who_it_is_shows_nobody_what_they_may_not_see(
        self, make: Make, sign_in: SignInAs, rich: Funded
    ) -> None:
        supporter = make.supporter(person=rich.person, scopes=[Scope.SEE])
        browser = sign_in(supporter)
        assert browser.get("budgets.wallet").status == 200

        with transaction() as session:
            (row,) = access.circle_of(session, person_id=rich.person.user_id)
            end_supporter(session, supporter_row_id=row.id, by=rich.person, at=NOW)

        page = browser.get("budgets.wallet")
        assert page.status == 200
        assert "Personal budget" not in page.text
        assert rich.person.name not in page.text

    def test_shows_what_was_spent_since(self, make: Make, sign_in: SignInAs, rich: Funded) -> None:
        browser, left = sign_in(rich.person), []
        for _ in range(3):
            page = browser.get("budgets.wallet")
            left += [shown.get_text() for shown in page.soup.select("p.lead strong")]
            make.hold(rich, Money(7_00), at=NOW)

        assert left == ["£975.00", "£968.00", "£961.00"]


class TestForecast:
    def test_is_too_early_in_the_beginning(self, make: Make, sign_in: SignInAs) -> None:
        funded = make.funded_person(starts_on=clock.local_day(NOW), at=NOW)

        page = sign_in(funded.person).get("budgets.wallet")

        assert (
            "It is too early to tell how long it lasts. After four weeks we can say." in page.text
        )

    def test_comes_from_the_weeks_that_were_counted(self, make: Make, sign_in: SignInAs) -> None:
        began = NOW - 6 * WEEK
        funded = make.funded_person(starts_on=clock.local_day(began), at=began)
        for week in range(6):
            order_id = make.hold(funded, Money(4_00), at=began + week * WEEK)
            with transaction() as session:
                commands.capture(
                    session,
                    order_id=order_id,
                    key=f"test/{order_id}",
                    amount=Money(4_00),
                    provider_id=order_id,
                    at=began + week * WEEK,
                )
        with transaction() as session:
            assert commands.count_weeks(session, at=NOW) == 1
            assert commands.count_weeks(session, at=NOW) == 0

        page = sign_in(funded.person).get("budgets.wallet")

        assert "you spend about £4.00 a week" in page.text
        assert "about £4.00 a week is paid from it" in page.text

    def test_of_each_line_is_its_own(self, make: Make, sign_in: SignInAs) -> None:
        began = NOW - 6 * WEEK
        funded = make.funded_person(starts_on=clock.local_day(began), at=began)
        make.line(
            person=funded.person,
            practitioner=funded.practitioner,
            starts_on=clock.local_day(began),
            at=began,
        )
        with transaction() as session:
            commands.count_weeks(session, at=NOW)

        page = sign_in(funded.person).get("budgets.wallet")

        assert page.text.count("nothing was paid from it in most of the last weeks") == 2


class TestLinks:
    def test_lead_to_everything_about_money(self, sign_in: SignInAs, rich: Funded) -> None:
        browser = sign_in(rich.person)
        page = browser.get("budgets.wallet")

        for words in (
            "Statement: everything",
            "What was bought elsewhere",
            "Tell me when",
            "Pay money in",
            "Money from family",
            "I bought something",
        ):
            assert browser.click(page, words).status == 200

    def test_to_spending_are_not_shown_to_who_only_looks(
        self, make: Make, sign_in: SignInAs, rich: Funded
    ) -> None:
        page = sign_in(make.supporter(person=rich.person, scopes=[Scope.SEE])).get("budgets.wallet")

        assert "I bought something" not in page.text
        assert "Pay money in" not in page.text


@pytest.mark.sqlite_only
class TestInWelsh:
    def test_says_all_of_it(self, sign_in: SignInAs, rich: Funded) -> None:
        browser = sign_in(rich.person)
        browser.client.set_cookie(COOKIE, "cy")

        page = browser.get("budgets.wallet")

        assert page.soup.select_one("main[lang=cy], html[lang=cy] main:not([lang])")
        assert page.heading == "Fy arian"
        for said in (
            "Mae'n rhy gynnar i ddweud pa mor hir",
            "ar ôl, hyd at: Dydd Llun ",
            "Rhoddwyd o'r neilltu ar gyfer archeb",
        ):
            assert said in page.text

    def test_and_what_was_bought_elsewhere(self, sign_in: SignInAs, make: Make) -> None:
        browser = sign_in(make.funded_person().person)
        browser.client.set_cookie(COOKIE, "cy")

        page = browser.get("budgets.purchases")

        assert page.heading == "Prynwyd yn rhywle arall"
        assert "Does dim wedi'i nodi yma" in page.text
