"""Reading councils."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, SQLColumnExpression, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from marketplace.access import queries as access
from marketplace.councils.models import Correction, Council, CouncilPerson
from marketplace.councils.rules import FamilyCarers
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.exporting import Kept, columns_of, rows_of
from marketplace.kernel.ready import Asked, Ready, Row


@dataclass(frozen=True, slots=True)
class CouncilCard:
    """A council as the rest of the market sees it."""

    id: UUID
    slug: str
    name: str
    strapline: str
    welcome: str
    brand: str
    accent: str
    email: str
    safeguarding_team: str
    safeguarding_phone: str
    districts: tuple[str, ...]
    auto_confirm_days: int
    small_number_threshold: int
    appeal_days: int
    stores_open_unchecked: bool
    family_carers: FamilyCarers
    safeguarding_email: str
    query_answer_days: int
    query_late_days: int
    ask_days: int


def council(session: Session, *, council_id: UUID) -> CouncilCard:
    """Return a council by id.

    Raises:
        NotFoundError: there is none.
    """
    found = session.get(Council, council_id)
    if found is None:
        raise NotFoundError
    return _card(found)


def council_at(session: Session, *, slug: str) -> CouncilCard:
    """Return the council whose portal has this address.

    Raises:
        NotFoundError: there is none.
    """
    found = find_council_at(session, slug=slug)
    if found is None:
        raise NotFoundError
    return found


def find_council_at(session: Session, *, slug: str) -> CouncilCard | None:
    """Return the council whose portal has this address, if there is one."""
    found = session.scalar(select(Council).where(Council.slug == slug))
    return _card(found) if found else None


@dataclass(frozen=True, slots=True)
class PortalRow:
    """Which portal a page is in: what every page needs of a council."""

    id: UUID
    slug: str
    name: str
    small_number_threshold: int


# Every page asks one of these, so they are made once and read columns alone.
_PORTAL = (Council.id, Council.slug, Council.name, Council.small_number_threshold)
_AT = Council.slug == bindparam("slug")
_PORTAL_AT = Ready(select(*_PORTAL).where(_AT))


def _portal_of_sign_in() -> Ready:
    there, at_home = aliased(Council), aliased(Council)
    named = select(there.id).where(there.slug == bindparam("slug")).scalar_subquery()
    home = (
        select(at_home.id)
        .join(CouncilPerson, CouncilPerson.council_id == at_home.id)
        .where(CouncilPerson.person_id == access.person_of_sign_in())
        .order_by(CouncilPerson.funded.desc(), at_home.name)
        .limit(1)
        .correlate_except(CouncilPerson, at_home)
        .scalar_subquery()
    )
    which = func.coalesce(named, access.council_of_sign_in(), home)
    beside = access.with_sign_in().outerjoin(Council, Council.id == which)
    return Ready(beside.add_columns(*_PORTAL))


_PORTAL_OF_SIGN_IN = _portal_of_sign_in()


def asked_for_portal(sign_in_id: UUID, slug: str | None, *, on: date) -> Asked:
    """Return the statement for a sign-in and a portal beside it.

    That is the one with this address, or else of the council they work for, or else the one where
    the person is at home: of a council that funds them, if one does.
    """
    return _PORTAL_OF_SIGN_IN, {"sign_in_id": sign_in_id, "slug": slug, "today": on}


def find_portal(session: Session, *, slug: str) -> PortalRow | None:
    """Return the portal with this address, if there is one."""
    found = _PORTAL_AT.first(session, slug=slug)
    return PortalRow(*found) if found else None


def portal_in(beside: Row) -> PortalRow | None:
    """Return the portal that was found beside a sign-in, if there is one."""
    return PortalRow(*beside) if beside and beside[0] is not None else None


def councils(session: Session) -> list[CouncilCard]:
    """Return all councils by name."""
    return [_card(found) for found in session.scalars(select(Council).order_by(Council.name))]


def name_in(
    council_id: SQLColumnExpression[UUID] | SQLColumnExpression[UUID | None],
) -> ScalarSelect[str]:
    """Return a council's name, as part of a statement of a room above."""
    return select(Council.name).where(Council.id == council_id).scalar_subquery()


def opens_unchecked(council_id: SQLColumnExpression[UUID]) -> ScalarSelect[bool]:
    """Return whether a council shows stores it has not checked, as part of such a statement."""
    return select(Council.stores_open_unchecked).where(Council.id == council_id).scalar_subquery()


