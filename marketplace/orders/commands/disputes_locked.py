"""Queries about visits, locked with their order, for those they concern; and what is said."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.kernel.attachments import BadFileError, CleanFile, clean_file
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.orders.commands.locked import any_order, persons_order, providers_order
from marketplace.orders.errors import ConflictedError, DisputeRefusedError
from marketplace.orders.models import Dispute, DisputeFile, DisputeStep, Order
from marketplace.orders.queries.mediating import why_not_decide
from marketplace.orders.rules import WORDS_LENGTH_MAX
from marketplace.orders.rules.disputes import Move, Side, StepKind

NOT_FOUND = "We cannot find that."
THE_MARKET = "The market"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One step as it is to be written down."""

    kind: StepKind
    side: Side
    step_id: UUID
    words: str = ""
    amount: Money | None = None
    new_at: datetime | None = None
    to_side: Side | None = None
    file: CleanFile | None = None


def locked_dispute(session: Session, query_id: UUID) -> tuple[Order, Dispute]:
    """Lock a query's order, whoever's it is, and read the query as it is then.

    Raises:
        NotFoundError: there is no such query.
    """
    order_id = session.scalar(select(Dispute.order_id).where(Dispute.id == query_id))
    if order_id is None:
        raise NotFoundError(NOT_FOUND)
    order = any_order(session, order_id)
    return order, session.get_one(Dispute, query_id, populate_existing=True)


def persons_dispute(session: Session, query_id: UUID, by: Actor) -> tuple[Order, Dispute]:
    """Lock a query of the person whose hat ``by`` wears.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not say what was delivered.
    """
    order, dispute = locked_dispute(session, query_id)
    persons_order(session, order.id, by, Permission.PLACE_ORDERS)
    return order, dispute


def providers_dispute(session: Session, query_id: UUID, by: Actor) -> tuple[Order, Dispute]:
    """Lock a query about a visit of the provider whose owner or manager ``by`` is.

    Raises:
        NotFoundError: it is about another provider's visit.
        NotAllowedError: only an owner or manager gives money back.
    """
    order, dispute = locked_dispute(session, query_id)
    providers_order(session, order.id, by)
    refuse_workers(by)
    return order, dispute


def refuse_workers(by: Actor) -> None:
    """Let nobody answer for a provider but its owner or a manager.

    Raises:
        NotAllowedError: they are a worker.
    """
    if not by.may(Permission.KEEP_STORE):
        raise NotAllowedError("Only the owner or a manager can answer this.")


def live_disputes(session: Session, order: Order) -> dict[UUID, Dispute]:
    """Return the queries of a locked order that are not ended, by visit."""
    rows = (
        select(Dispute)
        .where(Dispute.order_id == order.id, Dispute.live_visit_id.is_not(None))
        .execution_options(populate_existing=True)
    )
    return {dispute.visit_id: dispute for dispute in session.scalars(rows)}


def go(dispute: Dispute, move: Move, *, by: Actor | None, at: datetime) -> None:
    """Let a locked query move along.

    Raises:
        WrongStateError: it cannot.
    """
    if by is None:
        dispute.go(move, at=at)
    else:
        dispute.go(move, at=at, by_user_id=by.user_id, by_name=by.name)


def refuse_part_in_it(session: Session, dispute: Dispute, by: Actor, *, at: datetime) -> None:
    """Let nobody of the council speak for it about a query in which they have a part.

    Raises:
        ConflictedError: they support the person, or work for or earn from the provider.
    """
    why_not = why_not_decide(session, dispute, by.user_id, at=at)
    if why_not:
        raise ConflictedError(why_not)


def is_said(session: Session, dispute: Dispute, step_id: UUID) -> bool:
    """Tell whether a form was sent before: its step stands already."""
    found = session.get(DisputeStep, step_id)
    if found is not None and found.dispute_id != dispute.id:
        raise NotFoundError(NOT_FOUND)
    return found is not None


def add_step(
    session: Session, dispute: Dispute, said: Said, *, by: Actor | None, at: datetime
) -> None:
    """Write a step into the list that all three read."""
    dispute.last_number += 1
    session.add(
        DisputeStep(
            id=said.step_id,
            dispute_id=dispute.id,
            number=dispute.last_number,
            kind=said.kind,
            side=said.side,
            to_side=said.to_side,
            words=said.words,
            amount=said.amount,
            new_at=said.new_at,
            by_user_id=by.user_id if by else None,
            by_name=by.name if by else THE_MARKET,
            at=at,
        )
    )
    session.flush()  # its file points at it
    if said.file is not None:
        session.add(
            DisputeFile(
                id=uuid4(),
                step_id=said.step_id,
                name=said.file.name,
                media_type=said.file.media_type,
                size=len(said.file.content),
                content=said.file.content,
            )
        )
        session.flush()


def checked_file(name: str, content: bytes | None) -> CleanFile | None:
    """Return a file that may be kept, if one was sent.

    Raises:
        DisputeRefusedError: it is not what its name says, or none of what we take.
    """
    if content is None:
        return None
    try:
        return clean_file(name, content)
    except BadFileError as refusal:
        raise DisputeRefusedError("attachment", str(refusal)) from refusal


def needed_words(words: str, sentence: str) -> str:
    """Return what was said, no longer than there is room for.

    Raises:
        DisputeRefusedError: nothing was said.
    """
    text = words.strip()[:WORDS_LENGTH_MAX]
    if not text:
        raise DisputeRefusedError("words", sentence)
    return text
