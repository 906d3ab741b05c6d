"""What comes from files: services from public registers, and the categories."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.commands.keeping import ask_for_store, free_slug, note
from marketplace.catalogue.models import Category, Provider
from marketplace.catalogue.queries import CategoryRow
from marketplace.catalogue.rules import (
    ImportResult,
    ProviderKind,
    ProviderState,
    RegisterEntry,
    provider_name,
)
from marketplace.kernel.writing import insert_once
from marketplace.places.queries import find_point


def import_entry(session: Session, entry: RegisterEntry, *, at: datetime) -> ImportResult:
    """Put a service from a register in the market, or bring it up to date.

    A store that somebody looks after is left alone: its owner's words count.

    Raises:
        BadWordsError: its name is missing or too long.
    """
    values = _values(entry)
    found = session.scalar(select(Provider).where(Provider.source_key == entry.source_key))
    if found is None:
        return _put(session, entry, values, at)
    if found.state is not ProviderState.UNCLAIMED:
        return ImportResult.SAME
    changes = [name for name, value in values.items() if getattr(found, name) != value]
    if not changes:
        return ImportResult.SAME
    for name in changes:
        setattr(found, name, values[name])
    found.confirmed_at = at
    note(session, "register-entry-changed", provider_id=found.id, by=None, at=at)
    ask_for_store(session, found.id, at=at)
    return ImportResult.CHANGED


def close_entry(session: Session, *, provider_id: UUID, at: datetime) -> bool:
    """Close a store nobody looks after, because its source no longer has it; tell whether it did.

    A store that somebody looks after stays: its owner says when it closes.
    """
    found = session.get(Provider, provider_id, with_for_update=True, populate_existing=True)
    if found is None or found.state is not ProviderState.UNCLAIMED:
        return False
    found.state = ProviderState.CLOSED
    note(session, "register-entry-closed", provider_id=provider_id, by=None, at=at)
    ask_for_store(session, provider_id, at=at)
    return True


def open_entry_again(session: Session, *, provider_id: UUID, at: datetime) -> None:
    """Open a store that was closed because its source no longer had it: now it has it again."""
    found = session.get_one(Provider, provider_id, with_for_update=True, populate_existing=True)
    if found.state is ProviderState.CLOSED:
        found.state, found.confirmed_at = ProviderState.UNCLAIMED, at
        note(session, "register-entry-opened", provider_id=provider_id, by=None, at=at)
        ask_for_store(session, provider_id, at=at)


def put_category(session: Session, category: CategoryRow) -> ImportResult:
    """Make a category, or change its words and place in the list."""
    values = {name: getattr(category, name) for name in ("name", "welsh", "sort", "vat")}
    made = insert_once(session, Category, {"id": uuid4(), "slug": category.slug, **values})
    if made:
        return ImportResult.NEW
    found = session.scalars(select(Category).where(Category.slug == category.slug)).one()
    if all(getattr(found, name) == value for name, value in values.items()):
        return ImportResult.SAME
    for name, value in values.items():
        setattr(found, name, value)
    return ImportResult.CHANGED


def _put(
    session: Session, entry: RegisterEntry, values: dict[str, object], at: datetime
) -> ImportResult:
    provider_id: UUID = uuid4()
    session.add(
        Provider(
            id=provider_id,
            slug=free_slug(session, entry.name),
            kind=ProviderKind.COMPANY,
            reach_metres=None,
            email="",
            regulated=entry.regulated,
            why_no_cqc="",
            languages=[],
            genders=[],
            access=[],
            state=ProviderState.UNCLAIMED,
            source=entry.source,
            source_key=entry.source_key,
            source_words=entry.source_words,
            source_url=entry.source_url,
            joined_at=at,
            confirmed_at=at,
            **values,
        )
    )
    session.flush()  # the next entry's address looks at this one's
    note(session, "register-entry-imported", provider_id=provider_id, by=None, at=at)
    ask_for_store(session, provider_id, at=at)
    return ImportResult.NEW


def _values(entry: RegisterEntry) -> dict[str, object]:
    point = find_point(entry.postcode)
    return {
        "name": provider_name(entry.name),
        "about": entry.about,
        "postcode": " ".join(entry.postcode.upper().split()),
        "easting": point and point.easting,
        "northing": point and point.northing,
        "phone": entry.phone,
        "website": entry.website,
        "cqc_id": entry.cqc_id or None,
        "categories": list(entry.categories),
        "for_whom": list(entry.for_whom),
        "youngest": entry.ages.youngest,
        "oldest": entry.ages.oldest,
    }
