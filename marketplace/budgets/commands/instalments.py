"""Paying money into funding lines, every four weeks."""

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.audit.commands import record
from marketplace.budgets.commands.paying_in import note_paid_in
from marketplace.budgets.models import FundingLine, Instalment
from marketplace.budgets.rules import due_after, due_by, instalment, instalment_number
from marketplace.kernel.money import Money
from marketplace.kernel.writing import insert_once
from marketplace.wallet.commands import lock_accounts, move, open_account
from marketplace.wallet.rules import AccountKind, Leg, Movement

BATCH = 100


def pay_due_instalments(session: Session, *, on: date, at: datetime, limit: int = BATCH) -> int:
    """Pay what is due on a day into some lines; return how many lines, nothing when all are paid.

    Meant to be repeated, each batch in its own transaction, until it returns nothing. Stopping in
    between, or running it twice, pays nothing twice.
    """
    due = (
        select(FundingLine)
        .where(FundingLine.next_due_on <= on, FundingLine.closed_at.is_(None))
        .order_by(FundingLine.next_due_on, FundingLine.id)
        .limit(limit)
        # Not the rows' keys: a hold, which has the accounts already, refers to its lines.
        .with_for_update(skip_locked=True, key_share=True)
    )
    lines = list(session.scalars(due))
    lock_accounts(session, [line.available_account_id for line in lines])
    # Two jobs at once come to the audit trails of the same people in the same order.
    for line in sorted(lines, key=lambda line: line.person_id):
        pay_instalments_of(session, line, on=on, at=at)
    return len(lines)


def pay_instalments_of(session: Session, line: FundingLine, *, on: date, at: datetime) -> None:
    """Pay into one line what is due by a day and was not paid yet."""
    for due_on in due_by(on, first_due_on=line.next_due_on, ends_before=line.ends_before):
        amount = instalment(line.yearly, instalment_number(line.starts_on, due_on))
        if _note_paid(session, line, due_on, amount, at):
            _pay(session, line, due_on, amount, at)
        line.next_due_on = due_after(due_on, ends_before=line.ends_before)
    # Statements that are not the session's own look at this row next.
    session.flush()


def _note_paid(
    session: Session, line: FundingLine, due_on: date, amount: Money, at: datetime
) -> bool:
    values = {"line_id": line.id, "due_on": due_on, "amount": amount, "paid_at": at}
    return insert_once(session, Instalment, {"id": uuid4(), **values})


def _pay(session: Session, line: FundingLine, due_on: date, amount: Money, at: datetime) -> None:
    if not amount:  # a budget of a few pence a year has instalments of nothing
        return
    funder = open_account(
        session, owner_id=line.council_id, kind=AccountKind.FUNDER, council_id=line.council_id
    )
    move(
        session,
        Movement(
            f"instalment/{line.id}/{due_on}",
            "instalment",
            (Leg(funder, -amount), Leg(line.available_account_id, amount)),
        ),
        at=at,
    )
    note_paid_in(session, line, amount)
    record(
        session,
        what="instalment-paid",
        chain_id=line.person_id,
        subject_id=line.id,
        by_user_id=None,
        for_person_id=line.person_id,
        at=at,
        details={"due_on": due_on.isoformat(), "pence": amount.pence},
    )
