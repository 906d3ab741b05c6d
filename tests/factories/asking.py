"""Makes asks and answers, as people and providers write them."""

from datetime import date, datetime
from uuid import UUID, uuid4

from marketplace.access.rules import Actor
from marketplace.asking import commands
from marketplace.asking.commands import PostAsk, WriteAnswer
from marketplace.asking.rules import Wish
from marketplace.catalogue.queries import offers_of_provider
from marketplace.catalogue.rules import ProviderKind, Unit
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from tests.factories.money import PAID_IN
from tests.factories.shops import ShopMaker


class AskMaker(ShopMaker):
    """Makes asks and answers, as people and providers write them."""

    def approved(
        self,
        *,
        council_id: UUID,
        name: str = "",
        owner: Actor | None = None,
        postcode: str = "LS6 2AB",
        reach_metres: int | None = 8000,
        kind: ProviderKind = ProviderKind.ONE_PERSON,
        price: Money = Money(15_00),
    ) -> Actor:
        """Open a store for company that a council has checked; return its owner in that hat."""
        provider = self.provider(
            name=name,
            owner=owner,
            postcode=postcode,
            reach_metres=reach_metres,
            kind=kind,
            price=price,
        )
        self.standing(provider=provider, council_id=council_id)
        return provider

    def ask(
        self,
        person: Actor,
        *,
        title: str = "Somebody to swim with",
        words: str = "I would like to swim on Tuesdays.",
        category: str = "company",
        near: str = "LS6 3HN",
        answers_until: date | None = None,
        at: datetime = PAID_IN,
        **more: object,
    ) -> UUID:
        """Ask the market for company near LS6; return the ask's id."""
        self.category(category)
        wish = PostAsk(
            ask_id=uuid4(),
            title=title,
            words=words,
            category=category,
            near=near,
            answers_until=answers_until,
            **more,  # type: ignore[arg-type]
        )
        with self.block() as session:
            return commands.post_ask(session, wish, by=person, at=at)

    def answer(
        self,
        ask_id: UUID,
        provider: Actor,
        *,
        words: str = "We swim every Tuesday.",
        price: Money | None = None,
        with_offer: bool = True,
        price_until: date | None = None,
        unit: Unit = Unit.HOUR,
        met: frozenset[Wish] = frozenset(),
        at: datetime = PAID_IN,
    ) -> UUID:
        """Answer with a store's first offer, from tomorrow's day on; return the answer's id."""
        today = local_day(at)
        with self.block() as session:
            offers = offers_of_provider(
                session, provider_id=provider.works_for, funded_by=frozenset(), on=today
            )
            wish = WriteAnswer(
                answer_id=uuid4(),
                words=words,
                starts_on=date.fromordinal(today.toordinal() + 1),
                offer_id=offers[0].id if with_offer else None,
                price=price,
                unit=unit if price else None,
                price_until=price_until,
                met=met,
            )
            return commands.answer_ask(session, ask_id, wish, by=provider, at=at)
