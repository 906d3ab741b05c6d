"""What else can be done about a query: take it back, say more, ask the council; or silence does."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.commands.disputes_answering import disagree, offer_part, tell_ended
from marketplace.orders.commands.disputes_ending import plan_anew, settle_query, visit_in
from marketplace.orders.commands.disputes_letters import tell
from marketplace.orders.commands.disputes_locked import (
    Said,
    add_step,
    checked_file,
    go,
    is_said,
    live_disputes,
    locked_dispute,
    needed_words,
    persons_dispute,
    refuse_part_in_it,
)
from marketplace.orders.commands.locked import persons_order, providers_order, record_deed
from marketplace.orders.errors import WrongStateError
from marketplace.orders.models import Dispute, Order, Visit
from marketplace.orders.queries.mediating import mediates
from marketplace.orders.rules import WORDS_LENGTH_MAX
from marketplace.orders.rules.disputes import (
    DisputeState,
    Move,
    Side,
    StepKind,
    divide,
    is_silent,
    may_move,
    outcome_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SayMore:
    """More words to a query, or to the council. Brings its id: sent twice is once."""

    query_id: UUID
    words: str
    file_name: str = ""
    file: bytes | None = None
    step_id: UUID = field(default_factory=uuid4)


def withdraw_query(session: Session, *, query_id: UUID, by: Actor, at: datetime) -> None:
    """Take a query back: what the provider noted is paid, and the rest goes back. Twice is once.

    If nothing is noted yet, the visit is as it was before.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not say what was delivered.
        WrongStateError: it has ended otherwise.
    """
    order, dispute = persons_dispute(session, query_id, by)
    if dispute.state is DisputeState.WITHDRAWN:
        return
    go(dispute, Move.WITHDRAW, by=by, at=at)
    said = Said(kind=StepKind.WITHDREW, side=Side.PERSON, step_id=uuid4())
    add_step(session, dispute, said, by=by, at=at)
    visit = visit_in(session, order, dispute)
    if dispute.invoice_id is not None:
        settle_query(session, order, dispute, dispute.stake, by=by, at=at)
    elif visit.note_kind is None:
        plan_anew(session, visit)
    else:
        settle_query(session, order, dispute, visit.due or ZERO, by=by, at=at)
    tell_ended(session, order, dispute, f"{by.name} took it back. It is settled.", at=at)
    record_deed(session, order, "query-withdrawn", by=by, at=at)


def withdraw_confirmed(
    session: Session, order: Order, visits: Iterable[Visit], *, by: Actor, at: datetime
) -> None:
    """Take back the queries of visits of a locked order that the person confirms as noted.

    Whoever calls pays for the visits.
    """
    live = live_disputes(session, order)
    for visit in visits:
        if visit.id not in live:
            continue
        dispute, due = live[visit.id], visit.due or ZERO
        go(dispute, Move.WITHDRAW, by=by, at=at)
        divided = divide(dispute.stake, due)
        dispute.outcome = outcome_of(due, claimed=dispute.claimed)
        dispute.settled, dispute.back = divided.settled, divided.back
        said = Said(kind=StepKind.WITHDREW, side=Side.PERSON, step_id=uuid4())
        add_step(session, dispute, said, by=by, at=at)
        tell_ended(
            session, order, dispute, f"{by.name} says that the note is right. It is settled.", at=at
        )
        record_deed(session, order, "query-withdrawn", by=by, at=at)


def ask_council_to_decide(session: Session, wish: SayMore, *, by: Actor, at: datetime) -> None:
    """Ask the council to decide, as the person, once the provider has answered.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not say what was delivered.
        DisputeRefusedError: the file is not what its name says.
        WrongStateError: the provider still has time to answer, or it has ended.
    """
    order, dispute = persons_dispute(session, wish.query_id, by)
    if is_said(session, dispute, wish.step_id):
        return
    file = checked_file(wish.file_name, wish.file)
    if dispute.state is DisputeState.ASKED:
        raise WrongStateError("The provider still has time to answer. You can ask after that.")
    go(dispute, Move.TO_COUNCIL, by=by, at=at)
    said = Said(
        kind=StepKind.TO_COUNCIL,
        side=Side.PERSON,
        step_id=wish.step_id,
        words=wish.words.strip()[:WORDS_LENGTH_MAX],
        file=file,
    )
    add_step(session, dispute, said, by=by, at=at)
    sentences = [
        f"{by.name} asked the council to decide. Until then nobody is paid for this visit.",
        *([f"They say: {said.words}"] if said.words else []),
    ]
    sides = {Side.PROVIDER, Side.COUNCIL}
    tell(session, order, dispute, sides, "The council is asked to decide", sentences, at=at)
    record_deed(session, order, "query-to-council", by=by, at=at)


def pass_on_silent(session: Session, *, query_id: UUID, at: datetime) -> bool:
    """Ask the council about a query that nobody answered in time; tell whether that is news."""
    try:
        order, dispute = locked_dispute(session, query_id)
    except NotFoundError:
        return False
    if not (may_move(dispute.state, Move.PASS_ON) and is_silent(dispute.due_on, at=at)):
        return False
    silent = order.provider_name if dispute.state is DisputeState.ASKED else "The person"
    go(dispute, Move.PASS_ON, by=None, at=at)
    said = Said(kind=StepKind.PASSED_ON, side=Side.MARKET, step_id=uuid4())
    add_step(session, dispute, said, by=None, at=at)
    sentences = [
        f"{silent} did not answer in time, so the council is asked to decide.",
        "Until then nobody is paid for this visit.",
    ]
    sides = {Side.PERSON, Side.PROVIDER, Side.COUNCIL}
    tell(session, order, dispute, sides, "The council is asked to decide", sentences, at=at)
    record_deed(session, order, "query-passed-on", by=None, at=at)
    return True


def say_more(session: Session, wish: SayMore, *, by: Actor, at: datetime) -> None:
    """Write something more about a query, for instance to answer a question of the council.

    Raises:
        NotFoundError: it does not concern them.
        NotAllowedError: the supporter may not say what was delivered.
        ConflictedError: they are of the council and have a part in it.
        DisputeRefusedError: there are no words, or the file is not what its name says.
        WrongStateError: it has ended.
    """
    order, dispute = locked_dispute(session, wish.query_id)
    side = _side(session, order, dispute, by, at=at)
    if is_said(session, dispute, wish.step_id):
        return
    go(dispute, Move.WRITE, by=by, at=at)
    said = Said(
        kind=StepKind.WROTE,
        side=side,
        step_id=wish.step_id,
        words=needed_words(wish.words, "Write what you want to say."),
        file=checked_file(wish.file_name, wish.file),
    )
    add_step(session, dispute, said, by=by, at=at)
    others = {Side.PERSON, Side.PROVIDER} - {side}
    if dispute.council_since is not None and side is not Side.COUNCIL:
        others.add(Side.COUNCIL)
    sentences = [f"{by.name} writes: {said.words}"]
    subject = "Something wrong with a visit: a message"
    tell(session, order, dispute, others, subject, sentences, at=at)
    record_deed(session, order, "query-written", by=by, at=at)


def answer_with_note(  # noqa: PLR0913 - whose visit, what it comes to, by whom, when
    session: Session,
    order: Order,
    visit: Visit,
    dispute: Dispute,
    *,
    due: Money,
    words: str,
    by: Actor,
    at: datetime,
) -> None:
    """Take a corrected note as the provider's answer: less than before is an offer.

    Nothing due, or no more than the person says is to be paid, is a yes to them.

    Raises:
        WrongStateError: it is for more than before.
    """
    step_id = uuid4()
    if due > dispute.claimed:
        raise WrongStateError(
            "Somebody says that something is wrong with this visit. You cannot ask for more now."
        )
    if not due or (dispute.wanted is not None and due <= dispute.wanted):
        go(dispute, Move.ACCEPT, by=by, at=at)
        said = Said(
            kind=StepKind.ACCEPTED, side=Side.PROVIDER, step_id=step_id, words=words, amount=due
        )
        add_step(session, dispute, said, by=by, at=at)
        settle_query(session, order, dispute, due, by=by, at=at)
        ended = f"{order.provider_name} corrected the note: {due} is paid."
        tell_ended(session, order, dispute, ended, at=at)
        record_deed(session, order, "query-accepted", by=by, at=at)
    elif due < dispute.claimed:
        said = Said(
            kind=StepKind.OFFERED, side=Side.PROVIDER, step_id=step_id, words=words, amount=due
        )
        offer_part(session, order, dispute, said, by=by, at=at)
    elif dispute.state is DisputeState.ASKED:
        assert visit.note_kind is not None
        why = words or visit.note_kind.label
        said = Said(kind=StepKind.DISAGREED, side=Side.PROVIDER, step_id=step_id, words=why)
        disagree(session, order, dispute, said, by=by, at=at)


def _side(session: Session, order: Order, dispute: Dispute, by: Actor, *, at: datetime) -> Side:
    if mediates(by, dispute):
        refuse_part_in_it(session, dispute, by, at=at)
        return Side.COUNCIL
    if by.person_id is not None:
        persons_order(session, order.id, by, Permission.PLACE_ORDERS)
        return Side.PERSON
    providers_order(session, order.id, by)
    return Side.PROVIDER
