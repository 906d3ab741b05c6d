"""For whom somebody reads a conversation, and whether they may write in it."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission, Scope
from marketplace.orders import queries as orders
from marketplace.talk.models import Message, Thread
from marketplace.talk.rules import Side, Subject


def side_of(session: Session, thread: Thread, by: Actor) -> Side | None:
    """Return for whom somebody reads a conversation, in the hat they wear; None: it is not theirs.

    A supporter who only suggests orders reads what they themself have a part in. What is said of
    somebody's plan and money is read by whoever sees that money, and by no provider.
    """
    of_plan = thread.subject is Subject.PLAN
    if by.person_id is not None:
        if by.person_id != thread.person_id:
            return None
        reads = by.may(Permission.SEE_WALLET) if of_plan else _reads_order(session, thread, by)
        return Side.PERSON if reads else None
    if thread.provider_id is not None and by.organisation_id == thread.provider_id:
        return Side.PROVIDER if by.may(Permission.TAKE_ORDERS) else None
    party = of_plan or thread.council_asked_at is not None
    theirs = party and by.organisation_id == thread.council_id
    return Side.COUNCIL if theirs and by.may(Permission.OPEN_FUNDING_LINES) else None


def may_write(by: Actor, side: Side, subject: Subject) -> bool:
    """Tell whether somebody who reads a conversation for a side may also write in it."""
    if side is not Side.PERSON:
        return True
    return may_write_of_plan(by) if subject is Subject.PLAN else by.may(Permission.PROPOSE_ORDERS)


def may_write_of_plan(by: Actor) -> bool:
    """Tell whether somebody speaks for a person about plan and money: they, and who helps plan."""
    helps = not by.acts_for_another or Scope.PLAN in by.scopes
    return helps and by.may(Permission.SEE_WALLET)


def may_have_any(by: Actor) -> bool:
    """Tell whether a hat can have conversations at all."""
    talks = (Permission.TAKE_ORDERS, Permission.OPEN_FUNDING_LINES)
    return by.person_id is not None or any(by.may(each) for each in talks)


def concerns(by: Actor) -> ColumnElement[bool]:
    """Return which conversations concern somebody: what ``side_of`` says, for many at once."""
    if by.person_id is not None:
        theirs = Thread.person_id == by.person_id
        if by.may(Permission.SEE_WALLET):
            return theirs
        return and_(theirs, Thread.plan_id.is_(None), _orders_read_by(by))
    if by.may(Permission.TAKE_ORDERS):
        return Thread.provider_id == by.works_for
    if by.may(Permission.OPEN_FUNDING_LINES):
        party = or_(Thread.plan_id.is_not(None), Thread.council_asked_at.is_not(None))
        return and_(Thread.council_id == by.works_for, party)
    return false()


def _reads_order(session: Session, thread: Thread, by: Actor) -> bool:
    if orders.sees_all(by):
        return True
    if not by.may(Permission.PROPOSE_ORDERS):
        return False
    mine = Message.thread_id == thread.id, Message.by_user_id == by.user_id
    return session.scalar(select(Message.id).where(*mine).limit(1)) is not None


def _orders_read_by(by: Actor) -> ColumnElement[bool]:
    if orders.sees_all(by):
        return true()
    if not by.may(Permission.PROPOSE_ORDERS):
        return false()
    return exists().where(Message.thread_id == Thread.id, Message.by_user_id == by.user_id)
