"""Pools: made, joined, put into, taken out of, left, ended.

Nobody's money is in a pool before they said yes to it themselves, or somebody who acts for them by
law did. A pool is locked before the lines, and the lines before their accounts.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import INVITATION_LASTS, Actor
from marketplace.budgets import queries
from marketplace.budgets.commands.flowing import end_if_empty
from marketplace.budgets.commands.pool_letters import tell_others
from marketplace.budgets.commands.pool_locks import (
    check_may_act,
    lock_pool,
    locked_pool,
    pool_member,
    record_of_pool,
)
from marketplace.budgets.commands.pool_shares import give_back
from marketplace.budgets.errors import BadLineError, PoolError
from marketplace.budgets.models import FundingLine, Pool, PoolConsent, PoolMember
from marketplace.budgets.rules import (
    POOL_NAME_LENGTH_MAX,
    MemberState,
    check_words,
    consent_words,
    first_name,
)
from marketplace.councils import queries as councils
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.writing import insert_once
from marketplace.outbox.commands import WriteLetter, write_letter


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePool:
    """A wish for a shared pot. The id comes from the form: twice is once."""

    pool_id: UUID
    name: str
    purpose: str
    council_id: UUID
    """In whose market it buys, and whose money may go in."""
    asks_from: Money = ZERO
    """An order of this price or more needs the yes of another member; nothing: none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteToPool:
    """A wish to have somebody in a pool: their address, or that of who supports them."""

    invitation_id: UUID
    pool_id: UUID
    email: str


def make_pool(session: Session, wish: MakePool, *, by: Actor, at: datetime) -> UUID:
    """Make a pool with one member, who says yes to it by making it, and return its id.

    Raises:
        NotAllowedError: they may not say yes for this person.
        BadLineError: the name, the purpose or the amount cannot be like this.
        PoolError: the person has no money in this council's market.
    """
    _check_may_consent(session, by=by, at=at)
    name = _name(wish.name)
    purpose = _sentence(check_words("purpose", wish.purpose, sentence="Say what the pool is for."))
    if wish.asks_from < ZERO:
        raise BadLineError("asks_from", "Enter an amount of nothing or more, like 50.")
    _check_has_money(session, by.buys_for, wish.council_id)
    values = {
        "id": wish.pool_id,
        "name": name,
        "purpose": purpose,
        "council_id": wish.council_id,
        "asks_from": wish.asks_from,
        "made_for_id": by.buys_for,
        "made_by_id": by.user_id,
        "made_at": at,
    }
    if not insert_once(session, Pool, values):
        if session.get_one(Pool, wish.pool_id).made_for_id != by.buys_for:
            raise NotFoundError
        return wish.pool_id
    member = PoolMember(
        pool_id=wish.pool_id,
        person_id=by.buys_for,
        invited_email="",
        state=MemberState.IN,
        invited_by_id=by.user_id,
        invited_at=at,
        answered_at=at,
    )
    session.add(member)
    session.flush()  # the consent refers to the member
    pool = session.get_one(Pool, wish.pool_id)
    _consent(session, pool, member, agreed=True, by=by, at=at)
    record_of_pool(session, "pool-made", pool.id, by=by, at=at, council_id=str(wish.council_id))
    return wish.pool_id


def invite_to_pool(session: Session, wish: InviteToPool, *, by: Actor, at: datetime) -> UUID:
    """Ask somebody into a pool and write to them; the same address twice is one invitation.

    Raises:
        NotFoundError: the person is not in such a pool.
        NotAllowedError: the supporter may not spend this person's money.
        BadLineError: it is no address, or their own.
        PoolError: the pool has ended.
    """
    pool = locked_pool(session, wish.pool_id, by)
    check_may_act(by)
    email = wish.email.strip().lower()
    if "@" not in email:
        raise BadLineError("email", "Enter an e-mail address like name@example.org.")
    known = access.find_person_by_email(session, email=email)
    if known is not None and known.id in queries.members_of(session, pool_id=pool.id):
        raise BadLineError("email", f"{known.name} is in this pool already.")
    waiting = session.scalar(
        select(PoolMember.id).where(
            PoolMember.pool_id == pool.id,
            PoolMember.invited_email == email,
            PoolMember.state == MemberState.INVITED,
        )
    )
    if waiting is not None:
        return waiting
    values = {
        "id": wish.invitation_id,
        "pool_id": pool.id,
        "invited_email": email,
        "state": MemberState.INVITED,
        "invited_by_id": by.user_id,
        "invited_at": at,
    }
    if insert_once(session, PoolMember, values):
        write_letter(
            session,
            WriteLetter(
                key=f"pool-invitation/{wish.invitation_id}",
                to=email,
                subject=f"{by.person_name} asks you to put money together",
                template="pool_invitation",
                values={"person": by.person_name, "pool": pool.name, "purpose": pool.purpose},
            ),
            at=at,
        )
        record_of_pool(session, "pool-invited", pool.id, by=by, at=at)
    return wish.invitation_id


def answer_pool_invitation(
    session: Session, *, invitation_id: UUID, agrees: bool, by: Actor, at: datetime
) -> UUID:
    """Join a pool one was asked into, or say no to it; return the pool's id.

    Raises:
        NotFoundError: it was not sent to the person or to whoever acts for them.
        NotAllowedError: they may not say yes for this person.
        PoolError: it has ended, or the person is in the pool, or has no money in its market.
    """
    asked = session.get(PoolMember, invitation_id)
    if asked is None or not queries.was_sent_to(session, asked, by):
        raise NotFoundError("We cannot find that invitation.")
    pool = lock_pool(session, asked.pool_id)
    member = session.get_one(PoolMember, invitation_id, populate_existing=True)
    wanted = MemberState.IN if agrees else MemberState.REFUSED
    if member.state is wanted and member.person_id == by.buys_for:
        return pool.id
    if (
        member.state is not MemberState.INVITED
        or pool.ended_at is not None
        or at - member.invited_at > INVITATION_LASTS
    ):
        raise PoolError("This invitation has ended. Ask for a new one.")
    _check_may_consent(session, by=by, at=at)
    if agrees:
        _check_can_join(session, pool, by)
    member.person_id, member.state, member.answered_at = by.buys_for, wanted, at
    session.flush()  # the consent refers to the member
    if agrees:
        _consent(session, pool, member, agreed=True, by=by, at=at)
    what = "pool-joined" if agrees else "pool-refused"
    record_of_pool(session, what, pool.id, by=by, at=at)
    return pool.id


