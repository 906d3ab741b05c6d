"""Own money on its way back: owed in the ledger until a finance officer says that it was paid."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role, Scope
from marketplace.audit.queries import deeds_of
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import AskBack, ChangeLine, PayIn
from marketplace.budgets.errors import BadLineError
from marketplace.catalogue.errors import BadBankDetailsError
from marketplace.home import commands as home
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.outbox.models import Letter
from marketplace.wallet import queries as ledger
from marketplace.wallet.rules import AccountKind
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

LATER = PAID_IN + timedelta(days=2)


def own(make: Make, funded: Funded, amount: Money, key: str = "own") -> UUID:
    """Pay own money in and return its line."""
    with make.block() as session:
        line_id = commands.own_line(
            session,
            person_id=funded.id,
            council_id=funded.council_id,
            by_user_id=funded.id,
            at=PAID_IN,
        )
        commands.pay_in(
            session,
            line_id=line_id,
            key=key,
            amount=amount,
            why=PayIn.BANK_TRANSFER,
            by_user_id=None,
            at=PAID_IN,
        )
    return line_id


def wish(number: str = "12345678") -> AskBack:
    """Say into which account."""
    return AskBack(
        refund_id=uuid4(), account_name="Ann Hill", sort_code="01-02-03", account_number=number
    )


def owed(session: Session, council_id: UUID) -> Money:
    """Return what the ledger of a council owes people."""
    return ledger.balances(session, owner_ids=[council_id], kind=AccountKind.OWED)[council_id]


def officer(make: Make, council_id: UUID) -> Actor:
    """Return a finance officer."""
    return make.staff(organisation_id=council_id, role=Role.FINANCE_OFFICER)


def books_fit(session: Session) -> None:
    """Assert that lines, refunds and ledger fit."""
    assert queries.problems(session) == []
    assert ledger.problems(session) == []


class TestAskBack:
    def test_lets_the_money_leave_the_wallet_and_be_owed(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person()
        line_id = own(make, funded, Money(12_00))
        asked = wish()

        for _ in range(2):
            assert commands.ask_own_money_back(session, asked, by=funded.person, at=LATER) == Money(
                12_00
            )

        row = queries.line(session, line_id=line_id, person_id=funded.id, at=LATER)
        assert (row.available, row.closed) == (ZERO, False)
        assert owed(session, funded.council_id) == Money(12_00)
        (refund,) = queries.owed_to(session, person_id=funded.id)
        assert (refund.amount, refund.account, refund.paid_on) == (
            Money(12_00),
            "01 02 03, 12345678",
            None,
        )
        statement = queries.statement_of_person(session, person_id=funded.id)
        assert "asked-back" in {each.reason for each in statement.rows}
        books_fit(session)

    def test_is_the_persons_alone(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        own(make, funded, Money(12_00))
        helper = make.supporter(person=funded.person, scopes=list(Scope))

        with pytest.raises(NotAllowedError, match="Only"):
            commands.ask_own_money_back(session, wish(), by=helper, at=LATER)

    def test_refuses_when_there_is_none_and_when_the_account_cannot_be(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person()

        with pytest.raises(BadLineError, match="no money of your own"):
            commands.ask_own_money_back(session, wish(), by=funded.person, at=LATER)
        own(make, funded, Money(12_00))
        with pytest.raises(BadBankDetailsError):
            commands.ask_own_money_back(session, wish("1234"), by=funded.person, at=LATER)

        assert owed(session, funded.council_id) == ZERO

    def test_leaves_a_councils_money_alone(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(100_00))
        own(make, funded, Money(12_00))

        commands.ask_own_money_back(session, wish(), by=funded.person, at=LATER)

        assert queries.wallet(session, person_id=funded.id, at=LATER).available == Money(100_00)


class TestPaid:
    def test_owes_it_no_more_and_tells_the_person(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        own(make, funded, Money(12_00))
        commands.ask_own_money_back(session, wish(), by=funded.person, at=LATER)
        (refund,) = queries.owed_by(session, council_id=funded.council_id)

        for _ in range(2):
            commands.mark_refund_paid(
                session,
                refund_id=refund.id,
                paid_on=LATER.date(),
                by=officer(make, funded.council_id),
                at=LATER,
            )

        assert owed(session, funded.council_id) == ZERO
        (paid,) = queries.owed_to(session, person_id=funded.id)
        assert paid.paid_on == LATER.date()
        assert "own-money-paid-back" in {
            deed.what for deed in deeds_of(session, chain_id=funded.id)
        }
        letter = session.scalars(select(Letter).where(Letter.key == f"owed/{refund.id}/paid")).one()
        assert letter.subject == "£12.00 of your own money was paid back"
        books_fit(session)

    def test_is_said_by_a_finance_officer_of_that_council_about_a_day_that_was(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person()
        own(make, funded, Money(12_00))
        commands.ask_own_money_back(session, wish(), by=funded.person, at=LATER)
        (refund,) = queries.owed_by(session, council_id=funded.council_id)
        for by, days, error in (
            (funded.practitioner, 0, NotAllowedError),
            (officer(make, make.council()), 0, NotFoundError),
            (officer(make, funded.council_id), 1, BadLineError),
            (officer(make, funded.council_id), -1, BadLineError),
        ):
            day = LATER.date() + timedelta(days=days)
            with pytest.raises(error):
                commands.mark_refund_paid(
                    session, refund_id=refund.id, paid_on=day, by=by, at=LATER
                )

    def test_waits_until_somebody_said_where(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        line_id = own(make, funded, Money(12_00))
        commands.close_line(
            session,
            ChangeLine.new(line_id, "It is not used."),
            by=funded.practitioner,
            at=LATER,
        )
        (refund,) = queries.owed_by(session, council_id=funded.council_id)
        finance = officer(make, funded.council_id)

        assert owed(session, funded.council_id) == Money(12_00)
        with pytest.raises(BadLineError, match="Nobody has said yet"):
            commands.mark_refund_paid(
                session, refund_id=refund.id, paid_on=LATER.date(), by=finance, at=LATER
            )
        commands.ask_own_money_back(session, wish(), by=funded.person, at=LATER)
        commands.mark_refund_paid(
            session, refund_id=refund.id, paid_on=LATER.date(), by=finance, at=LATER
        )

        assert owed(session, funded.council_id) == ZERO
        books_fit(session)

    def test_takes_the_account_away_of_somebody_who_has_left(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person()
        own(make, funded, Money(12_00))
        commands.ask_own_money_back(session, wish(), by=funded.person, at=LATER)
        home.close_account(session, user_id=funded.id, at=LATER)
        (refund,) = queries.owed_by(session, council_id=funded.council_id)
        assert refund.account_name == "Ann Hill"

        commands.mark_refund_paid(
            session,
            refund_id=refund.id,
            paid_on=LATER.date(),
            by=officer(make, funded.council_id),
            at=LATER,
        )

        (refund,) = queries.owed_by(session, council_id=funded.council_id)
        assert (refund.account_name, refund.account_number) == ("", "")


class TestPages:
    def test_ask_for_it_and_pay_it(self, make: Make, sign_in: SignInAs) -> None:
        funded = make.funded_person()
        own(make, funded, Money(12_00))
        person = sign_in(funded.person)

        page = person.click(person.get("budgets.wallet"), "Get my own money back")
        assert "£12.00 of your own money is here" in page.text
        page = person.submit(
            page,
            "Pay my own money back to me",
            account_name="Ann Hill",
            sort_code="010203",
            account_number="12345678",
        )
        shown = person.follow(page)
        assert "Owed to you" in shown.text
        assert "ending 5678" in shown.text

        finance = sign_in(officer(make, funded.council_id))
        listed = finance.click(finance.get("payments.index"), "Own money to pay back to people")
        one = finance.click(listed, f"£12.00 to {funded.person.name}")
        assert "01 02 03, 12345678" in one.text
        wrong = finance.submit(one, "Note that it was paid", paid_on="1 1 2020")
        assert wrong.errors == ["Enter a day since it is owed, and not one to come."]

    @pytest.mark.sqlite_only
    def test_name_a_wrong_account(self, make: Make, sign_in: SignInAs) -> None:
        funded = make.funded_person()
        own(make, funded, Money(12_00))
        person = sign_in(funded.person)

        page = person.submit(
            person.get("budgets.own_money_back"),
            "Pay my own money back to me",
            account_name="Ann Hill",
            sort_code="01",
            account_number="12345678",
        )

        assert page.errors == ["A sort code has 6 digits, like 01 02 03."]

    @pytest.mark.sqlite_only
    def test_say_that_nothing_is_there(self, make: Make, sign_in: SignInAs) -> None:
        page = sign_in(make.funded_person().person).get("budgets.own_money_back")

        assert "There is no money of your own here" in page.text
