"""Taking everything away, and closing an account: what every room has to do for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access import queries as people
from marketplace.access.rules import Actor, own_hat
from marketplace.asking import commands as asking
from marketplace.audit.commands import record
from marketplace.budgets import commands as budgets
from marketplace.budgets import queries as money
from marketplace.calendars import commands as calendars
from marketplace.catalogue import commands as catalogue
from marketplace.community import commands as community
from marketplace.councils import commands as councils
from marketplace.councils import queries as portals
from marketplace.home import queries
from marketplace.home.errors import NotYetError
from marketplace.kernel.exporting import Kept
from marketplace.orders import commands as orders
from marketplace.outbox import commands as outbox
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.payments import commands as payments
from marketplace.ratings import commands as ratings
from marketplace.shortlists import commands as shortlists
from marketplace.talk import commands as talk
from marketplace.talk.queries import data_seen_by


def take_everything(
    session: Session, *, user_id: UUID, form: str, by: Actor, at: datetime
) -> dict[str, Kept]:
    """Return everything that is kept about somebody, and note that it was taken away."""
    record(
        session,
        what="data-taken",
        chain_id=user_id,
        subject_id=user_id,
        by_user_id=by.user_id,
        for_person_id=user_id,
        at=at,
        details={"form": form},
    )
    kept = queries.everything_about(session, user_id=user_id)
    return data_seen_by(kept, about_user_id=user_id, user_id=by.user_id)


def close_account(session: Session, *, user_id: UUID, at: datetime) -> None:
    """Close one's own account: what the books need stays without a name, all else goes.

    Pools are left by it: what is free in each share goes back to the line it came from, and what
    is set aside there follows when its orders are done.

    Closing it again changes nothing.

    Raises:
        NotYetError: money is set aside, or an order or a store is open.
    """
    if people.is_closed(session, user_id=user_id, lock=True):
        return
    obstacles = queries.obstacles_to_closing(session, user_id=user_id, at=at)
    if obstacles:
        raise NotYetError(obstacles[0].sentence)
    person = people.person(session, user_id=user_id)
    for pool in queries.pools_to_leave(session, user_id=user_id):
        budgets.leave_pool(session, pool_id=pool.id, by=own_hat(user_id, person.name), at=at)
    emails = {each.email for each in people.addresses_of(session, user_id=user_id)}
    _tell_councils(session, user_id, at)
    catalogue.forget_person(session, user_id=user_id, at=at)
    outbox.forget_letters(session, emails={*emails, person.email})
    write_letter(session, _farewell(user_id, person.email), at=at)
    access.close_account(session, user_id=user_id, by_user_id=user_id, at=at)
    _forget(session, user_id, at)


def forget_closed(session: Session, *, before: datetime, at: datetime, limit: int = 100) -> int:
    """Look once more at accounts closed before an instant, for what was written since."""
    closed = people.closed_before(session, before=before, limit=limit)
    for user_id in closed:
        access.forget_user(session, user_id=user_id, at=at)
        outbox.forget_letters(session, keys={_farewell(user_id, "").key})
        _forget(session, user_id, at)
    return len(closed)


def _forget(session: Session, user_id: UUID, at: datetime) -> None:
    councils.forget_person(session, user_id=user_id, at=at)
    community.forget_person(session, user_id=user_id, at=at)
    budgets.forget_person(session, user_id=user_id, at=at)
    orders.forget_person(session, user_id=user_id)
    ratings.forget_person(session, user_id=user_id)
    shortlists.forget_person(session, user_id=user_id)
    talk.forget_person(session, user_id=user_id)
    calendars.forget_person(session, user_id=user_id)
    asking.forget_person(session, user_id=user_id, at=at)
    payments.forget_person(session, user_id=user_id, at=at)


def _farewell(user_id: UUID, to: str) -> WriteLetter:
    return WriteLetter(
        key=f"account-closed/{user_id}",
        to=to,
        subject="Your account is closed",
        template="account_closed",
        values={},
    )


def _tell_councils(session: Session, user_id: UUID, at: datetime) -> None:
    """Ask the councils whose money is left to take care of it."""
    lines = money.lines_of(session, person_id=user_id, at=at)
    council_ids = {line.council_id for line in lines if not line.funder.is_private}
    for council_id in sorted(council_ids):
        letter = WriteLetter(
            key=f"account-closed/{user_id}/{council_id}",
            to=portals.council(session, council_id=council_id).email,
            subject="Somebody you fund has closed their account",
            template="account_closed_council",
            values={"person_id": str(user_id)},
        )
        write_letter(session, letter, at=at)
