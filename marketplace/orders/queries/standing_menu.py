"""What can be chosen with a standing order now."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.catalogue.queries import offer_for_order
from marketplace.catalogue.rules import why_not_chosen
from marketplace.kernel.errors import NotFoundError
from marketplace.orders.models import StandingOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """What an offer lets people choose."""

    title: str
    items: tuple[str, ...]
    must_choose: bool

    def why_not(self, choice: str) -> str:
        """Say why something cannot be chosen; "" if it can."""
        return why_not_chosen(self.title, self.items, choice, must_choose=self.must_choose)


def find_menu(session: Session, *, standing_id: UUID, on: date) -> Menu | None:
    """Return the menu of a standing order's offer; None if the offer is over."""
    standing = session.get_one(StandingOrder, standing_id)
    try:
        offer = offer_for_order(
            session,
            offer_id=standing.offer_id,
            council_id=standing.council_id,
            on=on,
            person_id=standing.person_id,
        )
    except NotFoundError:
        return None
    return Menu(title=offer.title, items=offer.menu, must_choose=offer.must_choose)
