"""Who is asked into a pool, and who may say yes for them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.queries import acts_in_law
from marketplace.access.rules import Actor, Permission
from marketplace.budgets.models import Pool, PoolMember
from marketplace.budgets.queries.pool_rows import PoolInvitation
from marketplace.budgets.rules import MemberState, consent_words, first_name
from marketplace.councils import queries as councils
from marketplace.kernel.errors import NotFoundError


def may_consent(session: Session, *, by: Actor, at: datetime) -> bool:
    """Tell whether somebody may say yes to a pool: the person, or who acts for them by law."""
    if not by.acts_for_another:
        return True
    in_law = acts_in_law(session, user_id=by.user_id, person_id=by.buys_for, at=at)
    return in_law and by.may(Permission.PLACE_ORDERS)


def pool_invitations(session: Session, *, by: Actor) -> list[PoolInvitation]:
    """Return the pools that a person, or whoever acts for them, is asked into."""
    if by.person_id is None:
        return []
    emails = _emails(session, by)
    rows = session.scalars(
        select(PoolMember)
        .where(PoolMember.invited_email.in_(emails), PoolMember.state == MemberState.INVITED)
        .order_by(PoolMember.invited_at)
    ).all()
    return [_invitation(session, row) for row in rows]


def find_pool_invitation(session: Session, *, invitation_id: UUID, by: Actor) -> PoolInvitation:
    """Return one invitation to a pool.

    Raises:
        NotFoundError: it was not sent to the person or to whoever acts for them, or has ended.
    """
    row = session.get(PoolMember, invitation_id)
    if row is None or not was_sent_to(session, row, by) or row.state is not MemberState.INVITED:
        raise NotFoundError("We cannot find that invitation.")
    return _invitation(session, row)


def was_sent_to(session: Session, row: PoolMember, by: Actor) -> bool:
    """Tell whether an invitation went to a person's own address, or to that of who acts now."""
    return by.person_id is not None and row.invited_email in _emails(session, by)


def _emails(session: Session, by: Actor) -> list[str]:
    people = {by.buys_for, by.user_id}
    return [
        access.person(session, user_id=user_id).email
        for user_id in sorted(people)
        if access.is_confirmed(session, user_id=user_id)
    ]


def _invitation(session: Session, row: PoolMember) -> PoolInvitation:
    pool = session.get_one(Pool, row.pool_id)
    inside = session.scalars(
        select(PoolMember.person_id).where(
            PoolMember.pool_id == pool.id, PoolMember.state == MemberState.IN
        )
    ).all()
    names = access.names_of(session, user_ids=[*inside, row.invited_by_id])
    return PoolInvitation(
        id=row.id,
        pool_id=pool.id,
        pool_name=pool.name,
        purpose=pool.purpose,
        council_name=councils.council(session, council_id=pool.council_id).name,
        asked_by=names.get(row.invited_by_id, ""),
        members=tuple(sorted(first_name(names[id_]) for id_ in inside if id_ is not None)),
        words=consent_words(pool.name, pool.purpose, pool.asks_from),
    )
