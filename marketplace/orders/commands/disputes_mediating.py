"""The council settles a query: it asks either side, and decides with a reason and by name."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.commands.disputes_answering import tell_ended
from marketplace.orders.commands.disputes_ending import settle_query
from marketplace.orders.commands.disputes_letters import tell
from marketplace.orders.commands.disputes_locked import (
    NOT_FOUND,
    Said,
    add_step,
    go,
    is_said,
    locked_dispute,
    needed_words,
    refuse_part_in_it,
)
from marketplace.orders.commands.locked import record_deed
from marketplace.orders.errors import DisputeRefusedError
from marketplace.orders.models import Dispute, Order
from marketplace.orders.queries.mediating import mediates
from marketplace.orders.rules.disputes import Move, Outcome, Side, StepKind

_ASKABLE = frozenset({Side.PERSON, Side.PROVIDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSide:
    """A question of the council to one of the two. Brings its id: sent twice is once."""

    query_id: UUID
    side: Side
    words: str
    step_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideQuery:
    """What the council decides: all, a part or nothing is paid. Brings its id: twice is once."""

    query_id: UUID
    outcome: Outcome
    reason: str
    amount: Money | None = None
    """What is paid, if only a part is."""
    step_id: UUID = field(default_factory=uuid4)


def ask_side(session: Session, wish: AskSide, *, by: Actor, at: datetime) -> None:
    """Ask the person or the provider a question, which all three read.

    Raises:
        NotFoundError: it is not with their council.
        ConflictedError: they have a part in it.
        DisputeRefusedError: there is no question, or it is for nobody.
        WrongStateError: it has ended.
    """
    order, dispute = _with_council(session, wish.query_id, by, at=at)
    if is_said(session, dispute, wish.step_id):
        return
    if wish.side not in _ASKABLE:
        raise DisputeRefusedError("side", "Choose whom you ask.")
    go(dispute, Move.QUESTION, by=by, at=at)
    said = Said(
        kind=StepKind.QUESTION,
        side=Side.COUNCIL,
        to_side=wish.side,
        step_id=wish.step_id,
        words=needed_words(wish.words, "Write your question."),
    )
    add_step(session, dispute, said, by=by, at=at)
    sentences = [
        f"{by.name} of the council asks: {said.words}",
        "Please answer on the page below.",
    ]
    subject = "The council asks you something"
    tell(session, order, dispute, {wish.side}, subject, sentences, at=at)
    record_deed(session, order, "query-question", by=by, at=at)


def decide_query(session: Session, wish: DecideQuery, *, by: Actor, at: datetime) -> None:
    """Decide what is paid, with a reason; the rest goes back to where it came from.

    Raises:
        NotFoundError: it is not with their council.
        ConflictedError: they support the person, or work for or earn from the provider.
        DisputeRefusedError: there is no reason, or the part cannot be.
        WrongStateError: it has ended.
    """
    order, dispute = _with_council(session, wish.query_id, by, at=at)
    if is_said(session, dispute, wish.step_id):
        return
    reason = needed_words(wish.reason, "Say why. Both sides read it.")
    amount = _amount(dispute, wish)
    go(dispute, Move.DECIDE, by=by, at=at)
    said = Said(
        kind=StepKind.DECIDED,
        side=Side.COUNCIL,
        step_id=wish.step_id,
        words=reason,
        amount=amount,
    )
    add_step(session, dispute, said, by=by, at=at)
    settle_query(session, order, dispute, amount, by=by, at=at)
    assert dispute.outcome is not None
    words = f"{by.name} decided for the council: {dispute.outcome.label.lower()} ({amount})."
    tell_ended(session, order, dispute, f"{words} Their reason: {reason}", at=at)
    record_deed(session, order, "query-decided", by=by, at=at, pence=amount.pence)


def _with_council(
    session: Session, query_id: UUID, by: Actor, *, at: datetime
) -> tuple[Order, Dispute]:
    order, dispute = locked_dispute(session, query_id)
    if not mediates(by, dispute):
        raise NotFoundError(NOT_FOUND)
    refuse_part_in_it(session, dispute, by, at=at)
    return order, dispute


def _amount(dispute: Dispute, wish: DecideQuery) -> Money:
    match wish.outcome:
        case Outcome.FULL:
            return dispute.claimed
        case Outcome.NOTHING:
            return ZERO
        case Outcome.PART if wish.amount is not None and ZERO < wish.amount < dispute.claimed:
            return wish.amount
        case Outcome.PART:
            raise DisputeRefusedError(
                "amount", f"Enter more than nothing, and less than {dispute.claimed}."
            )
        case Outcome.AGAIN:
            raise DisputeRefusedError("outcome", "Choose what is paid.")
