"""The provider's answer to a query: yes to what is asked, an offer, or no; and the person's yes."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.rules import Unit
from marketplace.councils.queries import council
from marketplace.kernel.clock import MINUTES_AN_HOUR
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.commands.disputes_ending import do_again, settle_query, visit_in
from marketplace.orders.commands.disputes_letters import tell
from marketplace.orders.commands.disputes_locked import (
    Said,
    add_step,
    checked_file,
    go,
    is_said,
    needed_words,
    persons_dispute,
    providers_dispute,
)
from marketplace.orders.commands.locked import lines_of, record_deed
from marketplace.orders.errors import DisputeRefusedError, WrongStateError
from marketplace.orders.models import Dispute, Order
from marketplace.orders.rules import WORDS_LENGTH_MAX, day_words, moment_words
from marketplace.orders.rules.disputes import (
    DisputeState,
    Move,
    Remedy,
    Side,
    StepKind,
    answer_by,
    pay_for_minutes,
)


class Answer(StrEnum):
    """What a provider says to a query."""

    ACCEPT = "accept"
    OFFER = "offer"
    DISAGREE = "disagree"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuery:
    """A provider's answer. Brings its id: sent twice is once."""

    query_id: UUID
    answer: Answer
    words: str = ""
    amount: Money | None = None
    """What is to be paid, in an offer; or else …"""
    minutes: int | None = None
    """… how many minutes of it are."""
    new_at: datetime | None = None
    """When it is done again, if that was asked for."""
    file_name: str = ""
    file: bytes | None = None
    step_id: UUID = field(default_factory=uuid4)


def answer_query(session: Session, wish: AnswerQuery, *, by: Actor, at: datetime) -> None:
    """Answer a query as the provider. A yes to what is asked settles it at once.

    Raises:
        NotFoundError: it is about another provider's visit.
        NotAllowedError: only an owner or manager answers.
        DisputeRefusedError: the offer, the time, the words or the file cannot be.
        WrongStateError: it has ended, or was answered.
    """
    order, dispute = providers_dispute(session, wish.query_id, by)
    if is_said(session, dispute, wish.step_id):
        return
    match wish.answer:
        case Answer.ACCEPT:
            _accept(session, order, dispute, wish, by=by, at=at)
        case Answer.OFFER:
            _offer(session, order, dispute, wish, by=by, at=at)
        case Answer.DISAGREE:
            _disagree(session, order, dispute, wish, by=by, at=at)


def take_offer(session: Session, *, query_id: UUID, shown: Money, by: Actor, at: datetime) -> None:
    """Say yes, as the person, to the part the provider offers: it is settled at once.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not say what was delivered.
        WrongStateError: there is no offer, it is another one, or it has ended.
    """
    order, dispute = persons_dispute(session, query_id, by)
    go(dispute, Move.TAKE_OFFER, by=by, at=at)
    if dispute.offered is None:
        raise WrongStateError("There is no offer to say yes to.")
    if dispute.offered != shown:
        raise WrongStateError(
            f"The offer is another one now: {dispute.offered} to be paid. Look at it again."
        )
    said = Said(kind=StepKind.TOOK_OFFER, side=Side.PERSON, step_id=uuid4(), amount=dispute.offered)
    add_step(session, dispute, said, by=by, at=at)
    settle_query(session, order, dispute, dispute.offered, by=by, at=at)
    words = f"{by.name} said yes to the offer: {dispute.offered} is paid. It is settled."
    tell_ended(session, order, dispute, words, at=at)
    record_deed(session, order, "query-offer-taken", by=by, at=at, pence=dispute.offered.pence)


def tell_ended(
    session: Session, order: Order, dispute: Dispute, words: str, *, at: datetime
) -> None:
    """Tell everybody concerned how a query ended, and what becomes of the money."""
    sentences = [words]
    if dispute.back:
        sentences.append(f"{dispute.back} goes back to the money it came from.")
    if dispute.invoice_id is not None and dispute.back:
        sentences.append(
            f"A credit note takes it off the invoice. If {order.provider_name} was paid for it "
            "already, it comes off their next payment."
        )
    sides = {Side.PERSON, Side.PROVIDER}
    if dispute.council_since is not None:
        sides.add(Side.COUNCIL)
    tell(session, order, dispute, sides, "Something wrong with a visit: settled", sentences, at=at)


def offer_part(
    session: Session, order: Order, dispute: Dispute, said: Said, *, by: Actor, at: datetime
) -> None:
    """Write an offer down and tell the person, who has the council's days to answer."""
    assert said.amount is not None, "an offer says how much"
    go(dispute, Move.OFFER, by=by, at=at)
    dispute.offered = said.amount
    if dispute.state is DisputeState.OFFERED:
        dispute.due_on = _days_to_answer(session, dispute, at)
    add_step(session, dispute, said, by=by, at=at)
    sentences = [
        f"{order.provider_name} offers that {said.amount} is paid, of {dispute.claimed}.",
        *([f"They say: {said.words}"] if said.words else []),
        _until(dispute),
    ]
    subject = f"{order.provider_name} makes an offer"
    tell(session, order, dispute, _others(dispute), subject, sentences, at=at)
    record_deed(session, order, "query-offered", by=by, at=at, pence=said.amount.pence)


