"""Drawing up an order: its row, its lines and its visits, at prices already worked out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.budgets.queries import outcomes_of
from marketplace.kernel.writing import insert_once
from marketplace.orders.models import Order, OrderLine, Visit
from marketplace.orders.queries.priced import Priced
from marketplace.orders.rules import OrderState, VisitState, add_up, first_number

NUMBER_TRIES_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """Whose order it is, who pays, and who placed or suggested it."""

    order_id: UUID
    person_id: UUID
    council_id: UUID
    placed_by_id: UUID
    placed_by_name: str
    at: datetime
    proposes: bool = False
    standing_id: UUID | None = None
    period_from: date | None = None
    pattern_number: int | None = None
    pool_id: UUID | None = None
    """The pool that pays; None for the person's own money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """What is asked for of one offer, besides its price and times."""

    quantity: int
    outcome_id: UUID | None
    note: str
    worker_wish: str = ""
    language_wish: str = ""
    gender_wish: str = ""
    choice: str = ""
    worker: str = ""
    """Who comes; "" if nobody knows yet."""


def draw_up(
    session: Session, new: NewOrder, lines: Sequence[NewLine], found: Sequence[Priced]
) -> Order:
    """Write an order with its lines and visits; nothing is held yet."""
    values = {
        "id": new.order_id,
        "person_id": new.person_id,
        "provider_id": found[0].offer.provider_id,
        "provider_name": found[0].offer.provider_name,
        "council_id": new.council_id,
        "pool_id": new.pool_id,
        "state": OrderState.PROPOSED if new.proposes else OrderState.PLACED,
        "total": add_up(each.total for each in found),
        "placed_by_id": new.placed_by_id,
        "placed_by_name": new.placed_by_name,
        "placed_at": new.at,
        "reason": "",
        "standing_id": new.standing_id,
        "period_from": new.period_from,
        "pattern_number": new.pattern_number,
        "occasion_at": found[0].times[0] if new.standing_id else None,
    }
    first = first_number(new.order_id)
    for number in range(first, first + NUMBER_TRIES_MAX):
        if insert_once(session, Order, {**values, "number": number}):
            order = session.get_one(Order, new.order_id)
            _add_lines(session, order, lines, found)
            return order
    raise AssertionError("so many order numbers in a row cannot be taken")


def _add_lines(
    session: Session, order: Order, lines: Sequence[NewLine], found: Sequence[Priced]
) -> None:
    sentences = {row.id: row.sentence for row in outcomes_of(session, person_id=order.person_id)}
    pairs = list(zip(lines, found, strict=True))
    made = [
        _line(order, position, wanted, each, sentences)
        for position, (wanted, each) in enumerate(pairs)
    ]
    session.add_all(made)
    session.flush()  # the visits point at their lines
    for line, (wanted, each) in zip(made, pairs, strict=True):
        session.add_all(_visits(order, line, wanted.worker or wanted.worker_wish, each))
    session.flush()


def _line(
    order: Order, position: int, wanted: NewLine, found: Priced, sentences: dict[UUID, str]
) -> OrderLine:
    offer = found.offer
    outcome = sentences.get(wanted.outcome_id, "") if wanted.outcome_id else ""
    return OrderLine(
        id=uuid4(),
        order_id=order.id,
        position=position,
        offer_id=offer.offer_id,
        title=offer.title,
        category=offer.category,
        unit=offer.unit.value,
        unit_price=offer.bands.price,
        evening_price=offer.bands.evening,
        weekend_price=offer.bands.weekend,
        bank_holiday_price=offer.bands.bank_holiday,
        quantity=wanted.quantity,
        visits=len(found.times),
        outcome_id=wanted.outcome_id if outcome else None,
        outcome=outcome,
        worker_wish=wanted.worker_wish,
        language_wish=wanted.language_wish,
        gender_wish=wanted.gender_wish,
        choice=wanted.choice,
        notice_hours=offer.notice_hours,
        late_cancel_percent=offer.late_cancel_percent,
        note=wanted.note,
    )


def _visits(order: Order, line: OrderLine, worker: str, found: Priced) -> list[Visit]:
    pairs = zip(found.times, found.amounts, strict=True)
    return [
        Visit(
            order_id=line.order_id,
            line_id=line.id,
            number=number,
            planned_at=planned_at,
            occasion_at=planned_at if order.standing_id else None,
            amount=amount,
            worker=worker,
            state=VisitState.PLANNED,
            note="",
            query="",
            settled_by_silence=False,
        )
        for number, (planned_at, amount) in enumerate(pairs, start=1)
    ]
