"""Own money that is paid in by card each month or four weeks, until the person stops it.

The card is typed on the card company's page, once, where its bank has the owner prove that it is
theirs. Each day of payment makes one payment by card, whose id is made of the yes and the day: so
however often the worker looks, it is asked for once. Money comes in by the signed message alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.writing import insert_once
from marketplace.orders.rules import day_words
from marketplace.payments import queries
from marketplace.payments.adapters import CardPage, Taking
from marketplace.payments.commands.regular_letters import tell_begun, tell_no, tell_stopped
from marketplace.payments.errors import TopUpRefusedError
from marketplace.payments.models import Regular, TopUp
from marketplace.payments.rules import (
    FAILURES_MAX,
    Event,
    EventOutcome,
    Every,
    RegularState,
    TopUpState,
    check_card_amount,
    consent_words,
    next_after,
)

TRIED_FOR = timedelta(hours=20)
"""The card company remembers our question for a day: after this we do not ask it again."""
WORDS = "Money for support"
REGULARS_MAX = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRegular:
    """A yes to pay so much of one's own money in regularly, for use in one council's market."""

    regular_id: UUID
    council_id: UUID
    amount: Money
    every: Every


def ask_regular(session: Session, wish: AskRegular, *, by: Actor, at: datetime) -> UUID:
    """Note that somebody says yes to a regular payment; it begins when their card is kept.

    The wish brings the id, so that a form sent twice is one.

    Raises:
        NotAllowedError: they may not spend the person's money, so they may not add to it.
        NotFoundError: the person does not buy in that council's market.
        TopUpRefusedError: the amount is too little or too much for a card, or there are many.
    """
    if not by.may(Permission.PLACE_ORDERS):
        raise NotAllowedError("You may not pay money in for this person.")
    check_card_amount(wish.amount)
    markets = queries.markets_of(session, person_id=by.buys_for)
    if wish.council_id not in {market.id for market in markets}:
        raise NotFoundError
    before = queries.regulars_of(session, person_id=by.buys_for)
    living = [each.id for each in before if each.state is not RegularState.STOPPED]
    if len(living) >= REGULARS_MAX and wish.regular_id not in living:
        raise TopUpRefusedError(f"There are {REGULARS_MAX} regular payments. Stop one first.")
    today = local_day(at)
    values = {
        "id": wish.regular_id,
        "person_id": by.buys_for,
        "council_id": wish.council_id,
        "amount": wish.amount,
        "every": wish.every,
        "starts_on": today,
        "state": RegularState.ASKED,
        "consent": consent_words(wish.amount, wish.every, day_words(today)),
        "asked_by_id": by.user_id,
        "asked_at": at,
        "stopped_why": "",
        "failures": 0,
    }
    if insert_once(session, Regular, values):
        _record(session, "regular-payment-asked", values, by.user_id, at)
        return wish.regular_id
    earlier = session.get_one(Regular, wish.regular_id)
    if (earlier.person_id, earlier.council_id) != (by.buys_for, wish.council_id):
        raise NotFoundError
    if (earlier.amount, earlier.every) != (wish.amount, wish.every):
        raise TopUpRefusedError("This was begun with another amount. Begin a new one.")
    return wish.regular_id


def keep_setup(session: Session, *, regular_id: UUID, customer: str, page: CardPage | None) -> None:
    """Keep how the card company calls whoever pays, and where the card is to be typed."""
    regular = _locked(session, regular_id)
    assert regular is not None, "a regular payment is never taken out"
    regular.customer = regular.customer or customer
    if page is not None and regular.session_id in {None, page.session_id}:
        regular.session_id, regular.page_url = page.session_id, page.url


def stop_regular(session: Session, *, regular_id: UUID, by: Actor, at: datetime) -> None:
    """Stop a regular payment: the card is never asked again. Twice is once.

    Raises:
        NotFoundError: the person has no such payment.
    """
    regular = _locked(session, regular_id)
    if regular is None or regular.person_id != by.buys_for:
        raise NotFoundError
    if regular.state is RegularState.STOPPED:
        return
    _stop(session, regular, f"{by.name} stopped it.", at)
    _record(session, "regular-payment-stopped", _values(regular), by.user_id, at)


def stop_all_of(session: Session, *, person_id: UUID, at: datetime) -> None:
    """Stop all regular payments of somebody who leaves."""
    rows = select(Regular.id).where(
        Regular.person_id == person_id, Regular.state != RegularState.STOPPED
    )
    for regular_id in session.scalars(rows).all():
        regular = _locked(session, regular_id)
        assert regular is not None
        _stop(session, regular, "The account was closed.", at)


def hear_of_setup(session: Session, event: Event, at: datetime) -> EventOutcome:
    """Begin a regular payment, now that its card is kept and its owner has proved to be it."""
    regular_id = event.id_of("regular")
    if regular_id is None:
        return EventOutcome.NOT_OURS
    regular = _locked(session, regular_id)
    if regular is None:
        return EventOutcome.UNKNOWN
    method, customer = event.text("method"), event.text("customer")
    if not method or customer != regular.customer or event.text("status") != "succeeded":
        return EventOutcome.WRONG
    if regular.state is not RegularState.ASKED:
        return EventOutcome.NOTED
    regular.state, regular.method, regular.agreed_at = RegularState.ON, method, at
    regular.starts_on = regular.next_on = local_day(at)
    session.flush()
    tell_begun(session, regular, at)
    _record(session, "regular-payment-begun", _values(regular), regular.asked_by_id, at)
    return EventOutcome.NOTED


def hear_of_lost_card(session: Session, event: Event, at: datetime) -> EventOutcome:
    """Stop what was taken from a card that the card company does not keep any more."""
    method = event.text("session")
    rows = select(Regular.id).where(Regular.method == method, Regular.state == RegularState.ON)
    found = session.scalars(rows).all()
    for regular_id in found:
        regular = _locked(session, regular_id)
        assert regular is not None
        _stop(session, regular, "The card cannot be used any more.", at)
        tell_stopped(session, regular, at)
    return EventOutcome.NOTED if found else EventOutcome.NOT_OURS


def begin_due(session: Session, *, regular_id: UUID, at: datetime) -> UUID | None:
    """Begin the payment that is due; None if none is. What was missed is not asked for later."""
    regular, today = _locked(session, regular_id), local_day(at)
    if regular is None or regular.state is not RegularState.ON or regular.next_on is None:
        return None
    if regular.next_on > today:
        return None
    top_up_id = uuid5(regular.id, regular.next_on.isoformat())
    regular.next_on = next_after(regular.starts_on, regular.every, today)
    insert_once(
        session,
        TopUp,
        {
            "id": top_up_id,
            "person_id": regular.person_id,
            "council_id": regular.council_id,
            "amount": regular.amount,
            "by_family": False,
            "link_id": None,
            "giver": "",
            "asked_by_id": regular.asked_by_id,
            "regular_id": regular.id,
            "state": TopUpState.ASKED,
            "asked_at": at,
            "refunded": ZERO,
            "taken_back": ZERO,
            "trouble": "",
        },
    )
    return top_up_id


def begin_taking(session: Session, *, top_up_id: UUID, at: datetime) -> Taking | None:
    """Return what is to be asked of the card company now; None if nothing is any more."""
    top_up = _locked_top_up(session, top_up_id)
    if top_up.state is not TopUpState.ASKED or top_up.payment or top_up.regular_id is None:
        return None
    regular = session.get_one(Regular, top_up.regular_id)
    if regular.state is not RegularState.ON or at - top_up.asked_at > TRIED_FOR:
        top_up.state = TopUpState.FAILED
        return None
    assert regular.customer is not None, "what goes on has a card"
    assert regular.method is not None, "what goes on has a card"
    return Taking(
        top_up_id=top_up.id,
        amount=top_up.amount,
        customer=regular.customer,
        method=regular.method,
        words=WORDS,
    )


def note_taking(session: Session, *, top_up_id: UUID, payment: str) -> None:
    """Keep the card company's name for a payment; its message says when the money is there."""
    top_up = _locked_top_up(session, top_up_id)
    top_up.payment = top_up.payment or payment


