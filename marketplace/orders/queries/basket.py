"""The basket, and "may I buy this?" answered for each line and each order in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.queries import staff_of
from marketplace.access.rules import Actor, Permission
from marketplace.budgets.queries import OutcomeRow, PoolCard, may_buy, outcomes_of
from marketplace.budgets.rules import Answer, Part, Spend
from marketplace.catalogue.queries import (
    OrderableOffer,
    is_council_service,
    provider_names,
)
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.models import BasketLine
from marketplace.orders.queries.asking import asks_with
from marketplace.orders.queries.conflicts import NO_CONFLICT, Conflict, conflicts
from marketplace.orders.queries.lately import Before, Lately, above_ceiling, lately
from marketplace.orders.queries.payers import council_that_pays, pools_that_pay
from marketplace.orders.queries.priced import Priced, priced
from marketplace.orders.rules import add_up, in_time_to_cancel


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketRow:
    """One line of the basket, with the answer to "may I buy this?"."""

    id: UUID
    offer_id: UUID
    offer: OrderableOffer | None
    """None if it is no longer on sale."""
    quantity: int
    visits: int
    first_at: datetime | None
    every_days: int
    worker_wish: str
    language_wish: str
    gender_wish: str
    choice: str
    outcome_id: UUID | None
    outcome: str
    note: str
    added_by_name: str
    total: Money
    was: Money | None
    """What it cost when it was put in, if that was different."""
    short_notice: bool
    """The first time is sooner than the provider likes."""
    answer: Answer | None
    refusal: str
    """Why the line cannot be ordered, apart from money; "" if it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketGroup:
    """What waits from one provider: it will be one order with one hold."""

    provider_id: UUID
    provider_name: str
    order_id: UUID
    rows: tuple[BasketRow, ...]
    total: Money
    category: str
    answer: Answer | None
    fault: str
    """What must be put right before the order can even be tried; "" if nothing."""
    refusal: str
    """Why the money for it would be refused; "" if it would not."""
    above_ceiling: str
    """Why a supporter cannot place it, but can suggest it; "" if they can."""
    waits: str
    """Why it waits for a yes although the supporter may place orders; "" if it does not."""
    conflict: str
    """Who near the person earns from the store; "" if nobody is known to."""
    yeses: int
    """How many yeses it needs, if it waits for any."""
    pool_id: UUID | None
    """The pool that is to pay; None for the person's own money."""

    @property
    def only_suggested(self) -> bool:
        """Tell whether a supporter who may place orders can only suggest this one."""
        return bool(self.above_ceiling or self.waits)

    @property
    def ready(self) -> bool:
        """Tell whether the order can be tried: whether there is money is settled then."""
        return not self.fault

    @property
    def obstacle(self) -> str:
        """What stands in the way, whatever it is; "" if nothing."""
        return self.fault or self.refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketView:
    """All that waits in somebody's basket."""

    groups: tuple[BasketGroup, ...]
    total: Money
    outcomes: tuple[OutcomeRow, ...]
    council_id: UUID | None
    pools: tuple[PoolCard, ...]
    """The pools that could pay."""

    @property
    def ready(self) -> bool:
        """Tell whether anything can be placed."""
        return any(group.ready for group in self.groups)


def basket(session: Session, *, by: Actor, at: datetime) -> BasketView:
    """Return the basket of the person whose hat ``by`` wears, with all its answers."""
    lines = _lines(session, by.buys_for)
    councils = {
        pool_id: council_that_pays(session, person_id=by.buys_for, pool_id=pool_id, at=at)
        for pool_id in {None, *(line.pool_id for line in lines)}
    }
    outcomes = outcomes_of(session, person_id=by.buys_for)
    found = {line.id: _find_priced(session, line, councils[line.pool_id], at) for line in lines}
    answers = _line_answers(session, lines, found, councils, by=by, at=at)
    sentences = {outcome.id: outcome.sentence for outcome in outcomes}
    rows = {
        line.id: _row(line, found[line.id], answers.get(line.id), sentences, at=at)
        for line in lines
    }
    grouped = [
        list(group) for _, group in groupby(_by_provider(lines), key=lambda line: line.provider_id)
    ]
    wholes = _group_answers(session, grouped, found, councils, by=by, at=at)
    names = provider_names(session, provider_ids={line.provider_id for line in lines})
    known: dict[UUID, Conflict] = {}
    for pool_id, council_id in councils.items():
        paid_so = {line.provider_id for line in lines if line.pool_id == pool_id}
        known |= conflicts(
            session, person_id=by.buys_for, provider_ids=paid_so, council_id=council_id, at=at
        )
    before = lately(session, by=by, at=at) if lines else Lately()
    groups = tuple(
        _group(
            session,
            group,
            rows,
            names,
            wholes.get(group[0].provider_id),
            councils[group[0].pool_id],
            known,
            before.of(group[0].provider_id),
            by,
        )
        for group in grouped
    )
    return BasketView(
        groups=groups,
        total=add_up(group.total for group in groups),
        outcomes=tuple(outcomes),
        council_id=councils[None],
        pools=pools_that_pay(session, person_id=by.buys_for) if lines else (),
    )


