"""Letters to the members of a pool."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.budgets import queries
from marketplace.budgets.models import Pool
from marketplace.budgets.rules import first_name
from marketplace.outbox.commands import WriteLetter, write_letter


def tell_others(  # noqa: PLR0913 - a letter has this many sides, all of them named
    session: Session,
    pool: Pool,
    *,
    template: str,
    subject: str,
    by: Actor,
    at: datetime,
    about: str = "",
) -> None:
    """Write to all members of a pool but the one whose deed it is."""
    for person_id in queries.members_of(session, pool_id=pool.id):
        if person_id == by.buys_for:
            continue
        person = access.person(session, user_id=person_id)
        letter = WriteLetter(
            key=f"{template}/{pool.id}/{person_id}/{at.isoformat()}",
            to=person.email,
            subject=subject,
            template=template,
            values={
                "name": person.name,
                "who": first_name(by.person_name),
                "pool": pool.name,
                "about": about,
            },
        )
        write_letter(session, letter, at=at)
