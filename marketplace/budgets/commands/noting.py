"""Writing down what was changed about a line, and telling those it matters to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Permission, Role
from marketplace.audit.commands import record
from marketplace.budgets.commands.paying_in import locked_with_shares
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.models import BudgetLineChange, FundingLine
from marketplace.budgets.rules import LineChange, check_words
from marketplace.budgets.rules.lines import check_not_own
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.outbox.commands import WriteLetter, write_letter


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """Which line is changed, and why. The id comes from the form: twice is once."""

    line_id: UUID
    reason: str
    change_id: UUID

    @classmethod
    def new(cls, line_id: UUID, reason: str) -> "ChangeLine":
        """Return a change that no form brought."""
        return cls(line_id=line_id, reason=reason, change_id=uuid4())


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a change was: before and after, and the money that went with it."""

    what: LineChange
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    before_name: str = ""
    after_name: str = ""
    moved: Money = ZERO
    other_line_id: UUID | None = None
    effective_on: date | None = None


def line_to_change(session: Session, wish: ChangeLine, *, by: Actor) -> FundingLine | None:
    """Lock the line that is to be changed; None if this very change was made before.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: their council has no such line, or it was closed.
        BadLineError: there is no reason.
    """
    line = line_of_council(session, wish.line_id, by=by)
    earlier = session.get(BudgetLineChange, wish.change_id)
    if earlier is not None:
        if earlier.line_id != line.id:
            raise NotFoundError
        return None
    if line.closed_at is not None or line.pool_id is not None:
        raise NotFoundError
    reason_of(wish)
    return line


def line_of_council(session: Session, line_id: UUID, *, by: Actor) -> FundingLine:
    """Lock a line of the council that somebody works for.

    Raises:
        NotAllowedError: they are no practitioner, or it is their own money.
        NotFoundError: their council has no such line.
    """
    if not by.may(Permission.OPEN_FUNDING_LINES):
        raise NotAllowedError("Only a practitioner of a council can change a funding line.")
    line = locked_with_shares(session, line_id)
    if line.council_id != by.works_for:
        raise NotFoundError
    check_not_own(line.person_id, by_user_id=by.user_id)
    return line


def check_is_councils(line: FundingLine, field: str) -> None:
    """Refuse what a council may do with its own money alone.

    Raises:
        BadLineError: it is the person's own money, or their family's.
    """
    if line.funder.is_private:
        raise BadLineError(field, "This is the person's own money. Only they decide about it.")


def reason_of(wish: ChangeLine) -> str:
    """Return why something is changed, tidied."""
    return check_words("reason", wish.reason, sentence="Say why. The person reads it.")


def note_change(
    session: Session,
    line: FundingLine,
    wish: ChangeLine,
    changed: Changed,
    *,
    by: Actor | None,
    at: datetime,
) -> None:
    """Write a change down: a row that stays, and a deed in the trail."""
    if changed.before == changed.after and changed.before_name == changed.after_name:
        raise BadLineError(changed.what.value, "That is how it is now. Nothing was changed.")
    effective_on = changed.effective_on or local_day(at)
    session.add(
        BudgetLineChange(
            id=wish.change_id,
            line_id=line.id,
            what=changed.what,
            before=dict(changed.before),
            after=dict(changed.after),
            moved=changed.moved,
            other_line_id=changed.other_line_id,
            before_name=changed.before_name,
            after_name=changed.after_name,
            reason=reason_of(wish),
            by_id=by.user_id if by else None,
            by_name=by.name if by else "",
            at=at,
            effective_on=effective_on,
        )
    )
    session.flush()  # what moves money next names this row
    record(
        session,
        what=f"line-{changed.what.value.replace('_', '-')}",
        chain_id=line.person_id,
        subject_id=line.id,
        by_user_id=by.user_id if by else None,
        for_person_id=line.person_id,
        at=at,
        details={"change_id": str(wish.change_id), "pence": changed.moved.pence},
    )


def tell_person(
    session: Session, line: FundingLine, *, key: str, sentences: Sequence[str], at: datetime
) -> None:
    """Write to the person whose money it is what was changed."""
    if access.is_closed(session, user_id=line.person_id):
        return
    person = access.person(session, user_id=line.person_id)
    _write(
        session,
        f"line/{key}/{person.id}",
        to=person,
        subject=f"Something changed about your money: {line.funder.label}",
        sentences=sentences,
        path=f"/wallet/lines/{line.id}",
        at=at,
    )


def tell_store(
    session: Session, provider_id: UUID, *, key: str, sentences: Sequence[str], at: datetime
) -> None:
    """Write to those who own a store about money it keeps for somebody."""
    for person, role in access.staff_of(session, organisation_id=provider_id):
        if role is Role.PROVIDER_OWNER:
            _write(
                session,
                f"line/{key}/{person.id}",
                to=person,
                subject="About money you keep for somebody",
                sentences=sentences,
                path="/my-store",
                at=at,
            )


def _write(  # noqa: PLR0913 - a letter has this many sides
    session: Session,
    key: str,
    *,
    to: access.Person,
    subject: str,
    sentences: Sequence[str],
    path: str,
    at: datetime,
) -> None:
    letter = WriteLetter(
        key=key,
        to=to.email,
        subject=subject,
        template="money_changed",
        values={"name": to.name, "sentences": list(sentences), "path": path},
    )
    write_letter(session, letter, at=at)
