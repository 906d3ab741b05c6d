"""What is looked at before a run is approved, and who is left out of it."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.catalogue.commands import (
    DecideOnProvider,
    answer_bank_change,
    apply_to_council,
    decide_on_provider,
    set_bank_details,
)
from marketplace.catalogue.rules import CheckState
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.kernel.sort_codes import installed
from marketplace.outbox.models import Letter
from marketplace.payments import commands, queries
from marketplace.payments.errors import (
    BankDetailsChangedError,
    CallerApprovesError,
    LastPaymentError,
    NoKnownNumberError,
    NothingToPayError,
    ReasonMissingError,
    WrongItemStateError,
    WrongRunStateError,
)
from marketplace.payments.models import FreedInvoice, PaymentItem
from marketplace.payments.queries import RunView
from marketplace.payments.rules import (
    FindingKind,
    ItemState,
    Owed,
    RunState,
    WhyNot,
)
from tests.factories import Make
from tests.factories.money import Funded
from tests.factories.orders import Deal
from tests.factories.payments import PAY_DAY

FRIDAY = date(2026, 3, 6)


@pytest.fixture
def funded(make: Make) -> Funded:
    return make.funded_person(to_spend=Money(1_000_00))


@pytest.fixture
def deals(make: Make, funded: Funded) -> list[Deal]:
    """Return orders from two providers, £30.00 each, both confirmed."""
    found = [make.accepted(funded=funded) for _ in range(2)]
    for deal in found:
        make.confirmed(deal)
    return found


@pytest.fixture
def officer(make: Make, deals: list[Deal]) -> Actor:
    return make.officer(council_id=deals[0].funded.council_id, name="Olu Kent")


@pytest.fixture
def colleague(make: Make, officer: Actor) -> Actor:
    return make.officer(council_id=officer.works_for, name="Uma Reed")


def move_bank(session: Session, deal: Deal, number: str = "87654321") -> None:
    """Let a provider be paid somewhere else."""
    set_bank_details(
        session,
        sort_code="000000",
        account_number=number,
        account_name="New",
        by=deal.provider,
        at=PAY_DAY,
    )
    session.flush()


def owed_to(session: Session, deal: Deal, on: date = FRIDAY) -> Owed:
    """Return what one provider is owed, and why they cannot be paid."""
    everybody = queries.owed(session, council_id=deal.funded.council_id, on=on, tables=installed())
    return next(each for each in everybody if each.provider_id == deal.provider.works_for)


def run_of(session: Session, run_id: UUID, officer: Actor) -> RunView:
    """Return a run as an officer sees it."""
    session.flush()
    session.expire_all()
    return queries.run_for(session, run_id=run_id, seen_by=officer)


class TestWhoIsLeftOut:
    def test_changed_bank_details_with_the_day_until_which_they_wait(
        self, session: Session, deals: list[Deal], officer: Actor
    ) -> None:
        move_bank(session, deals[0])

        owed = owed_to(session, deals[0])
        assert owed.why_not is WhyNot.BANK_WAITS
        assert "changed on Friday 6 March 2026" in owed.why_words
        assert "until Monday 16 March 2026" in owed.why_words
        run_id = commands.propose_run(session, run_id=uuid4(), by=officer, at=PAY_DAY)
        assert run_of(session, run_id, officer).total == Money(30_00)
        assert owed_to(session, deals[0], date(2026, 3, 16)).why_not is None

    def test_bank_details_that_somebody_known_before_refused(
        self, session: Session, deals: list[Deal]
    ) -> None:
        move_bank(session, deals[0])
        letter = session.scalars(select(Letter).where(Letter.template == "bank_change_asked")).one()
        token = str(letter.values["path"]).split("/")[-1]
        answer_bank_change(session, token=token, agrees=False, at=PAY_DAY)
        session.flush()

        owed = owed_to(session, deals[0], date(2027, 1, 1))
        assert owed.why_not is WhyNot.BANK_REFUSED

    def test_bank_details_with_wrong_check_digits(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        owner = make.provider(bank=False)
        deal = make.accepted(funded=funded, provider=owner)
        make.confirmed(deal)
        set_bank_details(
            session,
            sort_code="089999",
            account_number="66374959",
            account_name="Old",
            by=owner,
            at=PAY_DAY,
        )
        session.flush()

        assert owed_to(session, deal).why_not is WhyNot.BANK_WRONG

    def test_a_suspended_provider_with_its_reason(
        self, session: Session, make: Make, deals: list[Deal]
    ) -> None:
        provider_id, council_id = deals[0].provider.works_for, deals[0].funded.council_id
        apply_to_council(session, council_id=council_id, by=deals[0].provider, at=PAY_DAY)
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        wish = DecideOnProvider(
            provider_id=provider_id, state=CheckState.SUSPENDED, reason="No insurance."
        )
        decide_on_provider(session, wish, by=moderator, at=PAY_DAY)
        session.flush()

        owed = owed_to(session, deals[0])
        assert owed.why_words == "Is suspended by your council: No insurance."


class TestFindings:
    def test_a_bank_without_check_digits_is_named(
        self, session: Session, deals: list[Deal], officer: Actor
    ) -> None:
        run_id = commands.propose_run(
            session, run_id=uuid4(), by=officer, at=PAY_DAY, tables=installed()
        )

        run = run_of(session, run_id, officer)
        kinds = {finding.kind for item in run.items for finding in item.findings}
        assert (kinds, run.noticed) == ({FindingKind.NOT_VERIFIED}, 2)

    def test_the_same_visit_on_two_invoices_is_named(
        self, session: Session, make: Make, deals: list[Deal], funded: Funded, officer: Actor
    ) -> None:
        twin = make.accepted(funded=funded, provider=deals[0].provider)
        make.confirmed(twin)

        run_id = make.proposed_run(by=officer)

        run = run_of(session, run_id, officer)
        found = {item.amount: [each.kind for each in item.findings] for item in run.items}
        assert found == {Money(60_00): [FindingKind.DUPLICATE], Money(30_00): []}

    def test_an_amount_far_above_the_last_ones_is_named(
        self, session: Session, make: Make, deals: list[Deal], funded: Funded, officer: Actor
    ) -> None:
        make.paid_run(by=officer)
        dear = make.accepted(funded=funded, provider=deals[0].provider, price=Money(115_00))
        make.confirmed(dear)

        run_id = make.proposed_run(by=officer)

        (item,) = run_of(session, run_id, officer).items
        assert item.amount == Money(230_00)
        assert [each.kind for each in item.findings] == [FindingKind.UNUSUAL]


class TestTakeOut:
    def test_leaves_the_rest_and_frees_the_invoices(
        self, session: Session, make: Make, deals: list[Deal], officer: Actor
    ) -> None:
        run_id = make.proposed_run(by=officer)
        first = run_of(session, run_id, officer).items[0]

        assert commands.take_out(session, first.id, reason=" Asked them. ", by=officer, at=PAY_DAY)
        assert not commands.take_out(session, first.id, reason="Again", by=officer, at=PAY_DAY)

        run = run_of(session, run_id, officer)
        assert (run.total, run.payments) == (Money(30_00), 1)
        assert (run.items[0].state, run.items[0].taken_out_reason) == (
            ItemState.TAKEN_OUT,
            "Asked them.",
        )
        assert session.scalars(select(FreedInvoice.item_id)).all() == [first.id]
        (owed,) = queries.owed(session, council_id=officer.works_for, on=FRIDAY)
        assert owed.total == Money(30_00)
        assert queries.problems(session) == []

    def test_is_not_sent_nor_paid(
        self, session: Session, make: Make, deals: list[Deal], officer: Actor, colleague: Actor
    ) -> None:
        run_id = make.proposed_run(by=officer)
        first = run_of(session, run_id, officer).items[0]
        commands.take_out(session, first.id, reason="Wait.", by=officer, at=PAY_DAY)
        commands.approve_run(session, run_id, by=colleague, at=PAY_DAY)
        commands.mark_sent(session, run_id, by=officer, at=PAY_DAY)

        commands.mark_paid(session, run_id, paid_on=FRIDAY, by=officer, at=PAY_DAY)

        states = session.scalars(select(PaymentItem.state).order_by(PaymentItem.position)).all()
        assert states == [ItemState.TAKEN_OUT, ItemState.SETTLED]
        assert queries.problems(session) == []

    def test_refuses_to_empty_a_run(
        self, session: Session, make: Make, deals: list[Deal], officer: Actor
    ) -> None:
        run_id = make.proposed_run(by=officer)
        first, second = run_of(session, run_id, officer).items
        commands.take_out(session, first.id, reason="Wait.", by=officer, at=PAY_DAY)

        with pytest.raises(LastPaymentError, match="Cancel the run instead"):
            commands.take_out(session, second.id, reason="Wait.", by=officer, at=PAY_DAY)

    def test_needs_a_reason(
        self, session: Session, make: Make, deals: list[Deal], officer: Actor
    ) -> None:
        run_id = make.proposed_run(by=officer)
        first = run_of(session, run_id, officer).items[0]

        with pytest.raises(ReasonMissingError):
            commands.take_out(session, first.id, reason=" ", by=officer, at=PAY_DAY)

    def test_refuses_what_is_with_the_bank_or_cancelled(
        self, session: Session, make: Make, deals: list[Deal], officer: Actor
    ) -> None:
        cancelled = make.proposed_run(by=officer)
        item = run_of(session, cancelled, officer).items[0]
        commands.cancel_run(session, cancelled, by=officer, at=PAY_DAY)
        with pytest.raises(WrongRunStateError):
            commands.take_out(session, item.id, reason="Wait.", by=officer, at=PAY_DAY)
        session.flush()

        sent = make.sent_run(by=officer)
        item = run_of(session, sent, officer).items[0]
        with pytest.raises(WrongItemStateError, match="with the bank already"):
            commands.take_out(session, item.id, reason="Wait.", by=officer, at=PAY_DAY)

    def test_finds_nothing_of_another_council(
        self, session: Session, make: Make, deals: list[Deal], officer: Actor
    ) -> None:
        run_id = make.proposed_run(by=officer)
        item = run_of(session, run_id, officer).items[0]
        stranger = make.officer(council_id=make.council())

        with pytest.raises(NotFoundError):
            commands.take_out(session, item.id, reason="Mine.", by=stranger, at=PAY_DAY)
        with pytest.raises(NotFoundError):
            queries.planned_item(session, item_id=item.id, seen_by=stranger)
        with pytest.raises(NotFoundError):
            queries.planned_item(session, item_id=uuid4(), seen_by=officer)


def know_number(session: Session) -> None:
    """Let it be known where to ring everybody whose details have changed."""
    session.execute(text("UPDATE catalogue_bank_changes SET ring_at_phone = '0113 496 0000'"))


class TestNoteCall:
    def test_refuses_a_call_to_a_number_nobody_knew_before(
        self, session: Session, deals: list[Deal], officer: Actor
    ) -> None:
        move_bank(session, deals[0])
        change_id = owed_to(session, deals[0]).change_id
        assert change_id is not None

        with pytest.raises(NoKnownNumberError):
            commands.note_call(session, change_id, words="Yes.", by=officer, at=PAY_DAY)

    def test_lets_this_council_pay_and_another_officer_approve(
        self, session: Session, deals: list[Deal], officer: Actor, colleague: Actor, make: Make
    ) -> None:
        move_bank(session, deals[0])
        know_number(session)
        change_id = owed_to(session, deals[0]).change_id
        assert change_id is not None

        commands.note_call(session, change_id, words="Rosie says yes.", by=officer, at=PAY_DAY)

        assert owed_to(session, deals[0]).why_not is None
        third = make.officer(council_id=officer.works_for)
        run_id = make.proposed_run(by=third)
        found = [each for item in run_of(session, run_id, officer).items for each in item.findings]
        assert [each.words for each in found] == [
            "Olu Kent rang them about the new bank details: “Rosie says yes.”"
        ]
        with pytest.raises(CallerApprovesError, match=deals[0].provider.organisation_name):
            commands.approve_run(session, run_id, by=officer, at=PAY_DAY)
        commands.approve_run(session, run_id, by=colleague, at=PAY_DAY)

    def test_finds_no_change_that_nobody_waits_for(
        self, session: Session, deals: list[Deal], officer: Actor
    ) -> None:
        with pytest.raises(NotFoundError):
            commands.note_call(session, uuid4(), words="Yes.", by=officer, at=PAY_DAY)
        move_bank(session, deals[0])
        know_number(session)
        change_id = owed_to(session, deals[0]).change_id
        assert change_id is not None
        commands.note_call(session, change_id, words="Yes.", by=officer, at=PAY_DAY)
        with pytest.raises(NotFoundError, match="already"):
            commands.note_call(session, change_id, words="Yes.", by=officer, at=PAY_DAY)

    def test_needs_words(self, session: Session, deals: list[Deal], officer: Actor) -> None:
        move_bank(session, deals[0])
        know_number(session)
        change_id = owed_to(session, deals[0]).change_id
        assert change_id is not None

        with pytest.raises(ReasonMissingError):
            commands.note_call(session, change_id, words=" ", by=officer, at=PAY_DAY)


class TestBetweenProposalAndSending:
    def test_details_that_change_after_the_approval_stop_the_sending(
        self, session: Session, make: Make, deals: list[Deal], officer: Actor
    ) -> None:
        run_id = make.approved_run(by=officer)
        move_bank(session, deals[0])

        with pytest.raises(BankDetailsChangedError, match="Take these payments out"):
            commands.mark_sent(session, run_id, by=officer, at=PAY_DAY)

        item = next(
            each
            for each in run_of(session, run_id, officer).items
            if each.provider_name == deals[0].provider.organisation_name
        )
        assert item.bank_changed
        commands.take_out(session, item.id, reason="New account.", by=officer, at=PAY_DAY)
        commands.mark_sent(session, run_id, by=officer, at=PAY_DAY)
        assert run_of(session, run_id, officer).state is RunState.SENT


def test_nothing_is_left_to_propose_if_all_wait(
    session: Session, deals: list[Deal], officer: Actor
) -> None:
    for number, deal in enumerate(deals):
        move_bank(session, deal, f"8765432{number}")

    with pytest.raises(NothingToPayError):
        commands.propose_run(session, run_id=uuid4(), by=officer, at=PAY_DAY)
