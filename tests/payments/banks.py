"""Uploads bank files and looks at what came of them, for tests."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets import queries as budgets
from marketplace.budgets.rules import Funder
from marketplace.kernel.money import Money
from marketplace.payments import commands, queries
from marketplace.payments.commands import SetBankAccount, UploadStatement
from marketplace.payments.queries import LineRow, StatementView
from tests.conftest import NOON
from tests.factories.money import Funded
from tests.payments.bank_files import ACCOUNT, Paid, as_csv

FRIDAY = NOON + timedelta(days=2)
OURS = SetBankAccount(sort_code="01-02-03", account_number=ACCOUNT, account_name="Ashdale Council")


def make_reference(session: Session, funded: Funded, *, by_family: bool = False) -> str:
    """Return what somebody, or their family, writes on a transfer."""
    return commands.make_reference(
        session,
        person_id=funded.id,
        council_id=funded.council_id,
        by_family=by_family,
        at=NOON,
    )


def upload(session: Session, officer: Actor, content: bytes) -> UUID:
    """Upload a file and return the statement's id."""
    wish = UploadStatement(statement_id=uuid4(), name="C:\\march.csv", content=content)
    commands.upload_statement(session, wish, by=officer, at=FRIDAY)
    return wish.statement_id


def take_in(session: Session, officer: Actor, statement_id: UUID) -> StatementView:
    """Take a statement in, and book what can be booked."""
    commands.take_in_statement(session, statement_id=statement_id, by=officer, at=FRIDAY)
    for line_id in queries.lines_to_post(session, limit=100):
        commands.post_line(session, line_id=line_id, at=FRIDAY)
    return view(session, officer, statement_id)


def view(session: Session, officer: Actor, statement_id: UUID) -> StatementView:
    """Return a statement as an officer sees it."""
    return queries.statement_for(session, statement_id=statement_id, seen_by=officer)


def paid_in(session: Session, funded: Funded, funder: Funder = Funder.OWN_MONEY) -> Money:
    """Return what a person has of their own, or from family."""
    lines = budgets.lines_of(session, person_id=funded.id, at=NOON)
    return next((line.available for line in lines if line.funder is funder), Money(0))


def open_line(session: Session, officer: Actor, words: str = "NO REFERENCE") -> LineRow:
    """Return a payment that waits for somebody to say whose it is, in a statement taken in."""
    found = take_in(session, officer, upload(session, officer, as_csv([Paid(words=words)])))
    return found.lines[0]
