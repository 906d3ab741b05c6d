"""Money as it comes and goes: instalments every week, and a payment run every week."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.orm import Session

from marketplace.access.rules import Role
from marketplace.budgets.commands import pay_due_instalments
from marketplace.kernel.clock import local_day
from marketplace.payments import commands as payments
from marketplace.payments.errors import NothingToPayError
from marketplace.seeding.cast import Cast
from marketplace.seeding.year import Event, Play

WEEKS = 53
RUN_EVERY = timedelta(days=4)
"""A provider is promised its money within five days."""


def instalments(cast: Cast) -> Iterator[Event]:
    """Give the payment of what is due, once a day."""
    for days in range(WEEKS * 7, 0, -1):
        yield Event(cast.ago(days=days) - timedelta(minutes=1), _pay_in)


def bank_accounts(cast: Cast) -> Iterator[Event]:
    """Give each council an account into which people pay their own money."""
    for number, slug in enumerate(cast.councils, start=1):
        yield Event(cast.ago(weeks=WEEKS), _account(cast, slug, f"{number:08}"))


def payment_runs(cast: Cast) -> Iterator[Event]:
    """Give the payment runs of every council, up to last week."""
    for slug in cast.councils:
        at = cast.ago(weeks=WEEKS - 1)
        while at < cast.ago(days=5):
            yield Event(at, _run(cast, slug))
            at += RUN_EVERY


def _pay_in(session: Session, at: datetime) -> None:
    while pay_due_instalments(session, on=local_day(at), at=at):
        continue


def _account(cast: Cast, slug: str, number: str) -> Play:
    officer = cast.staff[slug, Role.FINANCE_OFFICER][0]
    # No bank has this sort code: nobody can pay into the demonstration by mistake.
    wish = payments.SetBankAccount(
        sort_code="000000", account_number=number, account_name=cast.council_names[slug]
    )

    def say(session: Session, at: datetime) -> None:
        payments.set_bank_account(session, wish, by=officer, at=at)

    return say


def _run(cast: Cast, slug: str) -> Play:
    first, second = cast.staff[slug, Role.FINANCE_OFFICER][:2]

    def propose(session: Session, at: datetime) -> list[Event]:
        run_id = uuid5(NAMESPACE_URL, f"seed:run/{slug}/{at.isoformat()}")
        try:
            payments.propose_run(session, run_id=run_id, by=first, at=at)
        except NothingToPayError:
            return []

        def finish(session: Session, at: datetime) -> None:
            payments.approve_run(session, run_id, by=second, at=at)
            payments.mark_sent(session, run_id, by=first, at=at)
            payments.mark_paid(session, run_id, paid_on=local_day(at), by=first, at=at)

        return [Event(at + timedelta(hours=4), finish)]

    return propose
