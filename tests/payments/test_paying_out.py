"""Payments one by one: to the bank, made, come back, and noted as made by mistake."""

from datetime import date
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.database import reading, transaction
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.outbox.models import Letter
from marketplace.payments import commands, queries
from marketplace.payments.errors import (
    PaidOnError,
    ReasonMissingError,
    WrongItemStateError,
    WrongRunStateError,
)
from marketplace.payments.models import FreedInvoice, PaymentInvoice, PaymentItem, PaymentRun
from marketplace.payments.rules import ItemState, RunState
from marketplace.wallet.queries import balances, problems
from marketplace.wallet.rules import AccountKind
from tests.factories import Make
from tests.factories.money import Funded
from tests.factories.orders import TOMORROW, Deal
from tests.factories.payments import PAY_DAY

FRIDAY, SATURDAY = date(2026, 3, 6), date(2026, 3, 7)
LATER = PAY_DAY.replace(day=9)


@pytest.fixture
def funded(make: Make) -> Funded:
    return make.funded_person()


@pytest.fixture
def deals(make: Make, funded: Funded) -> list[Deal]:
    """Return orders from two providers, £30.00 each, both confirmed."""
    found = [make.accepted(funded=funded) for _ in range(2)]
    for deal in found:
        make.confirmed(deal)
    return found


@pytest.fixture
def officer(make: Make, deals: list[Deal]) -> Actor:
    return make.officer(council_id=deals[0].funded.council_id)


@pytest.fixture
def items(session: Session, make: Make, officer: Actor) -> list[PaymentItem]:
    """Return two payments that are with the bank."""
    run_id = make.sent_run(by=officer)
    return list(
        session.scalars(
            select(PaymentItem).where(PaymentItem.run_id == run_id).order_by(PaymentItem.position)
        )
    )


def run_of(session: Session, item: PaymentItem) -> PaymentRun:
    """Return the run that a payment is in."""
    session.expire_all()
    return session.get_one(PaymentRun, item.run_id)


def paid(session: Session, item: PaymentItem) -> tuple[Money, Money]:
    """Return what a provider has earned and was not paid yet, and what was paid."""
    owner = item.provider_id
    return tuple(  # type: ignore[return-value]
        balances(session, owner_ids=[owner], kind=kind)[owner]
        for kind in (AccountKind.EARNED, AccountKind.PAID)
    )


def proven(session: Session) -> bool:
    """Tell whether ledger and payments prove each other."""
    session.flush()
    return [*problems(session), *queries.problems(session)] == []


class TestMarkSent:
    def test_sends_every_payment_once(self, session: Session, make: Make, officer: Actor) -> None:
        run_id = make.approved_run(by=officer)

        assert commands.mark_sent(session, run_id, by=officer, at=PAY_DAY)
        assert not commands.mark_sent(session, run_id, by=officer, at=PAY_DAY)

        run = queries.run_for(session, run_id=run_id, seen_by=officer)
        states = session.scalars(select(PaymentItem.state)).all()
        assert run.state is RunState.SENT
        assert states == [ItemState.SENT] * 2

    def test_refuses_what_nobody_approved(
        self, session: Session, make: Make, officer: Actor
    ) -> None:
        run_id = make.proposed_run(by=officer)

        with pytest.raises(WrongRunStateError):
            commands.mark_sent(session, run_id, by=officer, at=PAY_DAY)

    def test_refuses_to_cancel_what_is_with_the_bank(
        self, session: Session, make: Make, officer: Actor
    ) -> None:
        run_id = make.sent_run(by=officer)

        with pytest.raises(WrongRunStateError):
            commands.cancel_run(session, run_id, by=officer, at=PAY_DAY)


