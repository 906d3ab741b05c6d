"""Who may spend a person's money at this instant, asked again where the money is moved."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Date, Table, Uuid, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from marketplace.access.models import Supporter, User
from marketplace.access.rules import Scope
from marketplace.kernel.clock import local_day
from marketplace.kernel.lite import driver, is_lite
from marketplace.kernel.money import Money

_users, _circle = User.__table__, Supporter.__table__
assert isinstance(_users, Table)
assert isinstance(_circle, Table)
_person = _users.alias("person")

# Every hold passes through here, so the statement is made once.
_WHO_MAY = (
    select(_circle.c.id, _circle.c.scopes, _circle.c.ceiling_pence)
    .select_from(
        _users.join(_person, _person.c.id == bindparam("person_id", type_=Uuid())).outerjoin(
            _circle,
            and_(
                _circle.c.person_id == _person.c.id,
                _circle.c.supporter_id == _users.c.id,
                _circle.c.accepted_at.is_not(None),
                _circle.c.ended_at.is_(None),
                or_(
                    _circle.c.ends_before.is_(None),
                    _circle.c.ends_before > bindparam("today", type_=Date()),
                ),
            ),
        )
    )
    .where(
        _users.c.id == bindparam("user_id", type_=Uuid()),
        _users.c.closed_at.is_(None),
        _person.c.closed_at.is_(None),
    )
    .order_by(_circle.c.accepted_at.desc(), _circle.c.id)
    .limit(1)
)

_LITE_WHO_MAY = """SELECT circle.id, circle.scopes, circle.ceiling_pence
    FROM access_users AS acting
    JOIN access_users AS person ON person.id = :person_id
    LEFT JOIN access_supporters AS circle
        ON circle.person_id = person.id AND circle.supporter_id = acting.id
        AND circle.accepted_at IS NOT NULL AND circle.ended_at IS NULL
        AND (circle.ends_before IS NULL OR circle.ends_before > :today)
    WHERE acting.id = :user_id AND acting.closed_at IS NULL AND person.closed_at IS NULL
    ORDER BY circle.accepted_at DESC, circle.id LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Authority:
    """What somebody may do with a person's money at one instant."""

    may_pay: bool
    may_approve: bool
    ceiling: Money | None = None
    """The most they may spend with one order; None is no such limit."""

    def reaches(self, amount: Money) -> bool:
        """Tell whether an order of this price is within the ceiling."""
        return self.ceiling is None or amount <= self.ceiling


NOTHING = Authority(may_pay=False, may_approve=False)
_EVERYTHING = Authority(may_pay=True, may_approve=True)


def authority(session: Session, *, user_id: UUID, person_id: UUID, at: datetime) -> Authority:
    """Return what somebody may do with a person's money now, with one prepared statement.

    The person themself may do everything while their account is open; a supporter what their
    scopes say, from the day they joined until the day before their part ends.
    """
    if is_lite(session):
        lite = {
            "user_id": user_id.hex,
            "person_id": person_id.hex,
            "today": local_day(at).isoformat(),
        }
        found = driver(session).execute(_LITE_WHO_MAY, lite).fetchone()
    else:
        values = {"user_id": user_id, "person_id": person_id, "today": local_day(at)}
        found = session.execute(_WHO_MAY, values).first()
    if found is None:
        return NOTHING
    part_id, scopes, ceiling = found
    if isinstance(scopes, str):
        scopes, ceiling = json.loads(scopes), None if ceiling is None else Money(ceiling)
    return authority_of(
        is_person=user_id == person_id, scopes=None if part_id is None else scopes, ceiling=ceiling
    )


def authority_of(
    *, is_person: bool, scopes: Collection[str] | None, ceiling: Money | None
) -> Authority:
    """Return what follows from being the person, or from a part in their circle, or from none."""
    if is_person:
        return _EVERYTHING
    if scopes is None:
        return NOTHING
    return Authority(
        may_pay=Scope.PAY in scopes, may_approve=Scope.APPROVE in scopes, ceiling=ceiling
    )