def councils_of(session: Session, *, person_id: UUID) -> list[CouncilCard]:
    """Return the councils a person belongs to, those that fund them first."""
    return [_card(found) for found in session.scalars(_MINE, {"person_id": person_id})]


_MINE = (
    select(Council)
    .join(CouncilPerson, CouncilPerson.council_id == Council.id)
    .where(CouncilPerson.person_id == bindparam("person_id"))
    .order_by(CouncilPerson.funded.desc(), Council.name)
)
"""Made once: every page of somebody's asks it."""


def funding_councils(session: Session, *, person_id: UUID | None) -> frozenset[UUID]:
    """Return the councils that fund a person; none for a stranger. Decides agreed prices."""
    return frozenset(session.scalars(funding(person_id))) if person_id else frozenset()


def funding(person_id: UUID | None) -> Select[UUID]:
    """Return the ids of those councils, as part of a statement of a room above."""
    return select(CouncilPerson.council_id).where(
        CouncilPerson.person_id == person_id, CouncilPerson.funded
    )


def people_of(session: Session, *, council_id: UUID) -> list[UUID]:
    """Return the ids of everybody who belongs to a council."""
    rows = (
        select(CouncilPerson.person_id)
        .where(CouncilPerson.council_id == council_id)
        .order_by(CouncilPerson.since_at, CouncilPerson.person_id)
    )
    return list(session.scalars(rows))


def belongs(session: Session, *, council_id: UUID, person_id: UUID) -> bool:
    """Tell whether a person belongs to a council."""
    row = select(CouncilPerson.id).where(
        CouncilPerson.council_id == council_id, CouncilPerson.person_id == person_id
    )
    return session.scalar(row) is not None


def data_of(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return which councils somebody belongs to, and what they asked to have put right."""
    belonging = (
        select(*columns_of(CouncilPerson), Council.name.label("council_name"))
        .join(Council, Council.id == CouncilPerson.council_id)
        .where(CouncilPerson.person_id == user_id)
        .order_by(CouncilPerson.since_at, CouncilPerson.id)
    )
    corrections = (
        select(*columns_of(Correction), Council.name.label("council_name"))
        .join(Council, Council.id == Correction.council_id)
        .where(Correction.person_id == user_id)
        .order_by(Correction.asked_at, Correction.id)
    )
    return {
        "councils-you-belong-to": rows_of(session, belonging),
        "corrections-you-asked-for": rows_of(session, corrections),
    }


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """Something somebody says is wrong, and the answer."""

    id: UUID
    council_id: UUID
    council_name: str
    person_id: UUID
    person_name: str
    what: str
    instead: str
    asked_at: datetime
    answer: str
    answered_by_name: str
    answered_at: datetime | None


def corrections_of(session: Session, *, person_id: UUID) -> list[CorrectionRow]:
    """Return what somebody asked to have put right, newest first."""
    rows = _corrections().where(Correction.person_id == person_id)
    newest = rows.order_by(Correction.asked_at.desc(), Correction.id)
    return [CorrectionRow(*row) for row in session.execute(newest)]


def corrections_for(session: Session, *, council_id: UUID) -> list[CorrectionRow]:
    """Return what people asked a council to put right and nobody has answered, oldest first."""
    rows = _corrections().where(
        Correction.council_id == council_id, Correction.answered_at.is_(None)
    )
    oldest = rows.order_by(Correction.asked_at, Correction.id)
    return [CorrectionRow(*row) for row in session.execute(oldest)]


def correction(session: Session, *, correction_id: UUID, council_id: UUID) -> CorrectionRow:
    """Return one request of a council's inbox, answered or not.

    Raises:
        NotFoundError: it is not in this council's.
    """
    found = session.execute(
        _corrections().where(Correction.id == correction_id, Correction.council_id == council_id)
    ).first()
    if found is None:
        raise NotFoundError
    return CorrectionRow(*found)


def _corrections() -> Select[*tuple[Any, ...]]:
    return select(
        Correction.id,
        Correction.council_id,
        Council.name,
        Correction.person_id,
        Correction.person_name,
        Correction.what,
        Correction.instead,
        Correction.asked_at,
        Correction.answer,
        Correction.answered_by_name,
        Correction.answered_at,
    ).join(Council, Council.id == Correction.council_id)


def _card(found: Council) -> CouncilCard:
    return CouncilCard(
        **{name: getattr(found, name) for name in CouncilCard.__slots__ if name != "districts"},
        districts=tuple(found.districts),
    )
