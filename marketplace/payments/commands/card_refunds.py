"""Own money that is owed goes back to the cards it came from, without anybody doing anything.

Three steps, each in a transaction of its own, so that a fall between them costs nothing: what is
owed is parted among cards; the card company is asked, outside any transaction; its answer is noted,
from the call or from its message, whichever comes first. Locks: payment → refund → what is owed.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets.commands import (
    CardPart,
    give_to_card,
    note_card_paid,
    note_card_refused,
    part_to_cards,
)
from marketplace.budgets.queries import OwedLine
from marketplace.kernel.money import ZERO, Money, total
from marketplace.payments.adapters import CardAnswer
from marketplace.payments.commands.taking_back import take_back
from marketplace.payments.models import CardDispute, CardRefund, TopUp
from marketplace.payments.rules import (
    CARD_WINDOW,
    CardRefundState,
    CardRoom,
    DisputeState,
    Event,
    EventKind,
    EventOutcome,
    TopUpState,
    room_left,
    shared_out,
)

_DONE = "succeeded"
_GONE = frozenset({"failed", "canceled"})


def plan_card_refunds(session: Session, owed: OwedLine, *, at: datetime) -> int:
    """Part what is owed among the cards that paid it; return how many cards are to be asked.

    Family's gifts are the person's and go to the person; what no card can take is left to the bank.
    """
    top_ups = _cards_of(session, owed.line_id, at)
    rooms = [CardRoom(top_up.id, _room(session, top_up)) for top_up in top_ups]
    wanted = total(part.room for part in shared_out(owed.amount, rooms))
    if wanted == ZERO:
        return 0
    free = part_to_cards(session, owed_id=owed.id, wanted=wanted)
    parts = shared_out(free, rooms)
    for part in parts:
        refund_id = uuid4()
        owed_id = give_to_card(session, owed_id=owed.id, part=CardPart(refund_id, part.room))
        session.add(
            CardRefund(
                id=refund_id,
                top_up_id=part.top_up_id,
                owed_id=owed_id,
                amount=part.room,
                state=CardRefundState.ASKED,
                why="",
                asked_at=at,
            )
        )
    session.flush()
    return len(parts)


def begin_card_refund(
    session: Session, *, refund_id: UUID, at: datetime
) -> tuple[str, Money, bool] | None:
    """Note that the card company is asked now; return which payment, how much, and if it is again.

    None if there is nothing to ask any more.
    """
    refund = _locked(session, refund_id)
    if refund is None or refund.state is not CardRefundState.ASKED:
        return None
    payment = session.get_one(TopUp, refund.top_up_id).payment
    assert payment is not None, "only known payments are given back"
    again = refund.tried_at is not None
    refund.tried_at = at
    return payment, refund.amount, again


def note_answer(session: Session, *, refund_id: UUID, answer: CardAnswer, at: datetime) -> bool:
    """Note what the card company says of a refund; tell whether that is news."""
    refund = _locked(session, refund_id)
    if refund is None:
        return False
    return _note(session, refund, answer.id, answer.status, answer.why, at)


def note_no(session: Session, *, refund_id: UUID, why: str, at: datetime) -> None:
    """Note that the card company said no at once: the money is owed, and goes by bank."""
    refund = _locked(session, refund_id)
    if refund is None or refund.state is not CardRefundState.ASKED:
        return
    refund.state, refund.why, refund.done_at = CardRefundState.REFUSED, why, at
    note_card_refused(session, owed_id=refund.owed_id, at=at)
    session.flush()
    # Until now it was taken to be among what was given back, so others' refunds looked smaller.
    take_back(session, session.get_one(TopUp, refund.top_up_id), at)


def hear_of_refund(session: Session, event: Event, at: datetime) -> EventOutcome:
    """Act on a message about one refund; those that others made are told by their sum elsewhere."""
    refund_id = event.id_of("card_refund")
    if refund_id is None:
        return EventOutcome.NOT_OURS
    refund = _locked(session, refund_id)
    if refund is None:
        return EventOutcome.UNKNOWN
    known = event.text("session")
    if not known or refund.refund_id not in {None, known}:
        return EventOutcome.WRONG
    if not event.is_in_pounds or event.amount != refund.amount:
        return EventOutcome.WRONG
    status = "failed" if event.kind == EventKind.REFUND_FAILED else event.text("status")
    _note(session, refund, known, status, event.text("why"), at)
    return EventOutcome.NOTED


def _note(
    session: Session, refund: CardRefund, known: str, status: str, why: str, at: datetime
) -> bool:
    if not refund.state.is_alive:
        return False
    refund.refund_id = known
    if status in _GONE:
        refund.state, refund.why, refund.done_at = CardRefundState.FAILED, why, at
        return note_card_refused(session, owed_id=refund.owed_id, at=at)
    if refund.state is CardRefundState.DONE:
        return False
    if status == _DONE:
        refund.state, refund.done_at = CardRefundState.DONE, at
        return note_card_paid(session, owed_id=refund.owed_id, at=at)
    refund.state = CardRefundState.SENT
    return True


def _locked(session: Session, refund_id: UUID) -> CardRefund | None:
    found = session.get(CardRefund, refund_id)
    if found is None:
        return None
    # The payment first: whoever hears of its refunds locks it before they look at ours.
    session.get_one(TopUp, found.top_up_id, with_for_update=True, populate_existing=True)
    return session.get_one(CardRefund, refund_id, with_for_update=True, populate_existing=True)


def _cards_of(session: Session, line_id: UUID, at: datetime) -> Sequence[TopUp]:
    """Lock the payments into a line whose cards can be asked, the newest first."""
    no = select(CardRefund.top_up_id).where(
        CardRefund.state.in_([CardRefundState.REFUSED, CardRefundState.FAILED])
    )
    over = [DisputeState.WON, DisputeState.ENDED]
    disputed = select(CardDispute.top_up_id).where(CardDispute.state.not_in(over))
    rows = session.scalars(
        select(TopUp)
        .where(
            TopUp.line_id == line_id,
            TopUp.state == TopUpState.PAID,
            TopUp.by_family.is_(False),
            TopUp.payment.is_not(None),
            TopUp.paid_at > at - CARD_WINDOW,
            TopUp.id.not_in(no),
            TopUp.id.not_in(disputed),
        )
        .order_by(TopUp.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return sorted(rows, key=lambda top_up: (top_up.paid_at, top_up.id), reverse=True)


def _room(session: Session, top_up: TopUp) -> Money:
    mine = session.scalars(select(CardRefund).where(CardRefund.top_up_id == top_up.id)).all()
    counted = total(each.amount for each in mine if each.state.is_counted)
    return room_left(paid=top_up.amount, refunded=top_up.refunded, counted=counted)
