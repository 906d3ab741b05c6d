"""Writing the reminders that are due. Run by ``flask worker``."""

from datetime import datetime

from marketplace.calendars import commands, queries
from marketplace.database import reading, transaction
from marketplace.web.site import settings


def remind(at: datetime) -> int:
    """Write the reminders that are due, one wish a transaction; return how many letters.

    Stopped anywhere, what was written is noted as told, and the rest is written the next time.
    """
    with reading() as session:
        waiting = queries.reminders_due(session, at=at)
    written = 0
    for reminder_id in waiting:
        with transaction() as session:
            written += commands.remind(
                session, reminder_id=reminder_id, secret_key=settings().secret_key, at=at
            )
    return written
