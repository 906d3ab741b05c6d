"""Changing a standing order from a day on: asked by the person, answered by the provider."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets.queries.pool_spends import why_ask
from marketplace.catalogue.rules import Unit
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.money import Money
from marketplace.orders.commands.cancelling import free_visits
from marketplace.orders.commands.locked import any_order, lines_of, visits_of
from marketplace.orders.commands.settling import finish
from marketplace.orders.commands.standing_letters import tell_person_of, tell_provider_of
from marketplace.orders.commands.standing_locked import (
    course_of,
    made_since,
    must_go_on,
    next_number,
    persons_standing,
    providers_standing,
    record_standing,
)
from marketplace.orders.commands.standing_patterns import pattern_row
from marketplace.orders.commands.standing_prices import may_spend
from marketplace.orders.errors import BadLineError, StandingRefusedError, WrongStateError
from marketplace.orders.models import OrderLine, StandingOrder, StandingPattern
from marketplace.orders.queries.standing_course import Covered
from marketplace.orders.queries.standing_menu import find_menu
from marketplace.orders.rules import WORDS_LENGTH_MAX, OrderState, VisitState, day_words
from marketplace.orders.rules.standing import (
    BEGIN_WITHIN,
    Fate,
    Reply,
    four_weeks,
)
from marketplace.orders.rules.standing_money import cost_of_all
from marketplace.orders.rules.standing_wishes import Weekly, check_weekly, pattern_of
from marketplace.orders.rules.standing_words import pattern_words, what_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStanding:
    """A wish for other days, times or quantities from a day on."""

    standing_id: UUID
    weekly: Weekly
    starts_on: date


def change_standing(session: Session, wish: ChangeStanding, *, by: Actor, at: datetime) -> None:
    """Ask the provider for another pattern from a day on; until they say yes all stays as it is.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not place orders, or this needs another's yes.
        StandingRefusedError: it cannot be like this.
        CeilingError: it is more than the supporter may spend.
        WrongStateError: the provider has not taken it on yet, or it has ended.
    """
    standing = persons_standing(session, wish.standing_id, by)
    must_go_on(session, standing, at=at)
    check_weekly(wish.weekly, Unit(standing.unit))
    _check_choice(session, standing, wish.weekly.choice, at=at)
    today = local_day(at)
    if wish.starts_on <= today:
        raise StandingRefusedError("starts_on", "Choose a day after today.")
    if wish.starts_on > today + BEGIN_WITHIN:
        raise StandingRefusedError("starts_on", "Choose a day within a year.")
    if standing.ends_before is not None and wish.starts_on >= standing.ends_before:
        raise StandingRefusedError("starts_on", "The standing order has ended by then.")
    number = next_number(session, standing)
    pattern = pattern_of(wish.weekly, number=number, starts_on=wish.starts_on)
    course = replace(course_of(session, standing), patterns=(pattern,), begins_on=wish.starts_on)
    visits = four_weeks(course, today=today)
    if not any(each.fate is Fate.HAPPENS for each in visits):
        raise StandingRefusedError("weekdays", "Nothing would happen. Choose other days.")
    cost = cost_of_all(visits, standing.bands)
    may_spend(session, standing, cost, by=by, at=at)
    _pool_said_yes(session, standing, cost, at=at)
    waiting = waiting_change(session, standing.id)
    if waiting is not None:
        waiting.answer, waiting.answered_at = Reply.WITHDRAWN, at
    session.add(pattern_row(pattern, standing_id=standing.id, by=by, at=at))
    words = (
        f"{by.name} asks for a change from {day_words(wish.starts_on)} on: "
        f"{what_words(standing.title, standing.unit, pattern)}, {pattern_words(pattern)}. "
        "Say yes or no to it. Until then all stays as it is."
    )
    subject = "A change to a standing order: please say yes or no"
    tell_provider_of(session, standing, subject, [words], key=f"change/{number}", at=at)
    record_standing(session, standing, "standing-change-asked", by=by, at=at, pattern=number)


def accept_standing_change(session: Session, *, standing_id: UUID, by: Actor, at: datetime) -> None:
    """Say yes to a change: visits that do not fit it any more are given back, free of charge.

    Raises:
        NotFoundError: it is another provider's.
        WrongStateError: no change waits for an answer.
    """
    standing = providers_standing(session, standing_id, by)
    row = _waiting(session, standing)
    # A change that was answered late counts from tomorrow on.
    row.starts_on = max(row.starts_on, local_day(at) + timedelta(days=1))
    row.answer, row.answered_at = Reply.YES, at
    session.flush()  # the course is worked out with it
    drop_what_does_not_fit(session, standing, row, by=by, at=at)
    standing.next_look_at = at
    words = (
        f"{standing.provider_name} says yes to the change. From {day_words(row.starts_on)} on it "
        f"is {what_words(standing.title, standing.unit, row.pattern)}, "
        f"{pattern_words(row.pattern)}."
    )
    key = f"change-answer/{row.number}"
    tell_person_of(session, standing, "Yes to your change", [words], key=key, at=at)
    record_standing(session, standing, "standing-change-agreed", by=by, at=at, pattern=row.number)


def decline_standing_change(
    session: Session, *, standing_id: UUID, reason: str, by: Actor, at: datetime
) -> None:
    """Say no to a change, with a reason: all stays as it is.

    Raises:
        NotFoundError: it is another provider's.
        BadLineError: there is no reason.
        WrongStateError: no change waits for an answer.
    """
    standing = providers_standing(session, standing_id, by)
    row = _waiting(session, standing)
    words = reason.strip()[:WORDS_LENGTH_MAX]
    if not words:
        raise BadLineError("Say why, so that they can look for another way.")
    row.answer, row.answered_at, row.reason = Reply.NO, at, words
    sentences = [
        f"{standing.provider_name} says no to the change. All stays as it is.",
        f"They say: {words}",
    ]
    key = f"change-answer/{row.number}"
    tell_person_of(session, standing, "No to your change", sentences, key=key, at=at)
    record_standing(session, standing, "standing-change-declined", by=by, at=at)


def waiting_change(session: Session, standing_id: UUID) -> StandingPattern | None:
    """Return the pattern that waits for the provider's answer, if one does."""
    rows = select(StandingPattern).where(
        StandingPattern.standing_id == standing_id, StandingPattern.answer == Reply.WAITING
    )
    return session.scalars(rows.execution_options(populate_existing=True)).one_or_none()


