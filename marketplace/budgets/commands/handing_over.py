"""Handing a line over to another council: one offers it, the other says yes.

The person keeps the plan, the limits, the history and the providers. What is free goes from one
council's line to the other's in one transfer; what is set aside stays until its orders are done,
and flows on when it comes back.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Permission, Role
from marketplace.audit.commands import record
from marketplace.budgets.commands.copying import (
    copy_line,
    copy_plan,
    keep_exceptions,
    let_shares_follow,
)
from marketplace.budgets.commands.counting import go_on_counting
from marketplace.budgets.commands.limits import end_limits_of
from marketplace.budgets.commands.moving import move_between
from marketplace.budgets.commands.noting import (
    Changed,
    ChangeLine,
    line_of_council,
    note_change,
    reason_of,
    tell_person,
)
from marketplace.budgets.commands.paying_in import locked_with_shares
from marketplace.budgets.errors import BadLineError, HandoverDoneError
from marketplace.budgets.models import FundingLine, Handover
from marketplace.budgets.queries.clawbacks import has_open_notice
from marketplace.budgets.rules import Holder, LineChange, check_amount, check_words
from marketplace.budgets.rules.lines import check_not_own
from marketplace.councils import queries as councils
from marketplace.councils.commands import note_person
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.wallet.commands import lock_accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """Which line another council is to go on with, and why. The id comes from the form."""

    handover_id: UUID
    line_id: UUID
    to_council_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver:
    """What the other council agrees to."""

    handover_id: UUID
    yearly: Money
    cost_code: str = ""


def offer_line(session: Session, wish: OfferLine, *, by: Actor, at: datetime) -> UUID:
    """Ask another council to go on with a line. Nothing moves before it says yes.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: their council has no such line, or there is no such council.
        BadLineError: there is no reason, it is the same council, or it is offered already.
    """
    line = line_of_council(session, wish.line_id, by=by)
    earlier = session.get(Handover, wish.handover_id)
    if earlier is not None:
        if earlier.line_id != line.id:
            raise NotFoundError
        return earlier.id
    if line.closed_at is not None or line.pool_id is not None:
        raise NotFoundError
    reason = check_words("reason", wish.reason, sentence="Say why. The person reads it.")
    to = councils.council(session, council_id=wish.to_council_id)
    if to.id == line.council_id:
        raise BadLineError("to_council_id", "Choose another council than your own.")
    open_offer = select(Handover.id).where(Handover.line_id == line.id, Handover.taken.is_(None))
    if session.scalar(open_offer) is not None:
        raise BadLineError("to_council_id", "This line is offered already. Take that back first.")
    _check_no_notice(session, line, "to_council_id")
    session.add(
        Handover(
            id=wish.handover_id,
            line_id=line.id,
            to_council_id=to.id,
            reason=reason,
            offered_by_id=by.user_id,
            offered_by_name=by.name,
            offered_at=at,
            answer="",
        )
    )
    session.flush()
    _record(session, "line-offered", line, wish.handover_id, by=by, at=at)
    _tell_council(session, to.id, wish.handover_id, by.organisation_name, at=at)
    return wish.handover_id


def take_over(session: Session, wish: TakeOver, *, by: Actor, at: datetime) -> UUID:
    """Go on with another council's line, and return the new one; said twice it is once.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: nothing like that was offered to their council.
        HandoverDoneError: the offer was taken back or turned down.
        BadLineError: the amount cannot be like this, or a clawback notice is open.
    """
    offer, line = _offered(session, wish.handover_id, by=by)
    if offer.new_line_id is not None:
        return offer.new_line_id
    if offer.taken is False or line.closed_at is not None:
        raise HandoverDoneError
    _check_no_notice(session, line, "yearly")
    if line.next_due_on is not None:
        check_amount("yearly", wish.yearly)
    has = lock_accounts(session, [line.available_account_id, line.held_account_id])
    free = has[line.available_account_id]
    new = _go_on(session, line, wish, by=by, at=at)
    changed = Changed(
        what=LineChange.HANDED_OVER,
        before={"council_id": str(line.council_id), "yearly_pence": line.yearly.pence},
        after={"council_id": str(new.council_id), "yearly_pence": new.yearly.pence},
        moved=free,
        other_line_id=new.id,
    )
    change = ChangeLine(line_id=line.id, reason=offer.reason, change_id=offer.id)
    note_change(session, line, change, changed, by=by, at=at)
    move_between(session, line, new, free, change_id=offer.id, at=at)
    _end(session, line, new, at=at)
    offer.taken, offer.new_line_id = True, new.id
    offer.answered_by_id, offer.answered_at = by.user_id, at
    said = [
        f"{line.funder.label}: {by.organisation_name} goes on with this money now.",
        f"All that was free, {free}, went with it. Your plan, your limits and your providers stay.",
        "Orders you have placed go on.",
        f"Why: {reason_of(change)}",
    ]
    tell_person(session, new, key=str(offer.id), sentences=said, at=at)
    return new.id


def turn_down_handover(
    session: Session, *, handover_id: UUID, words: str, by: Actor, at: datetime
) -> None:
    """Say no to going on with another council's line.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: nothing like that was offered to their council.
        HandoverDoneError: it was answered already.
        BadLineError: there are no words.
    """
    offer, line = _offered(session, handover_id, by=by)
    if offer.taken is not None:
        raise HandoverDoneError
    answer = check_words("words", words, sentence="Say why not. The other council reads it.")
    offer.taken, offer.answer = False, answer
    offer.answered_by_id, offer.answered_at = by.user_id, at
    _record(session, "line-offer-turned-down", line, offer.id, by=by, at=at)


def take_back_offer(session: Session, *, handover_id: UUID, by: Actor, at: datetime) -> None:
    """Take an offer back that nobody has answered.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: their council has offered nothing like that.
        HandoverDoneError: it was answered already.
    """
    offer = session.get(Handover, handover_id)
    if offer is None:
        raise NotFoundError
    line = line_of_council(session, offer.line_id, by=by)
    session.refresh(offer)
    if offer.taken is not None:
        raise HandoverDoneError
    offer.taken, offer.answered_by_id, offer.answered_at = False, by.user_id, at
    _record(session, "line-offer-taken-back", line, offer.id, by=by, at=at)


def _offered(session: Session, handover_id: UUID, *, by: Actor) -> tuple[Handover, FundingLine]:
    """Lock the line that was offered to somebody's council."""
    if not by.may(Permission.OPEN_FUNDING_LINES):
        raise NotAllowedError("Only a practitioner of a council can go on with a line.")
    offer = session.get(Handover, handover_id)
    if offer is None or offer.to_council_id != by.works_for:
        raise NotFoundError
    line = locked_with_shares(session, offer.line_id)
    session.refresh(offer)  # whoever answered at this moment was waited for
    check_not_own(line.person_id, by_user_id=by.user_id)
    return offer, line