def disagree(
    session: Session, order: Order, dispute: Dispute, said: Said, *, by: Actor, at: datetime
) -> None:
    """Write down that the provider does not agree, and tell the person what they can do."""
    go(dispute, Move.DISAGREE, by=by, at=at)
    dispute.due_on = _days_to_answer(session, dispute, at)
    add_step(session, dispute, said, by=by, at=at)
    sentences = [
        f"{order.provider_name} does not agree that something was wrong.",
        f"They say: {said.words}",
        _until(dispute),
    ]
    subject = f"{order.provider_name} does not agree"
    tell(session, order, dispute, {Side.PERSON}, subject, sentences, at=at)
    record_deed(session, order, "query-disagreed", by=by, at=at)


def _accept(
    session: Session,
    order: Order,
    dispute: Dispute,
    wish: AnswerQuery,
    *,
    by: Actor,
    at: datetime,
) -> None:
    file = checked_file(wish.file_name, wish.file)
    go(dispute, Move.ACCEPT, by=by, at=at)
    said = Said(
        kind=StepKind.ACCEPTED,
        side=Side.PROVIDER,
        step_id=wish.step_id,
        words=wish.words.strip()[:WORDS_LENGTH_MAX],
        amount=dispute.wanted,
        new_at=wish.new_at if dispute.remedy is Remedy.AGAIN else None,
        file=file,
    )
    add_step(session, dispute, said, by=by, at=at)
    if dispute.wanted is None:
        do_again(session, order, dispute, wish.new_at, at=at)
        words = f"{order.provider_name} does it again: {moment_words(wish.new_at)}."
    else:
        settle_query(session, order, dispute, dispute.wanted, by=by, at=at)
        words = f"{order.provider_name} agreed to what was asked: {dispute.wanted} is paid."
    tell_ended(session, order, dispute, words, at=at)
    record_deed(session, order, "query-accepted", by=by, at=at)


def _offer(
    session: Session,
    order: Order,
    dispute: Dispute,
    wish: AnswerQuery,
    *,
    by: Actor,
    at: datetime,
) -> None:
    said = Said(
        kind=StepKind.OFFERED,
        side=Side.PROVIDER,
        step_id=wish.step_id,
        words=wish.words.strip()[:WORDS_LENGTH_MAX],
        amount=_amount(session, order, dispute, wish),
        file=checked_file(wish.file_name, wish.file),
    )
    offer_part(session, order, dispute, said, by=by, at=at)


def _disagree(
    session: Session,
    order: Order,
    dispute: Dispute,
    wish: AnswerQuery,
    *,
    by: Actor,
    at: datetime,
) -> None:
    said = Said(
        kind=StepKind.DISAGREED,
        side=Side.PROVIDER,
        step_id=wish.step_id,
        words=needed_words(wish.words, "Say why you do not agree."),
        file=checked_file(wish.file_name, wish.file),
    )
    disagree(session, order, dispute, said, by=by, at=at)


def _amount(session: Session, order: Order, dispute: Dispute, wish: AnswerQuery) -> Money:
    """Return what an offer comes to.

    Raises:
        DisputeRefusedError: it says nothing, or both; or not less than was claimed; or no more
            than the person says is to be paid.
    """
    if (wish.amount is None) == (wish.minutes is None):
        raise DisputeRefusedError("amount", "Enter what is to be paid, or how many minutes of it.")
    if wish.minutes is not None:
        amount, field_name = _of_minutes(session, order, dispute, wish.minutes), "minutes"
    else:
        assert wish.amount is not None
        amount, field_name = wish.amount, "amount"
    if not ZERO < amount < dispute.claimed:
        raise DisputeRefusedError(
            field_name, f"Offer more than nothing, and less than {dispute.claimed}."
        )
    if dispute.wanted is not None and amount <= dispute.wanted:
        raise DisputeRefusedError(
            field_name,
            f"They say that {dispute.wanted} is to be paid. Agree to what they ask instead.",
        )
    return amount


def _of_minutes(session: Session, order: Order, dispute: Dispute, minutes: int) -> Money:
    visit = visit_in(session, order, dispute)
    line = lines_of(session, order)[visit.line_id]
    if line.unit != Unit.HOUR:
        raise DisputeRefusedError("minutes", "This is not paid by the hour. Enter an amount.")
    ordered = line.quantity * MINUTES_AN_HOUR
    if not 0 < minutes <= ordered:
        raise DisputeRefusedError("minutes", f"Enter between 1 and {ordered} minutes.")
    return pay_for_minutes(visit.amount, minutes, of_minutes=ordered)


def _days_to_answer(session: Session, dispute: Dispute, at: datetime) -> date:
    days = council(session, council_id=dispute.council_id).query_answer_days
    return answer_by(at, days=days)


def _until(dispute: Dispute) -> str:
    if dispute.due_on is None:
        return "It is with the council. You can still say yes to an offer until they decide."
    return (
        f"You can say yes, or ask the council to decide. If nobody answers by "
        f"{day_words(dispute.due_on)}, it goes to the council by itself."
    )


def _others(dispute: Dispute) -> set[Side]:
    return {Side.PERSON} if dispute.council_since is None else {Side.PERSON, Side.COUNCIL}
