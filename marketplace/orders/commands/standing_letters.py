"""Letters about standing orders: some sentences, and where to look."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.queries import active_supporters, person, staff_of
from marketplace.access.rules import Role, Scope
from marketplace.budgets.queries import members_of
from marketplace.kernel.errors import NotFoundError
from marketplace.orders.models import StandingOrder
from marketplace.outbox.commands import WriteLetter, write_letter

_OFFICE = frozenset({Role.PROVIDER_OWNER, Role.PROVIDER_MANAGER})


def tell_person_of(  # noqa: PLR0913 - a letter has this many sides
    session: Session,
    standing: StandingOrder,
    subject: str,
    sentences: Sequence[str],
    *,
    key: str,
    at: datetime,
    others: Sequence[str] = (),
) -> None:
    """Write to the person, and to whoever placed it for them if they still may see it.

    Where a pool pays, its other members read the same, or ``others`` instead.
    """
    helpers = active_supporters(session, person_id=standing.person_id, scope=Scope.SEE, at=at)
    readers = {one.email: one.name for one in helpers if one.id == standing.placed_by_id}
    readers |= _person(session, standing.person_id)
    path = f"/standing/{standing.id}"
    _write(session, standing, subject, sentences, readers.items(), key=key, path=path, at=at)
    _tell_members(session, standing, subject, others or sentences, set(readers), key=key, at=at)


def tell_members_of(
    session: Session,
    standing: StandingOrder,
    subject: str,
    sentences: Sequence[str],
    *,
    key: str,
    at: datetime,
) -> None:
    """Write to the other members of the pool that pays; to nobody, if none does."""
    mine = set(_person(session, standing.person_id))
    _tell_members(session, standing, subject, sentences, mine, key=key, at=at)


def tell_both_of(
    session: Session,
    standing: StandingOrder,
    subject: str,
    sentences: Sequence[str],
    *,
    key: str,
    at: datetime,
) -> None:
    """Write to the provider what the person did, and to the other members of the pool that pays."""
    tell_provider_of(session, standing, subject, sentences, key=key, at=at)
    tell_members_of(session, standing, subject, sentences, key=key, at=at)


def tell_provider_of(
    session: Session,
    standing: StandingOrder,
    subject: str,
    sentences: Sequence[str],
    *,
    key: str,
    at: datetime,
) -> None:
    """Write to those who run the provider."""
    staff = staff_of(session, organisation_id=standing.provider_id)
    office = {one.email: one.name for one, role in staff if role in _OFFICE}
    path = f"/work/standing/{standing.id}"
    _write(session, standing, subject, sentences, office.items(), key=key, path=path, at=at)


def _tell_members(  # noqa: PLR0913 - private: a letter has this many sides
    session: Session,
    standing: StandingOrder,
    subject: str,
    sentences: Sequence[str],
    told: set[str],
    *,
    key: str,
    at: datetime,
) -> None:
    if standing.pool_id is None:
        return
    readers: dict[str, str] = {}
    for person_id in members_of(session, pool_id=standing.pool_id):
        readers |= _person(session, person_id)
    others = [(email, name) for email, name in readers.items() if email not in told]
    path = f"/standing/{standing.id}"
    _write(session, standing, subject, sentences, others, key=key, path=path, at=at)


def _person(session: Session, person_id: UUID) -> dict[str, str]:
    try:
        found = person(session, user_id=person_id)
    except NotFoundError:
        return {}
    return {found.email: found.name}


def _write(  # noqa: PLR0913 - private: a letter has this many sides
    session: Session,
    standing: StandingOrder,
    subject: str,
    sentences: Sequence[str],
    readers: Iterable[tuple[str, str]],
    *,
    key: str,
    path: str,
    at: datetime,
) -> None:
    for email, name in sorted(readers):
        wish = WriteLetter(
            key=f"standing/{standing.id}/{key}/{email}",
            to=email,
            subject=subject,
            template="standing_news",
            values={
                "name": name,
                "title": standing.title,
                "provider": standing.provider_name,
                "sentences": list(sentences),
                "path": path,
            },
        )
        write_letter(session, wish, at=at)
