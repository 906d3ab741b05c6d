"""What is due in the catalogue: asking whether entries are right, passing reports on."""

from datetime import datetime

from marketplace.community import commands, queries
from marketplace.database import reading, transaction
from marketplace.web.site import settings


def nudge_keepers(at: datetime) -> int:
    """Ask the keepers of old entries whether they are right; return about how many."""
    with reading() as session:
        if not queries.nudges_due(session, at=at):
            return 0
    with transaction() as session:
        return commands.nudge_keepers(session, secret_key=settings().secret_key, at=at)


def pass_on_reports(at: datetime) -> int:
    """Tell councils of reports that nobody answered; return how many."""
    with reading() as session:
        if not queries.reports_overdue(session, at=at):
            return 0
    with transaction() as session:
        return commands.pass_on_reports(session, at=at)


def keep_days_ahead(at: datetime) -> int:
    """Write down more days of entries that run out of them; return of how many."""
    with reading() as session:
        if not queries.some_days_due(session, at=at):
            return 0
    with transaction() as session:
        return commands.keep_days_ahead(session, at=at)


def tell_search_what_aged(at: datetime) -> int:
    """Have the search look again at entries that grew old; return how many."""
    with reading() as session:
        if not queries.some_aged(session, at=at):
            return 0
    with transaction() as session:
        return commands.tell_search_what_aged(session, at=at)
