"""What a supporter suggested: agreed to by one or two, or not."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.queries import authority, take_turns
from marketplace.access.rules import Actor, Permission
from marketplace.budgets.commands import record_refusal
from marketplace.budgets.errors import SpendRefusedError
from marketplace.budgets.rules import Answer
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.orders.commands.letters import tell_of_answer, tell_of_dissent
from marketplace.orders.commands.locked import persons_order, record_deed, visits_of
from marketplace.orders.commands.place import hold_money, tell_of_new_order, within_ceiling
from marketplace.orders.commands.settling import give_back_open
from marketplace.orders.commands.standing_pool_asks import ask_or_tell_pool
from marketplace.orders.errors import (
    BadLineError,
    ConflictedError,
    FamilyCarerError,
    SameHandsError,
)
from marketplace.orders.models import Approval, Order, StandingOrder
from marketplace.orders.queries.approvals import (
    Standing,
    approvals_of,
    standing_of,
)
from marketplace.orders.queries.conflicts import NO_CONFLICT, Conflict, conflict_of
from marketplace.orders.queries.lately import lately
from marketplace.orders.queries.rows import ApprovalRow
from marketplace.orders.queries.seeing import sees_order
from marketplace.orders.queries.standing_money import what_counts
from marketplace.orders.queries.standing_together import POOL_YES, yes_missing
from marketplace.orders.rules import WORDS_LENGTH_MAX, OrderState, Verdict, next_order_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of a suggested order after a yes or a no."""

    placed: bool = False
    refused: bool = False
    """It is over: the person said no, or whoever suggested it took it back."""
    missing: str = ""
    """What it still waits for."""
    refusal: str = ""
    """Why its money could not be set aside, although everybody agreed; the yeses stay."""
    asks: Answer | None = None
    """The refusal itself, where somebody can be asked to let it through once."""


def approve_order(
    session: Session, *, order_id: UUID, by: Actor, at: datetime, words: str = ""
) -> Decided:
    """Say yes to a suggested order. With the last yes its money is held and the provider is told.

    The same yes twice is one. If the money cannot be held, the yeses stay as they are, and
    whoever said one may try again.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not say yes, or no longer.
        SameHandsError: whoever suggested it does not approve it.
        ConflictedError: they earn from the store themself.
        CeilingError: it is more than the supporter may spend at once.
        FamilyCarerError: the council does not let family be paid.
        BadLineError: its first time has gone.
        WrongStateError: it is not waiting for a yes.
    """
    if by.acts_for_another:
        take_turns(session, supporter_id=by.user_id, person_id=by.buys_for)
    order = persons_order(session, order_id, by, Permission.APPROVE_ORDERS)
    _other_hands(order, by)
    if order.state is not OrderState.PROPOSED and _said(session, order, by) is Verdict.YES:
        return Decided(placed=order.held_at is not None)
    next_order_state(order.state, OrderState.PLACED)
    conflict = _conflict(session, order, at)
    _may_say_yes(session, order, conflict, by=by, at=at)
    if any(v.planned_at is not None and v.planned_at < at for v in visits_of(session, order)):
        raise BadLineError(
            "A time in this order has gone. Say no to it, and put it in the basket again."
        )
    if _said(session, order, by) is not Verdict.YES:
        _add(session, order, Verdict.YES, words, conflict, by=by, at=at)
    decided = place_when_agreed(session, order, by=by, at=at)
    if decided.missing:
        record_deed(session, order, "order-yes", by=by, at=at)
    if order.standing_id is not None and not decided.refusal:
        ask_or_tell_pool(session, session.get_one(StandingOrder, order.standing_id), at=at)
    return decided


def place_when_agreed(session: Session, order: Order, *, by: Actor | None, at: datetime) -> Decided:
    """Place a locked suggestion if everybody who is needed has said yes: circle, and pool.

    Nobody as ``by``: the last yes was that of another member of the pool.
    """
    agreed = standing_of(session, order, at=at)
    missing = [agreed.missing(by.person_name if by else "")]
    if order.standing_id is not None:
        standing = session.get_one(StandingOrder, order.standing_id)
        missing.append(POOL_YES if yes_missing(session, standing) else "")
    if any(missing):
        return Decided(missing=", and ".join(filter(None, missing)))
    return _place(session, order, agreed, by=by, at=at)


def refuse_proposal(
    session: Session, *, order_id: UUID, reason: str, by: Actor, at: datetime
) -> Decided:
    """Say no to a suggested order, or take back one's own suggestion.

    The person's no ends it. A supporter's no is kept with its words, and the others still decide.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not say no, and did not suggest it.
        WrongStateError: it is not waiting for an answer.
    """
    order = persons_order(session, order_id, by, Permission.SIGNED_IN)
    suggested = order.placed_by_id == by.user_id
    if not by.may(Permission.APPROVE_ORDERS) and not suggested:
        if not sees_order(order, by):
            raise NotFoundError("We cannot find that order.")
        raise NotAllowedError(f"Only {by.person_name} can say no to this.")
    next_order_state(order.state, OrderState.REFUSED)
    words = reason.strip()[:WORDS_LENGTH_MAX]
    if by.acts_for_another and not suggested:
        return _dissent(session, order, words, by=by, at=at)
    if not suggested:
        _add(session, order, Verdict.NO, words, NO_CONFLICT, by=by, at=at)
    order.go_to(OrderState.REFUSED)
    order.reason, order.decided_at = words, at
    give_back_open(session, order, by=by, at=at)
    tell_of_answer(session, order, by=by, at=at)
    what = "suggestion-taken-back" if suggested else "suggestion-turned-down"
    record_deed(session, order, what, by=by, at=at)
    return Decided(refused=True)


