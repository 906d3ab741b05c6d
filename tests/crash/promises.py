"""Holds what the website has acknowledged against what the database says."""

from collections import Counter
from collections.abc import Iterator, Mapping
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets.queries import find_hold
from marketplace.database import reading
from marketplace.kernel.money import ZERO
from marketplace.orders.models import Invoice, Order, OrderLine, Visit
from marketplace.orders.rules import FINISHED, OrderState, VisitState
from tests.crash.shopping import Promise, Step

CHECKS = ("wallet", "budgets", "orders", "audit")
_REACHED = {
    OrderState.PLACED: Step.PLACED,
    OrderState.ACCEPTED: Step.ACCEPTED,
    OrderState.COMPLETED: Step.CONFIRMED,
}


def faults(app: Flask, promises: Mapping[UUID, Promise]) -> list[str]:
    """Return a sentence for each promise that was broken and for all that does not add up."""
    with app.app_context(), reading() as session:
        broken = [
            *_missing(session, promises),
            *_not_once(session, promises),
            *_invoices(session),
            *_orphans(session),
        ]
    return broken + [fault for name in CHECKS for fault in _of_check(app, name)]


def _missing(session: Session, promises: Mapping[UUID, Promise]) -> Iterator[str]:
    states = dict(session.execute(select(Order.id, Order.state)).all())
    noted = set(session.scalars(select(Visit.order_id).where(Visit.state != VisitState.PLANNED)))
    for order_id, promise in promises.items():
        if order_id not in states:
            yield f"{promise.token} was acknowledged and is lost."
            continue
        reached = _REACHED.get(states[order_id], Step.PLACED)
        if reached is Step.ACCEPTED and order_id in noted:
            reached = Step.NOTED
        if reached < promise.step:
            yield f"{promise.token} was {promise.step.name}, and is only {reached.name}."


def _not_once(session: Session, promises: Mapping[UUID, Promise]) -> Iterator[str]:
    times = Counter(session.scalars(select(OrderLine.note)))
    for token, count in times.items():
        if token and count > 1:
            yield f"{token} was ordered {count} times."
    for promise in promises.values():
        if times[promise.token] != 1:
            yield f"{promise.token} is there {times[promise.token]} times."


def _invoices(session: Session) -> Iterator[str]:
    invoices = Counter(session.scalars(select(Invoice.order_id)))
    finished = session.scalars(select(Order.id).where(Order.state == OrderState.COMPLETED))
    for order_id in invoices.keys() | set(finished):
        if invoices[order_id] != 1:
            yield f"Order {order_id} has {invoices[order_id]} invoices."


def _orphans(session: Session) -> Iterator[str]:
    for order_id, state in session.execute(select(Order.id, Order.state)):
        hold = find_hold(session, order_id=order_id)
        if hold is None:
            yield f"Order {order_id} has no hold."
        elif (state in FINISHED) is not (hold.open == ZERO):
            yield f"Order {order_id} is {state} and holds {hold.open}."


def _of_check(app: Flask, name: str) -> Iterator[str]:
    result = app.test_cli_runner().invoke(args=[name, "check"])
    if result.exit_code:
        yield f"flask {name} check: {result.output} {result.exception!r}"
