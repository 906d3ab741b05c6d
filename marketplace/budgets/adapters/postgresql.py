"""A hold on PostgreSQL: one call to look, one to lock, see that it still is so, and write."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.queries import NOTHING, Authority, authority_of
from marketplace.audit.rules import Link, canonical, link_tail
from marketplace.budgets.adapters.books import Look, NewHold, Seen, Writing
from marketplace.budgets.adapters.reading import StoredLimit, StoredLine, limit_of, pot_of
from marketplace.budgets.rules import Pot
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.postgres import Named, call

_LOOK = Named("SELECT budget_look($1, $2, $3, $4, $5)")
_WRITE = Named(f"SELECT budget_write({', '.join(f'${place}' for place in range(1, 36))})")
_NO_HOLD = ("false", None, None, "0", "0", None, None)


class PostgresBooks:
    """Looks and writes on PostgreSQL, each in one round trip.

    Looking locks nothing at first, so the accounts are locked only while the database writes: a
    wallet that many spend from waits for the database, never for somebody's process.
    """

    def look(self, session: Session, wish: Look, *, locked: bool) -> Seen:
        """Look at a person's wallet in one call."""
        wanted = (wish.person_id, wish.order_id, wish.by_user_id, wish.day, locked)
        found = call(session, _LOOK, wanted)
        assert found is not None, "the function always answers"
        lines, has_hold, may = json.loads(found)
        return Seen(
            pots=[_pot(row, wish.day) for row in lines or ()],
            has_hold=has_hold,
            authority=_authority(may, wish) if wish.by_user_id else None,
            is_locked=locked,
            mark=None if locked else _mark(lines or (), may),
        )

    def write(self, session: Session, writing: Writing, mark: str | None) -> bool:
        """Write the hold, its shares, what it uses of limits, the movement, and the deed."""
        values = (*_hold(writing), *_deed(writing), local_day(writing.at).isoformat(), mark)
        return call(session, _WRITE, values) == b"t"


def _mark(lines: Iterable[Sequence[Any]], may: str | None) -> str:
    """Write what was seen as the database's function ``budget_seen`` does."""
    ordered = sorted(lines, key=lambda line: str(line[0]))
    of_lines = (
        f"{line_id}{xmin}{ctid}{','.join(sorted(limit[0] for limit in rest[-1] or ()))}"
        for line_id, xmin, ctid, *rest in ordered
    )
    return f"{';'.join(of_lines)}/{may or ''}"


def _pot(row: Sequence[Any], day: date) -> Pot:
    line_id, _, _, council_id, funder, holder, starts_on, ends_before, *rest = row
    available_id, held_id, fence, available, limits = rest
    line = StoredLine(
        UUID(line_id),
        UUID(council_id),
        funder,
        holder,
        date.fromisoformat(starts_on),
        date.fromisoformat(ends_before) if ends_before else None,
        UUID(available_id),
        UUID(held_id),
        fence,
    )
    of_line = [limit_of(_limit(limit), day, line.starts_on) for limit in limits or ()]
    return pot_of(line, Money(available), of_line)


def _limit(row: Sequence[Any]) -> StoredLimit:
    limit_id, window, measure, pence, count_max, narrowed, named, others, kind, *use = row
    window_starts_on, used_pence, used_count = use
    return StoredLimit(
        UUID(limit_id),
        window,
        measure,
        Money(pence),
        count_max,
        narrowed,
        named,
        others,
        kind,
        date.fromisoformat(window_starts_on) if window_starts_on else None,
        Money(used_pence) if used_pence else ZERO,
        used_count or 0,
    )


def _authority(may: str | None, wish: Look) -> Authority:
    if may is None:
        return NOTHING
    part_id, scopes, ceiling = json.loads(may)
    return authority_of(
        is_person=wish.by_user_id == wish.person_id,
        scopes=None if part_id is None else scopes,
        ceiling=None if ceiling is None else Money(ceiling),
    )


def _hold(writing: Writing) -> list[str | None]:
    shares, uses, takings = writing.shares, writing.uses, writing.takings
    places = {use.limit_id: place for place, use in enumerate(uses, start=1)}
    return [
        str(writing.order_id),
        str(writing.person_id),
        writing.at.isoformat(),
        *(_NO_HOLD if writing.hold is None else _new_hold(writing.hold)),
        _array([share.id for share in shares]),
        _array([share.line_id for share in shares]),
        _array([share.position for share in shares]),
        _words([share.category for share in shares]),
        _array([share.outcome_id or "NULL" for share in shares]),
        _array([share.amount.pence for share in shares]),
        _array([use.limit_id for use in uses]),
        _array([use.window_starts_on for use in uses]),
        _array([use.amount.pence for use in uses]),
        _array([use.count for use in uses]),
        _array([use.amount_max.pence for use in uses]),
        _array([use.count_max for use in uses]),
        _array([taking.share + 1 for taking in takings]),
        _array([places[taking.limit_id] for taking in takings]),
        _array([taking.amount.pence for taking in takings]),
        _array([taking.count for taking in takings]),
    ]


def _new_hold(hold: NewHold) -> tuple[str | None, ...]:
    return (
        "true",
        str(hold.council_id),
        str(hold.provider_id),
        str(hold.tolerance.pence),
        str(hold.agreed.pence),
        hold.covers_until.isoformat() if hold.covers_until else None,
        hold.expires_at.isoformat() if hold.expires_at else None,
    )


def _deed(writing: Writing) -> list[str | None]:
    link = Link(
        chain_id=writing.person_id,
        sequence=0,  # the database knows it, once it has locked the trail
        what=writing.what,
        subject_id=writing.order_id,
        by_user_id=writing.by_user_id,
        for_person_id=writing.person_id,
        at=writing.at,
        details=canonical({"pence": writing.total.pence}),
    )
    # Accounts are changed in the order of their ids, as everywhere.
    legs = sorted(
        leg
        for available_id, held_id, amount in writing.moved
        for leg in ((available_id, -amount.pence), (held_id, amount.pence))
    )
    return [
        writing.key,
        _array([account_id for account_id, _ in legs]),
        _array([pence for _, pence in legs]),
        link.what,
        str(link.by_user_id) if link.by_user_id else None,
        link.details,
        link_tail(link),
    ]


def _array(values: Sequence[object]) -> str:
    return f"{{{','.join(map(str, values))}}}"


def _words(values: Sequence[str]) -> str:
    # In an array, what is between quotes is read as in JSON, as far as quotes and backslashes go.
    return _array([json.dumps(value, ensure_ascii=False) for value in values])
