"""Makes providers, their stores and what they sell."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from marketplace.access.rules import Actor, Role
from marketplace.catalogue import commands
from marketplace.catalogue.commands import (
    AgreePrice,
    DecideOnProvider,
    JoinMarket,
    PersonalWish,
    WriteOffer,
)
from marketplace.catalogue.queries import CategoryRow
from marketplace.catalogue.rules import (
    ANY_DAY,
    CheckState,
    PriceBands,
    ProviderKind,
    SaleDays,
    Unit,
)
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from tests.factories.people import LONG_AGO, PeopleMaker

NO_CHECK_DIGITS = "000000"
"""A sort code whose account numbers have no check digits: any number will do."""


class ShopMaker(PeopleMaker):
    """Makes providers, their stores and what they sell."""

    def category(self, slug: str = "company", *, name: str = "") -> str:
        """Make a category, if there is none of that name, and return its slug."""
        row = CategoryRow(slug, name or slug.replace("-", " ").capitalize(), slug, 10)
        with self.block() as session:
            commands.put_category(session, row)
        return slug

    def provider(
        self,
        *,
        name: str = "",
        owner: Actor | None = None,
        postcode: str = "LS6 2AB",
        reach_metres: int | None = 8000,
        kind: ProviderKind = ProviderKind.ONE_PERSON,
        price: Money = Money(15_00),
        title: str = "Company at home",
        bank: bool = True,
        at: datetime = LONG_AGO,
    ) -> Actor:
        """Open a store with one offer on sale; return its owner in that hat."""
        number = self.number()
        name = name or f"Provider {number}"
        owner = owner or self.person()
        category = self.category()
        wish = JoinMarket(
            provider_id=uuid4(),
            name=name,
            kind=kind,
            about="Help that fits.",
            postcode=postcode,
            reach_metres=reach_metres,
            offer=WriteOffer(
                offer_id=uuid4(),
                title=title,
                category=category,
                unit=Unit.HOUR,
                bands=PriceBands(price),
            ),
        )
        hat = Actor(
            user_id=owner.user_id,
            name=owner.name,
            role=Role.PROVIDER_OWNER,
            organisation_id=wish.provider_id,
            organisation_name=name,
        )
        with self.block() as session:
            commands.join(session, wish, by=owner, at=at)
            if bank:
                commands.set_bank_details(
                    session,
                    sort_code=NO_CHECK_DIGITS,
                    account_number=f"{number:08}",
                    account_name=name,
                    by=hat,
                    at=at,
                )
        return hat

    def offer(
        self,
        *,
        provider: Actor | None = None,
        price: Money = Money(15_00),
        evening: Money | None = None,
        weekend: Money | None = None,
        bank_holiday: Money | None = None,
        title: str = "",
        category: str = "company",
        unit: Unit = Unit.HOUR,
        notice_hours: int = 24,
        late_cancel_percent: int = 50,
        menu: tuple[str, ...] = (),
        must_choose: bool = False,
        sale_days: SaleDays = ANY_DAY,
        on_sale: bool = True,
        at: datetime = LONG_AGO,
    ) -> UUID:
        """Put something on sale at a provider, a new one if none is given; return its id."""
        provider = provider or self.provider(at=at)
        self.category(category)
        wish = WriteOffer(
            offer_id=uuid4(),
            title=title or f"Offer {self.number()}",
            category=category,
            unit=unit,
            bands=PriceBands(price, evening, weekend, bank_holiday),
            summary="An hour of company.",
            notice_hours=notice_hours,
            late_cancel_percent=late_cancel_percent,
            menu=menu,
            must_choose=must_choose,
            sale_days=sale_days,
        )
        with self.block() as session:
            return commands.add_offer(session, wish, by=provider, at=at, publish=on_sale)

    def worker(self, *, provider: Actor, name: str = "Wren Ashby", at: datetime = LONG_AGO) -> UUID:
        """Name a worker of a store and return its id."""
        with self.block() as session:
            return commands.add_worker(session, worker_id=uuid4(), name=name, by=provider, at=at)

    def standing(
        self,
        *,
        provider: Actor,
        council_id: UUID,
        state: CheckState = CheckState.CHECKED,
        at: datetime = LONG_AGO,
    ) -> None:
        """Let a provider apply to a council, and the council say what it thinks."""
        with self.block() as session:
            commands.apply_to_council(session, council_id=council_id, by=provider, at=at)
        if state is CheckState.APPLIED:
            return
        moderator = self.staff(organisation_id=council_id, role=Role.MODERATOR)
        reason = "Insurance has run out." if state.needs_reason else ""
        wish = DecideOnProvider(provider_id=provider.works_for, state=state, reason=reason)
        with self.block() as session:
            commands.decide_on_provider(session, wish, by=moderator, at=at)

    def agreed_price(
        self,
        *,
        offer_id: UUID,
        council_id: UUID,
        price: Money,
        evening: Money | None = None,
        weekend: Money | None = None,
        at: datetime = LONG_AGO,
    ) -> UUID:
        """Agree a price for a council whose provider this is already; return the agreement's id."""
        commissioner = self.staff(organisation_id=council_id, role=Role.COMMISSIONER)
        wish = AgreePrice(
            offer_id=offer_id,
            bands=PriceBands(price, evening, weekend),
            starts_on=local_day(at),
        )
        with self.block() as session:
            return commands.agree_price(session, wish, by=commissioner, at=at)

    def personal_price(
        self, *, offer_id: UUID, provider: Actor, person: Actor, price: Money, at: datetime
    ) -> date:
        """Agree what one person pays for an hour of an offer; return the last day it counts."""
        wish = PersonalWish(
            offer_id=offer_id,
            provider_id=provider.works_for,
            person_id=person.buys_for,
            unit=Unit.HOUR,
            price=price,
            last_on=local_day(at) + timedelta(days=30),
        )
        with self.block() as session:
            commands.agree_personal_price(session, wish, at=at)
        return wish.last_on