class TestSettleItems:
    def test_pays_one_and_leaves_the_run_with_the_bank(
        self, session: Session, items: list[PaymentItem], officer: Actor
    ) -> None:
        first, second = items

        assert (
            commands.settle_items(session, [first.id], paid_on=FRIDAY, by=officer, at=PAY_DAY) == 1
        )

        assert paid(session, first) == (Money(0), Money(30_00))
        assert paid(session, second) == (Money(30_00), Money(0))
        assert run_of(session, first).state is RunState.SENT
        assert proven(session)

    def test_ends_the_run_with_the_last(
        self, session: Session, items: list[PaymentItem], officer: Actor
    ) -> None:
        for item, day in zip(items, (FRIDAY, SATURDAY), strict=True):
            commands.settle_items(session, [item.id], paid_on=day, by=None, at=LATER)

        run = run_of(session, items[0])
        assert (run.state, run.paid_on) == (RunState.PAID, SATURDAY)
        assert queries.how_fast(session, council_id=officer.works_for).paid == 2

    def test_said_again_is_once(
        self, session: Session, items: list[PaymentItem], officer: Actor
    ) -> None:
        ids = [item.id for item in items]
        commands.settle_items(session, ids, paid_on=FRIDAY, by=officer, at=PAY_DAY)

        assert commands.settle_items(session, ids, paid_on=SATURDAY, by=officer, at=LATER) == 0

        assert paid(session, items[0]) == (Money(0), Money(30_00))
        letters = session.scalars(select(Letter).where(Letter.template == "remittance")).all()
        assert len(letters) == 2
        assert proven(session)

    def test_refuses_what_has_not_gone_to_the_bank(
        self, session: Session, make: Make, officer: Actor
    ) -> None:
        make.approved_run(by=officer)
        item_id = session.scalars(select(PaymentItem.id)).first()
        assert item_id is not None

        with pytest.raises(WrongItemStateError, match="not gone to the bank"):
            commands.settle_items(session, [item_id], paid_on=FRIDAY, by=officer, at=PAY_DAY)

    def test_refuses_what_came_back(
        self, session: Session, items: list[PaymentItem], officer: Actor
    ) -> None:
        item = items[0]
        commands.bounce_item(
            session, item.id, on=FRIDAY, reason="No account.", by=officer, at=PAY_DAY
        )

        with pytest.raises(WrongItemStateError, match="came back"):
            commands.settle_items(session, [item.id], paid_on=FRIDAY, by=officer, at=PAY_DAY)

    def test_refuses_a_day_before_the_approval(
        self, session: Session, items: list[PaymentItem], officer: Actor
    ) -> None:
        with pytest.raises(PaidOnError):
            commands.settle_items(
                session, [items[0].id], paid_on=date(2026, 3, 5), by=officer, at=PAY_DAY
            )

    def test_finds_no_payment_of_another_council(
        self, session: Session, make: Make, items: list[PaymentItem]
    ) -> None:
        stranger = make.officer(council_id=make.council())

        with pytest.raises(NotFoundError):
            commands.settle_items(session, [items[0].id], paid_on=FRIDAY, by=stranger, at=PAY_DAY)
        with pytest.raises(NotFoundError):
            commands.settle_items(session, [UUID(int=1)], paid_on=FRIDAY, by=None, at=PAY_DAY)


class TestBounceItem:
    def test_makes_a_payment_owed_again(
        self, session: Session, make: Make, items: list[PaymentItem], officer: Actor
    ) -> None:
        first, second = items
        commands.settle_items(
            session, [first.id, second.id], paid_on=FRIDAY, by=officer, at=PAY_DAY
        )

        assert commands.bounce_item(
            session, first.id, on=SATURDAY, reason="Account closed.", by=officer, at=LATER
        )

        assert paid(session, first) == (Money(30_00), Money(0))
        (owed,) = queries.owed(session, council_id=officer.works_for, on=FRIDAY)
        assert (owed.provider_id, owed.total) == (first.provider_id, Money(30_00))
        freed = session.scalars(select(FreedInvoice)).one()
        assert (freed.item_id, freed.total) == (first.id, Money(30_00))
        assert run_of(session, first).state is RunState.PAID
        assert proven(session)
        again = make.proposed_run(by=officer, at=LATER)
        assert queries.run_for(session, run_id=again, seen_by=officer).total == Money(30_00)
        assert proven(session)

    def test_moves_no_money_that_never_left(
        self, session: Session, items: list[PaymentItem], officer: Actor
    ) -> None:
        first, second = items

        commands.bounce_item(session, first.id, on=FRIDAY, reason="No.", by=officer, at=PAY_DAY)
        assert run_of(session, first).state is RunState.SENT
        commands.bounce_item(session, second.id, on=SATURDAY, reason="No.", by=None, at=LATER)

        assert paid(session, first) == (Money(30_00), Money(0))
        run = run_of(session, first)
        assert (run.state, run.paid_on) == (RunState.PAID, SATURDAY)
        assert proven(session)

    def test_said_again_is_once(
        self, session: Session, items: list[PaymentItem], officer: Actor
    ) -> None:
        item = items[0]
        commands.settle_items(session, [item.id], paid_on=FRIDAY, by=officer, at=PAY_DAY)
        commands.bounce_item(session, item.id, on=FRIDAY, reason="No.", by=officer, at=PAY_DAY)

        assert not commands.bounce_item(
            session, item.id, on=SATURDAY, reason="Again.", by=officer, at=LATER
        )

        assert paid(session, item) == (Money(30_00), Money(0))
        session.expire_all()
        assert (item.bounced_on, item.bounce_reason) == (FRIDAY, "No.")

    def test_tells_the_provider_why(
        self,
        session: Session,
        make: Make,
        deals: list[Deal],
        officer: Actor,
        items: list[PaymentItem],
    ) -> None:
        deal = next(deal for deal in deals if deal.provider.works_for == items[0].provider_id)

        commands.bounce_item(
            session, items[0].id, on=FRIDAY, reason="Account  closed.", by=officer, at=PAY_DAY
        )

        letter = session.scalars(select(Letter).where(Letter.template == "payment_bounced")).one()
        assert letter.to == make.email_of(deal.provider)
        assert letter.values["reason"] == "Account closed."
        assert letter.values["bounced_on"] == "Friday 6 March 2026"

    @pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
    def test_needs_a_reason(
        self, session: Session, items: list[PaymentItem], officer: Actor, reason: str
    ) -> None:
        with pytest.raises(ReasonMissingError):
            commands.bounce_item(
                session, items[0].id, on=FRIDAY, reason=reason, by=officer, at=PAY_DAY
            )

    @pytest.mark.parametrize("day", [date(2026, 3, 5), date(2026, 3, 10)])
    def test_refuses_a_day_before_the_payment_or_in_the_future(
        self, session: Session, items: list[PaymentItem], officer: Actor, day: date
    ) -> None:
        with pytest.raises(PaidOnError):
            commands.bounce_item(session, items[0].id, on=day, reason="No.", by=officer, at=LATER)

    def test_refuses_what_has_not_gone_to_the_bank(
        self, session: Session, make: Make, officer: Actor
    ) -> None:
        make.approved_run(by=officer)
        item_id = session.scalars(select(PaymentItem.id)).first()
        assert item_id is not None

        with pytest.raises(WrongItemStateError):
            commands.bounce_item(session, item_id, on=FRIDAY, reason="No.", by=officer, at=PAY_DAY)


