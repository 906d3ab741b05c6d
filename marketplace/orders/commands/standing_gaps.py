"""Leaving out one visit, pausing until a day, and going on sooner."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.commands.standing_letters import tell_both_of
from marketplace.orders.commands.standing_locked import (
    course_of,
    latest_pattern,
    must_go_on,
    next_number,
    persons_standing,
    record_standing,
)
from marketplace.orders.commands.standing_off import Days, call_off_days
from marketplace.orders.commands.standing_patterns import pattern_row
from marketplace.orders.errors import StandingRefusedError
from marketplace.orders.models import StandingGap, StandingOrder
from marketplace.orders.rules import WORDS_LENGTH_MAX, day_words, moment_words
from marketplace.orders.rules.standing import BEGIN_WITHIN, Reply, monday
from marketplace.orders.rules.standing_wishes import again

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOut:
    """A wish to leave out one visit, or all from a day on until another."""

    standing_id: UUID
    from_on: date
    until_on: date | None = None
    """When it goes on; None: it is about one day."""
    minute: int | None = None
    """Which visit of that day; None: all of them."""
    reason: str = ""
    agreed: Money = ZERO
    """What was shown to be due for visits called off late."""


def skip_visit(session: Session, wish: LeaveOut, *, by: Actor, at: datetime) -> None:
    """Leave out what happens on one day, or one visit of it. Twice is once.

    Raises:
        NotFoundError: it is somebody else's, or nothing happens then.
        NotAllowedError: the supporter may not place orders.
        ShareDueError: it is late, and more is due than was agreed to; nothing is left out.
        WrongStateError: the provider has not taken it on yet, or it has ended.
    """
    standing = persons_standing(session, wish.standing_id, by)
    on, whole = wish.from_on, wish.minute is None
    must_go_on(session, standing, at=at)
    around = course_of(session, standing).weeks(
        [monday(on) + timedelta(weeks=n) for n in (-1, 0, 1)]
    )
    that_day = [each for each in around if each.on == on and wish.minute in {None, each.minute}]
    if not that_day or on < local_day(at):
        raise NotFoundError(f"Nothing is planned for that {'day' if whole else 'time'}.")
    if not any(each.may_stay for each in that_day):
        return
    only_at = None if whole else that_day[0].planned_at
    _leave_out(session, standing, wish, Days(on, on + _DAY, only_at), by=by, at=at)
    when, then = (day_words(on), "that day") if whole else (moment_words(only_at), "then")
    words = [f"{by.name} leaves out {when}. Nobody needs to come {then}."]
    subject = f"Left out: {when}"
    key = f"skip/{on}/{wish.minute}/{at}"
    tell_both_of(session, standing, subject, words, key=key, at=at)
    record_standing(session, standing, "standing-skipped", by=by, at=at, on=on.isoformat())


def pause_standing(session: Session, wish: LeaveOut, *, by: Actor, at: datetime) -> None:
    """Let nothing happen from a day on, until another on which it goes on.

    Raises:
        NotFoundError: it is somebody else's.
        NotAllowedError: the supporter may not place orders.
        StandingRefusedError: the days are in the wrong order, or too far away.
        ShareDueError: some visits are late to call off, and that was not agreed to.
        WrongStateError: the provider has not taken it on yet, or it has ended.
    """
    standing = persons_standing(session, wish.standing_id, by)
    from_on, until_on = wish.from_on, wish.until_on
    must_go_on(session, standing, at=at)
    today = local_day(at)
    if from_on < today:
        raise StandingRefusedError("from_on", "That day has gone. Choose a day to come.")
    if until_on is None or until_on <= from_on:
        raise StandingRefusedError("until_on", "It must go on after the day the pause begins.")
    if until_on > today + BEGIN_WITHIN:
        raise StandingRefusedError("until_on", "Choose a day within a year, or end it instead.")
    _leave_out(session, standing, wish, Days(from_on, until_on), by=by, at=at)
    sentence = (
        f"{by.name} pauses it from {day_words(from_on)} on. It goes on on {day_words(until_on)}."
    )
    subject = f"A pause until {day_words(until_on)}"
    tell_both_of(session, standing, subject, [sentence], key=f"pause/{at}", at=at)
    record_standing(
        session,
        standing,
        "standing-paused",
        by=by,
        at=at,
        first=from_on.isoformat(),
        until=until_on.isoformat(),
    )


def resume_standing(
    session: Session, *, standing_id: UUID, gap_id: UUID, by: Actor, at: datetime
) -> None:
    """Go on sooner than was said: what was left out from tomorrow on happens after all.

    Raises:
        NotFoundError: it is somebody else's, or there is no such pause.
        NotAllowedError: the supporter may not place orders.
        WrongStateError: it has ended.
    """
    standing = persons_standing(session, standing_id, by)
    must_go_on(session, standing, at=at)
    gap = session.get(StandingGap, gap_id)
    if gap is None or gap.standing_id != standing.id:
        raise NotFoundError("This is not left out any more.")
    tomorrow = local_day(at) + _DAY
    on = max(gap.starts_on, tomorrow)
    if on >= gap.ends_before:
        raise StandingRefusedError("gap", "Those days have gone.")
    if gap.starts_on < on:
        gap.ends_before = on
    else:
        session.delete(gap)
    # The weeks were ordered by the pattern before, so the same pattern begins again.
    latest = latest_pattern(session, standing)
    number = next_number(session, standing)
    row = pattern_row(
        again(latest.pattern, number=number, starts_on=max(on, latest.starts_on)),
        standing_id=standing.id,
        by=by,
        at=at,
    )
    row.answer, row.answered_at = Reply.YES, at
    session.add(row)
    standing.next_look_at = at
    sentence = f"{by.name} would like it to go on from {day_words(on)}, sooner than was said."
    subject = f"It goes on from {day_words(on)}"
    tell_both_of(session, standing, subject, [sentence], key=f"resume/{at}", at=at)
    record_standing(session, standing, "standing-resumed", by=by, at=at, on=on.isoformat())


def _leave_out(
    session: Session,
    standing: StandingOrder,
    wish: LeaveOut,
    days: Days,
    *,
    by: Actor,
    at: datetime,
) -> None:
    call_off_days(session, standing, days, agreed=wish.agreed, by=by, at=at)
    session.add(
        StandingGap(
            id=uuid4(),
            standing_id=standing.id,
            starts_on=days.first_on,
            ends_before=days.before,
            minute=wish.minute,
            reason=wish.reason.strip()[:WORDS_LENGTH_MAX],
            said_by_id=by.user_id,
            said_by_name=by.name,
            said_at=at,
        )
    )
    session.flush()
