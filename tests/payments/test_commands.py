"""Paying providers: once, by two people, and in the books."""

from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.commands import set_bank_details
from marketplace.database import reading, transaction
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.orders.commands import Credit, credit
from marketplace.outbox.models import Letter
from marketplace.payments import commands, queries
from marketplace.payments.errors import (
    BankDetailsChangedError,
    NothingToPayError,
    PaidOnError,
    SameOfficerError,
    WrongRunStateError,
)
from marketplace.payments.models import PaymentInvoice
from marketplace.payments.rules import RunState, WhyNot
from marketplace.wallet.queries import balances, problems
from marketplace.wallet.rules import AccountKind
from tests.factories import Make
from tests.factories.orders import TOMORROW, Deal
from tests.factories.payments import PAY_DAY

FRIDAY = date(2026, 3, 6)


@pytest.fixture
def deal(make: Make) -> Deal:
    """Return an order of £30.00 whose one visit was confirmed on Thursday 5 March."""
    deal = make.accepted()
    make.confirmed(deal)
    return deal


@pytest.fixture
def officer(make: Make, deal: Deal) -> Actor:
    return make.officer(council_id=deal.funded.council_id)


def balance(session: Session, deal: Deal, kind: AccountKind) -> Money:
    """Return what a provider has in one kind of account."""
    owner = deal.provider.works_for
    return balances(session, owner_ids=[owner], kind=kind)[owner]


