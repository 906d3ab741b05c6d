"""A provider who is away for some days: who has a standing order with them is told in time."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.orders.commands.standing_letters import tell_person_of
from marketplace.orders.commands.standing_locked import any_standing, course_of, must_go_on
from marketplace.orders.errors import WrongStateError
from marketplace.orders.models import StandingOrder
from marketplace.orders.queries.standing_away import Absence, absences

_WHO_ELSE = (
    "If you need somebody on these days, look at the page of the standing order. It says who else "
    "does this."
)


def tell_of_absences(session: Session, standing: StandingOrder, *, at: datetime) -> None:
    """Write once about each holiday of the next weeks on which visits are not planned."""
    for absence in absences(session, standing, course_of(session, standing), at=at):
        holiday = absence.holiday
        who = standing.provider_name
        sentences = [
            f"{who} is away {holiday.away.words}.",
            *([f"They write: {holiday.words}"] if holiday.words else []),
            f"These visits are not planned: {absence.words}.",
            "No money is set aside for them. After that it goes on as before.",
            _WHO_ELSE,
        ]
        subject = f"{who} is away for some days"
        tell_person_of(session, standing, subject, sentences, key=f"away/{holiday.id}", at=at)


def look_again_soon(session: Session, *, provider_id: UUID, at: datetime) -> None:
    """Let the worker look after a provider's standing orders now: a holiday came, or went."""
    session.execute(
        update(StandingOrder)
        .where(StandingOrder.provider_id == provider_id, StandingOrder.next_look_at.is_not(None))
        .values(next_look_at=at)
    )


def missing_because_of(
    session: Session, *, provider_id: UUID, break_id: UUID, at: datetime
) -> dict[UUID, Absence]:
    """Return of which standing orders visits are not planned because of a holiday."""
    rows = select(StandingOrder.id).where(
        StandingOrder.provider_id == provider_id, StandingOrder.next_look_at.is_not(None)
    )
    found: dict[UUID, Absence] = {}
    for standing_id in session.scalars(rows.order_by(StandingOrder.id)):
        standing = any_standing(session, standing_id)
        try:
            must_go_on(session, standing, at=at)
        except WrongStateError:
            continue
        for each in absences(session, standing, course_of(session, standing), at=at):
            if each.holiday.id == break_id:
                found[standing_id] = each
    return found


def tell_of_return(
    session: Session, missing: Iterable[tuple[UUID, Absence]], *, at: datetime
) -> None:
    """Write that a holiday is called off: the visits of those days are planned after all."""
    for standing_id, absence in missing:
        standing = any_standing(session, standing_id)
        who = standing.provider_name
        sentences = [
            f"{who} is not away then after all.",
            f"These visits are planned again: {absence.words}.",
            "If somebody else comes to you on these days, leave the visits out.",
        ]
        key = f"away-ended/{absence.holiday.id}"
        subject = f"{who} is not away after all"
        tell_person_of(session, standing, subject, sentences, key=key, at=at)
