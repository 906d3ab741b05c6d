"""What another member of the pool says to a standing order, or to its new price."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.queries import authority
from marketplace.access.rules import Actor, Permission
from marketplace.budgets.rules import first_name
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.orders.commands.locked import any_order, visits_of
from marketplace.orders.commands.proposals import place_when_agreed
from marketplace.orders.commands.settling import give_back_open
from marketplace.orders.commands.standing_agreeing import (
    agree_as_member,
    end_over_price,
    note_yes,
)
from marketplace.orders.commands.standing_letters import tell_person_of, tell_provider_of
from marketplace.orders.commands.standing_locked import (
    NOT_FOUND,
    any_standing,
    course_of,
    record_standing,
    state_of,
)
from marketplace.orders.commands.standing_pool_ends import end_after_ordered
from marketplace.orders.commands.standing_prices import waiting_rise
from marketplace.orders.errors import PriceChangedError, WrongStateError
from marketplace.orders.models import StandingOrder, StandingRise
from marketplace.orders.queries.standing_together import (
    rise_missing,
    sees_as_member,
    yes_missing,
)
from marketplace.orders.rules import OrderState, day_words
from marketplace.orders.rules.standing import four_weeks
from marketplace.orders.rules.standing_money import cost_of_all
from marketplace.orders.rules.standing_states import StandingState


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerInPool:
    """A member's yes or no to a standing order that their pool pays for."""

    standing_id: UUID
    agrees: bool
    seen: Money
    """What four weeks cost on the page."""


def answer_in_pool(session: Session, wish: AnswerInPool, *, by: Actor, at: datetime) -> str:
    """Say yes or no to a standing order, or to its new price; return why it still waits, or "".

    One no ends it: what is ordered still happens. The same yes twice is one; if everybody has
    said yes and only its money could not be set aside, that is tried again.

    Raises:
        NotFoundError: it does not concern them, or nobody asks them.
        NotAllowedError: the supporter may not say yes or no, or asked themself.
        PriceChangedError: four weeks do not cost what was shown.
        WrongStateError: it has ended, or its first day has gone.
    """
    standing = any_standing(session, wish.standing_id)
    if not (_is_mine(standing, by) or sees_as_member(session, standing, by, at=at)):
        raise NotFoundError(NOT_FOUND)
    if not by.may(Permission.APPROVE_ORDERS):
        raise NotAllowedError(f"{by.person_name} has not asked you to say yes or no to orders.")
    state = state_of(session, standing, at=at)
    if state is StandingState.ENDED:
        raise WrongStateError("This standing order has ended.")
    rise = waiting_rise(session, standing.id)
    if rise is not None:
        _answer_price(session, standing, rise, wish, by=by, at=at)
        return ""
    if yes_missing(session, standing):
        _answer_start(session, standing, wish, by=by, at=at)
    elif not wish.agrees:
        raise WrongStateError("Another member has answered this already.")
    return _go_on(session, standing, at=at) if wish.agrees else ""


def _answer_price(
    session: Session,
    standing: StandingOrder,
    rise: StandingRise,
    wish: AnswerInPool,
    *,
    by: Actor,
    at: datetime,
) -> None:
    if _is_mine(standing, by):
        raise NotFoundError("Answer the new price with its own buttons.")
    if by.buys_for not in rise_missing(session, standing, rise.id):
        if wish.agrees:
            return
        raise WrongStateError("You have said yes already. You can leave the pool at any time.")
    visits = four_weeks(course_of(session, standing), today=local_day(at))
    _check_seen(wish, cost_of_all(visits, rise.bands))
    if wish.agrees:
        agree_as_member(session, standing, rise, wish.seen, by=by, at=at)
        return
    note_yes(session, standing, agrees=False, amount=wish.seen, rise_id=rise.id, by=by, at=at)
    end_over_price(session, standing, rise, by=by, at=at)


def _answer_start(
    session: Session, standing: StandingOrder, wish: AnswerInPool, *, by: Actor, at: datetime
) -> None:
    if _is_mine(standing, by) or by.user_id == standing.placed_by_id:
        raise NotAllowedError("Whoever asks does not answer. Another member must say yes or no.")
    visits = four_weeks(course_of(session, standing), today=local_day(at))
    _check_seen(wish, cost_of_all(visits, standing.bands))
    note_yes(session, standing, agrees=wish.agrees, amount=wish.seen, rise_id=None, by=by, at=at)
    if wish.agrees:
        words = [f"{first_name(by.person_name)} says yes to it."]
        tell_person_of(session, standing, "Yes from your pool", words, key="pool-yes", at=at)
        return
    order = any_order(session, standing.first_order_id)
    if order.state is OrderState.PROPOSED:
        order.go_to(OrderState.REFUSED)
        order.reason, order.decided_at = "A member of the pool said no.", at
        give_back_open(session, order, by=by, at=at)
        words = [f"{first_name(by.person_name)} says no to it. Nothing is ordered."]
        tell_person_of(session, standing, "No from your pool", words, key="pool-no", at=at)
        return
    _end(session, standing, by=by, at=at)


def _end(session: Session, standing: StandingOrder, *, by: Actor, at: datetime) -> None:
    last_on = end_after_ordered(session, standing, at=at)
    standing.end_reason = "It is not agreed to any more."
    rest = f"What is ordered still happens, the last time on {day_words(last_on)}. Then it ends."
    said = [f"{first_name(by.person_name)} says no to it. {rest}"]
    tell_person_of(session, standing, "No from your pool", said, key=f"pool-no/{at}", at=at)
    subject = f"A standing order ends: {day_words(last_on)}"
    tell_provider_of(session, standing, subject, [rest], key=f"pool-no/{at}", at=at)
    record_standing(session, standing, "standing-ended", by=by, at=at, last=last_on.isoformat())


def _go_on(session: Session, standing: StandingOrder, *, at: datetime) -> str:
    """Place what waited for a yes, or let the worker look at it; return why it still waits."""
    order = any_order(session, standing.first_order_id)
    if order.state is not OrderState.PROPOSED:
        if standing.next_look_at is not None:
            standing.next_look_at = at
        return ""
    if any(
        each.planned_at is not None and each.planned_at < at for each in visits_of(session, order)
    ):
        raise WrongStateError(
            "Its first day has gone. Whoever asked for it can start a new one from another day."
        )
    if not order.yeses_needed:
        _still_may(session, standing, at=at)
    decided = place_when_agreed(session, order, by=None, at=at)
    if decided.placed:
        words = [f"Everybody has said yes. It is sent to {standing.provider_name}."]
        tell_person_of(session, standing, "It is ordered", words, key="pool-placed", at=at)
    return decided.refusal


def _still_may(session: Session, standing: StandingOrder, *, at: datetime) -> None:
    """Refuse to place what a supporter asked for alone who may not spend this money any more."""
    if standing.placed_by_id == standing.person_id:
        return
    may = authority(session, user_id=standing.placed_by_id, person_id=standing.person_id, at=at)
    if not (may.may_pay or may.may_approve):
        raise WrongStateError(
            f"{standing.placed_by_name} asked for this, and may not spend this money any more."
        )


def _check_seen(wish: AnswerInPool, now: Money) -> None:
    if wish.seen != now:
        raise PriceChangedError(shown=wish.seen, now=now)


def _is_mine(standing: StandingOrder, by: Actor) -> bool:
    return (
        standing.pool_id is not None
        and by.person_id is not None
        and by.person_id == standing.person_id
    )
