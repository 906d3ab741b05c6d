"""What every deed on a store begins and ends with: whose it is, and telling the index."""

import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import staff_of
from marketplace.access.rules import Actor, Permission, Role
from marketplace.audit.commands import record
from marketplace.audit.rules import type_of_detail
from marketplace.catalogue.models import Category, Offer, Provider
from marketplace.catalogue.rules import first_slug
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.commands import WriteLetter, ask_to_index, write_letter

_NUMBERED = re.compile(r"-(\d+)$")


def own_store(session: Session, by: Actor) -> Provider:
    """Lock and return the store somebody looks after.

    Raises:
        NotFoundError: they look after none.
    """
    if not by.may(Permission.KEEP_STORE):
        raise NotFoundError
    found = session.get(Provider, by.works_for, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


def own_offer(session: Session, offer_id: UUID, by: Actor) -> Offer:
    """Lock and return one of the offers of the store somebody looks after.

    Raises:
        NotFoundError: it is not theirs.
    """
    if not by.may(Permission.KEEP_STORE):
        raise NotFoundError
    found = session.get(Offer, offer_id, with_for_update=True, populate_existing=True)
    if found is None or found.provider_id != by.works_for:
        raise NotFoundError
    return found


def free_slug(session: Session, name: str) -> str:
    """Return an address for a new store: its name, with a number if that is taken."""
    slug = first_slug(name)
    taken = set(
        session.scalars(
            select(Provider.slug).where(
                (Provider.slug == slug) | Provider.slug.startswith(f"{slug}-", autoescape=True)
            )
        )
    )
    if slug not in taken:
        return slug
    numbers = {int(found[1]) for each in taken if (found := _NUMBERED.search(each))}
    number = 2
    while number in numbers or f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"


def has_category(session: Session, slug: str) -> bool:
    """Tell whether there is a category of this name."""
    return session.scalar(select(Category.id).where(Category.slug == slug)) is not None


def ask_for_store(session: Session, provider_id: UUID, *, at: datetime) -> None:
    """Ask for a store and all its offers to be indexed again."""
    ask_to_index(session, kind="provider", subject_id=provider_id, at=at)
    for offer_id in session.scalars(select(Offer.id).where(Offer.provider_id == provider_id)):
        ask_to_index(session, kind="offer", subject_id=offer_id, at=at)


def note(  # noqa: PLR0913 - a deed has this many sides
    session: Session,
    what: str,
    *,
    provider_id: UUID,
    subject_id: UUID | None = None,
    by: Actor | None,
    at: datetime,
    details: dict[str, type_of_detail] | None = None,
) -> None:
    """Write a deed on a store down in the provider's own trail."""
    record(
        session,
        what=what,
        chain_id=provider_id,
        subject_id=subject_id or provider_id,
        by_user_id=by.user_id if by else None,
        at=at,
        details=details,
    )


def tell_staff(  # noqa: PLR0913 - a letter has this many parts
    session: Session,
    organisation_id: UUID,
    *,
    role: Role = Role.PROVIDER_OWNER,
    key: str,
    subject: str,
    template: str,
    values: Mapping[str, object],
    at: datetime,
) -> None:
    """Write to everybody who has a role in an organisation; the same key twice is one letter."""
    for member, theirs in staff_of(session, organisation_id=organisation_id):
        if theirs is role:
            write_letter(
                session,
                WriteLetter(
                    key=f"{key}/{member.id}",
                    to=member.email,
                    subject=subject,
                    template=template,
                    values={"name": member.name, **values},
                ),
                at=at,
            )