class TestProposeRun:
    def test_takes_every_unpaid_invoice(self, session: Session, deal: Deal, officer: Actor) -> None:
        run_id = commands.propose_run(session, run_id=uuid4(), by=officer, at=PAY_DAY)

        run = queries.run_for(session, run_id=run_id, seen_by=officer)
        (item,) = run.items
        assert (run.number, run.state, run.total) == (1, RunState.PROPOSED, Money(30_00))
        assert (item.amount, item.reference) == (Money(30_00), "SUPPORT 1-1")
        assert (item.sort_code, item.account_name) == ("000000", deal.provider.organisation_name)
        assert item.promised_on == date(2026, 3, 10)
        assert queries.owed(session, council_id=officer.works_for, on=FRIDAY) == []

    def test_sent_twice_is_one_run(self, session: Session, officer: Actor) -> None:
        run_id = uuid4()

        commands.propose_run(session, run_id=run_id, by=officer, at=PAY_DAY)
        commands.propose_run(session, run_id=run_id, by=officer, at=PAY_DAY)

        assert queries.runs(session, council_id=officer.works_for).total == 1

    def test_never_takes_an_invoice_twice(self, session: Session, officer: Actor) -> None:
        commands.propose_run(session, run_id=uuid4(), by=officer, at=PAY_DAY)

        with pytest.raises(NothingToPayError):
            commands.propose_run(session, run_id=uuid4(), by=officer, at=PAY_DAY)

    def test_refuses_another_councils_run(
        self, session: Session, make: Make, officer: Actor
    ) -> None:
        run_id = make.proposed_run(by=officer)
        stranger = make.officer(council_id=make.council())

        with pytest.raises(NotFoundError):
            commands.propose_run(session, run_id=run_id, by=stranger, at=PAY_DAY)

    def test_leaves_out_and_names_who_has_no_bank_details(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted(provider=make.provider(name="Bo Lane", bank=False))
        make.confirmed(deal)
        officer = make.officer(council_id=deal.funded.council_id)

        with pytest.raises(NothingToPayError):
            commands.propose_run(session, run_id=uuid4(), by=officer, at=PAY_DAY)

        (owed,) = queries.owed(session, council_id=officer.works_for, on=FRIDAY)
        assert (owed.provider_name, owed.why_not) == ("Bo Lane", WhyNot.NO_BANK_DETAILS)

    def test_takes_a_credit_note_off(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        invoice_id = make.confirmed(deal)
        give_back(session, deal, invoice_id, Money(10_00))
        officer = make.officer(council_id=deal.funded.council_id)

        run_id = make.proposed_run(by=officer)

        assert queries.run_for(session, run_id=run_id, seen_by=officer).total == Money(20_00)

    def test_leaves_out_who_owes_us(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        invoice_id = make.confirmed(deal)
        officer = make.officer(council_id=deal.funded.council_id)
        make.paid_run(by=officer)
        give_back(session, deal, invoice_id, Money(10_00))

        with pytest.raises(NothingToPayError):
            commands.propose_run(session, run_id=uuid4(), by=officer, at=PAY_DAY)

        (owed,) = queries.owed(session, council_id=officer.works_for, on=FRIDAY)
        assert (owed.total, owed.why_not) == (Money(-10_00), WhyNot.NOTHING_OWED)

    def test_numbers_each_councils_runs_by_themselves(self, session: Session, make: Make) -> None:
        numbers = []
        for _ in range(2):
            deal = make.accepted()
            make.confirmed(deal)
            officer = make.officer(council_id=deal.funded.council_id)
            run_id = make.proposed_run(by=officer)
            numbers.append(queries.run_for(session, run_id=run_id, seen_by=officer).number)

        assert numbers == [1, 1]


class TestApproveRun:
    def test_needs_a_second_officer(self, session: Session, make: Make, officer: Actor) -> None:
        run_id = make.proposed_run(by=officer)

        with pytest.raises(SameOfficerError):
            commands.approve_run(session, run_id, by=officer, at=PAY_DAY)

    def test_lets_a_colleague_approve_and_do_so_twice(
        self, session: Session, make: Make, officer: Actor
    ) -> None:
        run_id = make.proposed_run(by=officer)
        colleague = make.officer(council_id=officer.works_for, name="Uma Reed")

        commands.approve_run(session, run_id, by=colleague, at=PAY_DAY)
        commands.approve_run(session, run_id, by=colleague, at=PAY_DAY)

        run = queries.run_for(session, run_id=run_id, seen_by=officer)
        assert (run.state, run.approved_by_name) == (RunState.APPROVED, "Uma Reed")

    def test_refuses_when_bank_details_have_changed(
        self, session: Session, make: Make, deal: Deal, officer: Actor
    ) -> None:
        run_id = make.proposed_run(by=officer)
        set_bank_details(
            session,
            sort_code="99-88-77",
            account_number="87654321",
            account_name="Somebody else",
            by=deal.provider,
            at=PAY_DAY,
        )
        colleague = make.officer(council_id=officer.works_for)

        with pytest.raises(BankDetailsChangedError, match=deal.provider.organisation_name):
            commands.approve_run(session, run_id, by=colleague, at=PAY_DAY)

    def test_is_not_found_in_another_council(
        self, session: Session, make: Make, officer: Actor
    ) -> None:
        run_id = make.proposed_run(by=officer)
        stranger = make.officer(council_id=make.council())

        with pytest.raises(NotFoundError):
            commands.approve_run(session, run_id, by=stranger, at=PAY_DAY)


class TestCancelRun:
    def test_makes_its_invoices_owed_again(
        self, session: Session, make: Make, officer: Actor
    ) -> None:
        run_id = make.approved_run(by=officer)

        commands.cancel_run(session, run_id, by=officer, at=PAY_DAY)
        commands.cancel_run(session, run_id, by=officer, at=PAY_DAY)

        (owed,) = queries.owed(session, council_id=officer.works_for, on=FRIDAY)
        assert owed.total == Money(30_00)
        make.proposed_run(by=officer)

    def test_refuses_once_it_is_paid(self, session: Session, make: Make, officer: Actor) -> None:
        run_id = make.paid_run(by=officer)

        with pytest.raises(WrongRunStateError):
            commands.cancel_run(session, run_id, by=officer, at=PAY_DAY)


class TestMarkPaid:
    def test_moves_the_money_once(
        self, session: Session, make: Make, deal: Deal, officer: Actor
    ) -> None:
        run_id = make.sent_run(by=officer)
        assert balance(session, deal, AccountKind.EARNED) == Money(30_00)

        commands.mark_paid(session, run_id, paid_on=FRIDAY, by=officer, at=PAY_DAY)
        commands.mark_paid(session, run_id, paid_on=FRIDAY, by=officer, at=PAY_DAY)

        assert balance(session, deal, AccountKind.EARNED) == Money(0)
        assert balance(session, deal, AccountKind.PAID) == Money(30_00)
        assert problems(session) == []

    def test_dates_the_invoices_and_counts_the_days(
        self, session: Session, make: Make, officer: Actor
    ) -> None:
        make.paid_run(by=officer)

        invoice = session.scalars(select(PaymentInvoice)).one()
        assert (invoice.paid_on, invoice.days) == (FRIDAY, 1)
        assert queries.how_fast(session, council_id=officer.works_for).percent == 100

    def test_writes_to_the_provider(
        self, session: Session, make: Make, deal: Deal, officer: Actor
    ) -> None:
        make.paid_run(by=officer)

        letter = session.scalars(select(Letter).where(Letter.template == "remittance")).one()
        assert letter.to == make.email_of(deal.provider)
        assert letter.values["amount"] == "£30.00"
        assert letter.values["paid_on"] == "Friday 6 March 2026"

    @pytest.mark.parametrize("state", ["proposed", "approved"])
    def test_refuses_what_has_not_gone_to_the_bank(
        self, session: Session, make: Make, officer: Actor, state: str
    ) -> None:
        run_id = {"proposed": make.proposed_run, "approved": make.approved_run}[state](by=officer)

        with pytest.raises(WrongRunStateError):
            commands.mark_paid(session, run_id, paid_on=FRIDAY, by=officer, at=PAY_DAY)

    def test_refuses_a_day_in_the_future(
        self, session: Session, make: Make, officer: Actor
    ) -> None:
        run_id = make.sent_run(by=officer)

        with pytest.raises(PaidOnError):
            commands.mark_paid(
                session, run_id, paid_on=FRIDAY + timedelta(days=1), by=officer, at=PAY_DAY
            )


def test_two_runs_proposed_at_once_are_one(app: Flask, make: Make) -> None:
    deal = make.accepted()
    make.confirmed(deal, at=TOMORROW)
    council_id = deal.funded.council_id
    officers = [make.officer(council_id=council_id) for _ in range(4)]
    start, made, refused = Barrier(len(officers)), list[UUID](), list[NothingToPayError]()

    def propose(officer: Actor) -> None:
        start.wait()
        try:
            with app.app_context(), transaction() as session:
                made.append(commands.propose_run(session, run_id=uuid4(), by=officer, at=PAY_DAY))
        except NothingToPayError as refusal:
            refused.append(refusal)

    threads = [Thread(target=propose, args=(officer,)) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(made), len(refused)) == (1, 3)
    with app.app_context(), reading() as session:
        assert queries.runs(session, council_id=council_id).total == 1


def give_back(session: Session, deal: Deal, invoice_id: UUID, amount: Money) -> None:
    """Let the provider give some of an invoice back."""
    wish = Credit(credit_id=uuid4(), invoice_id=invoice_id, amount=amount, reason="Left early.")
    credit(session, wish, by=deal.provider, at=PAY_DAY)