def note_taking_refused(
    session: Session, *, top_up_id: UUID, payment: str, why: str, at: datetime
) -> None:
    """Note that a card said no, or that its owner must prove again that it is theirs."""
    note_card_says_no(session, _locked_top_up(session, top_up_id), payment=payment, why=why, at=at)


def note_given_up(session: Session, *, top_up_id: UUID) -> None:
    """Note that a payment without a page is given up, so that it can be paid on one."""
    top_up = _locked_top_up(session, top_up_id)
    if top_up.state is not TopUpState.PAID:
        # Until its page is known it counts as failed, so that the worker does not ask the card.
        top_up.payment, top_up.state = None, TopUpState.FAILED


def note_card_says_no(
    session: Session, top_up: TopUp, *, payment: str, why: str, at: datetime
) -> None:
    """Tell the person once that a card said no; after some noes in a row stop asking it."""
    if top_up.state is not TopUpState.ASKED or top_up.payment or top_up.session_id:
        return
    top_up.payment = payment or None
    if not payment:
        top_up.state = TopUpState.FAILED
    assert top_up.regular_id is not None, "only regular payments are taken without a page"
    regular = _locked(session, top_up.regular_id)
    assert regular is not None
    regular.failures += 1
    tell_no(session, top_up, why, at)
    if regular.failures >= FAILURES_MAX and regular.state is RegularState.ON:
        _stop(session, regular, f"The card said no {FAILURES_MAX} times in a row.", at)
        tell_stopped(session, regular, at)


def note_success(session: Session, top_up: TopUp) -> None:
    """Forget the noes that came before a payment that has come."""
    if top_up.regular_id is not None:
        session.get_one(Regular, top_up.regular_id, with_for_update=True).failures = 0


def _stop(session: Session, regular: Regular, why: str, at: datetime) -> None:
    regular.state, regular.stopped_at, regular.stopped_why = RegularState.STOPPED, at, why
    regular.next_on = None
    session.flush()


def _locked(session: Session, regular_id: UUID) -> Regular | None:
    return session.get(Regular, regular_id, with_for_update=True, populate_existing=True)


def _locked_top_up(session: Session, top_up_id: UUID) -> TopUp:
    return session.get_one(TopUp, top_up_id, with_for_update=True, populate_existing=True)


def _values(regular: Regular) -> dict[str, object]:
    return {name: getattr(regular, name) for name in ("id", "person_id", "amount", "every")}


def _record(
    session: Session,
    what: str,
    regular: dict[str, object],
    by_user_id: UUID | None,
    at: datetime,
) -> None:
    person_id, subject_id, amount = regular["person_id"], regular["id"], regular["amount"]
    assert isinstance(person_id, UUID)
    assert isinstance(subject_id, UUID)
    assert isinstance(amount, Money)
    record(
        session,
        what=what,
        chain_id=person_id,
        subject_id=subject_id,
        by_user_id=by_user_id,
        for_person_id=person_id,
        at=at,
        details={"pence": amount.pence, "every": str(regular["every"])},
    )
