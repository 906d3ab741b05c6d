"""Ending what comes into a line, and closing it. Neither takes anything from the person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets.commands.limits import end_limits_of
from marketplace.budgets.commands.moving import move_between
from marketplace.budgets.commands.noting import (
    Changed,
    ChangeLine,
    line_to_change,
    note_change,
    reason_of,
    tell_person,
)
from marketplace.budgets.commands.paying_in import locked_line
from marketplace.budgets.commands.refunds import OWN_MONEY_PATH, owe
from marketplace.budgets.commands.taking_out import TakeOut
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.models import FundingLine, Handover
from marketplace.budgets.queries.clawbacks import has_open_notice
from marketplace.budgets.rules import LineChange
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.wallet.commands import lock_accounts


def stop_line(session: Session, wish: ChangeLine, *, by: Actor, at: datetime) -> None:
    """Let nothing more come into a line. What is there stays to be spent.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: their council has no such line.
        BadLineError: there is no reason, or nothing is to come anyway.
    """
    line = line_to_change(session, wish, by=by)
    if line is None:
        return
    if line.next_due_on is None:
        raise BadLineError("reason", "Nothing more is to come into this line as it is.")
    changed = Changed(
        what=LineChange.STOPPED,
        before={"next_due_on": line.next_due_on.isoformat()},
        after={"next_due_on": None},
    )
    note_change(session, line, wish, changed, by=by, at=at)
    line.next_due_on = None
    said = f"{line.funder.label}: no more money comes in. What is there stays yours to spend."
    _tell(session, line, wish, said, at=at)


def close_line(
    session: Session, wish: ChangeLine, *, into_id: UUID | None = None, by: Actor, at: datetime
) -> None:
    """Close a line. What is free goes on to another line of the person, or back to its owner.

    Own money is owed to the person until it is paid back. A council's money is never taken back by
    closing: where some is left, and no line is named that it flows on to, the line stays open.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: their council has no such line.
        BadLineError: money is left or set aside and has nowhere to go, or there is no reason.
    """
    line, into = _lines(session, wish, into_id, by=by, at=at)
    if line is None:
        return
    accounts = [line.available_account_id, line.held_account_id]
    more = [into.available_account_id, into.held_account_id] if into else []
    has = lock_accounts(session, [*accounts, *more])
    free, held = (has[account_id] for account_id in accounts)
    _check_may_close(session, line, into, free=free, held=held)
    changed = Changed(
        what=LineChange.CLOSED,
        before={"free_pence": free.pence, "held_pence": held.pence},
        after={"into": into and str(into.id)},
        moved=free,
        other_line_id=into.id if into else None,
    )
    note_change(session, line, wish, changed, by=by, at=at)
    if into is not None:
        move_between(session, line, into, free, change_id=wish.change_id, at=at)
    elif free:
        owe(session, line, free, refund_id=wish.change_id, by=by, at=at, why=TakeOut.CLOSING)
    _close(session, line, into, at=at)
    _tell(session, line, wish, _where_it_went(line, into, free), at=at)


def _lines(
    session: Session, wish: ChangeLine, into_id: UUID | None, *, by: Actor, at: datetime
) -> tuple[FundingLine | None, FundingLine | None]:
    """Lock the line and the one it flows on to, in the order of their ids."""
    into = locked_line(session, into_id) if into_id and into_id < wish.line_id else None
    line = line_to_change(session, wish, by=by)
    if line is None or into_id is None:
        return line, None
    into = into or locked_line(session, into_id)
    same = (into.person_id, into.council_id) == (line.person_id, line.council_id)
    if into.id == line.id or not same or into.closed_at is not None or into.pool_id is not None:
        raise NotFoundError
    if into.funder.is_private is not line.funder.is_private:
        raise BadLineError("into", "Own money and a council's money stay apart.")
    if into.ends_before is not None and into.ends_before <= local_day(at):
        raise BadLineError("into", "That line has ended: nothing in it could be spent.")
    return line, into


def _check_may_close(
    session: Session, line: FundingLine, into: FundingLine | None, *, free: Money, held: Money
) -> None:
    if has_open_notice(session, line_id=line.id):
        raise BadLineError(
            "reason", "Somebody asked for a part of this money back. That has to be decided first."
        )
    offered = exists().where(Handover.line_id == line.id, Handover.taken.is_(None))
    if session.scalar(select(offered)):
        raise BadLineError("reason", "This line is offered to another council. Take that back.")
    pooled = exists().where(
        FundingLine.part_of_line_id == line.id,
        FundingLine.pool_id.is_not(None),
        FundingLine.closed_at.is_(None),
    )
    if session.scalar(select(pooled)):
        raise BadLineError(
            "reason",
            "A part of this money is in a pool. Ask them to take it out first, or stop what comes "
            "in instead.",
        )
    if into is not None:
        return
    if held:
        raise BadLineError(
            "into", f"{held} is set aside for orders. Choose the line that it flows on to."
        )
    if free and not line.funder.is_private:
        raise BadLineError(
            "into",
            f"{free} is left. Choose the line that it flows on to, or let it be spent: "
            "stop what comes in instead. To ask for it back, give notice.",
        )


def _close(session: Session, line: FundingLine, into: FundingLine | None, *, at: datetime) -> None:
    line.closed_at, line.next_due_on = at, None
    line.flows_to_line_id = into.id if into else None
    end_limits_of(session, line, at=at)
    session.flush()


def _where_it_went(line: FundingLine, into: FundingLine | None, free: Money) -> str:
    start = f"{line.funder.label}: this line is closed."
    if not free:
        return f"{start} Nothing was left in it."
    if into is not None:
        return f"{start} What was left, {free}, is now with {into.funder.label}."
    return (
        f"{start} What was left, {free}, is your own money and is owed to you. Say into which "
        f"account it is to be paid, on the page “Get my own money back” ({OWN_MONEY_PATH})."
    )


def _tell(
    session: Session, line: FundingLine, wish: ChangeLine, said: str, *, at: datetime
) -> None:
    sentences = [said, f"Why: {reason_of(wish)}"]
    tell_person(session, line, key=str(wish.change_id), sentences=sentences, at=at)