def drop_what_does_not_fit(
    session: Session, standing: StandingOrder, row: StandingPattern, *, by: Actor, at: datetime
) -> None:
    """Give back the ordered visits from a pattern's first day on that are not in it."""
    course = course_of(session, standing)
    weeks = {each.week_on for each in made_since(session, standing, at=at)}
    fits = {
        (each.planned_at, each.quantity, each.pattern.choice)
        for each in course.weeks(sorted(weeks))
        if each.may_stay
    }
    for each in made_since(session, standing, at=at):
        if local_day(each.planned_at) < row.starts_on or each.planned_at <= at:
            continue
        order = any_order(session, each.order_id)
        lines = lines_of(session, order)
        open_ones = [
            visit
            for visit in visits_of(session, order)
            if visit.id == each.visit_id
            and visit.state is VisitState.PLANNED
            and _made_for(each, lines[visit.line_id]) not in fits
        ]
        if order.state is OrderState.ACCEPTED and open_ones:
            free_visits(session, order, open_ones, by=by, at=at)
            finish(session, order, at=at)


def _made_for(made: Covered, line: OrderLine) -> tuple[datetime, int, str]:
    return made.planned_at, line.quantity, line.choice


def _pool_said_yes(session: Session, standing: StandingOrder, cost: Money, *, at: datetime) -> None:
    """Refuse what is dearer than the other members of the pool have said yes to."""
    if standing.pool_id is None:
        return
    now = cost_of_all(four_weeks(course_of(session, standing), today=local_day(at)), standing.bands)
    pool = {"pool_id": standing.pool_id, "person_id": standing.person_id}
    if cost > now and why_ask(session, amount=cost, **pool):
        raise NotAllowedError(
            f"Four weeks cost {now} now, and {cost} then. Another member of the pool has to say "
            "yes to that first. End this standing order and start a new one: then they are asked."
        )


def _check_choice(session: Session, standing: StandingOrder, choice: str, *, at: datetime) -> None:
    """Refuse what is not on the menu; an offer that is over has none to choose from."""
    menu = find_menu(session, standing_id=standing.id, on=local_day(at))
    refusal = menu.why_not(choice) if menu else ""
    if refusal:
        raise StandingRefusedError("choice", refusal)


def _waiting(session: Session, standing: StandingOrder) -> StandingPattern:
    row = waiting_change(session, standing.id)
    if row is None:
        raise WrongStateError("No change waits for an answer any more.")
    return row
