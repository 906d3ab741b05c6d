"""Choosing how a circle decides."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.access import queries
from marketplace.access.errors import CircleTooSmallError
from marketplace.access.models import CircleRule, User
from marketplace.access.rules import YESES_MAX, Actor, Permission
from marketplace.audit.commands import record
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.money import Money
from marketplace.kernel.writing import insert_once
from marketplace.outbox.commands import WriteLetter, write_letter


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseCircleRule:
    """A wish for how a circle decides."""

    yeses: int
    asks_from: Money | None = None
    """From which price on an order waits for a yes; nothing at all means always, None never."""


def choose_circle_rule(
    session: Session, wish: ChooseCircleRule, *, by: Actor, at: datetime
) -> None:
    """Choose how many yeses a suggested order needs, and from which amount every order does.

    What waits already keeps asking for what it asked for, unless the person themself now asks
    for less.

    Raises:
        NotAllowedError: the supporter may not look after the circle.
        CircleTooSmallError: of somebody's suggestions nobody could say enough yeses.
    """
    assert 1 <= wish.yeses <= YESES_MAX, "the form offers no other number"
    if not by.may(Permission.MANAGE_CIRCLE):
        raise NotAllowedError(f"{by.person_name} has not let you change their circle.")
    person_id = by.buys_for
    # Of two who choose at the same time, one waits here for the other.
    person = session.get_one(User, person_id, with_for_update=True)
    now = queries.circle_rule(session, person_id=person_id)
    if (now.yeses, now.asks_from) == (wish.yeses, wish.asks_from):
        return
    stuck = queries.who_gets_stuck(session, person_id=person_id, yeses=wish.yeses, at=at)
    if stuck:
        raise CircleTooSmallError(
            f"This circle is too small for two yeses. If {stuck} suggests something, only "
            f"{person.name} can say yes to it. Let one more supporter “say yes to orders” first."
        )
    values = {
        "yeses": wish.yeses,
        "asks_from": wish.asks_from,
        "chosen_by_id": by.user_id,
        "chosen_at": at,
    }
    if not insert_once(session, CircleRule, {"id": person_id, **values}):
        session.execute(update(CircleRule).where(CircleRule.id == person_id).values(values))
    record(
        session,
        what="circle-rule-chosen",
        chain_id=person_id,
        subject_id=person_id,
        by_user_id=by.user_id,
        for_person_id=person_id,
        at=at,
        details={
            "yeses": wish.yeses,
            "asks_from_pence": wish.asks_from.pence if wish.asks_from is not None else "never",
        },
    )
    if by.acts_for_another:
        _tell(session, wish, person=person, by=by, at=at)


def _tell(
    session: Session, wish: ChooseCircleRule, *, person: User, by: Actor, at: datetime
) -> None:
    letter = WriteLetter(
        key=f"circle-rule/{person.id}/{at.isoformat()}",
        to=person.email,
        subject=f"{by.name} changed how your circle decides",
        template="circle_rule",
        values={
            "name": person.name,
            "supporter": by.name,
            "yeses": wish.yeses,
            "asks_from": str(wish.asks_from) if wish.asks_from is not None else "",
            "always": wish.asks_from is not None and not wish.asks_from,
        },
    )
    write_letter(session, letter, at=at)
