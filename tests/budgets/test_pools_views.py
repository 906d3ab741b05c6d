"""The pages of pools, and the basket that a pool pays for."""

import pytest

from marketplace.access.rules import Basis, Scope
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.budgets.pooling import in_pool_basket
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.factories.pools import Pooled

TODAY = clock.local_day(clock.now())


@pytest.fixture
def maya(make: Make) -> Funded:
    """Return somebody with £100.00 today."""
    return make.funded_person(name="Maya Singh", starts_on=TODAY, at=clock.now())


@pytest.fixture
def pooled(make: Make) -> Pooled:
    """Return a pool with £60.00 of Maya's and £30.00 of Sam's in it."""
    return make.pool(at=clock.now())


class TestPools:
    def test_invites_who_has_none(self, sign_in: SignInAs, maya: Funded) -> None:
        page = sign_in(maya.person).get("budgets.pools")

        assert "No pool yet" in page.text

    def test_lists_them(self, sign_in: SignInAs, pooled: Pooled) -> None:
        page = sign_in(pooled.members[1].person).get("budgets.pools")

        assert "The garden" in page.text
        assert "£90.00" in page.text
        assert "£30.00" in page.text

    def test_can_be_made(self, sign_in: SignInAs, maya: Funded) -> None:
        browser = sign_in(maya.person)

        page = browser.get("budgets.make_pool")
        sent = browser.submit(
            page, "Make the pool and say yes", name="The car", purpose="To the sea", asks_from="50"
        )

        shown = browser.follow(sent)
        assert shown.heading == "The car"
        assert "An order of £50.00 or more" in shown.text

    def test_say_what_is_missing(self, sign_in: SignInAs, maya: Funded) -> None:
        browser = sign_in(maya.person)

        page = browser.submit(
            browser.get("budgets.make_pool"), "Make the pool and say yes", name="", asks_from="0"
        )

        assert page.errors == [
            "Give the pool a name.",
            "Say what the pool is for.",
            "Enter an amount of more than nothing, like 12.50.",
        ]

    def test_are_not_made_by_helpers(self, make: Make, sign_in: SignInAs, maya: Funded) -> None:
        helper = make.supporter(person=maya.person, scopes=[Scope.SEE, Scope.PAY])

        page = sign_in(helper).get("budgets.make_pool")

        assert page.status == 403
        assert "acts for them by law" in page.text


class TestInvitation:
    def test_says_what_joining_means_and_takes_a_yes(
        self, make: Make, sign_in: SignInAs, pooled: Pooled
    ) -> None:
        jo = make.funded_person(
            name="Jo Reed", council_id=pooled.council_id, starts_on=TODAY, at=clock.now()
        )
        inviter, invited = sign_in(pooled.members[0].person), sign_in(jo.person)
        asking = inviter.get("budgets.invite_to_pool", pool_id=pooled.pool_id)
        inviter.submit(asking, "Ask them", email=make.email_of(jo.person))

        listed = invited.get("budgets.pools")
        page = invited.click(listed, "Read what it means")
        assert "I can leave at any time." in page.text
        assert "Maya, Sam" in page.text
        shown = invited.follow(invited.submit(page, "Yes, join"))

        assert shown.heading == "The garden"

    def test_takes_a_no(self, make: Make, sign_in: SignInAs, pooled: Pooled) -> None:
        jo = make.funded_person(council_id=pooled.council_id, starts_on=TODAY, at=clock.now())
        asked = make.asked_into_pool(
            pooled.pool_id,
            make.email_of(jo.person),
            asked_by=pooled.members[0].person,
            at=clock.now(),
        )
        browser = sign_in(jo.person)

        page = browser.get("budgets.pool_invitation", invitation_id=asked)
        shown = browser.follow(browser.submit(page, "No"))

        assert "You said no." in shown.text
        again = browser.get("budgets.pool_invitation", invitation_id=asked)
        assert again.status == 404

    def test_refuses_who_is_in_it_already(
        self, make: Make, sign_in: SignInAs, pooled: Pooled
    ) -> None:
        browser = sign_in(pooled.members[0].person)
        page = browser.get("budgets.invite_to_pool", pool_id=pooled.pool_id)

        shown = browser.submit(page, "Ask them", email=make.email_of(pooled.members[1].person))

        assert shown.errors == ["Sam Hill is in this pool already."]


