"""What stands on an invoice about who sells, and which categories are exempt from VAT."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Category, Provider
from marketplace.catalogue.queries.stores import district
from marketplace.catalogue.rules import CategoryVat, ProviderKind

_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sells, as an invoice names them, whether their store is open or not."""

    name: str
    district: str
    email: str
    phone: str
    welfare: bool
    """Is their welfare work exempt from VAT? They are regulated by the state, or a charity."""


def sellers(session: Session, *, provider_ids: Iterable[UUID]) -> dict[UUID, Seller]:
    """Return some sellers by id, with a statement for thousands of them."""
    wanted, found = sorted(set(provider_ids)), {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = select(
            Provider.id,
            Provider.name,
            Provider.postcode,
            Provider.email,
            Provider.phone,
            Provider.regulated,
            Provider.kind,
        ).where(Provider.id.in_(wanted[start : start + _AT_ONCE]))
        for id_, name, postcode, email, phone, regulated, kind in session.execute(rows):
            welfare = regulated or kind is ProviderKind.CHARITY
            found[id_] = Seller(name, district(postcode), email, phone, welfare)
    return found


def exempt_categories(session: Session) -> frozenset[str]:
    """Return the categories that are welfare: exempt from VAT if the seller's welfare is."""
    rows = select(Category.slug).where(Category.vat == CategoryVat.EXEMPT)
    return frozenset(session.scalars(rows))
