"""Payments by card that the payer's bank wants back (chargebacks).

The bank takes the money the day it asks, and gives it back if the council wins. The ledger says the
same: what is still free leaves the line, outside, and comes in again when the bank gives it back.
What was spent before is the council's to settle with the person; nobody's line goes below nothing.
"""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.budgets.commands import (
    PayIn,
    TakeOut,
    locked_available,
    owe_who_left,
    pay_in,
    take_out,
)
from marketplace.councils.queries import council
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO
from marketplace.orders.rules import day_words
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.payments.models import CardDispute, TopUp
from marketplace.payments.rules import (
    DisputeState,
    Event,
    EventKind,
    EventOutcome,
    TopUpState,
    dispute_state,
    why_disputed,
)

WORKLIST = "/payments/card-disputes"


def hear_of_dispute(session: Session, event: Event, at: datetime) -> EventOutcome:
    """Act on a message about money that a bank wants back, in whatever order they come."""
    top_up = _locked(session, event.text("payment"))
    if top_up is None:
        return EventOutcome.UNKNOWN
    dispute_id, state = event.text("session"), dispute_state(event.text("status"))
    if not dispute_id or state is None:
        return _wrong(top_up, "A bank asks about this payment, in words that we do not know.")
    if not event.is_in_pounds or not event.amount or event.amount > top_up.amount:
        return _wrong(top_up, "A bank wants more back than was paid, or no pounds.")
    if top_up.state is not TopUpState.PAID:
        return EventOutcome.UNKNOWN
    dispute = _known(session, dispute_id)
    if dispute is None:
        dispute = _new(session, top_up, event, state, at)
    elif dispute.top_up_id != top_up.id:
        return _wrong(top_up, "A bank speaks of two payments under one name.")
    return _go_on(session, top_up, dispute, event, state, at)


def settle_dispute(session: Session, *, row_id: UUID, by: Actor, at: datetime) -> None:
    """Note that a finance officer has dealt with what was short. Twice is once.

    Raises:
        NotFoundError: their council has no such dispute, or the bank has not decided.
    """
    dispute = session.get(CardDispute, row_id, with_for_update=True, populate_existing=True)
    if dispute is None or dispute.council_id != by.works_for or not dispute.state.is_over:
        raise NotFoundError
    if dispute.settled_at is not None:
        return
    dispute.settled_at, dispute.settled_by_name = at, by.name
    person_id = session.get_one(TopUp, dispute.top_up_id).person_id
    record(
        session,
        what="card-dispute-settled",
        chain_id=person_id,
        subject_id=dispute.id,
        by_user_id=by.user_id,
        for_person_id=person_id,
        at=at,
        details={"short_pence": (dispute.amount - dispute.held).pence},
    )


def _go_on(
    session: Session,
    top_up: TopUp,
    dispute: CardDispute,
    event: Event,
    state: DisputeState,
    at: datetime,
) -> EventOutcome:
    appealed = (dispute.state, state) == (DisputeState.LOST, DisputeState.WON)
    if not dispute.state.is_over or appealed:
        # An older message that comes late never opens again what the bank has decided.
        dispute.state = state
        dispute.due_at = _due(event) or dispute.due_at
        if state.is_over:
            dispute.closed_at = at
    taken = _is_taken(dispute, event)
    if taken and not dispute.is_taken:
        outcome = _take(session, top_up, dispute, at)
    elif not taken and dispute.is_taken:
        outcome = _give_back(session, top_up, dispute, at)
    else:
        outcome = EventOutcome.NOTED
    session.flush()
    _tell(session, top_up, dispute, at)
    return outcome


def _is_taken(dispute: CardDispute, event: Event) -> bool:
    """Tell whether the bank has the money now."""
    if dispute.state in {DisputeState.WON, DisputeState.ENDED}:
        return False
    if dispute.state is DisputeState.ASKS:
        return event.kind == EventKind.FUNDS_WITHDRAWN or dispute.is_taken
    return True


def _take(session: Session, top_up: TopUp, dispute: CardDispute, at: datetime) -> EventOutcome:
    assert top_up.line_id is not None, "only what was paid in can be wanted back"
    free = locked_available(session, line_id=top_up.line_id)
    held = min(free, dispute.amount)
    dispute.is_taken, dispute.held = True, max(held, ZERO)
    dispute.times_held += 1
    if held > ZERO:
        take_out(
            session,
            line_id=top_up.line_id,
            key=f"dispute/{dispute.id}/{dispute.times_held}",
            amount=held,
            why=TakeOut.CARD_DISPUTE,
            by_user_id=None,
            at=at,
        )
    return EventOutcome.TAKEN_BACK


def _give_back(session: Session, top_up: TopUp, dispute: CardDispute, at: datetime) -> EventOutcome:
    assert top_up.line_id is not None, "only what was paid in can be wanted back"
    back, dispute.is_taken, dispute.held = dispute.held, False, ZERO
    if back == ZERO:
        return EventOutcome.NOTED
    key = f"dispute/{dispute.id}/{dispute.times_held}/back"
    pay_in(
        session,
        line_id=top_up.line_id,
        key=key,
        amount=back,
        why=PayIn.DISPUTE_WON,
        by_user_id=None,
        at=at,
    )
    owe_who_left(session, person_id=top_up.person_id, key=key, at=at)
    return EventOutcome.PAID_IN