class TestUnsettleItem:
    def test_puts_a_payment_back_with_the_bank(
        self, session: Session, items: list[PaymentItem], officer: Actor
    ) -> None:
        ids = [item.id for item in items]
        commands.settle_items(session, ids, paid_on=FRIDAY, by=officer, at=PAY_DAY)

        assert commands.unsettle_item(session, ids[0], by=officer, at=LATER)
        assert not commands.unsettle_item(session, ids[0], by=officer, at=LATER)

        assert paid(session, items[0]) == (Money(30_00), Money(0))
        run = run_of(session, items[0])
        assert (run.state, run.paid_on) == (RunState.SENT, None)
        invoice = session.scalars(
            select(PaymentInvoice).where(PaymentInvoice.item_id == ids[0])
        ).one()
        assert (invoice.paid_on, invoice.days) == (None, None)
        assert proven(session)

    def test_can_be_settled_again_and_undone_again(
        self, session: Session, items: list[PaymentItem], officer: Actor
    ) -> None:
        item = items[0]
        for _ in range(2):
            commands.settle_items(session, [item.id], paid_on=FRIDAY, by=officer, at=PAY_DAY)
            assert paid(session, item) == (Money(0), Money(30_00))
            commands.unsettle_item(session, item.id, by=officer, at=LATER)
            assert paid(session, item) == (Money(30_00), Money(0))
        commands.settle_items(session, [item.id], paid_on=SATURDAY, by=officer, at=LATER)
        commands.bounce_item(session, item.id, on=SATURDAY, reason="No.", by=officer, at=LATER)

        assert paid(session, item) == (Money(30_00), Money(0))
        assert proven(session)

    def test_refuses_what_came_back(
        self, session: Session, items: list[PaymentItem], officer: Actor
    ) -> None:
        commands.bounce_item(session, items[0].id, on=FRIDAY, reason="No.", by=officer, at=PAY_DAY)

        with pytest.raises(WrongItemStateError):
            commands.unsettle_item(session, items[0].id, by=officer, at=LATER)


def test_one_payment_settled_by_many_at_once_moves_its_money_once(app: Flask, make: Make) -> None:
    deal = make.accepted()
    make.confirmed(deal, at=TOMORROW)
    officer = make.officer(council_id=deal.funded.council_id)
    make.sent_run(by=officer)
    with app.app_context(), reading() as session:
        item_id = session.scalars(select(PaymentItem.id)).one()
    start, news = Barrier(4), list[int]()

    def settle() -> None:
        start.wait()
        with app.app_context(), transaction() as session:
            news.append(
                commands.settle_items(session, [item_id], paid_on=FRIDAY, by=officer, at=PAY_DAY)
            )

    threads = [Thread(target=settle) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(news) == [0, 0, 0, 1]
    with app.app_context(), reading(of_one_instant=True) as session:
        assert balances(session, owner_ids=[deal.provider.works_for], kind=AccountKind.PAID) == {
            deal.provider.works_for: Money(30_00)
        }
        assert problems(session) == []
