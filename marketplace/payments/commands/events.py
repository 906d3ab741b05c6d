"""Messages of the card company: kept once, then acted on once, in whatever order they come.

Locks are taken in one order: event → payment → accounts → audit.
"""

from datetime import datetime
from types import MappingProxyType
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.budgets.commands import (
    PayIn,
    TakeOut,
    locked_available,
    own_line,
    pay_in,
    take_out,
)
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO
from marketplace.kernel.writing import insert_once
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.payments.models import CardEvent, TopUp
from marketplace.payments.rules import (
    Event,
    EventKind,
    EventOutcome,
    TopUpState,
    funder_of,
    to_take_back,
)

_KINDS = frozenset(EventKind)
_ENDS = MappingProxyType(
    {EventKind.FAILED: TopUpState.FAILED, EventKind.EXPIRED: TopUpState.EXPIRED}
)


def keep_event(session: Session, event: Event, *, at: datetime) -> UUID:
    """Keep a message and return the id of what is kept; the same message again is that one."""
    insert_once(
        session,
        CardEvent,
        {
            "id": uuid4(),
            "event_id": event.event_id,
            "kind": event.kind,
            "real_money": event.real_money,
            "facts": dict(event.facts),
            "came_at": at,
        },
    )
    return session.scalars(select(CardEvent.id).where(CardEvent.event_id == event.event_id)).one()


def act_on_event(
    session: Session, *, kept_id: UUID, real_money: bool, at: datetime
) -> EventOutcome:
    """Do what a kept message asks for, once, and return what came of it.

    ``real_money`` says what our own key is for: a message of the other sort is not for us. One
    about a payment we did not know is looked at again, because it may have overtaken it.
    """
    kept = session.get_one(CardEvent, kept_id, with_for_update=True, populate_existing=True)
    if kept.outcome not in {None, EventOutcome.UNKNOWN}:
        assert kept.outcome is not None
        return kept.outcome
    event = Event(kept.event_id, kept.kind, kept.real_money, kept.facts)
    kept.outcome = _act(session, kept, event, real_money=real_money, at=at)
    kept.done_at = at
    return kept.outcome


def _act(
    session: Session, kept: CardEvent, event: Event, *, real_money: bool, at: datetime
) -> EventOutcome:
    if event.kind not in _KINDS or event.real_money is not real_money:
        return EventOutcome.NOT_OURS
    if (top_up := _locked(session, event)) is None:
        return EventOutcome.UNKNOWN
    kept.top_up_id = top_up.id
    if event.kind == EventKind.REFUNDED:
        return _refund(session, top_up, event, at)
    session_id = event.facts["session"]
    if session_id is None or top_up.session_id not in {None, session_id}:
        return _wrong(top_up, "The card company speaks of another payment page than ours.")
    if event.says_paid:
        return _paid(session, top_up, event, at)
    if top_up.state is TopUpState.ASKED and event.kind in _ENDS:
        # Only a payment that still waits: money that has come stays, whatever comes later.
        top_up.state = _ENDS[EventKind(event.kind)]
    return EventOutcome.NOTED


def _locked(session: Session, event: Event) -> TopUp | None:
    if event.top_up_id is None:
        return None
    return session.get(TopUp, event.top_up_id, with_for_update=True, populate_existing=True)


def _wrong(top_up: TopUp, trouble: str) -> EventOutcome:
    top_up.trouble = trouble
    return EventOutcome.WRONG


def _paid(session: Session, top_up: TopUp, event: Event, at: datetime) -> EventOutcome:
    if not event.is_in_pounds or event.amount != top_up.amount:
        return _wrong(
            top_up,
            f"We asked for {top_up.amount}. The card company says that "
            f"{event.amount or 'another amount'} was paid"
            f"{'' if event.is_in_pounds else ', in another currency'}. Nothing was paid in.",
        )
    if top_up.state is TopUpState.PAID:
        return EventOutcome.NOTED
    try:
        line_id = own_line(
            session,
            person_id=top_up.person_id,
            council_id=top_up.council_id,
            funder=funder_of(by_family=top_up.by_family),
            by_user_id=top_up.asked_by_id,
            at=at,
        )
    except NotFoundError:
        return _wrong(top_up, "The person's account was closed before this was paid. Give it back.")
    pay_in(
        session,
        line_id=line_id,
        key=f"top-up/{top_up.id}",
        amount=top_up.amount,
        why=PayIn.FAMILY if top_up.by_family else PayIn.CARD,
        by_user_id=top_up.asked_by_id,
        at=at,
    )
    top_up.state, top_up.line_id, top_up.paid_at = TopUpState.PAID, line_id, at
    top_up.session_id = str(event.facts["session"])
    _tell(session, top_up, at)
    _take_back(session, top_up, at)
    return EventOutcome.PAID_IN


def _refund(session: Session, top_up: TopUp, event: Event, at: datetime) -> EventOutcome:
    if not event.is_in_pounds or event.amount is None or event.amount > top_up.amount:
        return _wrong(top_up, "The card company gave back more than was paid, or no pounds.")
    # It names all that was given back so far, so an older message changes nothing.
    top_up.refunded = max(top_up.refunded, event.amount)
    if top_up.state is not TopUpState.PAID:
        return EventOutcome.NOTED
    return _take_back(session, top_up, at)


def _take_back(session: Session, top_up: TopUp, at: datetime) -> EventOutcome:
    """Take a refund out of the line as far as it is still there; the rest is for a human."""
    if top_up.taken_back == top_up.refunded:
        return EventOutcome.NOTED
    assert top_up.line_id is not None, "only what was paid in can be taken back"
    available = locked_available(session, line_id=top_up.line_id)
    amount = to_take_back(refunded=top_up.refunded, taken=top_up.taken_back, available=available)
    if amount > ZERO:
        take_out(
            session,
            line_id=top_up.line_id,
            key=f"top-up/{top_up.id}/back/{(top_up.taken_back + amount).pence}",
            amount=amount,
            why=TakeOut.CARD_REFUND,
            by_user_id=None,
            at=at,
        )
        top_up.taken_back += amount
    short = top_up.refunded - top_up.taken_back
    if short > ZERO:
        top_up.trouble = (
            f"{top_up.refunded} was given back to the card. {short} of it was spent or set aside "
            "before, so it was not taken out of the wallet. Decide what to do about it."
        )
    return EventOutcome.TAKEN_BACK


def _tell(session: Session, top_up: TopUp, at: datetime) -> None:
    person = access.person(session, user_id=top_up.person_id)
    write_letter(
        session,
        WriteLetter(
            key=f"top-up/{top_up.id}",
            to=person.email,
            subject=f"{top_up.amount} was paid in",
            template="money_in",
            values={
                "name": person.name,
                "amount": str(top_up.amount),
                "giver": top_up.giver,
                "family": top_up.by_family,
                "path": "/wallet",
            },
        ),
        at=at,
    )
