"""What the ledger moved in a month, for a council's own books."""

from datetime import date

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets.queries import codes_of
from marketplace.catalogue.queries import provider_names
from marketplace.kernel.clock import local_instant
from marketplace.payments.rules.journal import (
    Code,
    JournalLine,
    Side,
    journal,
    next_month,
    pounds,
)
from marketplace.wallet import queries as ledger


def journal_lines(session: Session, *, month: date, seen_by: Actor) -> list[JournalLine]:
    """Return the journal of one's own council for a month, by its first day."""
    sides = [
        Side(*row)
        for row in ledger.sides_of_council(
            session,
            council_id=seen_by.works_for,
            from_at=local_instant(month, 0, 0),
            before_at=local_instant(next_month(month), 0, 0),
        )
    ]
    codes = codes_of(session, council_id=seen_by.works_for)
    return journal(sides, {line: Code(funder, code) for line, (funder, code) in codes.items()})


def journal_rows(session: Session, *, month: date, seen_by: Actor) -> list[tuple[str, ...]]:
    """Return the same as the rows of a file."""
    lines = journal_lines(session, month=month, seen_by=seen_by)
    names = provider_names(session, provider_ids={line.owner_id for line in lines if line.owner_id})
    return [
        (
            f"{month:%Y-%m}",
            line.account,
            names.get(line.owner_id, "") if line.owner_id else "",
            line.code.funder,
            line.code.cost_code,
            line.reason,
            pounds(line.moved_out),
            pounds(line.moved_in),
        )
        for line in lines
    ]