class TestPool:
    def test_shows_shares_funders_and_orders(
        self, make: Make, sign_in: SignInAs, pooled: Pooled
    ) -> None:
        make.pool_hold(pooled, Money(30_00), at=clock.now())

        page = sign_in(pooled.members[1].person).get("budgets.pool", pool_id=pooled.pool_id)

        assert "Adult social care" in page.text
        assert "Maya ordered it on" in page.text
        assert "Maya £20.00, Sam £10.00." in page.text
        assert "Singh" not in page.text
        assert "£40.00" in page.text  # Maya's share, not what else she has

    def test_is_not_found_by_strangers(self, make: Make, sign_in: SignInAs, pooled: Pooled) -> None:
        page = sign_in(make.person()).get("budgets.pool", pool_id=pooled.pool_id)

        assert page.status == 404

    def test_shows_who_left_their_own_part_alone(
        self, make: Make, sign_in: SignInAs, pooled: Pooled
    ) -> None:
        make.pool_hold(pooled, Money(30_00), at=clock.now())
        browser = sign_in(pooled.members[1].person)
        leaving = browser.get("budgets.leave_pool", pool_id=pooled.pool_id)
        assert "£20.00 goes back to Adult social care at once." in leaving.text
        left = browser.follow(browser.submit(leaving, "Leave the pool"))
        assert "£20.00 is back where it came from." in left.text

        page = browser.get("budgets.pool", pool_id=pooled.pool_id)

        assert "You have left this pool." in page.text
        assert "£10.00" in page.text
        assert "£40.00" not in page.text

    def test_takes_money_in_and_gives_it_out(self, sign_in: SignInAs, pooled: Pooled) -> None:
        browser = sign_in(pooled.members[0].person)

        page = browser.get("budgets.put_into_pool", pool_id=pooled.pool_id)
        shown = browser.follow(browser.submit(page, "Put it in", amount="10"))
        assert "£10.00 is in the pool." in shown.text
        taking = browser.click(shown, "Take money out of your share")
        back = browser.follow(browser.submit(taking, "Take it out", amount="£70.00"))

        assert "£70.00 is back where it came from." in back.text

    @pytest.mark.parametrize(
        ("amount", "sentence"),
        [
            ("", "Enter an amount."),
            ("0", "Enter an amount of more than nothing, like 12.50."),
            ("40.01", "There is £40.00 to spend in it, and you want to put in £40.01."),
        ],
    )
    def test_refuses_bad_amounts(
        self, sign_in: SignInAs, pooled: Pooled, amount: str, sentence: str
    ) -> None:
        browser = sign_in(pooled.members[0].person)
        page = browser.get("budgets.put_into_pool", pool_id=pooled.pool_id)

        shown = browser.submit(page, "Put it in", amount=amount)

        assert shown.errors == [sentence]

    def test_gives_back_no_more_than_is_free(self, sign_in: SignInAs, pooled: Pooled) -> None:
        browser = sign_in(pooled.members[0].person)
        shown = browser.get("budgets.pool", pool_id=pooled.pool_id)
        taking = browser.click(shown, "Take money out of your share")

        page = browser.submit(taking, "Take it out", amount="60.01")

        assert page.errors == ["There is £60.00 free in your share, and you want to take £60.01."]

    def test_keeps_the_share_of_another_from_being_taken(
        self, make: Make, sign_in: SignInAs, pooled: Pooled
    ) -> None:
        share_id = make.pool_view(pooled, member=1).mine[0].line_id

        page = sign_in(pooled.members[0].person).get(
            "budgets.take_from_pool", pool_id=pooled.pool_id, share_id=share_id
        )

        assert page.status == 404

    def test_ends_by_its_maker(self, sign_in: SignInAs, pooled: Pooled) -> None:
        browser = sign_in(pooled.members[0].person)

        page = browser.get("budgets.end_pool", pool_id=pooled.pool_id)
        assert "£90.00 that is free goes back to everybody" in page.text
        shown = browser.follow(browser.submit(page, "End the pool"))

        assert "It has ended." in shown.text

    def test_shows_the_council_what_is_of_its_money(
        self, sign_in: SignInAs, pooled: Pooled
    ) -> None:
        maya = pooled.members[0]

        page = sign_in(maya.practitioner).get("budgets.person", person_id=maya.id)

        assert "Money put together with others" in page.text
        assert "£60.00" in page.text


