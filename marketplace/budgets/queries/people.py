"""Whom a council funds, and what they want to be true in their lives."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.queries import Person
from marketplace.budgets.models import FundingLine, LineOutcome, Outcome, SpendingLimit
from marketplace.budgets.rules import Funder
from marketplace.councils import queries as councils
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money, total
from marketplace.kernel.paging import PAGE_SIZE, Page
from marketplace.wallet import queries as ledger
from marketplace.wallet.rules import AccountKind


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """Something a person wants to be true in their life."""

    id: UUID
    sentence: str


@dataclass(frozen=True, slots=True)
class FundedPerson:
    """One person on a council's list."""

    id: UUID
    name: str
    lines: int
    available: Money
    held: Money


def outcomes_of(session: Session, *, person_id: UUID) -> list[OutcomeRow]:
    """Return what a person wants to be true in their life, in their own order."""
    rows = (
        select(Outcome.id, Outcome.sentence)
        .where(Outcome.person_id == person_id, Outcome.ended_at.is_(None))
        .order_by(Outcome.sort, Outcome.added_at, Outcome.id)
    )
    return [OutcomeRow(*row) for row in session.execute(rows)]


def outcomes_of_line(session: Session, *, line_id: UUID) -> list[OutcomeRow]:
    """Return the outcomes a funding line is for."""
    rows = (
        select(Outcome.id, Outcome.sentence)
        .join(LineOutcome, LineOutcome.outcome_id == Outcome.id)
        .where(LineOutcome.line_id == line_id)
        .order_by(Outcome.sort, Outcome.added_at, Outcome.id)
    )
    return [OutcomeRow(*row) for row in session.execute(rows)]


def people_of_council(session: Session, *, council_id: UUID, page: int = 1) -> Page[FundedPerson]:
    """Return one page of who belongs to a council, by name, with what that council funds."""
    everybody = councils.people_of(session, council_id=council_id)
    names = access.names_of(session, user_ids=everybody)
    by_name = sorted(everybody, key=lambda person_id: (names[person_id].casefold(), person_id))
    people = by_name[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    lines: dict[UUID, list[UUID]] = {person_id: [] for person_id in people}
    rows = select(FundingLine.person_id, FundingLine.id).where(
        FundingLine.council_id == council_id,
        FundingLine.person_id.in_(people),
        FundingLine.closed_at.is_(None),
        # What of their own money a council sees is the person's choice.
        FundingLine.funder.not_in([funder for funder in Funder if funder.is_private]),
    )
    for person_id, line_id in session.execute(rows):
        lines[person_id].append(line_id)
    line_ids = [line_id for of_one in lines.values() for line_id in of_one]
    available = ledger.balances(session, owner_ids=line_ids, kind=AccountKind.AVAILABLE)
    held = ledger.balances(session, owner_ids=line_ids, kind=AccountKind.HELD)
    found = [
        FundedPerson(
            id=person_id,
            name=names[person_id],
            lines=len(lines[person_id]),
            available=total(available.get(line_id, ZERO) for line_id in lines[person_id]),
            held=total(held.get(line_id, ZERO) for line_id in lines[person_id]),
        )
        for person_id in people
    ]
    return Page(found, page, len(everybody))


def person_of_council(session: Session, *, council_id: UUID, person_id: UUID) -> Person:
    """Return somebody who belongs to a council, even if they have closed their account.

    Raises:
        NotFoundError: nobody with this id does.
    """
    if not councils.belongs(session, council_id=council_id, person_id=person_id):
        raise NotFoundError
    return access.person_ever(session, user_id=person_id)


def who_had_to_do_with(session: Session, *, person_id: UUID, council_id: UUID) -> set[UUID]:
    """Return who set up a council's money for a person, or set a limit on it."""
    theirs = FundingLine.person_id == person_id, FundingLine.council_id == council_id
    opened = select(FundingLine.opened_by_id).where(*theirs)
    limited = (
        select(SpendingLimit.set_by_id)
        .join(FundingLine, FundingLine.id == SpendingLimit.line_id)
        .where(*theirs)
    )
    found = session.scalars(union(opened, limited))
    return {user_id for user_id in found if user_id is not None}