def basket_line(session: Session, *, line_id: UUID, by: Actor, at: datetime) -> BasketRow:
    """Return one line of a person's basket, for changing it.

    Raises:
        NotFoundError: it is not in their basket.
    """
    line = session.get(BasketLine, line_id)
    if line is None or line.person_id != by.buys_for:
        raise NotFoundError("This is not in the basket any more.")
    council_id = council_that_pays(session, person_id=by.buys_for, pool_id=line.pool_id, at=at)
    found = _find_priced(session, line, council_id, at)
    return _row(line, found, None, {}, at=at)


def basket_size(session: Session, *, person_id: UUID) -> int:
    """Return how many lines wait in a person's basket."""
    rows = select(func.count()).select_from(BasketLine).where(BasketLine.person_id == person_id)
    return session.scalar(rows) or 0


def _lines(session: Session, person_id: UUID) -> list[BasketLine]:
    rows = select(BasketLine).where(BasketLine.person_id == person_id)
    return list(session.scalars(rows.order_by(BasketLine.added_at, BasketLine.id)))


def _by_provider(lines: Sequence[BasketLine]) -> list[BasketLine]:
    first: dict[UUID, int] = {}
    for position, line in enumerate(lines):
        first.setdefault(line.provider_id, position)
    return sorted(lines, key=lambda line: first[line.provider_id])


def _find_priced(
    session: Session, line: BasketLine, council_id: UUID | None, at: datetime
) -> Priced | None:
    try:
        return priced(session, line.wanted, person_id=line.person_id, council_id=council_id, at=at)
    except NotFoundError:
        return None


def _line_answers(
    session: Session,
    lines: Sequence[BasketLine],
    found: dict[UUID, Priced | None],
    councils: dict[UUID | None, UUID | None],
    *,
    by: Actor,
    at: datetime,
) -> dict[UUID, Answer]:
    asked, spends = [], []
    for line in _by_provider(lines):
        council_id = councils[line.pool_id]
        if found[line.id] is not None and council_id is not None:
            asked.append(line.id)
            spends.append(_spend(session, [line], found, council_id))
    return dict(
        zip(asked, may_buy(session, person_id=by.buys_for, spends=spends, at=at), strict=True)
    )


def _group_answers(
    session: Session,
    grouped: Sequence[Sequence[BasketLine]],
    found: dict[UUID, Priced | None],
    councils: dict[UUID | None, UUID | None],
    *,
    by: Actor,
    at: datetime,
) -> dict[UUID, Answer]:
    spends = [
        _spend(session, group, found, council_id)
        for group in grouped
        if (council_id := councils[group[0].pool_id]) is not None
    ]
    answers = may_buy(session, person_id=by.buys_for, spends=spends, at=at)
    return {answer.spend.provider_id: answer for answer in answers}


def _spend(
    session: Session,
    lines: Sequence[BasketLine],
    found: dict[UUID, Priced | None],
    council_id: UUID,
) -> Spend:
    parts: dict[tuple[str, UUID | None], Money] = {}
    for line in lines:
        priced = found[line.id]
        if priced is not None:
            about = (priced.offer.category, line.outcome_id)
            parts[about] = parts.get(about, ZERO) + priced.total
    return Spend(
        order_id=lines[0].order_id,
        council_id=council_id,
        provider_id=lines[0].provider_id,
        parts=tuple(Part(*about, money) for about, money in parts.items()),
        pool_id=lines[0].pool_id,
        from_council=is_council_service(session, provider_id=lines[0].provider_id),
    )