def _go_on(
    session: Session, line: FundingLine, wish: TakeOver, *, by: Actor, at: datetime
) -> FundingLine:
    council_holds = line.holder is Holder.COUNCIL_MANAGED
    new = copy_line(
        session,
        line,
        line_id=wish.handover_id,
        council_id=by.works_for,
        by=by,
        at=at,
        yearly=wish.yearly if line.next_due_on is not None else line.yearly,
        cost_code=" ".join(wish.cost_code.split()),
        holder_name=by.organisation_name if council_holds else line.holder_name,
        follows_line_id=line.id,
    )
    copy_plan(session, line, new)
    keep_exceptions(session, line, new)
    go_on_counting(session, new, at)
    note_person(
        session,
        council_id=by.works_for,
        person_id=line.person_id,
        funded=not line.funder.is_private,
        at=at,
    )
    return new


def _end(session: Session, line: FundingLine, new: FundingLine, *, at: datetime) -> None:
    line.closed_at, line.next_due_on, line.flows_to_line_id = at, None, new.id
    end_limits_of(session, line, at=at)
    let_shares_follow(session, line, new)


def _check_no_notice(session: Session, line: FundingLine, field: str) -> None:
    if has_open_notice(session, line_id=line.id):
        raise BadLineError(
            field, "Somebody asked for a part of this money back. That has to be decided first."
        )


def _record(
    session: Session, what: str, line: FundingLine, handover_id: UUID, *, by: Actor, at: datetime
) -> None:
    record(
        session,
        what=what,
        chain_id=line.person_id,
        subject_id=line.id,
        by_user_id=by.user_id,
        for_person_id=line.person_id,
        at=at,
        details={"handover_id": str(handover_id)},
    )


def _tell_council(
    session: Session, council_id: UUID, handover_id: UUID, from_name: str, *, at: datetime
) -> None:
    for person, role in access.staff_of(session, organisation_id=council_id):
        if role is Role.PRACTITIONER:
            letter = WriteLetter(
                key=f"handover/{handover_id}/{person.id}",
                to=person.email,
                subject=f"{from_name} asks you to go on with somebody's money",
                template="money_changed",
                values={
                    "name": person.name,
                    "sentences": ["Look at it, and say yes or no."],
                    "path": "/people/handovers",
                },
            )
            write_letter(session, letter, at=at)
