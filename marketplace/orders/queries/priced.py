"""What something costs at its own times: the one calculation behind pages and orders."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.catalogue.queries import OrderableOffer, offer_for_order
from marketplace.catalogue.rules import why_not_chosen, why_too_late
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders.rules import Wanted, add_up, visit_amounts, visit_times


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """An offer at the price of the council that pays, and when and for how much it happens."""

    offer: OrderableOffer
    times: tuple[datetime | None, ...]
    amounts: tuple[Money, ...]

    @property
    def total(self) -> Money:
        """What all visits cost together."""
        return add_up(self.amounts)

    @property
    def why_too_late(self) -> str:
        """Say why it cannot be had on its days; "" if it can."""
        days = [local_day(at) for at in self.times if at is not None]
        return why_too_late(self.offer.title, self.offer.on_sale_until, days)

    def why_not_chosen(self, choice: str) -> str:
        """Say why it cannot be ordered with this choice of its menu; "" if it can."""
        offer = self.offer
        return why_not_chosen(offer.title, offer.menu, choice, must_choose=offer.must_choose)


def priced(
    session: Session, wanted: Wanted, *, person_id: UUID, council_id: UUID | None, at: datetime
) -> Priced:
    """Return what something costs a person.

    Raises:
        NotFoundError: the offer is not on sale, or this council's money may not be spent there.
    """
    offer = offer_for_order(
        session,
        offer_id=wanted.offer_id,
        council_id=council_id,
        on=local_day(at),
        person_id=person_id,
    )
    times = visit_times(wanted.first_at, visits=wanted.visits, every_days=wanted.every_days)
    amounts = visit_amounts(offer.bands, times, quantity=wanted.quantity)
    return Priced(offer=offer, times=tuple(times), amounts=tuple(amounts))
