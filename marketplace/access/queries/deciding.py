"""How a circle decides: how many yeses, from which amount, and who may say one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.models import CircleRule, Supporter, User
from marketplace.access.queries.hats import acts
from marketplace.access.rules import Scope, stuck_suggester
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True)
class CircleRuleRow:
    """What a person's circle asks for before money is set aside."""

    yeses: int = 1
    asks_from: Money | None = None
    chosen_by_id: UUID | None = None
    chosen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decider:
    """A supporter who may say yes to what others suggest."""

    user_id: UUID
    name: str
    email: str
    ceiling: Money | None

    def reaches(self, amount: Money) -> bool:
        """Tell whether an order of this price is within their ceiling."""
        return self.ceiling is None or amount <= self.ceiling


def circle_rule(session: Session, *, person_id: UUID) -> CircleRuleRow:
    """Return how a person's circle decides; without a choice one yes is enough."""
    found = session.get(CircleRule, person_id)
    if found is None:
        return CircleRuleRow()
    return CircleRuleRow(found.yeses, found.asks_from, found.chosen_by_id, found.chosen_at)


def deciders(session: Session, *, person_id: UUID, at: datetime) -> list[Decider]:
    """Return the supporters who may say yes for a person now, besides the person themself."""
    return [
        Decider(user_id, name, email, ceiling)
        for user_id, name, email, ceiling, scopes in _acting(session, person_id, at)
        if Scope.APPROVE in scopes
    ]


def who_gets_stuck(session: Session, *, person_id: UUID, yeses: int, at: datetime) -> str:
    """Return the name of a supporter whose suggestions nobody could agree to; "" if all is well."""
    rows = _acting(session, person_id, at)
    names = {user_id: name for user_id, name, *_ in rows}
    stuck = stuck_suggester(
        yeses,
        suggesters=[row[0] for row in rows if {Scope.PROPOSE, Scope.PAY} & set(row[4])],
        approvers=[row[0] for row in rows if Scope.APPROVE in row[4]],
    )
    return names[stuck] if stuck else ""


def take_turns(session: Session, *, supporter_id: UUID, person_id: UUID) -> None:
    """Wait until nobody else does something in a supporter's name for a person, or ends that.

    What they set going counts together, so two of their deeds must see each other.
    """
    rows = (
        select(Supporter.id)
        .where(
            Supporter.person_id == person_id,
            Supporter.supporter_id == supporter_id,
            Supporter.ended_at.is_(None),
        )
        .order_by(Supporter.id)
        .with_for_update(key_share=True)
    )
    session.execute(rows).all()


def _acting(
    session: Session, person_id: UUID, at: datetime
) -> list[tuple[UUID, str, str, Money | None, list[str]]]:
    rows = (
        select(User.id, User.name, User.email, Supporter.ceiling, Supporter.scopes)
        .join(Supporter, Supporter.supporter_id == User.id)
        .where(Supporter.person_id == person_id, User.closed_at.is_(None), *acts(at))
        .order_by(User.name, User.id)
    )
    return [(*row,) for row in session.execute(rows)]
