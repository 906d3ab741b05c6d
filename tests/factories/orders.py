"""Makes orders, by walking them through the market as people do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from marketplace.access.rules import Actor
from marketplace.budgets.queries import outcomes_of
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import NoteDelivery, PlaceOrder, PutInBasket
from marketplace.orders.queries import OrderView
from marketplace.orders.rules import NoteKind
from tests.factories.money import PAID_IN, Funded, MoneyMaker
from tests.factories.shops import ShopMaker

TOMORROW = PAID_IN + timedelta(days=1, hours=3)
"""Thursday 5 March 2026, 10am."""


@dataclass(frozen=True, slots=True)
class Deal:
    """An order and its two sides."""

    order_id: UUID
    funded: Funded
    provider: Actor

    @property
    def person(self) -> Actor:
        """Whose support it is."""
        return self.funded.person


class OrderMaker(ShopMaker, MoneyMaker):
    """Makes orders, by walking them through the market as people do."""

    def in_basket(
        self,
        person: Actor,
        offer_id: UUID,
        *,
        quantity: int = 2,
        visits: int = 1,
        first_at: datetime | None = TOMORROW,
        worker_wish: str = "",
        choice: str = "",
        at: datetime = PAID_IN,
    ) -> UUID:
        """Put an offer in somebody's basket, for their first outcome; return the line's id."""
        with self.block() as session:
            outcomes = outcomes_of(session, person_id=person.buys_for)
            wish = PutInBasket(
                line_id=uuid4(),
                offer_id=offer_id,
                quantity=quantity,
                visits=visits,
                first_at=first_at,
                worker_wish=worker_wish,
                choice=choice,
                outcome_id=outcomes[0].id if outcomes else None,
            )
            return commands.put_in_basket(session, wish, by=person, at=at)

    def placed(
        self,
        *,
        funded: Funded | None = None,
        provider: Actor | None = None,
        by: Actor | None = None,
        price: Money = Money(15_00),
        quantity: int = 2,
        visits: int = 1,
        first_at: datetime | None = TOMORROW,
        notice_hours: int = 24,
        late_cancel_percent: int = 50,
        at: datetime = PAID_IN,
    ) -> Deal:
        """Place an order: £30.00 for two hours tomorrow, unless told otherwise."""
        funded = funded or self.funded_person()
        provider = provider or self.provider()
        offer_id = self.offer(
            provider=provider,
            price=price,
            title="Gardening",
            notice_hours=notice_hours,
            late_cancel_percent=late_cancel_percent,
        )
        actor = by or funded.person
        self.in_basket(actor, offer_id, quantity=quantity, visits=visits, first_at=first_at, at=at)
        wish = PlaceOrder(order_id=uuid4(), provider_id=provider.works_for)
        with self.block() as session:
            commands.place_order(session, wish, by=actor, at=at)
        return Deal(wish.order_id, funded, provider)

    def accepted(
        self, deal: Deal | None = None, *, at: datetime = PAID_IN, **wishes: object
    ) -> Deal:
        """Place an order that the provider accepts at once."""
        deal = deal or self.placed(**wishes)  # type: ignore[arg-type]
        with self.block() as session:
            commands.accept_order(session, order_id=deal.order_id, by=deal.provider, at=at)
        return deal

    def noted(
        self,
        deal: Deal,
        *,
        visit: int = 1,
        note: NoteKind = NoteKind.FULL,
        part: int = 0,
        at: datetime = TOMORROW,
    ) -> UUID:
        """Let the provider say what became of a visit, by its number; return the visit's id."""
        visit_id = self.order(deal, at=at).visits[visit - 1].id
        wish = NoteDelivery(visit_id=visit_id, note_kind=note, part=part)
        with self.block() as session:
            commands.note_delivery(session, wish, by=deal.provider, at=at)
        return visit_id

    def confirmed(self, deal: Deal | None = None, *, at: datetime = TOMORROW) -> UUID:
        """Let an order's first visit happen and be confirmed; return the invoice's id."""
        deal = deal or self.accepted()
        self.noted(deal, at=at)
        return self.confirmed_now(deal, at=at)

    def confirmed_now(self, deal: Deal, *, at: datetime = TOMORROW) -> UUID:
        """Let all that is noted of an order be confirmed; return the invoice's id."""
        waiting = [visit.id for visit in self.order(deal, at=at).to_confirm]
        with self.block() as session:
            invoice_id = commands.confirm_visits(
                session, order_id=deal.order_id, visit_ids=waiting, by=deal.person, at=at
            )
        assert invoice_id is not None
        return invoice_id

    def order(self, deal: Deal, *, at: datetime = TOMORROW) -> OrderView:
        """Return an order as its person sees it."""
        with self.block() as session:
            return queries.order_for(session, order_id=deal.order_id, seen_by=deal.person, at=at)
