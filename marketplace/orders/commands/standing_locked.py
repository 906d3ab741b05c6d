"""Standing orders, locked before anything is looked at, for those they concern."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.audit.rules import type_of_detail
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.orders.errors import WrongStateError
from marketplace.orders.models import Order, StandingOrder, StandingPattern
from marketplace.orders.queries.standing_course import Covered, courses, made_of
from marketplace.orders.rules.standing import Course, Reply
from marketplace.orders.rules.standing_states import StandingState, standing_state

NOT_FOUND = "We cannot find that standing order."


def any_standing(session: Session, standing_id: UUID) -> StandingOrder:
    """Lock a standing order, whoever's it is. It is locked before its orders are.

    Raises:
        NotFoundError: there is none.
    """
    found = session.get(
        StandingOrder, standing_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if found is None:
        raise NotFoundError(NOT_FOUND)
    return found


def persons_standing(session: Session, standing_id: UUID, by: Actor) -> StandingOrder:
    """Lock a standing order of the person whose hat ``by`` wears, for changing it.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not place orders.
    """
    standing = any_standing(session, standing_id)
    if by.person_id is None or by.person_id != standing.person_id:
        raise NotFoundError(NOT_FOUND)
    if not by.may(Permission.PLACE_ORDERS):
        raise NotAllowedError(f"{by.person_name} has not given you permission to do this for them.")
    return standing


def providers_standing(session: Session, standing_id: UUID, by: Actor) -> StandingOrder:
    """Lock a standing order that was sent to the provider ``by`` works for.

    Raises:
        NotFoundError: it is another provider's, or was never sent.
    """
    standing = any_standing(session, standing_id)
    first = session.get_one(Order, standing.first_order_id)
    mine = by.organisation_id == standing.provider_id and by.may(Permission.TAKE_ORDERS)
    if not mine or first.held_at is None:
        raise NotFoundError(NOT_FOUND)
    return standing


def state_of(session: Session, standing: StandingOrder, *, at: datetime) -> StandingState:
    """Return where a locked standing order is in its life."""
    first = session.get_one(Order, standing.first_order_id, populate_existing=True)
    return standing_state(
        first.state,
        accepted=standing.accepted_at is not None,
        ended=standing.ended_at is not None,
        ends_before=standing.ends_before,
        today=local_day(at),
    )


def must_go_on(session: Session, standing: StandingOrder, *, at: datetime) -> None:
    """Refuse to change what has not begun to count, or has ended.

    Raises:
        WrongStateError: so it is.
    """
    state = state_of(session, standing, at=at)
    if state is StandingState.ENDED:
        raise WrongStateError("This standing order has ended. You can start a new one.")
    if not state.goes_on:
        raise WrongStateError(
            f"{standing.provider_name} has not said yes to it yet. You can change it after that, "
            "or call the first order off."
        )


def course_of(session: Session, standing: StandingOrder) -> Course:
    """Return on which days a standing order happens."""
    return courses(session, [standing])[standing.id]


def made_since(session: Session, standing: StandingOrder, *, at: datetime) -> list[Covered]:
    """Return the visits made out of a standing order from last week on."""
    return made_of(session, [standing], at=at)[standing.id]


def next_number(session: Session, standing: StandingOrder) -> int:
    """Return the number of the next pattern of a locked standing order."""
    rows = select(func.max(StandingPattern.number)).where(
        StandingPattern.standing_id == standing.id
    )
    return (session.scalar(rows) or 0) + 1


def latest_pattern(session: Session, standing: StandingOrder) -> StandingPattern:
    """Return the newest pattern that counts."""
    rows = (
        select(StandingPattern)
        .where(StandingPattern.standing_id == standing.id, StandingPattern.answer == Reply.YES)
        .order_by(StandingPattern.number.desc())
        .limit(1)
    )
    return session.scalars(rows).one()


def record_standing(
    session: Session,
    standing: StandingOrder,
    what: str,
    *,
    by: Actor | None,
    at: datetime,
    **details: type_of_detail,
) -> None:
    """Write a deed about a standing order into the person's trail."""
    record(
        session,
        what=what,
        chain_id=standing.person_id,
        subject_id=standing.id,
        by_user_id=by.user_id if by else None,
        for_person_id=standing.person_id,
        at=at,
        details=details,
    )
