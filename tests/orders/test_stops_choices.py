"""Moving to a store that has a menu: what is chosen on the page of the yes is kept."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.rules import Unit
from marketplace.orders import commands, queries
from marketplace.orders.commands import MoveItem, PlaceOrder
from marketplace.orders.errors import BadLineError, StandingRefusedError
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.orders import Deal
from tests.orders.stopping import going, money, page, say
from tests.orders.test_choices import MENU, lunch
from tests.orders.test_views_stops import stopped

PIE, CURRY = MENU


def other(make: Make, council_id: UUID) -> tuple[Actor, UUID]:
    """Make a store that brings one of two meals."""
    provider = make.provider(name="Blue Door")
    make.standing(provider=provider, council_id=council_id)
    return provider, lunch(make, provider)


def two_meals(make: Make) -> tuple[Deal, UUID]:
    """Let two weekly meals be accepted, the second after the last day; return the other offer."""
    funded, provider = make.funded_person(), make.provider()
    offer_id = make.offer(provider=provider, title="Soup", unit=Unit.ITEM)
    make.in_basket(funded.person, offer_id, quantity=1, visits=2)
    wish = PlaceOrder(order_id=going_id(make, funded.person), provider_id=provider.works_for)
    with make.block() as session:
        commands.place_order(session, wish, by=funded.person, at=PAID_IN)
    deal = make.accepted(Deal(wish.order_id, funded, provider))
    return deal, other(make, funded.council_id)[1]


def going_id(make: Make, person: Actor) -> UUID:
    """Return the id that the order in the basket will get."""
    with make.block() as session:
        return queries.basket(session, by=person, at=PAID_IN).groups[0].order_id


def test_a_standing_order_takes_the_choice_along(session: Session, make: Make) -> None:
    one = going(make)
    _, offer_id = other(make, one.funded.council_id)
    item = page(session, say(make, one.provider), one.person).items[0].row
    wish = MoveItem(item_id=item.id, offer_id=offer_id, choice=CURRY)

    new_id = commands.move_standing_order(session, wish, by=one.person, at=PAID_IN)

    new = queries.standing_for(session, standing_id=new_id, seen_by=one.person, at=PAID_IN)
    first = queries.order_for(session, order_id=new.first_order_id, seen_by=one.person, at=PAID_IN)
    assert first.lines[0].choice == CURRY


@pytest.mark.parametrize("choice", ["", "Soup"])
def test_a_standing_order_stays_where_nothing_was_chosen(
    session: Session, make: Make, choice: str
) -> None:
    one = going(make)
    _, offer_id = other(make, one.funded.council_id)
    item = page(session, say(make, one.provider), one.person).items[0].row
    before = money(session, one.funded)
    wish = MoveItem(item_id=item.id, offer_id=offer_id, choice=choice)

    with pytest.raises(StandingRefusedError, match=r"[cC]hoose"), session.begin_nested():
        commands.move_standing_order(session, wish, by=one.person, at=PAID_IN)

    assert money(session, one.funded) == before
    assert one.view().row.state.goes_on


def test_an_order_takes_the_choice_into_the_basket(session: Session, make: Make) -> None:
    deal, offer_id = two_meals(make)
    item = page(session, say(make, deal.provider, days=1), deal.person).items[0].row
    wish = MoveItem(item_id=item.id, offer_id=offer_id, choice=PIE)

    commands.draft_order_again(session, wish, by=deal.person, at=PAID_IN)

    basket = queries.basket(session, by=deal.person, at=PAID_IN)
    place = PlaceOrder(order_id=basket.groups[0].order_id, provider_id=basket.groups[0].provider_id)
    commands.place_order(session, place, by=deal.person, at=PAID_IN + timedelta(minutes=1))
    new = queries.order_for(session, order_id=place.order_id, seen_by=deal.person, at=PAID_IN)
    assert new.lines[0].choice == PIE


def test_an_order_without_a_choice_is_not_moved(session: Session, make: Make) -> None:
    deal, offer_id = two_meals(make)
    item = page(session, say(make, deal.provider, days=1), deal.person).items[0].row
    before = money(session, deal.funded)

    with pytest.raises(BadLineError, match="hoose"), session.begin_nested():
        commands.draft_order_again(
            session, MoveItem(item_id=item.id, offer_id=offer_id), by=deal.person, at=PAID_IN
        )

    assert money(session, deal.funded) == before


def test_the_page_of_the_yes_asks_what_they_would_like(make: Make, sign_in: SignInAs) -> None:
    one, _, item_id = stopped(make)
    _, offer_id = other(make, one.funded.council_id)
    browser = sign_in(one.person)
    form = browser.get("orders.move_item", item_id=item_id, offer_id=offer_id)

    form = browser.submit(form, "Move it to Blue Door")
    assert form.errors == ["Choose what you would like."]
    browser.submit(form, "Move it to Blue Door", choice=CURRY)

    page = browser.follow()
    assert "It is moved." in page.text
    assert CURRY in page.text