def _new(
    session: Session, top_up: TopUp, event: Event, state: DisputeState, at: datetime
) -> CardDispute:
    amount = event.amount
    assert amount is not None, "looked at by whoever calls"
    dispute = CardDispute(
        id=uuid4(),
        dispute_id=event.text("session"),
        top_up_id=top_up.id,
        council_id=top_up.council_id,
        amount=amount,
        state=DisputeState.ASKS if not state.is_over else DisputeState.OPEN,
        reason=event.text("why"),
        is_taken=False,
        held=ZERO,
        times_held=0,
        due_at=_due(event),
        opened_at=at,
        settled_by_name="",
    )
    session.add(dispute)
    session.flush()
    record(
        session,
        what="card-disputed",
        chain_id=top_up.person_id,
        subject_id=dispute.id,
        by_user_id=None,
        for_person_id=top_up.person_id,
        at=at,
        details={"pence": amount.pence},
    )
    return dispute


def _due(event: Event) -> datetime | None:
    seconds = event.facts.get("due_by")
    if not isinstance(seconds, int) or not 0 < seconds < _FAR_AWAY:
        return None
    return datetime.fromtimestamp(seconds, UTC)


_FAR_AWAY = 4_102_444_800
"""The year 2100, in seconds: a day after it is no day to work towards."""


def _known(session: Session, dispute_id: str) -> CardDispute | None:
    return session.scalar(
        select(CardDispute)
        .where(CardDispute.dispute_id == dispute_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _locked(session: Session, payment: str) -> TopUp | None:
    if not payment:
        return None
    return session.scalar(
        select(TopUp)
        .where(TopUp.payment == payment)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _wrong(top_up: TopUp, trouble: str) -> EventOutcome:
    top_up.trouble = trouble
    return EventOutcome.WRONG


def _tell(session: Session, top_up: TopUp, dispute: CardDispute, at: datetime) -> None:
    """Write to the person and to the council, once for each place the dispute comes to."""
    _tell_council(session, dispute, at)
    if dispute.state is DisputeState.ASKS or access.is_closed(session, user_id=top_up.person_id):
        return
    person = access.person(session, user_id=top_up.person_id)
    letter = WriteLetter(
        key=f"dispute/{dispute.id}/{dispute.state}",
        to=person.email,
        subject=f"{dispute.amount} by card: {dispute.state.label.lower()}",
        template="money_changed",
        values={
            "name": person.name,
            "sentences": _sentences(dispute),
            "path": f"/wallet/top-ups/{top_up.id}",
        },
    )
    write_letter(session, letter, at=at)


def _sentences(dispute: CardDispute) -> list[str]:
    if dispute.state is DisputeState.WON:
        return [
            f"The bank of the card that paid {dispute.amount} has given the money back.",
            "What we held back is in your wallet again.",
        ]
    if dispute.state is DisputeState.ENDED:
        return ["The bank of the card asks no more. Nothing changes for you."]
    if dispute.state is DisputeState.LOST:
        return [
            f"The bank of the card that paid {dispute.amount} keeps the money.",
            f"{dispute.held} was taken out of your wallet for it.",
            *_short(dispute),
        ]
    return [
        f"The bank of the card that paid {dispute.amount} wants the money back.",
        why_disputed(dispute.reason),
        f"Until the bank decides, {dispute.held} of your own money is held back.",
        *_short(dispute),
        "Did you not want this? Tell your bank, and tell the council.",
    ]


def _short(dispute: CardDispute) -> list[str]:
    short = dispute.amount - dispute.held
    if short <= ZERO:
        return []
    return [f"{short} of it was spent or set aside before. Your council will talk to you about it."]


def _tell_council(session: Session, dispute: CardDispute, at: datetime) -> None:
    until = f" Answer until {day_words(local_day(dispute.due_at))}." if dispute.due_at else ""
    said = {
        DisputeState.ASKS: f"A bank asks about a card payment of {dispute.amount}.{until}",
        DisputeState.OPEN: f"A bank has taken back a card payment of {dispute.amount}.{until}",
        DisputeState.WON: f"A bank has given back a card payment of {dispute.amount}.",
        DisputeState.LOST: f"A bank keeps a card payment of {dispute.amount} that it took back.",
        DisputeState.ENDED: f"A bank asks no more about a card payment of {dispute.amount}.",
    }[dispute.state]
    portal = council(session, council_id=dispute.council_id)
    letter = WriteLetter(
        key=f"dispute/{dispute.id}/{dispute.state}/council",
        to=portal.email,
        subject=f"A card payment of {dispute.amount}: {dispute.state.label.lower()}",
        template="money_changed",
        values={"name": portal.name, "sentences": [said], "path": WORKLIST},
    )
    write_letter(session, letter, at=at)
