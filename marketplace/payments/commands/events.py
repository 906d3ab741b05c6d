"""Messages of the card company: kept once, then acted on once, in whatever order they come.

Locks are taken in one order: event → payment → accounts → audit.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.budgets.commands import (
    PayIn,
    owe_who_left,
    own_line,
    pay_in,
)
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.payments.commands.card_disputes import hear_of_dispute
from marketplace.payments.commands.card_refunds import hear_of_refund
from marketplace.payments.commands.connect import hear_of_account, hear_of_reversal
from marketplace.payments.commands.regulars import (
    hear_of_lost_card,
    hear_of_setup,
    note_card_says_no,
    note_success,
)
from marketplace.payments.commands.taking_back import take_back
from marketplace.payments.models import CardEvent, TopUp
from marketplace.payments.rules import (
    DISPUTE_KINDS,
    INTENT_KINDS,
    REFUND_KINDS,
    Event,
    EventKind,
    EventOutcome,
    TopUpState,
    funder_of,
)

_KINDS = frozenset(EventKind)
_ENDS = MappingProxyType(
    {EventKind.FAILED: TopUpState.FAILED, EventKind.EXPIRED: TopUpState.EXPIRED}
)
_OTHERS: Mapping[EventKind, Callable[[Session, Event, datetime], EventOutcome]] = MappingProxyType(
    {
        **dict.fromkeys(REFUND_KINDS, hear_of_refund),
        **dict.fromkeys(DISPUTE_KINDS, hear_of_dispute),
        EventKind.SETUP_DONE: hear_of_setup,
        EventKind.METHOD_GONE: hear_of_lost_card,
        EventKind.ACCOUNT_UPDATED: hear_of_account,
        EventKind.TRANSFER_REVERSED: hear_of_reversal,
    }
)
"""Messages that are not about a payment into a wallet itself."""


_LOOK_AGAIN = frozenset({EventOutcome.UNKNOWN, EventOutcome.NOT_OURS})


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
    about a payment we did not know is looked at again, because it may have overtaken it; so is one
    that we did not act on, because we may have learned to.
    """
    kept = session.get_one(CardEvent, kept_id, with_for_update=True, populate_existing=True)
    if kept.outcome is not None and kept.outcome not in _LOOK_AGAIN:
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
    if (act := _OTHERS.get(EventKind(event.kind))) is not None:
        return act(session, event, at)
    if event.text("mode") == "setup":
        # The page on which a card was kept; that it is kept is said by a message of its own.
        return EventOutcome.NOTED
    if (top_up := _locked(session, event)) is None:
        return EventOutcome.UNKNOWN
    kept.top_up_id = top_up.id
    if event.kind == EventKind.REFUNDED:
        return _refund(session, top_up, event, at)
    if event.kind in INTENT_KINDS:
        return _of_intent(session, top_up, event, at)
    return _of_page(session, top_up, event, at)


def _of_page(session: Session, top_up: TopUp, event: Event, at: datetime) -> EventOutcome:
    session_id = event.facts.get("session")
    if session_id is None or top_up.session_id not in {None, session_id}:
        return _wrong(top_up, "The card company speaks of another payment page than ours.")
    if event.says_paid:
        return _paid(session, top_up, event, at)
    if top_up.state is TopUpState.ASKED and event.kind in _ENDS:
        # Only a payment that still waits: money that has come stays, whatever comes later.
        top_up.state = _ENDS[EventKind(event.kind)]
    return EventOutcome.NOTED


def _of_intent(session: Session, top_up: TopUp, event: Event, at: datetime) -> EventOutcome:
    """Act on a message about a payment without a page: those of pages are told by their page."""
    if top_up.regular_id is None:
        return EventOutcome.NOTED
    if top_up.payment not in {None, event.text("payment") or None}:
        return _wrong(top_up, "The card company speaks of another payment than ours.")
    if event.says_paid:
        return _paid(session, top_up, event, at)
    if top_up.state is TopUpState.ASKED and event.text("payment"):
        note_card_says_no(
            session, top_up, payment=event.text("payment"), why=event.text("why"), at=at
        )
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
    top_up.payment = event.text("payment") or None
    if event.kind not in INTENT_KINDS:
        top_up.session_id = event.text("session")
    _tell(session, top_up, at)
    take_back(session, top_up, at)
    owe_who_left(session, person_id=top_up.person_id, key=f"top-up/{top_up.id}", at=at)
    note_success(session, top_up)
    return EventOutcome.PAID_IN


def _refund(session: Session, top_up: TopUp, event: Event, at: datetime) -> EventOutcome:
    if not event.is_in_pounds or event.amount is None or event.amount > top_up.amount:
        return _wrong(top_up, "The card company gave back more than was paid, or no pounds.")
    # It names all that was given back so far, so an older message changes nothing.
    top_up.refunded = max(top_up.refunded, event.amount)
    return take_back(session, top_up, at)


def _tell(session: Session, top_up: TopUp, at: datetime) -> None:
    if access.is_closed(session, user_id=top_up.person_id):
        return
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
