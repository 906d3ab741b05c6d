"""What the worker does for payments.

The card company is asked outside any transaction: what is to be asked is noted before, its answer
after, and the same question has the same key, so a fall between the two costs nothing. Where it
does not answer, the rest waits for the next turn.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from marketplace.councils.queries import councils
from marketplace.database import reading, transaction
from marketplace.kernel import sort_codes
from marketplace.kernel.clock import LONDON, local_day
from marketplace.payments import commands, queries
from marketplace.payments.adapters import CardAnswer, CardMoney
from marketplace.payments.adapters.stripe_money import card_money
from marketplace.payments.errors import CardRefusedError, CardSilentError
from marketplace.web.site import settings

AT_ONCE = 100
CARDS_AT_ONCE = 20
PROPOSES_FROM_HOUR = 6
"""Local time: officers find the day's run when they come to work."""


def post_bank_lines(at: datetime) -> int:
    """Book payments of statements that were taken in; each in a transaction of its own."""
    with reading() as session:
        line_ids = queries.lines_to_post(session, limit=AT_ONCE)
    done = 0
    for line_id in line_ids:
        with transaction() as session:
            done += commands.post_line(session, line_id=line_id, at=at)
    return done + _settle(at)


def _settle(at: datetime) -> int:
    """Settle what the statements say of our own payments."""
    with reading() as session:
        line_ids = queries.out_lines_to_post(session, limit=AT_ONCE)
    done = 0
    for line_id in line_ids:
        with transaction() as session:
            done += commands.post_out_line(session, line_id=line_id, at=at)
    return done


def propose_runs(at: datetime) -> int:
    """Propose, once a day for each council, what can be paid; officers decide about it."""
    if at.astimezone(LONDON).hour < PROPOSES_FROM_HOUR:
        return 0
    with reading() as session:
        done = queries.looked_at(session, on=local_day(at))
        waiting = [card.id for card in councils(session) if card.id not in done]
    made = 0
    for council_id in waiting:
        with transaction() as session:
            run_id = commands.propose_daily(
                session, council_id=council_id, at=at, tables=sort_codes.installed()
            )
        made += run_id is not None
    return made


def give_back_to_cards(at: datetime) -> int:
    """Give own money that is owed back to the cards it came from, as far as they take it."""
    money = card_money(settings())
    if money is None:
        return 0
    with reading() as session:
        owed = queries.refunds_to_plan(session, at=at)[:AT_ONCE]
    planned = 0
    for each in owed:
        with transaction() as session:
            planned += commands.plan_card_refunds(session, each, at=at)
    with reading() as session:
        refund_ids = queries.refunds_to_ask(session, limit=CARDS_AT_ONCE)
    return planned + _each(_give_back, money, refund_ids, at)


def take_regular_payments(at: datetime) -> int:
    """Ask the cards of people who said yes to a regular payment that is due."""
    money = card_money(settings())
    if money is None:
        return 0
    with reading() as session:
        due = queries.regulars_due(session, on=local_day(at), limit=AT_ONCE)
    for regular_id in due:
        with transaction() as session:
            commands.begin_due(session, regular_id=regular_id, at=at)
    with reading() as session:
        top_up_ids = queries.takings_to_do(session, limit=CARDS_AT_ONCE)
    return len(due) + _each(_take, money, top_up_ids, at)


def send_transfers(at: datetime) -> int:
    """Send the payments of runs that go through the card company."""
    money = card_money(settings())
    if money is None:
        return 0
    with reading() as session:
        item_ids = queries.sendings_to_do(session, limit=CARDS_AT_ONCE)
    return _each(_send, money, item_ids, at)


def act_on_kept_events(at: datetime) -> int:
    """Look again at messages that came before what they speak of, or on which we fell over."""
    with reading() as session:
        kept_ids = queries.events_overtaken(session, at=at, limit=AT_ONCE)
    for kept_id in kept_ids:
        with transaction() as session:
            commands.act_on_event(
                session, kept_id=kept_id, real_money=settings().stripe_is_real, at=at
            )
    return 0


def _each(
    deed: Callable[[CardMoney, UUID, datetime], None],
    money: CardMoney,
    ids: Iterable[UUID],
    at: datetime,
) -> int:
    done = 0
    for each in ids:
        try:
            deed(money, each, at)
        except CardSilentError:
            break
        done += 1
    return done


def _give_back(money: CardMoney, refund_id: UUID, at: datetime) -> None:
    with transaction() as session:
        asked = commands.begin_card_refund(session, refund_id=refund_id, at=at)
    if asked is None:
        return
    payment, amount, again = asked
    answer: CardAnswer | None = None
    try:
        if again:
            answer = money.find_refund(refund_id=refund_id, payment=payment)
        if answer is None:
            answer = money.refund(refund_id=refund_id, payment=payment, amount=amount)
    except CardRefusedError as refusal:
        with transaction() as session:
            commands.note_no(session, refund_id=refund_id, why=refusal.why, at=at)
        return
    with transaction() as session:
        commands.note_answer(session, refund_id=refund_id, answer=answer, at=at)


def _take(money: CardMoney, top_up_id: UUID, at: datetime) -> None:
    with transaction() as session:
        wish = commands.begin_taking(session, top_up_id=top_up_id, at=at)
    if wish is None:
        return
    try:
        answer = money.take(wish)
    except CardRefusedError as refusal:
        payment, why = refusal.payment, refusal.why
    else:
        if answer.status != "requires_action":
            with transaction() as session:
                commands.note_taking(session, top_up_id=top_up_id, payment=answer.id)
            return
        payment, why = answer.id, answer.status
    with transaction() as session:
        commands.note_taking_refused(session, top_up_id=top_up_id, payment=payment, why=why, at=at)


def _send(money: CardMoney, item_id: UUID, at: datetime) -> None:
    with transaction() as session:
        asked = commands.begin_sending(session, item_id=item_id, at=at)
    if asked is None:
        return
    key, account_id, amount, words, again = asked
    answer: CardAnswer | None = None
    try:
        if again:
            answer = money.find_sent(key=key)
        if answer is None:
            answer = money.send(
                key=key, item_id=item_id, account_id=account_id, amount=amount, words=words
            )
    except CardRefusedError as refusal:
        with transaction() as session:
            commands.note_not_transferred(session, item_id=item_id, why=refusal.why, at=at)
        return
    with transaction() as session:
        commands.note_transferred(session, item_id=item_id, transfer_id=answer.id, at=at)
