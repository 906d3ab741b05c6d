"""Whom an ask could concern: approved providers who are open and sell such things."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.asking.models import Ask
from marketplace.asking.rules import Selling, Wanted, matching
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import FindableOffer
from marketplace.catalogue.rules import CheckState
from marketplace.councils import queries as councils
from marketplace.places.rules import Point


def matching_providers(session: Session, ask: Ask) -> frozenset[UUID]:
    """Return which providers are to be told of an ask.

    A council has to have checked them, and the portal of the ask's council has to show them;
    whoever pauses sells nothing and is not told. Nobody answers themself.
    """
    portal = _portal(session, ask.council_id)
    ids = catalogue.offers_in_category(session, category=ask.category)
    if not ids:
        return frozenset()
    offers = catalogue.findable_offers(session, ids)
    own = {
        store
        for user_id in {ask.person_id, ask.asked_by_id}
        for store in access.stores_of(session, user_id=user_id)
    }
    return matching(wanted(ask), _selling(offers, portal)) - own


def closed_to(session: Session, provider_id: UUID) -> frozenset[UUID] | None:
    """Return the councils that have shut a provider out since it was told; None: all have.

    What people of theirs ask is no longer for it to read or to answer.
    """
    stands = catalogue.councils_of_provider(session, provider_id=provider_id)
    if not any(each.state is CheckState.CHECKED for each in stands):
        return None
    return frozenset(each.council_id for each in stands if not each.shows)


def wanted(ask: Ask) -> Wanted:
    """Return what an ask looks for, as the rule of matching reads it."""
    return Wanted(
        category=ask.category,
        district=ask.district,
        point=_point(ask.easting, ask.northing),
        days=frozenset(ask.days),
        times=frozenset(ask.times),
        languages=frozenset(ask.languages),
        gender=ask.gender,
        for_whom=frozenset(ask.for_whom),
    )


def _portal(session: Session, council_id: UUID | None) -> str:
    return councils.council(session, council_id=council_id).slug if council_id else ""


def _selling(offers: Iterable[FindableOffer], portal: str) -> Iterable[Selling]:
    for each in offers:
        shown = not portal or not each.council_slugs or portal in each.council_slugs
        if each.checked and shown:
            yield Selling(
                provider_id=each.provider_id,
                category=each.category,
                point=_point(each.easting, each.northing),
                reach_metres=each.reach_metres,
                covers=each.covers,
                days=frozenset(each.days),
                times=frozenset(each.times),
                languages=frozenset(each.languages),
                genders=frozenset(each.genders),
                for_whom=frozenset(each.for_whom),
            )


def _point(easting: int | None, northing: int | None) -> Point | None:
    return None if easting is None or northing is None else Point(easting, northing)
