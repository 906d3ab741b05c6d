"""Stores by the names people type, and whose family a council lets be paid."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.queries import (
    FamilyAnswer,
    NamedStore,
    family_answers,
    names_of,
    paid_family_of,
)
from marketplace.catalogue.queries import store
from marketplace.catalogue.rules import first_slug
from marketplace.councils.queries import people_of
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.paging import PAGE_SIZE, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidFamily:
    """Somebody of a person's family who earns from a store, and what the council said to it."""

    person_id: UUID
    person_name: str
    store: NamedStore
    who: str
    answer: FamilyAnswer | None


def store_named(session: Session, typed: str) -> NamedStore:
    """Return the store that somebody means, by its name or the address of its page.

    Raises:
        NotFoundError: no store is called like this.
    """
    last = typed.strip().rstrip("/").rpartition("/")[2]
    try:
        found = store(session, slug=first_slug(last))
    except NotFoundError:
        raise NotFoundError(
            f"We cannot find a store called {typed.strip()[:80]}. "
            "Write its name as it stands on its page."
        ) from None
    return NamedStore(found.id, found.name)


def paid_family_of_council(
    session: Session, *, council_id: UUID, page: int, at: datetime
) -> Page[PaidFamily]:
    """Return one page of whose family is paid among a council's people, undecided ones first."""
    people = people_of(session, council_id=council_id)
    names = names_of(session, user_ids=people)
    answers = family_answers(session, person_ids=people, council_id=council_id)
    rows = [
        PaidFamily(
            person_id=person_id,
            person_name=names.get(person_id, ""),
            store=one,
            who=who,
            answer=answers.get((person_id, one.id)),
        )
        for person_id, one, who in paid_family_of(session, person_ids=people, at=at)
    ]
    rows.sort(key=lambda row: (row.answer is not None, row.person_name, row.who))
    start = (page - 1) * PAGE_SIZE
    return Page(rows[start : start + PAGE_SIZE], page, len(rows))
