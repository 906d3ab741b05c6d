"""Where providers stand with councils, and so which portals show them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.models import Provider, ProviderCouncil
from marketplace.catalogue.queries.cards import StoreCouncil
from marketplace.catalogue.rules import CheckState, ProviderState, shows_in_portal
from marketplace.councils.queries import councils

Standing = Mapping[UUID, tuple[StoreCouncil, ...]]

SHOWN_STATES = frozenset({ProviderState.OPEN, ProviderState.PAUSED, ProviderState.UNCLAIMED})


def standing(session: Session, provider_ids: Collection[UUID] | None) -> Standing:
    """Return what each council says of each provider; all providers for None."""
    cards = {card.id: card for card in councils(session)}
    found: dict[UUID, list[StoreCouncil]] = defaultdict(list)
    rows = select(ProviderCouncil).order_by(ProviderCouncil.since_at, ProviderCouncil.id)
    if provider_ids is not None:
        rows = rows.where(ProviderCouncil.provider_id.in_(provider_ids))
    for row in session.scalars(rows):
        card = cards[row.council_id]
        found[row.provider_id].append(
            StoreCouncil(
                council_id=card.id,
                slug=card.slug,
                name=card.name,
                state=row.state,
                since_at=row.since_at,
                shows=shows_in_portal(row.state, opens_unchecked=card.stores_open_unchecked),
            )
        )
    return {provider_id: tuple(rows) for provider_id, rows in found.items()}


def is_shown(provider: Provider, councils_of_it: Iterable[StoreCouncil]) -> bool:
    """Tell whether anybody may see a store: it is not closed, and some portal shows it."""
    rows = tuple(councils_of_it)
    return provider.state in SHOWN_STATES and (not rows or any(row.shows for row in rows))


def may_see(session: Session, *, provider_id: UUID, by: Actor | None) -> bool:
    """Tell whether somebody may see a store: anybody if it is shown.

    Else those who look after it, and the moderators of the councils it applied to.
    """
    provider, stands = (
        session.get(Provider, provider_id),
        councils_of_provider(session, provider_id=provider_id),
    )
    if provider is None:
        return False
    if is_shown(provider, stands):
        return True
    if by is None:
        return False
    if by.may(Permission.KEEP_STORE):
        return by.works_for == provider_id
    return by.may(Permission.MODERATE) and any(by.works_for == each.council_id for each in stands)


def sells(provider: Provider, councils_of_it: Iterable[StoreCouncil]) -> bool:
    """Tell whether a store is open and may be seen."""
    return provider.state is ProviderState.OPEN and is_shown(provider, councils_of_it)


def is_checked(councils_of_it: Iterable[StoreCouncil]) -> bool:
    """Tell whether at least one council has checked a provider."""
    return any(row.state is CheckState.CHECKED for row in councils_of_it)


def councils_of_provider(session: Session, *, provider_id: UUID) -> tuple[StoreCouncil, ...]:
    """Return where a provider stands with each council it applied to, first the oldest."""
    return standing(session, [provider_id]).get(provider_id, ())


def suspensions(session: Session, *, council_id: UUID) -> dict[UUID, str]:
    """Return the providers a council has suspended, and why."""
    rows = select(ProviderCouncil.provider_id, ProviderCouncil.reason).where(
        ProviderCouncil.council_id == council_id, ProviderCouncil.state == CheckState.SUSPENDED
    )
    return dict(session.execute(rows).all())
