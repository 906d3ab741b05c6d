"""No money goes back to a council silently: every path is tried, by commands and by hand."""

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.budgets import commands
from marketplace.budgets.commands import ChangeLine, OfferLine, TakeOut
from marketplace.budgets.rules import ClawbackEnd, Holder
from marketplace.kernel.errors import DomainError
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger
from marketplace.wallet.commands import move
from marketplace.wallet.rules import AccountKind, Leg, Movement
from tests.budgets.asking_back import LATER, decide, given_back, notice
from tests.crash import deeds, line_deeds  # noqa: F401 - they fill the table
from tests.crash.table import DEEDS
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00."""
    return make.funded_person(to_spend=Money(100_00))


@pytest.fixture
def officer(make: Make, funded: Funded) -> Actor:
    """Return a finance officer of their council."""
    return make.staff(organisation_id=funded.council_id, role=Role.FINANCE_OFFICER, name="Fay")


class TestTheDatabase:
    def back(self, session: Session, funded: Funded, key: str, amount: Money) -> None:
        """Move money straight back to the council."""
        line = session.execute(
            text("SELECT available_account_id FROM budget_lines WHERE closed_at IS NULL")
        ).scalar_one()
        source = line if isinstance(line, UUID) else UUID(line)
        funder = ledger.find_account(
            session,
            owner_id=funded.council_id,
            kind=AccountKind.FUNDER,
            council_id=funded.council_id,
        )
        assert funder is not None
        legs = (Leg(source, -amount), Leg(funder, amount))
        move(session, Movement(key, "back", legs), at=LATER)

    @pytest.mark.parametrize(
        "key",
        [
            "anything",
            "clawback",
            "clawback/",
            "clawback/00000000-0000-0000-0000-000000000000",
            "clawback/not-an-id",
            "handover/00000000-0000-0000-0000-000000000000",
            "handover/x",
            "instalment/x",
        ],
    )
    def test_lets_nothing_back_without_a_decision(
        self, session: Session, funded: Funded, key: str
    ) -> None:
        with pytest.raises(DBAPIError), session.begin_nested():
            self.back(session, funded, key, Money(1))

        assert given_back(session, funded.council_id) == ZERO

    def test_lets_back_no_other_amount_and_not_before_the_decision(
        self, session: Session, funded: Funded, officer: Actor
    ) -> None:
        clawback_id = notice(session, funded)
        key = f"clawback/{clawback_id}"
        with pytest.raises(DBAPIError, match="only by a decided"), session.begin_nested():
            self.back(session, funded, key, Money(60_00))
        decide(session, clawback_id, officer, end=ClawbackEnd.WITHDRAW)
        for amount in (Money(60_00), Money(1)):
            with pytest.raises(DBAPIError, match="only by a decided"), session.begin_nested():
                self.back(session, funded, key, amount)

    def test_knows_a_change_that_moved_no_money_between_councils(
        self, session: Session, funded: Funded
    ) -> None:
        wish = ChangeLine.new(funded.line_id, "New holder.")
        new = commands.NewHolder(holder=Holder.TRUST, name="A trust")
        commands.change_holder(session, wish, new=new, by=funded.practitioner, at=PAID_IN)

        with pytest.raises(DBAPIError, match="only by a decided"), session.begin_nested():
            self.back(session, funded, f"handover/{wish.change_id}", Money(100_00))

    @pytest.mark.parametrize("early", [True, False])
    def test_takes_no_decision_that_is_too_early_or_by_the_same_officer(
        self, session: Session, funded: Funded, officer: Actor, *, early: bool
    ) -> None:
        clawback_id = notice(session, funded)
        values: dict[str, Any] = {
            "id": uuid4(),
            "clawback_id": clawback_id,
            "by_id": officer.user_id if early else funded.practitioner.user_id,
            "at": PAID_IN if early else LATER,
        }
        if session.get_bind().dialect.name == "sqlite":
            for name in ("id", "clawback_id", "by_id"):
                values[name] = values[name].hex
            values["at"] = f"{values['at']:%Y-%m-%d %H:%M:%S.%f}"
        statement = text(
            "INSERT INTO budget_clawback_decisions (id, clawback_id, kind, wanted_pence, "
            "taken_pence, reason, by_id, by_name, at) VALUES "
            "(:id, :clawback_id, 'take_all', 1, 1, '', :by_id, '', :at)"
        )

        with pytest.raises(DBAPIError, match="second officer"), session.begin_nested():
            session.execute(statement, values)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE budget_clawbacks SET objects_until = noticed_at",
            "UPDATE budget_clawbacks SET amount_pence = 1",
            "DELETE FROM budget_clawbacks",
            "UPDATE budget_clawback_decisions SET taken_pence = 0",
            "DELETE FROM budget_clawback_decisions",
            "DELETE FROM budget_clawback_answers",
        ],
    )
    def test_keeps_notice_answer_and_decision(
        self, session: Session, funded: Funded, officer: Actor, statement: str
    ) -> None:
        clawback_id = notice(session, funded)
        commands.answer_notice(
            session, clawback_id=clawback_id, agrees=True, words="", by=funded.person, at=PAID_IN
        )
        decide(session, clawback_id, officer)

        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(statement))


def test_even_taking_out_needs_a_decision(session: Session, funded: Funded) -> None:
    with pytest.raises(DBAPIError, match="only by a decided"), session.begin_nested():
        commands.take_out(
            session,
            line_id=funded.line_id,
            key="clawback/quietly",
            amount=Money(1_00),
            why=TakeOut.CLAWBACK,
            by_user_id=None,
            at=LATER,
        )

    assert gains(session) == []


ON_RECORD = {
    "decide a clawback": "clawback/",
    "go on with a line of another council": "handover/",
}
"""The only two deeds that may, each by a record of its own."""


@pytest.mark.parametrize("name", sorted(set(DEEDS) - set(ON_RECORD)))
def test_no_other_deed_of_the_market_gives_a_council_anything_back(
    session: Session, make: Make, name: str
) -> None:
    act = DEEDS[name](make)

    with suppress(DomainError):  # one of the deeds is refused, which gives nothing back either
        act(session)

    assert gains(session) == []


@pytest.mark.parametrize(("name", "key"), ON_RECORD.items())
def test_the_two_that_may_say_by_which_record(
    session: Session, make: Make, name: str, key: str
) -> None:
    DEEDS[name](make)(session)

    assert [moved_by.startswith(key) for moved_by, _ in gains(session)] == [True]


def test_no_change_of_a_line_gives_a_council_anything_back(
    session: Session, make: Make, funded: Funded
) -> None:
    by, at = funded.practitioner, PAID_IN

    def change() -> ChangeLine:
        return ChangeLine.new(funded.line_id, "We looked at it.")

    commands.change_amount(session, change(), yearly=Money(1), by=by, at=at)
    new = commands.NewHolder(holder=Holder.COUNCIL_MANAGED)
    commands.change_holder(session, change(), new=new, by=by, at=at)
    share = commands.Share(percent=50, new=new)
    commands.split_line(session, change(), percent=50, others=[share], by=by, at=at)
    commands.change_end(session, change(), ends_before=LATER.date(), by=by, at=at)
    commands.stop_line(session, change(), by=by, at=at)
    commands.pay_due_instalments(session, on=date(2027, 3, 4), at=LATER)
    into = make.line(person=funded.person, practitioner=by)
    commands.close_line(session, change(), into_id=into, by=by, at=LATER)

    assert gains(session) == []


def test_a_handover_gives_back_exactly_what_moves(
    session: Session, make: Make, funded: Funded
) -> None:
    other = make.practitioner()
    wish = OfferLine(
        handover_id=uuid4(),
        line_id=funded.line_id,
        to_council_id=other.works_for,
        reason="They move.",
    )
    commands.offer_line(session, wish, by=funded.practitioner, at=PAID_IN)
    agreed = commands.TakeOver(handover_id=wish.handover_id, yearly=Money(1_300_00))
    commands.take_over(session, agreed, by=other, at=PAID_IN)

    assert gains(session) == [(f"handover/{wish.handover_id}", 100_00)]


@pytest.mark.parametrize("pence", [-1, -100_00])
def test_an_instalment_is_never_negative(session: Session, funded: Funded, pence: int) -> None:
    line = session.execute(text("SELECT id FROM budget_lines")).scalar_one()
    row = {"id": uuid4().hex, "line": line, "pence": pence}
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(
            text(
                "INSERT INTO budget_instalments (id, line_id, due_on, amount_pence, paid_at) "
                "VALUES (:id, :line, '2026-05-01', :pence, '2026-05-01')"
            ),
            row,
        )
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text("UPDATE budget_lines SET yearly_pence = -1"))


def gains(session: Session) -> list[tuple[str, int]]:
    """Return every movement that put something into a council's account."""
    rows = session.execute(
        text(
            "SELECT t.key, e.amount_pence FROM wallet_entries e "
            "JOIN wallet_accounts a ON a.id = e.account_id "
            "JOIN wallet_transfers t ON t.id = e.transfer_id "
            "WHERE a.kind = 'funder' AND e.amount_pence > 0"
        )
    )
    return [(key, pence) for key, pence in rows]
