"""Every line of a council, as its finance officers look at them; and what a provider keeps."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from marketplace.access.rules import Actor, Role
from marketplace.budgets import commands
from marketplace.budgets.commands import ChangeLine, NewHolder, OfferLine, RecordPurchase, TakeOver
from marketplace.budgets.rules import Funder, Holder
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded

NOW = clock.now()
TODAY = clock.local_day(NOW)


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 since today."""
    return make.funded_person(name="Maya Singh", to_spend=Money(100_00), starts_on=TODAY, at=NOW)


@pytest.fixture
def officer(make: Make, funded: Funded) -> Actor:
    """Return a finance officer of their council."""
    return make.staff(organisation_id=funded.council_id, role=Role.FINANCE_OFFICER)


def keep(funded: Funded, keeper: Actor) -> None:
    """Let a provider keep somebody's money as an individual service fund."""
    with transaction() as session:
        commands.change_holder(
            session,
            ChangeLine.new(funded.line_id, "She chose them."),
            new=NewHolder(holder=Holder.ISF, provider_id=keeper.works_for),
            by=funded.practitioner,
            at=NOW,
        )


def hand_over(funded: Funded, other: Actor) -> UUID:
    """Let another council go on with somebody's money; return its line."""
    wish = OfferLine(
        handover_id=uuid4(),
        line_id=funded.line_id,
        to_council_id=other.works_for,
        reason="She moved.",
    )
    with transaction() as session:
        commands.offer_line(session, wish, by=funded.practitioner, at=NOW)
        yes = TakeOver(handover_id=wish.handover_id, yearly=Money(1_300_00), cost_code="")
        return commands.take_over(session, yes, by=other, at=NOW)


class TestEveryLine:
    def test_is_listed_and_shown_with_what_happened(
        self, make: Make, sign_in: SignInAs, funded: Funded, officer: Actor
    ) -> None:
        make.hold(funded, Money(30_00), at=NOW + timedelta(minutes=1))
        browser = sign_in(officer)

        page = browser.click(browser.get("budgets.audit_lines"), "Maya Singh")

        assert page.heading == "Adult social care"
        assert "Looked after by Somebody (the person)" in page.text
        assert "Set aside for an order -£30.00 +£30.00 £70.00" in page.text
        assert not page.soup.select("main form")

    def test_is_there_when_it_is_closed(
        self, make: Make, sign_in: SignInAs, funded: Funded, officer: Actor
    ) -> None:
        other = make.line(
            person=funded.person, practitioner=funded.practitioner, starts_on=TODAY, at=NOW
        )
        with transaction() as session:
            commands.close_line(
                session,
                ChangeLine.new(funded.line_id, "One line is enough."),
                into_id=other,
                by=funded.practitioner,
                at=NOW,
            )
        browser = sign_in(officer)

        page = browser.get("budgets.audit_lines")

        assert len(page.soup.select("tbody tr")) == 2
        page = browser.get("budgets.audit_line", line_id=funded.line_id)
        assert "This line is closed." in page.text
        assert "One line is enough." in page.text

    def test_is_not_of_own_money_or_of_another_council(
        self, make: Make, sign_in: SignInAs, funded: Funded, officer: Actor
    ) -> None:
        own = make.line(
            person=funded.person,
            practitioner=funded.practitioner,
            funder=Funder.OWN_MONEY,
            starts_on=TODAY,
            at=NOW,
        )
        elsewhere = make.funded_person(starts_on=TODAY, at=NOW)
        browser = sign_in(officer)

        assert len(browser.get("budgets.audit_lines").soup.select("tbody tr")) == 1
        for line_id in (own, elsewhere.line_id):
            assert browser.get("budgets.audit_line", line_id=line_id).status == 404

    def test_leads_to_no_earlier_line_of_another_council(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        other = make.practitioner()
        line_id = hand_over(funded, other)
        officer = make.staff(organisation_id=other.works_for, role=Role.FINANCE_OFFICER)

        audited = sign_in(officer).get("budgets.audit_line", line_id=line_id)
        seen = sign_in(other).get("budgets.line_of_person", person_id=funded.id, line_id=line_id)

        assert (audited.status, seen.status) == (200, 200)
        assert "It carries on" not in audited.text + seen.text

    def test_does_not_say_in_whose_words_something_was_bought_elsewhere(
        self, make: Make, sign_in: SignInAs, funded: Funded, officer: Actor
    ) -> None:
        wish = RecordPurchase(
            purchase_id=uuid4(),
            amount=Money(7_50),
            what="A present for Joe",
            outcome_id=None,
            paid_on=TODAY,
        )
        with transaction() as session:
            commands.record_purchase(session, wish, by=funded.person, at=NOW + timedelta(minutes=1))

        page = sign_in(officer).get("budgets.audit_line", line_id=funded.line_id)

        assert "Bought elsewhere -£7.50" in page.text
        assert "Joe" not in page.text


class TestKeptMoney:
    def test_is_shown_to_the_provider_who_keeps_it_and_goes_along(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        first, second = make.provider(), make.provider()
        keep(funded, first)
        browser = sign_in(first)

        page = browser.click(browser.get("payments.earnings"), "Money you keep for 1 person")

        assert "Maya Singh Adult social care" in page.text
        assert "£100.00" in page.text
        keep(funded, second)
        assert "You keep no money for anybody" in browser.get("budgets.kept_money").text
        assert "Maya Singh" in sign_in(second).get("budgets.kept_money").text

    def test_is_kept_from_the_first_day_on(
        self, make: Make, sign_in: SignInAs, funded: Funded
    ) -> None:
        keeper = make.provider(name="Green Hands")
        browser = sign_in(funded.practitioner)
        typed = {
            "yearly": "2600",
            "starts_on": f"{TODAY.day} {TODAY.month} {TODAY.year}",
            "holder": "isf",
            "store": str(keeper.works_for),
            "outcomes": "I swim.",
        }
        page = browser.get("budgets.open_line", person_id=funded.id)

        refused = browser.submit(page, "Open the funding line", data=typed | {"holder": "trust"})
        opened = browser.submit(page, "Open the funding line", data=typed)

        assert refused.errors == ["Enter the name of who holds the money."]
        assert "Green Hands (a provider)" in browser.follow(opened).text
        assert "£200.00" in sign_in(keeper).get("budgets.kept_money").text