def _place(
    session: Session, order: Order, standing: Standing, *, by: Actor | None, at: datetime
) -> Decided:
    try:
        with session.begin_nested():
            hold_money(session, order, by=by, at=at)
    except SpendRefusedError as refusal:
        answer = refusal.answer
        assert isinstance(answer, Answer), "a hold refuses with its answer"
        record_refusal(session, person_id=order.person_id, spend=answer.spend, answer=answer, at=at)
        record_deed(session, order, "order-not-held", by=by, at=at, pence=order.total.pence)
        return Decided(refusal=str(refusal), asks=answer if answer.may_ask else None)
    order.go_to(OrderState.PLACED)
    if by is not None:
        order.approved_by_id = by.user_id
        order.approved_by_name = " and ".join(standing.counted_names)
        tell_of_answer(session, order, by=by, at=at)
    tell_of_new_order(session, order, at=at)
    record_deed(session, order, "order-approved", by=by, at=at, pence=order.total.pence)
    return Decided(placed=True)


def _dissent(session: Session, order: Order, words: str, *, by: Actor, at: datetime) -> Decided:
    may = authority(session, user_id=by.user_id, person_id=order.person_id, at=at)
    if not may.may_approve:
        raise NotAllowedError(f"{by.person_name} no longer lets you say yes or no to orders.")
    last = next(
        (
            row
            for row in reversed(approvals_of(session, order_id=order.id))
            if row.user_id == by.user_id
        ),
        None,
    )
    if last is None or (last.verdict, last.words) != (Verdict.NO, words):
        _add(session, order, Verdict.NO, words, NO_CONFLICT, by=by, at=at)
        tell_of_dissent(session, order, words, by=by, at=at)
        record_deed(session, order, "order-dissent", by=by, at=at)
    return Decided(missing=standing_of(session, order, at=at).missing(by.person_name))


def _may_say_yes(
    session: Session, order: Order, conflict: Conflict, *, by: Actor, at: datetime
) -> None:
    if conflict.refusal:
        raise FamilyCarerError(conflict.refusal)
    if not by.acts_for_another:
        return
    # Asked again now: what they may do can have changed since they opened the page.
    may = authority(session, user_id=by.user_id, person_id=order.person_id, at=at)
    if not may.may_approve:
        raise NotAllowedError(f"{by.person_name} no longer lets you say yes or no to orders.")
    within_ceiling(
        by,
        what_counts(session, order, at=at),
        ceiling=may.ceiling,
        before=lately(session, by=by, at=at).of(order.provider_id),
        instead="Somebody else must say yes to it.",
    )
    if conflict.concerns(by.user_id):
        raise ConflictedError(
            f"You earn from {order.provider_name}, so your yes does not count here. "
            f"{by.person_name} or somebody else must say yes."
        )


def _conflict(session: Session, order: Order, at: datetime) -> Conflict:
    return conflict_of(
        session,
        person_id=order.person_id,
        provider_id=order.provider_id,
        council_id=order.council_id,
        at=at,
    )


def _said(session: Session, order: Order, by: Actor) -> Verdict | None:
    last = _last(session, order, by)
    return last.verdict if last else None


def _last(session: Session, order: Order, by: Actor) -> ApprovalRow | None:
    rows = approvals_of(session, order_id=order.id)
    return next((row for row in reversed(rows) if row.user_id == by.user_id), None)


def _add(  # noqa: PLR0913 - private: an answer has this many sides
    session: Session,
    order: Order,
    verdict: Verdict,
    words: str,
    conflict: Conflict,
    *,
    by: Actor,
    at: datetime,
) -> None:
    # The order is locked, so nobody else counts up at the same time.
    number = len(approvals_of(session, order_id=order.id)) + 1
    knowing = " ".join(dict.fromkeys(filter(None, (order.conflict, conflict.words))))
    session.add(
        Approval(
            order_id=order.id,
            number=number,
            user_id=by.user_id,
            user_name=by.name,
            verdict=verdict,
            words=words.strip()[:WORDS_LENGTH_MAX],
            knowing=knowing if verdict is Verdict.YES else "",
            at=at,
        )
    )
    session.flush()  # who said yes is counted from here


def _other_hands(order: Order, by: Actor) -> None:
    if order.placed_by_id == by.user_id:
        raise SameHandsError("You suggested this, so somebody else must say yes to it.")