def _category(group: Sequence[BasketLine], rows: dict[UUID, BasketRow]) -> str:
    offers = (rows[line.id].offer for line in group)
    return next((offer.category for offer in offers if offer is not None), "")


def _row(
    line: BasketLine,
    found: Priced | None,
    answer: Answer | None,
    sentences: dict[UUID, str],
    *,
    at: datetime,
) -> BasketRow:
    total = found.total if found else ZERO
    return BasketRow(
        id=line.id,
        offer_id=line.offer_id,
        offer=found.offer if found else None,
        quantity=line.quantity,
        visits=line.visits,
        first_at=line.first_at,
        every_days=line.every_days,
        worker_wish=line.worker_wish,
        language_wish=line.language_wish,
        gender_wish=line.gender_wish,
        choice=line.choice,
        outcome_id=line.outcome_id,
        outcome=sentences.get(line.outcome_id, "") if line.outcome_id else "",
        note=line.note,
        added_by_name=line.added_by_name,
        total=total,
        was=line.seen_total if found and total != line.seen_total else None,
        short_notice=found is not None
        and not in_time_to_cancel(line.first_at, notice_hours=found.offer.notice_hours, at=at),
        answer=answer,
        refusal=_fault(line, found, sentences, at),
    )


def _fault(line: BasketLine, found: Priced | None, sentences: dict[UUID, str], at: datetime) -> str:
    if found is None:
        return "This is no longer on sale, or your council does not pay for it. Take it out."
    if line.first_at is not None and line.first_at < at:
        return "The time you chose has gone. Choose a time to come."
    not_so = found.why_too_late or found.why_not_chosen(line.choice)
    if not_so:
        return not_so
    if sentences and line.outcome_id not in sentences:
        return "Say what this is for: choose one of the outcomes."
    return ""


def _group(  # noqa: PLR0913, PLR0917 - private: one order, seen from all sides
    session: Session,
    group: Sequence[BasketLine],
    rows: dict[UUID, BasketRow],
    names: dict[UUID, str],
    answer: Answer | None,
    council_id: UUID | None,
    known: dict[UUID, Conflict],
    before: Before,
    by: Actor,
) -> BasketGroup:
    of_group = tuple(rows[line.id] for line in group)
    total = add_up(row.total for row in of_group)
    conflict = known.get(group[0].provider_id, NO_CONFLICT)
    asks = asks_with(session, conflict, total, by=by, before=before)
    ceiling = by.ceiling if by.may(Permission.PLACE_ORDERS) else None
    return BasketGroup(
        provider_id=group[0].provider_id,
        provider_name=names[group[0].provider_id],
        order_id=group[0].order_id,
        rows=of_group,
        total=total,
        category=_category(group, rows),
        answer=answer,
        fault=_group_fault(
            session,
            group[0].provider_id,
            of_group,
            council_id,
            by,
            in_pool=group[0].pool_id is not None,
        )
        or conflict.refusal,
        refusal=_refusal(answer, by),
        above_ceiling=above_ceiling(by, total, ceiling=ceiling, before=before),
        waits=asks.why if by.may(Permission.PLACE_ORDERS) or conflict.concerns(by.user_id) else "",
        conflict=conflict.words,
        yeses=asks.yeses,
        pool_id=group[0].pool_id,
    )


def _group_fault(
    session: Session,
    provider_id: UUID,
    rows: Sequence[BasketRow],
    council_id: UUID | None,
    by: Actor,
    *,
    in_pool: bool,
) -> str:
    fault = next((row.refusal for row in rows if row.refusal), "")
    if fault:
        return fault
    staff = {person.id for person, _ in staff_of(session, organisation_id=provider_id)}
    if by.buys_for in staff:
        return "You cannot order from your own store."
    if council_id is None and in_pool:
        return "You are not in this pool any more. Choose who pays."
    if council_id is None:
        return "There is no money in the wallet to pay for this."
    return ""


def _refusal(answer: Answer | None, by: Actor) -> str:
    # Whoever only suggests is not told how much money there is.
    if answer is None or answer.yes or not by.may(Permission.PLACE_ORDERS):
        return ""
    return answer.refusal