class TestBasket:
    def test_is_paid_by_the_pool_when_it_is_chosen(
        self, make: Make, sign_in: SignInAs, pooled: Pooled
    ) -> None:
        in_pool_basket(make, pooled)
        browser = sign_in(pooled.members[0].person)

        page = browser.get("orders.basket")
        assert "Your own money pays." in page.text
        chosen = browser.follow(browser.submit(page, "Pay with the pool The garden"))
        assert "The pool The garden pays." in chosen.text
        assert "£20.00 comes from Maya’s share (Adult social care)." in chosen.text
        browser.submit(chosen, "Place the order")

        view = make.pool_view(pooled, member=1)
        assert view.held == Money(30_00)
        assert [order.provider_name for order in view.orders] == ["Green Fingers"]

    def test_can_be_paid_by_oneself_again(
        self, make: Make, sign_in: SignInAs, pooled: Pooled
    ) -> None:
        in_pool_basket(make, pooled)
        browser = sign_in(pooled.members[0].person)
        page = browser.get("orders.basket")
        chosen = browser.follow(browser.submit(page, "Pay with the pool The garden"))

        back = browser.follow(browser.submit(chosen, "Pay with my own money"))

        assert "Your own money pays." in back.text

    def test_asks_another_member_where_the_pool_wants_it(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        pooled = make.pool(asks_from=Money(30_00), at=clock.now())
        in_pool_basket(make, pooled)
        maya, sam = (sign_in(funded.person) for funded in pooled.members)
        page = maya.get("orders.basket")
        chosen = maya.follow(maya.submit(page, "Pay with the pool The garden"))
        assert "needs a yes from another member. Ask Sam." in chosen.text

        maya.submit(chosen, "Ask the other members")
        asked = sam.get("budgets.pool", pool_id=pooled.pool_id)
        assert "wants to order from Green Fingers for £30.00" in asked.text
        sam.submit(asked, "Yes")
        maya.submit(maya.get("orders.basket"), "Place the order")

        assert make.pool_view(pooled).held == Money(30_00)

    def test_says_that_one_has_left_the_pool(
        self, make: Make, sign_in: SignInAs, pooled: Pooled
    ) -> None:
        in_pool_basket(make, pooled)
        browser = sign_in(pooled.members[0].person)
        browser.submit(browser.get("orders.basket"), "Pay with the pool The garden")
        browser.submit(browser.get("budgets.leave_pool", pool_id=pooled.pool_id), "Leave the pool")

        page = browser.get("orders.basket")

        assert "You are not in this pool any more. Choose who pays." in page.text

    def test_keeps_pools_of_others_from_being_chosen(
        self, make: Make, sign_in: SignInAs, pooled: Pooled
    ) -> None:
        theirs = make.pool(at=clock.now())
        provider_id = in_pool_basket(make, pooled)
        browser = sign_in(pooled.members[0].person)
        browser.get("orders.basket")

        page = browser.post(
            "orders.choose_payer", {"pool_id": theirs.pool_id}, provider_id=provider_id
        )

        assert page.status == 404

    def test_by_a_supporter_stays_under_their_ceiling(
        self, make: Make, sign_in: SignInAs, pooled: Pooled
    ) -> None:
        in_pool_basket(make, pooled)
        helper = make.supporter(
            person=pooled.members[0].person,
            scopes=[Scope.SEE, Scope.PAY],
            basis=Basis.HELPER,
            ceiling=Money(29_99),
        )
        browser = sign_in(helper)

        page = browser.get("orders.basket")
        chosen = browser.follow(browser.submit(page, "Pay with the pool The garden"))

        assert "lets you spend up to £29.99 with one order" in chosen.text
