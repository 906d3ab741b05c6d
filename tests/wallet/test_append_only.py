"""What was written into the books stays as it was written: through SQL, and through the ORM."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditEntry
from marketplace.database import reading, transaction
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money
from marketplace.orders.commands import Credit, credit
from marketplace.orders.models import Invoice, InvoiceLine
from marketplace.wallet import commands, queries
from marketplace.wallet.models import Account, Entry, Transfer
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.orders import TOMORROW
from tests.wallet.conftest import Purse

BOOKS: tuple[type[Model], ...] = (Account, Transfer, Entry, AuditEntry, Invoice, InvoiceLine)
CHANGED = {
    Account: "kind = 'paid'",
    Transfer: "reason = 'another'",
    Entry: "amount_pence = 1",
    AuditEntry: "what = 'another'",
    Invoice: "total_pence = 1",
    InvoiceLine: "amount_pence = 1",
}
EVERYWHERE = (
    "UPDATE {table} SET {change}",
    "DELETE FROM {table}",
    "DELETE FROM {table} WHERE id IN (SELECT id FROM {table} LIMIT 1)",
    "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT (id) DO UPDATE SET {change}",
)
ON_SQLITE = (
    "REPLACE INTO {table} SELECT * FROM {table}",
    "INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    "UPDATE OR REPLACE {table} SET {change}",
    "UPDATE OR IGNORE {table} SET {change}",
)
ON_POSTGRES = (
    "UPDATE {table} SET {change} WHERE false",
    "TRUNCATE {table} CASCADE",
    "TRUNCATE {table}, budget_holds CASCADE",
    "WITH gone AS (DELETE FROM {table} RETURNING *) SELECT count(*) FROM gone",
    "WITH other AS (UPDATE {table} SET {change} RETURNING *) SELECT count(*) FROM other",
    "MERGE INTO {table} USING {table} AS mine ON {table}.id = mine.id WHEN MATCHED THEN DELETE",
)
SAME_KEY = (
    "INSERT OR REPLACE INTO wallet_transfers (id, key, reason, at) "
    "SELECT '{id}', key, 'another', at FROM wallet_transfers"
)


@pytest.fixture
def books(session: Session, make: Make, engine: str) -> Session:
    """Return a session on books in which every kind of row stands."""
    deal = make.accepted()
    invoice_id = make.confirmed(deal)
    wish = Credit(credit_id=uuid4(), invoice_id=invoice_id, amount=Money(5_00), reason="Too short.")
    credit(session, wish, by=deal.provider, at=TOMORROW)
    session.flush()
    if engine == "postgres":  # which truncates nothing while checks wait for the end
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    return session


def refused(session: Session, deed: Callable[[], object]) -> bool:
    """Tell whether the database refused a deed because the table only grows."""
    try:
        with session.begin_nested():
            deed()
            session.flush()
    except DBAPIError as refusal:
        return "append-only" in str(refusal.orig)
    finally:
        session.expire_all()
    return False


def counts(session: Session) -> list[tuple[int, int]]:
    """Return how many rows each book has, and a sum of what stands in it."""
    rows = [session.scalar(select(func.count()).select_from(book)) or 0 for book in BOOKS]
    pence = (
        "SELECT count(*) FROM wallet_accounts WHERE kind = 'paid'",
        "SELECT sum(amount_pence * amount_pence) FROM wallet_entries",
        "SELECT count(*) FROM wallet_transfers WHERE reason = 'another'",
        "SELECT count(*) FROM audit_entries WHERE what = 'another'",
        "SELECT sum(total_pence) FROM invoices",
        "SELECT sum(amount_pence) FROM invoice_lines",
    )
    return list(zip(rows, [session.scalar(text(one)) for one in pence], strict=True))


def test_no_statement_changes_a_row_or_takes_one_out(books: Session, engine: str) -> None:
    before = counts(books)
    assert all(rows > 0 for rows, _ in before)
    patterns = [*EVERYWHERE, *(ON_SQLITE if engine == "sqlite" else ON_POSTGRES)]
    statements = [
        pattern.format(table=book.__tablename__, change=CHANGED[book])
        for book in BOOKS
        for pattern in patterns
    ]
    if engine == "sqlite":
        statements.append(SAME_KEY.format(id=uuid4().hex))

    went_through = [
        statement
        for statement in statements
        if not refused(books, lambda one=statement: books.execute(text(one)))  # type: ignore[misc]
    ]

    assert went_through == []
    assert counts(books) == before


@pytest.mark.parametrize("book", BOOKS)
def test_the_orm_changes_and_deletes_nothing(books: Session, book: type[Model]) -> None:
    row = books.scalars(select(book).limit(1)).one()
    column = next(
        name for name in ("reason", "amount", "what", "total", "kind") if hasattr(book, name)
    )

    value = getattr(row, column)
    other = value * 2 if isinstance(value, Money) else "paid"

    assert refused(books, lambda: setattr(row, column, other))
    assert refused(books, lambda: books.delete(row))
    assert refused(books, lambda: books.execute(update(book).values({column: other})))
    assert refused(books, lambda: books.execute(delete(book)))


class TestAnUnbalancedTransfer:
    @pytest.fixture
    def wrongs(self, purse: Purse) -> dict[str, Callable[[Session], None]]:
        """Return ways to write wrong entries past the commands."""

        def lone_entry(session: Session) -> None:
            transfer = Transfer(id=uuid4(), key="wrong", reason="wrong", at=NOON)
            session.add(transfer)
            session.flush()
            session.add(_entry(transfer.id, purse.held, 1))

        def two_that_differ(session: Session) -> None:
            transfer = Transfer(id=uuid4(), key="wrong", reason="wrong", at=NOON)
            session.add(transfer)
            session.flush()
            session.add_all(
                [_entry(transfer.id, purse.held, 500), _entry(transfer.id, purse.available, -499)]
            )

        def one_more_for_an_old_one(session: Session) -> None:
            transfer_id = session.scalars(select(Transfer.id).limit(1)).one()
            session.add(_entry(transfer_id, purse.available, 1))

        return {
            "a lone entry": lone_entry,
            "two that differ": two_that_differ,
            "one more for an old transfer": one_more_for_an_old_one,
        }

    @pytest.mark.parametrize(
        "wrong", ["a lone entry", "two that differ", "one more for an old transfer"]
    )
    def test_does_not_survive(
        self, wrongs: dict[str, Callable[[Session], None]], wrong: str, engine: str
    ) -> None:
        if engine == "postgres":
            with pytest.raises(DBAPIError, match="does not balance"), transaction() as session:
                wrongs[wrong](session)
            with reading() as session:
                assert queries.problems(session) == []
            return

        with transaction() as session:
            wrongs[wrong](session)

        with reading() as session:
            assert any("does not balance" in sentence for sentence in queries.problems(session))

    def test_nor_does_one_of_many_in_a_transaction(self, purse: Purse, engine: str) -> None:
        def many() -> None:
            with transaction() as session:
                for number in range(5):
                    commands.move(session, purse.pay_in(Money(1_00), key=f"in {number}"), at=NOON)
                transfer = Transfer(id=uuid4(), key="wrong", reason="wrong", at=NOON)
                session.add(transfer)
                session.flush()
                session.add(_entry(transfer.id, purse.held, 1))

        if engine == "postgres":
            with pytest.raises(DBAPIError, match="does not balance"):
                many()
        else:
            many()

        with reading() as session:
            found = queries.problems(session)
        assert bool(found) is (engine == "sqlite")

    def test_a_transfer_without_entries_is_found(self, purse: Purse) -> None:
        with transaction() as session:
            late = NOON + timedelta(hours=1)
            session.add(Transfer(id=uuid4(), key="empty", reason="wrong", at=late))

        with reading() as session:
            assert any("has no entries" in sentence for sentence in queries.problems(session))

    def test_a_counter_that_was_changed_alone_is_found(self, purse: Purse) -> None:
        with transaction() as session:
            session.execute(text("UPDATE wallet_balances SET amount_pence = amount_pence + 1"))

        with reading() as session:
            assert any("its entries add up to" in found for found in queries.problems(session))

    def test_a_counter_below_nothing_is_refused(self, purse: Purse) -> None:
        below = "UPDATE wallet_balances SET amount_pence = -1 WHERE amount_pence = 0"
        with pytest.raises(DBAPIError, match="amount_not_negative"), transaction() as session:
            session.execute(text(below))


def _entry(transfer_id: UUID, account_id: UUID, pence: int) -> Entry:
    return Entry(id=uuid4(), transfer_id=transfer_id, account_id=account_id, amount=Money(pence))
