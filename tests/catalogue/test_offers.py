"""Writing, publishing and ending offers."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import WriteOffer
from marketplace.catalogue.errors import (
    BadOfferError,
    WrongStateError,
)
from marketplace.catalogue.rules import (
    OfferState,
    PriceBands,
    Unit,
)
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.outbox.commands import forget_index_changes
from marketplace.outbox.queries import index_changes
from tests.conftest import NOON
from tests.factories import Make

TODAY = NOON.date()


def offer_wish(
    *,
    price: Money = Money(20_00),
    notice_hours: int = 48,
    late: int = 50,
    places: int | None = 2,
    included: tuple[str, ...] = ("Tea", " "),
    category: str = "company",
) -> WriteOffer:
    """Return what an offer is to say."""
    return WriteOffer(
        offer_id=uuid4(),
        title="A walk by the canal",
        category=category,
        unit=Unit.SESSION,
        bands=PriceBands(price),
        included=included,
        notice_hours=notice_hours,
        late_cancel_percent=late,
        places_free=places,
    )


def asked_for(session: Session) -> set[str]:
    """Return which kinds are to be indexed again, and forget it."""
    rows = index_changes(session, limit=100)
    forget_index_changes(session, change_ids=[row.id for row in rows])
    return {row.kind for row in rows}


class TestOffers:
    def test_a_draft_is_seen_by_its_provider_alone(self, session: Session, make: Make) -> None:
        owner = make.provider()
        wish = offer_wish()

        commands.add_offer(session, wish, by=owner, at=NOON)

        def titles(*, with_drafts: bool) -> list[str]:
            found = queries.offers_of_provider(
                session,
                provider_id=owner.works_for,
                funded_by=frozenset(),
                with_drafts=with_drafts,
                on=TODAY,
            )
            return [offer.title for offer in found]

        assert titles(with_drafts=False) == ["Company at home"]
        assert titles(with_drafts=True) == ["A walk by the canal", "Company at home"]
        kept = queries.kept_offer(session, offer_id=wish.offer_id, by=owner)
        assert (kept.state, kept.included) == (OfferState.DRAFT, ("Tea",))

    def test_sent_twice_is_one_offer(self, session: Session, make: Make) -> None:
        owner = make.provider()
        wish = offer_wish()

        commands.add_offer(session, wish, by=owner, at=NOON, publish=True)
        commands.add_offer(session, wish, by=owner, at=NOON, publish=True)

        assert len(list(queries.findable_offers(session))) == 2

    def test_another_stores_id_is_not_found(self, session: Session, make: Make) -> None:
        wish = offer_wish()
        commands.add_offer(session, wish, by=make.provider(), at=NOON)

        with pytest.raises(NotFoundError):
            commands.add_offer(session, wish, by=make.provider(), at=NOON)

    @pytest.mark.parametrize(
        "wish",
        [
            offer_wish(price=ZERO),
            offer_wish(price=Money(-1)),
            offer_wish(notice_hours=-1),
            offer_wish(notice_hours=8761),
            offer_wish(late=101),
            offer_wish(places=-1),
            offer_wish(included=("Tea",) * 21),
            offer_wish(category="dragons"),
        ],
    )
    def test_what_cannot_be_sold_is_refused(
        self, session: Session, make: Make, wish: WriteOffer
    ) -> None:
        owner = make.provider()

        with pytest.raises(BadOfferError):
            commands.add_offer(session, wish, by=owner, at=NOON)

    def test_is_published_paused_and_ended(self, session: Session, make: Make) -> None:
        owner = make.provider()
        offer_id = make.offer(provider=owner, on_sale=False)

        def go_to(state: OfferState) -> None:
            commands.set_offer_state(session, offer_id=offer_id, state=state, by=owner, at=NOON)

        def on_sale() -> bool:
            found = queries.offers(session, offer_ids=[offer_id], funded_by=frozenset(), on=TODAY)
            return offer_id in found

        seen = []
        for state in (OfferState.ON_SALE, OfferState.PAUSED, OfferState.ON_SALE, OfferState.ENDED):
            go_to(state)
            seen.append(on_sale())
        assert seen == [True, False, True, False]
        with pytest.raises(WrongStateError):
            go_to(OfferState.ON_SALE)

    def test_changes_its_price_and_asks_to_be_found_anew(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider()
        wish = offer_wish()
        commands.add_offer(session, wish, by=owner, at=NOON, publish=True)
        asked_for(session)
        dearer = WriteOffer(
            offer_id=wish.offer_id,
            title="A longer walk",
            category="company",
            unit=Unit.SESSION,
            bands=PriceBands(Money(25_00), Money(27_00), Money(30_00)),
        )

        commands.change_offer(session, dearer, by=owner, at=NOON)

        card = queries.offer(session, offer_id=wish.offer_id, funded_by=frozenset(), on=TODAY)
        assert (card.title, card.public.weekend) == ("A longer walk", Money(30_00))
        assert asked_for(session) == {"offer", "provider"}

    def test_an_ended_one_cannot_be_changed(self, session: Session, make: Make) -> None:
        owner = make.provider()
        wish = offer_wish()
        commands.add_offer(session, wish, by=owner, at=NOON)
        commands.set_offer_state(
            session, offer_id=wish.offer_id, state=OfferState.ENDED, by=owner, at=NOON
        )

        with pytest.raises(WrongStateError):
            commands.change_offer(session, wish, by=owner, at=NOON)

    def test_a_rival_finds_nothing_to_change(self, session: Session, make: Make) -> None:
        wish = offer_wish()
        commands.add_offer(session, wish, by=make.provider(), at=NOON)
        rival = make.provider()

        with pytest.raises(NotFoundError):
            commands.change_offer(session, wish, by=rival, at=NOON)
        with pytest.raises(NotFoundError):
            commands.set_offer_state(
                session, offer_id=wish.offer_id, state=OfferState.ON_SALE, by=rival, at=NOON
            )
        with pytest.raises(NotFoundError):
            queries.kept_offer(session, offer_id=wish.offer_id, by=rival)
