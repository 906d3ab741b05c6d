"""The provider's answer to an order, and the person's answer to another time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.budgets import commands as budgets
from marketplace.kernel.clock import LONDON
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.orders.commands.letters import About, tell_person, tell_provider
from marketplace.orders.commands.locked import (
    in_turn,
    lines_of,
    persons_order,
    providers_order,
    record_deed,
    visits_of,
)
from marketplace.orders.commands.settling import give_back, give_back_open
from marketplace.orders.commands.standing_taken import same_day_still, taken_on
from marketplace.orders.errors import BadLineError
from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.rules import (
    WORDS_LENGTH_MAX,
    OrderState,
    add_up,
    moment_words,
    moved_amount,
    moved_times,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeChange:
    """Another first time for one line of an order; its later visits move along."""

    order_id: UUID
    first_at: datetime
    words: str
    line_id: UUID | None = None
    """None means the first line; in a week of a standing order all lines move along."""


def accept_order(session: Session, *, order_id: UUID, by: Actor, at: datetime) -> None:
    """Take an order on; twice is once.

    Raises:
        NotFoundError: it is another provider's.
        WrongStateError: it is not waiting for an answer.
    """
    order = providers_order(session, order_id, by)
    if order.state is OrderState.ACCEPTED:
        return
    order.go_to(OrderState.ACCEPTED)
    budgets.keep_hold(session, order_id=order.id)
    order.decided_at, order.reason = at, ""
    _forget_change(order)
    taken_on(session, order, by=by, at=at)
    _tell(session, order, "order_accepted", f"{order.provider_name} says yes", at=at)
    record_deed(session, order, "order-accepted", by=by, at=at)


def decline_order(
    session: Session, *, order_id: UUID, reason: str, by: Actor, at: datetime
) -> None:
    """Say no to an order, with a reason: its money is back at once and the person is told.

    Raises:
        NotFoundError: it is another provider's.
        BadLineError: there is no reason.
        WrongStateError: it is not waiting for an answer.
    """
    order = providers_order(session, order_id, by)
    if order.state is OrderState.DECLINED:
        return
    words = _needed(reason, "Say why, so that they can look elsewhere.")
    order.go_to(OrderState.DECLINED)
    order.decided_at, order.reason = at, words
    give_back_open(session, order, by=by, at=at)
    subject = f"{order.provider_name} cannot take your order"
    _tell(session, order, "order_declined", subject, at=at, reason=words)
    record_deed(session, order, "order-declined", by=by, at=at, reason=words)


def propose_change(session: Session, wish: ProposeChange, *, by: Actor, at: datetime) -> None:
    """Suggest another first time; the person agrees or says no.

    Raises:
        NotFoundError: it is another provider's, or has no such line.
        BadLineError: the time has gone, or there are no words.
        WrongStateError: it is not waiting for an answer.
    """
    order = providers_order(session, wish.order_id, by)
    lines = lines_of(session, order)
    of_one = None if order.standing_id else wish.line_id
    line_id = of_one or next(iter(lines))
    if line_id not in lines:
        raise NotFoundError("We cannot find that part of the order.")
    if wish.first_at < at:
        raise BadLineError("That time has gone. Choose a time to come.")
    words = _needed(wish.words, "Say a few words about the new time.")
    same_day_still(session, order, wish.first_at)
    order.go_to(OrderState.CHANGE_PROPOSED)
    order.change_line_id, order.change_first_at, order.reason = line_id, wish.first_at, words
    _tell(
        session,
        order,
        "change_proposed",
        f"{order.provider_name} suggests another time",
        key=f"change/{wish.first_at.isoformat()}",
        at=at,
        what=lines[line_id].title,
        first=moment_words(wish.first_at),
        reason=words,
    )
    record_deed(session, order, "other-time-suggested", by=by, at=at)


def agree_change(session: Session, *, order_id: UUID, by: Actor, at: datetime) -> None:
    """Agree to the time the provider suggested: the order is accepted.

    A visit never gets dearer because the provider moved it; if it gets cheaper, the rest of its
    money is back at once.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not place orders.
        WrongStateError: no other time waits for an answer.
        BadLineError: the suggested time has gone.
    """
    order = persons_order(session, order_id, by, Permission.PLACE_ORDERS)
    order.go_to(OrderState.ACCEPTED)
    budgets.keep_hold(session, order_id=order.id)
    assert order.change_first_at is not None, "a suggested change has its time"
    if order.change_first_at < at:
        raise BadLineError("That time has gone. Say no to it, and ask for another.")
    lines, visits = lines_of(session, order), visits_of(session, order)
    if order.standing_id is None:
        visits = [visit for visit in visits if visit.line_id == order.change_line_id]
    else:
        visits = in_turn(visits)
    saved = _move(lines, visits, order.change_first_at)
    order.total -= saved
    give_back(session, order, saved, key=f"order/{order.id}/cheaper", at=at)
    order.decided_at, order.reason = at, ""
    _forget_change(order)
    session.flush()  # the visits are read again, at their new times
    taken_on(session, order, by=by, at=at)
    _tell_answer(session, order, "They agree to your time.", at=at)
    record_deed(session, order, "other-time-agreed", by=by, at=at)


def turn_down_change(session: Session, *, order_id: UUID, by: Actor, at: datetime) -> None:
    """Say no to the time the provider suggested: the order waits for an answer as it was.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not place orders.
        WrongStateError: no other time waits for an answer.
    """
    order = persons_order(session, order_id, by, Permission.PLACE_ORDERS)
    order.go_to(OrderState.PLACED)
    order.reason = ""
    _tell_answer(
        session, order, "They cannot do that time. Accept the first one, or say no.", at=at
    )
    _forget_change(order)
    record_deed(session, order, "other-time-turned-down", by=by, at=at)


def _move(lines: dict[UUID, OrderLine], visits: list[Visit], first_at: datetime) -> Money:
    before = add_up(visit.amount for visit in visits)
    times = moved_times([visit.planned_at for visit in visits], first_at=first_at)
    for visit, planned_at in zip(visits, times, strict=True):
        line = lines[visit.line_id]
        price = line.bands.at(planned_at and planned_at.astimezone(LONDON)) * line.quantity
        visit.planned_at, visit.amount = planned_at, moved_amount(visit.amount, price)
    return before - add_up(visit.amount for visit in visits)


def _forget_change(order: Order) -> None:
    order.change_line_id = order.change_first_at = None


def _needed(words: str, sentence: str) -> str:
    text = words.strip()[:WORDS_LENGTH_MAX]
    if not text:
        raise BadLineError(sentence)
    return text


def _tell(
    session: Session,
    order: Order,
    template: str,
    subject: str,
    *,
    at: datetime,
    key: str = "",
    **values: str,
) -> None:
    about = About(template=template, subject=subject, key=key or template, values=dict(values))
    tell_person(session, order, about, at=at)


def _tell_answer(session: Session, order: Order, words: str, *, at: datetime) -> None:
    about = About(
        template="change_answered",
        subject="An answer to the time you suggested",
        key=f"change-answered/{at.isoformat()}",
        values={"answer": words},
    )
    tell_provider(session, order, about, at=at)
