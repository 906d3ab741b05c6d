"""The pages of baskets, orders, deliveries and invoices: done, refused, and not found."""

from sqlalchemy import text

from marketplace.access.rules import Scope
from marketplace.budgets.rules import LimitWindow
from marketplace.database import reading
from marketplace.kernel.money import Money
from marketplace.web.example_days import near_today
from tests.conftest import SignInAs
from tests.factories import Make
from tests.orders.today import NOW, SOON, delivered, funded, placed


class TestBasket:
    def test_takes_an_offer_and_answers_line_by_line(self, make: Make, sign_in: SignInAs) -> None:
        someone, offer = funded(make), make.offer(title="Gardening", price=Money(15_00))
        browser = sign_in(someone.person)

        page = browser.get("orders.add_to_basket", offer_id=offer)
        day = SOON.date()
        chosen = page.soup.select_one("input[name=outcome_id]")
        assert chosen is not None
        browser.submit(
            page,
            "Put it in the basket",
            quantity="2",
            on_day=f"{day.day}/{day.month}/{day.year}",
            at_time="2pm",
            outcome_id=chosen["value"],
        )
        page = browser.follow()

        assert page.heading == "Your basket"
        assert "£30.00 comes from Adult social care" in page.text
        assert "there is £70.00 left to spend" in page.text
        assert "I see my friends." in page.text

    def test_keeps_what_was_typed_when_something_is_wrong(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        someone, offer = funded(make), make.offer()
        browser = sign_in(someone.person)
        page = browser.get("orders.add_to_basket", offer_id=offer)

        page = browser.submit(page, "Put it in the basket", quantity="-3", on_day="31/2/2027")

        assert page.errors[:2] == [
            "Enter a whole number between 1 and 500.",
            near_today("Enter a day that exists, like {day}."),
        ]
        assert 'value="-3"' in page.html

    def test_places_the_orders(self, make: Make, sign_in: SignInAs) -> None:
        someone = funded(make)
        for _ in range(2):
            make.in_basket(someone.person, make.offer(), first_at=SOON, at=NOW)
        browser = sign_in(someone.person)

        browser.submit(browser.get("orders.basket"), "Place the orders")
        page = browser.follow()

        assert page.heading == "Your orders are on their way"
        assert page.text.count("£30.00 is set aside") == 2

    def test_says_what_is_left_under_each_limit_once_it_is_placed(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        someone = funded(make, limits=[make.limit(Money(75_00), window=LimitWindow.WEEK)])
        for _ in range(2):
            make.in_basket(someone.person, make.offer(), first_at=SOON, at=NOW)
        browser = sign_in(someone.person)

        browser.submit(browser.get("orders.basket"), "Place the orders")
        page = browser.follow()

        assert page.text.count("£15.00 left of £75.00 for one week.") == 1

    def test_sent_twice_places_one_order(self, make: Make, sign_in: SignInAs) -> None:
        someone = funded(make)
        make.in_basket(someone.person, make.offer(), first_at=SOON, at=NOW)
        browser = sign_in(someone.person)
        page = browser.get("orders.basket")

        browser.submit(page, "Place the order")
        browser.submit(page, "Place the order")
        page = browser.follow()

        assert page.text.count("£30.00 is set aside") == 1
        assert browser.get("orders.index").text.count("Order ") == 1

    def test_places_what_it_can_and_keeps_the_rest(self, make: Make, sign_in: SignInAs) -> None:
        someone = funded(make)
        make.in_basket(someone.person, make.offer(price=Money(30_00)), first_at=SOON, at=NOW)
        browser = sign_in(someone.person)
        before = browser.get("orders.basket")
        make.placed(funded=someone, price=Money(25_00), quantity=2, first_at=SOON, at=NOW)

        browser.submit(before, "Place the order")
        page = browser.follow()

        assert page.heading == "What happened to your orders"
        assert "There is £50.00 left to spend, and this needs £60.00" in page.text
        assert "It is still in the basket" in page.text

    def test_lets_a_supporter_suggest(self, make: Make, sign_in: SignInAs) -> None:
        someone = funded(make, name="Ann Hill")
        helper = make.supporter(person=someone.person, scopes=[Scope.PROPOSE], at=NOW)
        make.in_basket(helper, make.offer(), first_at=SOON, at=NOW)
        browser = sign_in(helper)

        page = browser.get("orders.basket")
        assert "left to spend" not in page.text
        browser.submit(page, "Suggest this to Ann Hill")

        assert "Ann Hill says yes or no to it" in browser.follow().text

    def test_line_can_be_changed_and_taken_out(self, make: Make, sign_in: SignInAs) -> None:
        someone = funded(make)
        offer = make.offer(title="Gardening")
        line_id = make.in_basket(someone.person, offer, first_at=SOON, at=NOW)
        browser = sign_in(someone.person)

        page = browser.get("orders.change_line", line_id=line_id)
        browser.submit(page, "Save the change", quantity="3")
        page = browser.follow()
        assert "£45.00" in page.text
        browser.submit(page, "Take it out")

        assert "Nothing here yet" in browser.follow().text

    def test_of_somebody_else_is_not_found(self, make: Make, sign_in: SignInAs) -> None:
        someone, stranger = funded(make), make.person()
        line_id = make.in_basket(someone.person, make.offer(), first_at=SOON, at=NOW)

        browser = sign_in(stranger)
        browser.get("orders.basket")

        assert browser.get("orders.change_line", line_id=line_id).status == 404
        assert browser.post("orders.take_out", line_id=line_id).status == 404


class TestOrder:
    def test_is_shown_to_its_two_sides_and_nobody_else(self, make: Make, sign_in: SignInAs) -> None:
        deal = placed(make)
        strangers = [make.person(), make.provider()]

        assert (
            "Gardening, 2 hours"
            in sign_in(deal.person).get("orders.show", order_id=deal.order_id).text
        )
        assert (
            "Accept the order"
            in sign_in(deal.provider).get("orders.work_order", order_id=deal.order_id).text
        )
        for stranger, page in zip(strangers, ["orders.show", "orders.work_order"], strict=True):
            assert sign_in(stranger).get(page, order_id=deal.order_id).status == 404

    def test_suggestion_is_approved_by_the_person(self, make: Make, sign_in: SignInAs) -> None:
        someone = funded(make)
        helper = make.supporter(
            person=someone.person, scopes=[Scope.PROPOSE], name="Sam Lee", at=NOW
        )
        deal = placed(make, funded=someone, by=helper)
        browser = sign_in(deal.person)

        page = browser.get("orders.show", order_id=deal.order_id)
        browser.submit(page, "Say yes and place the order")
        page = browser.follow()

        assert "You said yes" in page.text
        assert f"Suggested by Sam Lee for {someone.person.name}" not in page.text
        assert f"{someone.person.name} said yes to it" in page.text

    def test_suggestion_that_is_too_dear_says_why(self, make: Make, sign_in: SignInAs) -> None:
        someone = funded(make)
        helper = make.supporter(person=someone.person, scopes=[Scope.PROPOSE], at=NOW)
        deal = placed(make, funded=someone, by=helper, price=Money(60_00))
        browser = sign_in(deal.person)

        page = browser.get("orders.show", order_id=deal.order_id)
        browser.submit(page, "Say yes and place the order")

        assert "There is £100.00 left to spend, and this needs £120.00" in browser.follow().text

    def test_list_invites_when_empty(self, make: Make, sign_in: SignInAs) -> None:
        assert "No orders yet" in sign_in(make.person()).get("orders.index").text

    def test_is_confirmed_and_invoiced(self, make: Make, sign_in: SignInAs) -> None:
        deal = delivered(make)
        browser = sign_in(deal.person)

        page = browser.get("orders.show", order_id=deal.order_id)
        browser.submit(page, "Yes, it came")
        page = browser.follow()
        assert "It is confirmed" in page.text
        page = browser.click(page, "Invoice 1")

        assert page.heading == "Invoice 1"
        assert "£30.00" in page.text

    def test_something_wrong_keeps_the_money(self, make: Make, sign_in: SignInAs) -> None:
        deal = delivered(make)
        browser = sign_in(deal.person)
        page = browser.get("orders.show", order_id=deal.order_id)

        page = browser.click(page, "Something is wrong")
        assert browser.submit(page, f"Tell {deal.provider.organisation_name}").errors == [
            "Choose what is wrong.",
            "Say what is wrong.",
            "Choose what you ask for.",
        ]
        browser.submit(
            page,
            f"Tell {deal.provider.organisation_name}",
            kind="not_all_came",
            words="Only one hour.",
            remedy="nothing_due",
        )

        assert "Only one hour." in browser.follow().text

    def test_cancelling_late_shows_the_share_first(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted(placed(make, notice_hours=24 * 7), at=NOW)
        browser = sign_in(deal.person)

        page = browser.get("orders.cancel", order_id=deal.order_id)
        assert "You would still pay £15.00" in page.text
        browser.submit(page, "Cancel and pay £15.00")

        assert "It is cancelled" in browser.follow().text

    def test_one_visit_can_be_cancelled(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted(placed(make, visits=2), at=NOW)
        browser = sign_in(deal.person)

        page = browser.get("orders.show", order_id=deal.order_id)
        page = browser.click(page, "visit 2")
        browser.submit(page, "Cancel the visit")

        assert "Money given back" in browser.follow().text

    def test_of_a_supporter_who_may_only_look_has_no_buttons(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        deal = delivered(make)
        helper = make.supporter(person=deal.person, scopes=[Scope.SEE], at=NOW)
        browser = sign_in(helper)

        page = browser.get("orders.show", order_id=deal.order_id)

        assert "Yes, it came" not in page.text
        assert browser.post("orders.confirm", order_id=deal.order_id).status == 403


class TestRefusals:
    def test_are_kept_for_those_who_ask_what_people_wanted(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        someone = funded(make, limits=[make.limit(Money(20_00))])
        make.in_basket(someone.person, make.offer(), first_at=SOON, at=NOW)
        browser = sign_in(someone.person)

        page = browser.get("orders.basket")
        assert "Your limit of £20.00 for one order was set by Priya Nair" in page.text
        browser.submit(page, "Place the order")
        page = browser.follow()

        assert "not placed" in page.text
        assert "You can ask them to let it through once, or to change it" in page.text
        with reading() as session:
            refused = session.execute(text("SELECT why, wanted_pence FROM budget_refusals")).all()
        assert [tuple(row) for row in refused] == [("limit", 30_00)]
