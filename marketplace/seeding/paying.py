"""Payment runs of the last days, one in each state; and a bank account that has changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.catalogue.commands import set_bank_details
from marketplace.kernel import sort_codes
from marketplace.kernel.clock import local_day
from marketplace.payments import commands as payments
from marketplace.payments import queries
from marketplace.payments.rules import FileFormat, ItemState, RunState
from marketplace.seeding.cast import Cast
from marketplace.seeding.year import Event, Play

CAME_BACK = "Account closed."
_AN_HOUR = timedelta(hours=1)


def last_runs(cast: Cast) -> Iterator[Event]:
    """Give a payment that came back, and runs that are with the bank, approved and proposed."""
    for slug in cast.councils:
        first, second = cast.staff[slug, Role.FINANCE_OFFICER][:2]
        yield Event(cast.ago(days=4) - _AN_HOUR, _bounce(first))
        yield Event(cast.ago(days=4), _daily(first, second, RunState.SENT))
        yield Event(cast.ago(days=2), _daily(first, second, RunState.APPROVED))
        yield Event(cast.ago(days=1), _daily(first, second, RunState.PROPOSED))
    yield Event(cast.ago(days=3), _move_bank(next(iter(cast.owners.values()))))


def _bounce(officer: Actor) -> Play:
    def play(session: Session, at: datetime) -> None:
        for run in queries.runs(session, council_id=officer.works_for).rows:
            if run.state is RunState.PAID:
                found = queries.run_for(session, run_id=run.id, seen_by=officer)
                item = next(each for each in found.items if each.state is ItemState.SETTLED)
                payments.bounce_item(
                    session, item.id, on=local_day(at), reason=CAME_BACK, by=officer, at=at
                )
                return

    return play


def _daily(first: Actor, second: Actor, last: RunState) -> Play:
    """Let the market propose a run, one officer approve it, and the other send it."""

    def play(session: Session, at: datetime) -> None:
        council_id = first.works_for
        run_id = payments.propose_daily(
            session, council_id=council_id, at=at, tables=sort_codes.installed()
        )
        if run_id is None or last is RunState.PROPOSED:
            return
        payments.approve_run(session, run_id, by=first, at=at)
        if last is RunState.SENT:
            payments.mark_sent(
                session, run_id, file_format=FileFormat.FASTER_PAYMENTS, by=second, at=at
            )

    return play


def _move_bank(owner: Actor) -> Play:
    def play(session: Session, at: datetime) -> None:
        # No bank has this sort code: nobody can be paid there by mistake.
        set_bank_details(
            session,
            sort_code="000000",
            account_number="00000321",
            account_name=owner.organisation_name[:18],
            by=owner,
            at=at,
        )

    return play