def leave_pool(session: Session, *, pool_id: UUID, by: Actor, at: datetime) -> Money:
    """Leave a pool and return what came back at once; to have left already is fine.

    What is set aside for orders stays until they are done, and then goes home by itself.

    Raises:
        NotFoundError: the person never was in such a pool.
        NotAllowedError: the supporter may not spend this person's money.
    """
    check_may_act(by)
    pool = lock_pool(session, pool_id)
    member = pool_member(session, pool_id, by.buys_for)
    if member.state is MemberState.LEFT:
        return ZERO
    back = give_back(session, pool_id, person_id=by.buys_for, key=f"pool/{member.id}/left", at=at)
    _note_left(session, pool, member, by=by, at=at)
    record_of_pool(session, "pool-left", pool.id, by=by, at=at, pence=back.pence)
    subject = f"{first_name(by.person_name)} has left {pool.name}"
    tell_others(session, pool, template="pool_left", subject=subject, by=by, at=at)
    if not queries.members_of(session, pool_id=pool.id):
        _close(session, pool, at=at)
    return back


def end_pool(session: Session, *, pool_id: UUID, by: Actor, at: datetime) -> None:
    """End a pool: everybody has left it, and everything that is free goes back.

    Whoever made it ends it; once they have left, any member may.

    Raises:
        NotFoundError: the person is not in such a pool.
        NotAllowedError: the supporter may not spend this person's money, or the maker is in it.
    """
    check_may_act(by)
    pool = lock_pool(session, pool_id)
    if pool.ended_at is not None:
        pool_member(session, pool_id, by.buys_for)
        return
    inside = queries.members_of(session, pool_id=pool_id)
    if by.buys_for not in inside:
        raise NotFoundError("We cannot find that pool.")
    if by.buys_for != pool.made_for_id and pool.made_for_id in inside:
        raise NotAllowedError("Whoever made the pool can end it. You can leave it at any time.")
    back = give_back(session, pool_id, person_id=None, key=f"pool/{pool_id}/ended", at=at)
    subject = f"{pool.name} has ended"
    tell_others(session, pool, template="pool_ended", subject=subject, by=by, at=at)
    for person_id in inside:
        member = pool_member(session, pool_id, person_id)
        _note_left(session, pool, member, by=by, at=at)
    _close(session, pool, at=at)
    record_of_pool(session, "pool-ended", pool.id, by=by, at=at, pence=back.pence)


def _name(typed: str) -> str:
    name = check_words("name", typed, sentence="Give the pool a name.")
    if len(name) > POOL_NAME_LENGTH_MAX:
        raise BadLineError("name", f"Use at most {POOL_NAME_LENGTH_MAX} characters.")
    return name


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _check_may_consent(session: Session, *, by: Actor, at: datetime) -> None:
    if not queries.may_consent(session, by=by, at=at):
        raise NotAllowedError(
            f"Only {by.person_name}, or somebody who acts for them by law, can say yes or no to "
            "putting their money together with others."
        )


def _check_has_money(session: Session, person_id: UUID, council_id: UUID) -> None:
    line = select(FundingLine.id).where(
        FundingLine.person_id == person_id,
        FundingLine.council_id == council_id,
        FundingLine.closed_at.is_(None),
        FundingLine.pool_id.is_(None),
    )
    if session.scalar(line.limit(1)) is None:
        name = councils.council(session, council_id=council_id).name
        raise PoolError(f"All money in a pool is from {name}, and there is none of it here.")


def _check_can_join(session: Session, pool: Pool, by: Actor) -> None:
    inside = queries.members_of(session, pool_id=pool.id)
    if by.buys_for in inside:
        raise PoolError(f"{by.person_name} is in this pool already.")
    if not inside:
        raise PoolError("This invitation has ended. Ask for a new one.")
    _check_has_money(session, by.buys_for, pool.council_id)


def _consent(
    session: Session, pool: Pool, member: PoolMember, *, agreed: bool, by: Actor, at: datetime
) -> None:
    assert member.person_id is not None
    session.add(
        PoolConsent(
            id=uuid4(),
            pool_id=pool.id,
            member_id=member.id,
            person_id=member.person_id,
            agreed=agreed,
            words=consent_words(pool.name, pool.purpose, pool.asks_from) if agreed else "",
            by_user_id=by.user_id,
            at=at,
        )
    )


def _note_left(
    session: Session, pool: Pool, member: PoolMember, *, by: Actor, at: datetime
) -> None:
    member.state, member.left_at = MemberState.LEFT, at
    session.flush()  # who is still in is counted from here
    _consent(session, pool, member, agreed=False, by=by, at=at)


def _close(session: Session, pool: Pool, *, at: datetime) -> None:
    """Take back what was asked, and end the pool unless something of it is still set aside."""
    session.execute(
        update(PoolMember)
        .where(PoolMember.pool_id == pool.id, PoolMember.state == MemberState.INVITED)
        .values(state=MemberState.REFUSED, answered_at=at)
    )
    end_if_empty(session, pool.id, at=at)
