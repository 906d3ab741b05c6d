"""Moving money."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from marketplace.database import reading, transaction
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import commands, queries
from marketplace.wallet.errors import InsufficientFundsError, KeyReusedError
from marketplace.wallet.rules import AccountKind, Leg, Movement
from tests.conftest import NOON
from tests.factories import Make
from tests.wallet.conftest import Purse


class TestOpenAccount:
    def test_again_is_the_same_account(self, session: Session, purse: Purse) -> None:
        again = commands.open_account(
            session,
            owner_id=purse.line_id,
            kind=AccountKind.AVAILABLE,
            council_id=purse.council_id,
        )

        assert again == purse.available

    def test_begins_with_nothing(self, session: Session, make: Make) -> None:
        council_id = make.council()

        for kind in AccountKind:
            account_id = commands.open_account(
                session, owner_id=uuid4(), kind=kind, council_id=council_id
            )
            assert queries.balance(session, account_id=account_id) == ZERO


class TestMove:
    def test_takes_from_one_and_gives_to_another(self, session: Session, purse: Purse) -> None:
        commands.move(session, purse.set_aside(Money(30_00), key="a"), at=NOON)

        assert queries.balance(session, account_id=purse.available) == Money(70_00)
        assert queries.balance(session, account_id=purse.held) == Money(30_00)
        assert queries.balance(session, account_id=purse.funder) == Money(-100_00)
        assert queries.problems(session) == []

    def test_moves_once_for_one_key(self, session: Session, purse: Purse) -> None:
        first = commands.move(session, purse.set_aside(Money(30_00), key="a"), at=NOON)
        second = commands.move(session, purse.set_aside(Money(30_00), key="a"), at=NOON)

        assert first == second
        assert queries.balance(session, account_id=purse.available) == Money(70_00)

    def test_refuses_a_key_used_for_something_else(self, session: Session, purse: Purse) -> None:
        commands.move(session, purse.set_aside(Money(30_00), key="a"), at=NOON)

        with pytest.raises(KeyReusedError):
            commands.move(session, purse.set_aside(Money(31_00), key="a"), at=NOON)

    def test_refuses_what_is_not_there_to_the_penny(self, session: Session, purse: Purse) -> None:
        with pytest.raises(InsufficientFundsError) as refused, session.begin_nested():
            commands.move(session, purse.set_aside(Money(100_01), key="a"), at=NOON)
        commands.move(session, purse.set_aside(Money(100_00), key="b"), at=NOON)

        assert str(refused.value) == "There is £100.00 left, and this needs £100.01."
        assert queries.balance(session, account_id=purse.available) == ZERO
        assert queries.problems(session) == []

    def test_lets_a_provider_owe(self, session: Session, purse: Purse) -> None:
        earned = commands.open_account(
            session, owner_id=uuid4(), kind=AccountKind.EARNED, council_id=purse.council_id
        )
        legs = [Leg(earned, Money(-5_00)), Leg(purse.available, Money(5_00))]

        commands.move(session, Movement("refund", "refund", legs), at=NOON)

        assert queries.balance(session, account_id=earned) == Money(-5_00)
        assert queries.problems(session) == []


@settings(max_examples=20)
@given(amounts=st.lists(st.integers(1, 60_00), max_size=8))
def test_no_sequence_of_moves_breaks_the_books(
    session: Session, purse: Purse, amounts: list[int]
) -> None:
    for pence in amounts:
        try:
            with session.begin_nested():
                commands.move(session, purse.set_aside(Money(pence), key=str(uuid4())), at=NOON)
        except InsufficientFundsError:
            continue

    assert queries.balance(session, account_id=purse.available) >= ZERO
    assert queries.problems(session) == []


class TestTheDatabaseItself:
    @pytest.mark.usefixtures("purse")
    @pytest.mark.parametrize("table", ["wallet_transfers", "wallet_entries"])
    @pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}"])
    def test_keeps_the_ledger_as_it_was_written(
        self, session: Session, table: str, deed: str
    ) -> None:
        with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
            session.execute(text(deed.format(table)))

    def test_refuses_to_empty_the_ledger(self, session: Session, engine: str) -> None:
        if engine == "postgres":
            with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
                session.execute(text("TRUNCATE wallet_entries"))

    @pytest.mark.usefixtures("purse")
    def test_refuses_a_balance_below_nothing(self, session: Session) -> None:
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text("UPDATE wallet_balances SET amount_pence = -1"))

    def test_refuses_a_transfer_that_does_not_balance(self, purse: Purse, engine: str) -> None:
        with transaction() as session:
            transfer_id = commands.move(session, purse.set_aside(Money(1_00), key="a"), at=NOON)

        if engine == "postgres":
            with pytest.raises(IntegrityError, match="does not balance"):
                _one_more_penny(transfer_id, purse.held)
        else:  # which knows no trigger at the end of a transaction
            _one_more_penny(transfer_id, purse.held)
            with reading() as session:
                said = queries.problems(session)
            assert f"Transfer {transfer_id} does not balance: it is £0.01 out." in said


def _one_more_penny(transfer_id: UUID, account_id: UUID) -> None:
    with transaction() as session:
        session.execute(
            text(
                "INSERT INTO wallet_entries (id, transfer_id, account_id, amount_pence) "
                "VALUES (:id, :transfer, :account, 1)"
            ),
            {"id": uuid4().hex, "transfer": transfer_id.hex, "account": account_id.hex},
        )
