"""Reading the ledger, and finding what is wrong with it."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import commands, queries
from marketplace.wallet.rules import AccountKind
from tests.conftest import NOON
from tests.wallet.conftest import Purse


class TestBalances:
    def test_are_added_up_for_each_owner(self, session: Session, purse: Purse) -> None:
        stranger = uuid4()
        owners = [purse.line_id, stranger]

        found = queries.balances(session, owner_ids=owners, kind=AccountKind.AVAILABLE)

        assert found == {purse.line_id: Money(100_00), stranger: ZERO}

    def test_of_accounts_without_a_counter_come_from_the_entries(
        self, session: Session, purse: Purse
    ) -> None:
        found = queries.balances(session, owner_ids=[purse.council_id], kind=AccountKind.FUNDER)

        assert found == {purse.council_id: Money(-100_00)}


class TestStatement:
    def test_has_one_row_a_transfer_newest_first(self, session: Session, purse: Purse) -> None:
        for hours in range(25):
            at = NOON + timedelta(hours=hours)
            commands.move(session, purse.set_aside(Money(1_00), key=f"k{hours}"), at=at)

        first = queries.statement_of(
            session, available_ids=[purse.available], held_ids=[purse.held]
        )
        last = queries.statement_of(
            session, available_ids=[purse.available], held_ids=[purse.held], page=2
        )

        assert (first.total, first.pages, len(first.rows), len(last.rows)) == (26, 2, 20, 6)
        assert (first.rows[0].key, first.rows[0].to_spend, first.rows[0].set_aside) == (
            "k24",
            Money(-1_00),
            Money(1_00),
        )
        assert (last.rows[-1].reason, last.rows[-1].to_spend) == ("instalment", Money(100_00))


class TestEntries:
    def test_are_one_accounts_side(self, session: Session, purse: Purse) -> None:
        commands.move(session, purse.set_aside(Money(5_00), key="a"), at=NOON)

        page = queries.entries_of(session, account_ids=[purse.available])

        assert page.total == 2
        assert [row.amount for row in page.rows] == [Money(-5_00), Money(100_00)]


class TestProblems:
    def test_name_a_counter_that_tells_another_story(self, session: Session, purse: Purse) -> None:
        session.execute(text("UPDATE wallet_balances SET amount_pence = amount_pence + 1"))

        said = queries.problems(session)

        assert (
            f"Account {purse.available} (available) says £100.01, "
            "but its entries add up to £100.00." in said
        )

    def test_name_an_account_below_nothing(self, session: Session, purse: Purse) -> None:
        _pretend_held_is_available_twice(session, purse)

        assert any("is below nothing" in said for said in queries.problems(session))

    def test_name_a_transfer_without_entries(self, session: Session) -> None:
        transfer_id = uuid4()
        session.execute(
            text("INSERT INTO wallet_transfers (id, key, reason, at) VALUES (:id, 'k', 'r', :at)"),
            {"id": transfer_id.hex, "at": "2026-03-04 12:00:00"},
        )

        assert queries.problems(session) == [f"Transfer {transfer_id} has no entries."]


def _pretend_held_is_available_twice(session: Session, purse: Purse) -> None:
    """Write a transfer past the counters, as a mistaken program would."""
    transfer = uuid4().hex
    session.execute(
        text("INSERT INTO wallet_transfers (id, key, reason, at) VALUES (:id, 'k', 'r', :at)"),
        {"id": transfer, "at": "2026-03-04 12:00:00"},
    )
    for account, pence in ((purse.held, -1), (purse.available, 1)):
        session.execute(
            text(
                "INSERT INTO wallet_entries (id, transfer_id, account_id, amount_pence) "
                "VALUES (:id, :transfer, :account, :pence)"
            ),
            {"id": uuid4().hex, "transfer": transfer, "account": account.hex, "pence": pence},
        )
