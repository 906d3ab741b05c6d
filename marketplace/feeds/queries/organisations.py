"""Who runs what a feed has: providers and groups, those that offer nothing just now with them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries.published import published_services
from marketplace.community import queries as community
from marketplace.community.queries.published import published_groups
from marketplace.councils.queries import councils
from marketplace.feeds.queries.services import Pages, of_group, of_provider
from marketplace.feeds.rules.asking import Question
from marketplace.feeds.rules.published import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationKey:
    """One organisation, and what a feed can be asked about it."""

    id: UUID
    is_group: bool
    councils: frozenset[str]
    """The portals that show it; none at all means every portal."""
    changed_at: datetime
    words: str


def organisation_keys(
    session: Session,
    question: Question,
    *,
    council_slug: str | None,
    at: datetime,
    ids: Collection[UUID] | None = None,
) -> list[OrganisationKey]:
    """Return the organisations that answer a question, or those of some ids, in a fixed order."""
    found = [
        key
        for key in (*_providers(session, question, at, ids), *_groups(session, at, ids))
        if (council_slug is None or not key.councils or council_slug in key.councils)
        and question.organisation_id in {None, key.id}
        and (question.modified_after is None or key.changed_at >= question.modified_after)
        and all(word in key.words.casefold() for word in question.words)
    ]
    return sorted(found, key=lambda key: key.id)


def organisations(
    session: Session, found: Sequence[OrganisationKey], *, base_url: str
) -> list[Organisation]:
    """Return the organisations of some keys in their order; what has gone since is left out."""
    pages = Pages(base_url)
    stores = catalogue.stores(session, provider_ids=[key.id for key in found if not key.is_group])
    groups = community.groups_by_id(session, ids=[key.id for key in found if key.is_group])
    made = {
        **{store.id: of_provider(store, pages) for store in stores.values()},
        **{group.id: of_group(group, pages) for group in groups},
    }
    return [made[key.id] for key in found if key.id in made]


def _providers(
    session: Session, question: Question, at: datetime, ids: Collection[UUID] | None
) -> list[OrganisationKey]:
    keys: dict[UUID, OrganisationKey] = {}
    for row in published_services(session, at=at, ids=ids, with_words=bool(question.words)):
        earlier = keys.get(row.provider_id)
        keys[row.provider_id] = OrganisationKey(
            id=row.provider_id,
            is_group=False,
            councils=row.council_slugs,
            changed_at=max(row.changed_at, earlier.changed_at) if earlier else row.changed_at,
            words=f"{earlier.words} {row.words}" if earlier else row.words,
        )
    return [key for key in keys.values() if ids is None or key.id in ids]


def _groups(session: Session, at: datetime, ids: Collection[UUID] | None) -> list[OrganisationKey]:
    slugs = {card.id: card.slug for card in councils(session)}
    return [
        OrganisationKey(
            id=row.id,
            is_group=True,
            councils=frozenset({slugs[row.council_id]}) if row.council_id else frozenset(),
            changed_at=row.changed_at,
            words=f"{row.name} {row.about}",
        )
        for row in published_groups(session, at=at, ids=ids)
    ]
