"""Opening funding lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.budgets.commands.instalments import pay_instalments_of
from marketplace.budgets.commands.limits import add_limit
from marketplace.budgets.commands.outcomes import link_outcomes
from marketplace.budgets.commands.wishes import NewLimit
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.models import FundingLine
from marketplace.budgets.rules import (
    Calendar,
    Funder,
    Holder,
    Schedule,
    check_calendar,
    check_days,
    check_holder,
)
from marketplace.budgets.rules.lines import check_not_own
from marketplace.catalogue import queries as catalogue
from marketplace.councils.commands import note_person
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet.commands import open_account
from marketplace.wallet.rules import AccountKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """Money a council agrees to, for one person. The id comes from the form: twice is once."""

    line_id: UUID
    person_id: UUID
    funder: Funder
    yearly: Money
    holder: Holder
    starts_on: date
    ends_before: date | None = None
    holder_name: str = ""
    """May be empty where the person or the council holds the money."""
    holder_provider_id: UUID | None = None
    """The provider who keeps the money, if it is an individual service fund with a store here."""
    calendar: Calendar = Calendar.FOUR_WEEKLY
    only_for: tuple[str, ...] = ()
    """The only categories this line is for; none means all that its funder allows."""
    cost_code: str = ""
    outcomes: tuple[str, ...] = ()
    """Sentences; those the person has already are not added again."""
    limits: tuple[NewLimit, ...] = ()


def open_line(session: Session, wish: OpenLine, *, by: Actor, at: datetime) -> UUID:
    """Open a funding line and pay in what is due by today.

    Raises:
        NotAllowedError: they are no practitioner, or it is for themself.
        NotFoundError: there is no such person, or the id is that of another line.
        BadLineError: an amount, date, name or reason cannot be like this.
    """
    if not by.may(Permission.OPEN_FUNDING_LINES):
        raise NotAllowedError("Only a practitioner of a council can open a funding line.")
    council_id = by.works_for
    check_not_own(wish.person_id, by_user_id=by.user_id)
    person = access.person(session, user_id=wish.person_id)
    earlier = session.get(FundingLine, wish.line_id)
    if earlier is not None:
        return _if_same(earlier, wish, council_id)
    _check(wish, today=local_day(at))
    name = _holder_name(session, wish, person.name, by)
    fence = fence_words(session, wish.only_for)
    accounts = _accounts(session, wish, by)
    earlier = session.get(FundingLine, wish.line_id)
    if earlier is not None:  # whoever opened it at this moment was waited for
        return _if_same(earlier, wish, council_id)
    line = _line(session, wish, accounts, by=by, name=name, at=at)
    line.only_words = fence
    session.add(line)
    session.flush()  # what follows refers to the line
    link_outcomes(session, line, wish.outcomes, at=at)
    for limit in wish.limits:
        add_limit(session, line, limit, by=by, at=at)
    note_person(
        session,
        council_id=council_id,
        person_id=wish.person_id,
        funded=not wish.funder.is_private,
        at=at,
    )
    _record(session, line, by=by, at=at)
    pay_instalments_of(session, line, on=local_day(at), at=at)
    return line.id


def _if_same(earlier: FundingLine, wish: OpenLine, council_id: UUID) -> UUID:
    if (earlier.person_id, earlier.council_id) != (wish.person_id, council_id):
        raise NotFoundError
    return earlier.id


def _check(wish: OpenLine, *, today: date) -> None:
    check_calendar(wish.calendar, wish.yearly)
    check_days(wish.starts_on, wish.ends_before, today=today)
    if wish.holder is not Holder.ISF or wish.holder_provider_id is None:
        check_holder(wish.holder, wish.holder_name, funder=wish.funder)


def fence_words(session: Session, only_for: Sequence[str]) -> str:
    """Return a line's own ring fence in words; nothing if it has none.

    Raises:
        BadLineError: there is no such category.
    """
    if not only_for:
        return ""
    names = {row.slug: row.name for row in catalogue.categories(session)}
    if not set(only_for) <= names.keys():
        raise BadLineError("only_for", "Choose from the list what this money is for.")
    named = [name for slug, name in names.items() if slug in only_for]
    return f"This money is only for: {'; '.join(named)}."


def holder_named(
    session: Session, *, holder: Holder, name: str, provider_id: UUID | None, own: str, council: str
) -> str:
    """Return the name of who holds the money: the store's, the one given, or one that is known."""
    if holder is Holder.ISF and provider_id is not None:
        return catalogue.provider_name(session, provider_id=provider_id)
    given = " ".join(name.split())
    if given:
        return given
    return own if holder is Holder.DIRECT_PAYMENT else council


def _holder_name(session: Session, wish: OpenLine, person_name: str, by: Actor) -> str:
    name = holder_named(
        session,
        holder=wish.holder,
        name=wish.holder_name,
        provider_id=wish.holder_provider_id,
        own=person_name,
        council=by.organisation_name,
    )
    check_holder(wish.holder, wish.holder_name or name, funder=wish.funder)
    return name


def _accounts(session: Session, wish: OpenLine, by: Actor) -> tuple[UUID, UUID]:
    available, held = (
        open_account(session, owner_id=wish.line_id, kind=kind, council_id=by.works_for)
        for kind in (AccountKind.AVAILABLE, AccountKind.HELD)
    )
    return available, held


def _line(
    session: Session,
    wish: OpenLine,
    accounts: tuple[UUID, UUID],
    *,
    by: Actor,
    name: str,
    at: datetime,
) -> FundingLine:
    last = session.scalar(
        select(func.max(FundingLine.sequence)).where(FundingLine.person_id == wish.person_id)
    )
    return FundingLine(
        id=wish.line_id,
        person_id=wish.person_id,
        council_id=by.works_for,
        funder=wish.funder,
        yearly=wish.yearly,
        calendar=wish.calendar,
        paid_in=ZERO,
        holder=wish.holder,
        holder_name=name,
        holder_provider_id=wish.holder_provider_id if wish.holder is Holder.ISF else None,
        only_for=sorted(wish.only_for),
        cost_code=wish.cost_code.strip(),
        starts_on=wish.starts_on,
        ends_before=wish.ends_before,
        sequence=(last or 0) + 1,
        next_due_on=Schedule(wish.calendar, wish.starts_on).first_due_on,
        available_account_id=accounts[0],
        held_account_id=accounts[1],
        opened_by_id=by.user_id,
        opened_at=at,
    )


def _record(session: Session, line: FundingLine, *, by: Actor, at: datetime) -> None:
    record(
        session,
        what="funding-line-opened",
        chain_id=line.person_id,
        subject_id=line.id,
        by_user_id=by.user_id,
        for_person_id=line.person_id,
        at=at,
        details={
            "funder": line.funder.value,
            "yearly_pence": line.yearly.pence,
            "holder": line.holder.value,
            "starts_on": line.starts_on.isoformat(),
        },
    )
