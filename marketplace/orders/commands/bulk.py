"""Noting many visits at once, from a table: each line as if it had been noted by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.access.rules import Actor
from marketplace.kernel.clock import length_words
from marketplace.kernel.errors import ConflictError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.tables import WrongLine
from marketplace.orders.commands.notes import NoteDelivery, note_delivery, noted_words
from marketplace.orders.errors import BadLineError, WrongStateError
from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.queries.agreed import agreed_of
from marketplace.orders.rules import (
    NoteKind,
    VisitState,
    line_words,
    part_due,
    when_words,
)
from marketplace.orders.rules.bulk import NoteLine

NOT_YOURS = "We cannot find that visit in your work. Leave the first column as it is."


@dataclass(frozen=True, slots=True)
class LineDone:
    """One line that was taken: about which visit, and what is to be paid."""

    number: int
    visit: str
    note: str
    due: Money


@dataclass(frozen=True, slots=True)
class ManyNoted:
    """What became of the lines of a table."""

    done: tuple[LineDone, ...]
    same: tuple[int, ...]
    """Lines that say what is noted already."""
    wrong: tuple[WrongLine, ...]


def note_many(session: Session, lines: Sequence[NoteLine], *, by: Actor, at: datetime) -> ManyNoted:
    """Note what the good lines of a table say; the others are said with their reasons.

    A line that says what is noted already changes nothing, so the same table twice is once.
    """
    known = _known(session, lines, by)
    done: list[LineDone] = []
    same: list[int] = []
    wrong: list[WrongLine] = []
    for line in lines:
        found = known.get(line.visit_id)
        if found is None:
            wrong.append(WrongLine(line.number, NOT_YOURS))
            continue
        visit, ordered, person = found
        if _says_the_same(visit, ordered, line):
            same.append(line.number)
            continue
        try:
            with session.begin_nested():
                _check(visit, ordered, line)
                note_delivery(session, _wish(line), by=by, at=at)
        except (ConflictError, BadLineError, NotFoundError) as refusal:
            wrong.append(WrongLine(line.number, str(refusal)))
            continue
        done.append(_done(line, visit, ordered, person))
    return ManyNoted(tuple(done), tuple(same), tuple(wrong))


def _known(
    session: Session, lines: Sequence[NoteLine], by: Actor
) -> dict[UUID, tuple[Visit, OrderLine, str]]:
    """Return the provider's own visits of a table, their orders locked in one order."""
    ids = [line.visit_id for line in lines]
    own = (
        select(Order.id)
        .where(
            Order.provider_id == by.works_for,
            Order.held_at.is_not(None),
            Order.id.in_(select(Visit.order_id).where(Visit.id.in_(ids))),
        )
        .order_by(Order.id)
        .with_for_update()
    )
    order_ids = list(session.scalars(own))
    rows = (
        select(Visit, OrderLine, Order.person_id)
        .join(OrderLine, OrderLine.id == Visit.line_id)
        .join(Order, Order.id == Visit.order_id)
        .where(Visit.id.in_(ids), Order.id.in_(order_ids))
        .execution_options(populate_existing=True)
    )
    found = session.execute(rows).all()
    names = names_of(session, user_ids={person_id for *_, person_id in found})
    return {
        visit.id: (visit, ordered, names.get(person_id, "")) for visit, ordered, person_id in found
    }


def _says_the_same(visit: Visit, ordered: OrderLine, line: NoteLine) -> bool:
    if visit.state is VisitState.PLANNED or visit.note_kind is not line.kind:
        return False
    if line.kind is not NoteKind.PART:
        return True
    return visit.due == part_due(agreed_of(visit, ordered), line.how_much)


def _check(visit: Visit, ordered: OrderLine, line: NoteLine) -> None:
    if visit.state is not VisitState.PLANNED:
        raise WrongStateError(noted_words(visit))
    minutes, agreed = line.how_much.minutes, agreed_of(visit, ordered)
    if line.kind is NoteKind.FULL and minutes and agreed.minutes and minutes < agreed.minutes:
        raise BadLineError(
            f"It says that it was done, but {length_words(agreed.minutes)} were ordered. "
            "Write “part”, or leave “how much” empty."
        )


def _wish(line: NoteLine) -> NoteDelivery:
    return NoteDelivery(
        visit_id=line.visit_id,
        note_kind=line.kind,
        part=line.how_much.percent,
        minutes=line.how_much.minutes,
        words=line.words,
    )


def _done(line: NoteLine, visit: Visit, ordered: OrderLine, person: str) -> LineDone:
    what = line_words(ordered.title, ordered.unit, ordered.quantity, ordered.choice)
    when = when_words(visit.planned_at, ordered.unit)
    return LineDone(
        number=line.number,
        visit=f"{what} for {person}, {when}",
        note=line.kind.label,
        due=visit.due or ZERO,
    )
