"""Choosing from the menu of an offer: from the basket to the invoice."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.commands import WriteOffer
from marketplace.catalogue.models import Offer
from marketplace.catalogue.rules import PriceBands, SaleDays, Unit
from marketplace.database import reading, transaction
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import PlaceOrder
from marketplace.orders.commands.forgetting import forget_person
from marketplace.orders.errors import BadLineError, StandingRefusedError
from marketplace.orders.queries.data import data_of
from marketplace.outbox.models import Letter
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.orders import TOMORROW, Deal
from tests.orders.standing import BEGINS_ON, Going
from tests.orders.today import NOW, SOON, funded

DAY = timedelta(days=1)
MENU = ("Cottage pie", "Vegetable curry")
GONE = "You cannot choose “Cottage pie” with Hot lunch any more. Choose something else."


def lunch(make: Make, provider: Actor, *, must_choose: bool = True) -> UUID:
    """Put lunch on sale, with two meals to choose from."""
    return make.offer(
        provider=provider, title="Hot lunch", unit=Unit.ITEM, menu=MENU, must_choose=must_choose
    )


def rewrite(session: Session, offer_id: UUID, by: Actor, *menu: str) -> None:
    """Let people choose from something else."""
    wish = WriteOffer(
        offer_id=offer_id,
        title="Hot lunch",
        category="company",
        unit=Unit.ITEM,
        bands=PriceBands(Money(15_00)),
        menu=menu,
        must_choose=bool(menu),
    )
    catalogue.change_offer(session, wish, by=by, at=PAID_IN)


def ordered(session: Session, make: Make) -> Deal:
    """Order lunch with cottage pie, and let the provider say yes."""
    one, provider = make.funded_person(), make.provider()
    make.in_basket(one.person, lunch(make, provider), quantity=1, choice="Cottage pie")
    wish = PlaceOrder(order_id=uuid4(), provider_id=provider.works_for)
    commands.place_order(session, wish, by=one.person, at=PAID_IN)
    return make.accepted(Deal(wish.order_id, one, provider))


class TestAChoice:
    def test_is_kept_with_the_order_whatever_becomes_of_the_menu(
        self, session: Session, make: Make
    ) -> None:
        deal = ordered(session, make)
        order = make.order(deal)
        rewrite(session, order.lines[0].offer_id, deal.provider, "Soup")

        (line,) = make.order(deal).lines
        assert (line.choice, line.what) == ("Cottage pie", "Hot lunch, Cottage pie, 1 item")
        assert make.order(deal).visits[0].what == "Hot lunch, Cottage pie, 1 item"
        letters = session.scalars(select(Letter).where(Letter.template == "order_placed"))
        assert [letter.values["lines"] for letter in letters] == [
            ["Hot lunch, Cottage pie, 1 item × 1"]
        ]
        mine = data_of(session, user_id=deal.person.user_id)["order-lines"]
        assert [row["choice"] for row in mine.rows] == ["Cottage pie"]

    def test_is_on_the_invoice(self, session: Session, make: Make) -> None:
        deal = ordered(session, make)
        invoice_id = make.confirmed(deal)

        invoice = queries.invoice_for(session, invoice_id=invoice_id, seen_by=deal.person)
        assert invoice.lines[0].text.startswith("Hot lunch, Cottage pie, 1 item, ")

    def test_has_to_be_one_there_is(self, session: Session, make: Make) -> None:
        one, provider = make.funded_person(), make.provider()
        offer_id = lunch(make, provider)

        with pytest.raises(BadLineError, match="Choose what you would like with Hot lunch"):
            make.in_basket(one.person, offer_id)
        with pytest.raises(BadLineError, match="You cannot choose “Soup” with Hot lunch any more"):
            make.in_basket(one.person, offer_id, choice="Soup")
        assert queries.basket(session, by=one.person, at=PAID_IN).groups == ()

    def test_need_not_be_made_where_it_is_free(self, session: Session, make: Make) -> None:
        one, provider = make.funded_person(), make.provider()

        make.in_basket(one.person, lunch(make, provider, must_choose=False), quantity=1)

        (group,) = queries.basket(session, by=one.person, at=PAID_IN).groups
        assert (group.fault, group.rows[0].choice) == ("", "")

    def test_that_was_taken_away_since_is_refused_and_stays_in_the_basket(
        self, session: Session, make: Make
    ) -> None:
        one, provider = make.funded_person(), make.provider()
        offer_id = lunch(make, provider)
        line_id = make.in_basket(one.person, offer_id, quantity=1, choice="Cottage pie")
        wish = PlaceOrder(order_id=uuid4(), provider_id=provider.works_for)

        rewrite(session, offer_id, provider, "Vegetable curry")

        with pytest.raises(BadLineError) as refusal:
            commands.place_order(session, wish, by=one.person, at=PAID_IN)
        assert str(refusal.value) == GONE
        (group,) = queries.basket(session, by=one.person, at=PAID_IN).groups
        assert (group.fault, group.rows[0].id) == (GONE, line_id)
        rewrite(session, offer_id, provider, *MENU)
        commands.place_order(session, wish, by=one.person, at=PAID_IN)

    def test_is_forgotten_with_the_person(self, session: Session, make: Make) -> None:
        deal = ordered(session, make)

        forget_person(session, user_id=deal.person.user_id)

        assert make.order(deal, at=TOMORROW).lines[0].choice == ""


def put(browser: Browser, offer: UUID, **answers: object) -> Page:
    """Put an offer in the basket, for the first outcome."""
    page = browser.get("orders.add_to_basket", offer_id=offer)
    chosen = page.soup.select_one("input[name=outcome_id]")
    assert chosen is not None
    return browser.submit(page, "Put it in the basket", {"outcome_id": chosen["value"]} | answers)


class TestPages:
    def test_ask_for_it_keep_it_and_show_it_to_both_sides(
        self, sign_in: SignInAs, make: Make
    ) -> None:
        provider = make.provider()
        offer_id = lunch(make, provider)
        browser = sign_in(funded(make).person)

        missing = put(browser, offer_id, note="No peas.")
        assert missing.errors == ["Choose what you would like."]
        assert "No peas." in missing.html
        put(
            browser,
            offer_id,
            choice="Vegetable curry",
            on_day=f"{SOON.day} {SOON.month} {SOON.year}",
        )
        assert "What you chose Vegetable curry" in browser.follow().text
        change = browser.click(browser.get("orders.basket"), "Change : Hot lunch")
        radio = change.soup.select_one("input[name=choice][checked]")
        assert radio is not None
        assert radio["value"] == "Vegetable curry"
        browser.submit(change, "Save the change", choice="Cottage pie")
        browser.submit(browser.get("orders.basket"), "Place the order")
        at_home = browser.click(browser.follow(), "Look at order")
        assert "Hot lunch, Cottage pie, 1 item" in at_home.text
        theirs = sign_in(provider).get(at_home.url.replace("/orders/", "/work/orders/"))
        assert "Hot lunch, Cottage pie, 1 item" in theirs.text

    def test_let_somebody_choose_nothing_where_it_is_free(
        self, sign_in: SignInAs, make: Make
    ) -> None:
        offer_id = lunch(make, make.provider(), must_choose=False)
        browser = sign_in(funded(make).person)
        page = browser.get("orders.add_to_basket", offer_id=offer_id)

        radios = page.soup.select("input[name=choice]")
        assert [radio["value"] for radio in radios] == [*MENU, ""]
        assert "No choice" in page.text
        assert put(browser, offer_id, choice="").status == 302
        assert "What you chose" not in browser.follow().text

    def test_say_plainly_that_it_was_taken_away_meanwhile(
        self, sign_in: SignInAs, make: Make
    ) -> None:
        provider = make.provider()
        offer_id = lunch(make, provider)
        someone = funded(make).person
        browser = sign_in(someone)
        asked = browser.get("orders.add_to_basket", offer_id=offer_id)
        answers = {"outcome_id": asked.soup.select("input[name=outcome_id]")[0]["value"]}
        browser.submit(asked, "Put it in the basket", {**answers, "choice": "Cottage pie"})
        basket = browser.follow()
        asked = browser.get("orders.add_to_basket", offer_id=offer_id)
        with transaction() as session:
            rewrite(session, offer_id, provider, "Vegetable curry")

        late = browser.submit(
            asked, "Put it in the basket", {**answers, "choice": "Cottage pie", "note": "No peas."}
        )
        browser.submit(basket, "Place the order")

        assert late.errors == ["You cannot choose that any more. Choose something else."]
        assert "No peas." in late.html
        assert GONE in browser.follow().text
        assert GONE in browser.get("orders.basket").text
        with reading() as session:
            assert queries.orders_of_person(session, by=someone).total == 0
            assert len(queries.basket(session, by=someone, at=NOW).groups) == 1


class TestTheLastDayOnSale:
    LAST = local_day(TOMORROW)

    def test_is_named_to_who_orders_for_later(self, session: Session, make: Make) -> None:
        one = make.funded_person()
        offer_id = make.offer(title="Goose", sale_days=SaleDays(last=self.LAST))
        says = "Goose is on sale until 5 March 2026. Choose a day up to then."

        with pytest.raises(BadLineError, match=says):
            make.in_basket(one.person, offer_id, first_at=TOMORROW + DAY)
        with pytest.raises(BadLineError, match=says):
            make.in_basket(one.person, offer_id, visits=2)
        make.in_basket(one.person, offer_id, first_at=TOMORROW)

    def test_that_comes_nearer_is_told_in_the_basket(self, session: Session, make: Make) -> None:
        one, provider = make.funded_person(), make.provider()
        offer_id = make.offer(provider=provider, title="Goose")
        make.in_basket(one.person, offer_id, first_at=TOMORROW + DAY)
        session.get_one(Offer, offer_id).on_sale_until = self.LAST
        wish = PlaceOrder(order_id=uuid4(), provider_id=provider.works_for)

        with pytest.raises(BadLineError, match="until 5 March 2026"):
            commands.place_order(session, wish, by=one.person, at=PAID_IN)
        (group,) = queries.basket(session, by=one.person, at=PAID_IN).groups
        assert "until 5 March 2026" in group.fault

    def test_ends_what_comes_every_week(self, session: Session, make: Make) -> None:
        owner, days = make.provider(), SaleDays(last=BEGINS_ON + DAY)
        offer_id = make.offer(provider=owner, title="Goose", sale_days=days)
        says = "Goose is on sale until 10 March 2026. Choose a day up to then."

        with pytest.raises(StandingRefusedError) as refusal:
            Going(make, offer_id=offer_id, begins_on=BEGINS_ON + 2 * DAY)
        assert (refusal.value.field, str(refusal.value)) == ("begins_on", says)
        going = Going(make, offer_id=offer_id, provider=owner).accepted()
        going.roll()
        view = going.view()
        until = f"{view.row.provider_name} sells Goose until Tuesday 10 March 2026."
        assert (view.over_from, view.over_words) == (BEGINS_ON + 8 * DAY, until)
