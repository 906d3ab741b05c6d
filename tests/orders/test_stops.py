"""A provider stops: who is told, who could come instead, and nothing moves without a yes."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Role, Scope
from marketplace.catalogue.rules import CheckState
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import MoveItem, PlaceOrder, SayStop
from marketplace.orders.errors import (
    BadLineError,
    StandingRefusedError,
    StopRefusedError,
    WrongStateError,
)
from marketplace.orders.models import ProviderStop, StopItem
from marketplace.orders.rules.stops import Standing as Where
from marketplace.outbox.models import Letter
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.orders import Deal
from tests.orders.standing import Going
from tests.orders.stopping import LAST_ON, OVER, TODAY, going, money, other_store, page, say


class TestSayStop:
    def test_tells_people_their_circle_and_the_council(self, session: Session, make: Make) -> None:
        one = going(make)
        helper = make.supporter(person=one.person, scopes=[Scope.PROPOSE])
        make.supporter(person=one.person, scopes=[Scope.MANAGE_CIRCLE])

        say(make, one.provider)

        told = {letter.to for letter in session.query(Letter).filter_by(template="stop_news")}
        who = (one.person, helper, one.funded.practitioner)
        assert told == {make.email_of(each) for each in who}

    def test_moves_and_ends_nothing_by_itself(self, session: Session, make: Make) -> None:
        one = going(make)
        before = money(session, one.funded)

        say(make, one.provider)

        assert money(session, one.funded) == before
        assert one.view().row.state.goes_on

    def test_is_said_of_each_day_after_the_last_of_a_standing_order(self, make: Make) -> None:
        one = going(make)
        assert one.view().last_day is None

        stop_id = say(make, one.provider)

        view = one.view()
        assert view.last_day is not None
        assert (view.last_day.stop_id, view.last_day.last_on) == (stop_id, LAST_ON)
        after = [day for day in view.days if day.on > LAST_ON]
        assert [day.status for day in view.days if day.on <= LAST_ON] == ["Covered"]
        assert {day.status for day in after} == {"They do not come any more"}
        assert len(after) == 3

    def test_lists_what_was_planned_and_set_aside_for_the_council(
        self, session: Session, make: Make
    ) -> None:
        one = going(make)

        stop_id = say(make, one.provider)

        found = queries.stop_for_council(session, stop_id=stop_id, seen_by=one.funded.practitioner)
        # Of four Tuesdays from 10 March, three come after Friday the 13th.
        assert (found.planned, found.held) == (3, Money(90_00))
        assert [person.standing for person in found.people] == [Where.WAITING]

    def test_no_week_after_the_last_day_is_ordered(self, session: Session, make: Make) -> None:
        one = Going(make, funded=make.funded_person(to_spend=Money(500_00))).accepted()
        say(make, one.provider)

        one.roll()

        assert money(session, one.funded)[1] == Money(30_00)

    @pytest.mark.parametrize(
        ("days", "reason", "sentence"),
        [(-1, "I retire.", "has gone"), (900, "I retire.", "two years"), (9, " ", "Say why")],
    )
    def test_needs_a_day_to_come_and_a_reason(
        self, session: Session, make: Make, days: int, reason: str, sentence: str
    ) -> None:
        store = make.provider()
        wish = SayStop(
            provider_id=store.works_for, last_on=TODAY + timedelta(days=days), reason=reason
        )

        with pytest.raises(StopRefusedError, match=sentence):
            commands.say_stop(session, wish, by=store, at=PAID_IN)

    def test_twice_is_once_and_another_is_refused(self, session: Session, make: Make) -> None:
        store = make.provider()
        wish = SayStop(provider_id=store.works_for, last_on=LAST_ON, reason="I retire.")
        commands.say_stop(session, wish, by=store, at=PAID_IN)

        assert commands.say_stop(session, wish, by=store, at=PAID_IN) == wish.stop_id
        with pytest.raises(StopRefusedError, match="said already"):
            say(make, store)

    def test_is_for_the_owner_and_for_councils_whose_people_it_concerns(
        self, session: Session, make: Make
    ) -> None:
        one = going(make)
        worker = make.staff(organisation_id=one.provider.works_for, role=Role.PROVIDER_WORKER)

        with pytest.raises(NotAllowedError):
            say(make, worker)
        with pytest.raises(NotFoundError):
            say(make, make.provider(), store=one.provider)
        with pytest.raises(StopRefusedError, match="Nobody has anything"), session.begin_nested():
            say(make, make.practitioner(), store=one.provider)
        stop_id = say(make, one.funded.practitioner, store=one.provider)
        stop = session.get_one(ProviderStop, stop_id)
        assert stop.council_id == one.funded.council_id

    def test_taken_back_leaves_everything_as_it_was(self, session: Session, make: Make) -> None:
        one = going(make)
        before = money(session, one.funded)
        stop_id = say(make, one.provider)

        with pytest.raises(NotFoundError):
            commands.withdraw_stop(session, stop_id=stop_id, by=make.provider(), at=PAID_IN)
        commands.withdraw_stop(session, stop_id=stop_id, by=one.provider, at=PAID_IN)
        commands.withdraw_stop(session, stop_id=stop_id, by=one.provider, at=PAID_IN)

        assert commands.end_stopped(session, stop_id=stop_id, at=OVER) == 0
        assert money(session, one.funded) == before
        item = session.query(StopItem).one()
        with pytest.raises(WrongStateError, match="goes on after all"):
            commands.end_item(session, item_id=item.id, by=one.person, at=PAID_IN)


class TestInstead:
    def test_is_the_same_kind_near_with_room_at_the_price_for_this_person(
        self, session: Session, make: Make
    ) -> None:
        one = going(make)
        council_id = one.funded.council_id
        other, offer_id = other_store(make, council_id)
        make.agreed_price(offer_id=offer_id, council_id=council_id, price=Money(11_00))
        far = make.provider(name="Far Away", postcode="BS5 6AA", reach_metres=1000)
        make.standing(provider=far, council_id=council_id)
        closed = make.provider(name="Not Known")
        make.standing(provider=closed, council_id=council_id, state=CheckState.SUSPENDED)

        stop_id = say(make, one.provider)

        instead = page(session, stop_id, one.person).items[0].instead
        assert {each.card.provider_name for each in instead} == {"Blue Door"}
        first = instead[0].card
        assert (first.id, first.price_for_you.price) == (offer_id, Money(11_00))
        assert other.works_for == first.provider_id

    def test_leaves_out_stores_that_stop_too(self, session: Session, make: Make) -> None:
        one = going(make)
        other, _ = other_store(make, one.funded.council_id)
        say(make, other)

        stop_id = say(make, one.provider)

        assert page(session, stop_id, one.person).items[0].instead == ()

    def test_is_for_the_person_and_who_may_see_or_suggest(
        self, session: Session, make: Make
    ) -> None:
        one = going(make)
        stop_id = say(make, one.provider)
        planner = make.supporter(person=one.person, scopes=[Scope.PLAN])

        for stranger in (make.person(), planner, one.provider):
            with pytest.raises(NotFoundError):
                page(session, stop_id, stranger)
        with pytest.raises(NotFoundError):
            queries.stop_for_council(session, stop_id=stop_id, seen_by=make.practitioner())


class TestMoveStanding:
    def test_starts_the_same_after_the_last_day_and_ends_the_old_for_nothing(
        self, session: Session, make: Make
    ) -> None:
        one = going(make)
        _, offer_id = other_store(make, one.funded.council_id)
        stop_id = say(make, one.provider)
        item = page(session, stop_id, one.person).items[0].row
        wish = MoveItem(item_id=item.id, offer_id=offer_id, seen=Money(96_00))

        new_id = commands.move_standing_order(session, wish, by=one.person, at=PAID_IN)
        again = commands.move_standing_order(session, wish, by=one.person, at=PAID_IN)

        assert new_id == again == wish.new_id
        new = queries.standing_for(session, standing_id=new_id, seen_by=one.person, at=PAID_IN)
        assert new.row.provider_name == "Blue Door"
        assert new.begins_on == LAST_ON + timedelta(days=1)
        old = one.view()
        assert old.ends_before == LAST_ON + timedelta(days=1)
        # One Tuesday is left with the old store (£30.00), the first with the new one is £24.00.
        assert money(session, one.funded) == (Money(446_00), Money(54_00))
        moved = page(session, stop_id, one.person).items[0].row
        assert (moved.standing, moved.new_provider_name) == (Where.MOVED, "Blue Door")

    def test_by_who_may_only_suggest_waits_for_a_yes(self, session: Session, make: Make) -> None:
        one = going(make)
        _, offer_id = other_store(make, one.funded.council_id)
        helper = make.supporter(person=one.person, scopes=[Scope.PROPOSE])
        stop_id = say(make, one.provider)
        before = money(session, one.funded)
        item = page(session, stop_id, one.person).items[0].row
        wish = MoveItem(item_id=item.id, offer_id=offer_id)

        commands.move_standing_order(session, wish, by=helper, at=PAID_IN)

        assert money(session, one.funded) == before
        assert page(session, stop_id, one.person).items[0].row.standing is Where.CHOSEN

    def test_a_price_that_changed_is_not_taken_unseen(self, session: Session, make: Make) -> None:
        one = going(make)
        _, offer_id = other_store(make, one.funded.council_id)
        stop_id = say(make, one.provider)
        item = page(session, stop_id, one.person).items[0].row
        wish = MoveItem(item_id=item.id, offer_id=offer_id, seen=Money(1_00))

        with pytest.raises(Exception, match="price has changed"):
            commands.move_standing_order(session, wish, by=one.person, at=PAID_IN)

    def test_a_second_choice_waits_until_the_first_is_declined(
        self, session: Session, make: Make
    ) -> None:
        one = going(make)
        other, offer_id = other_store(make, one.funded.council_id)
        stop_id = say(make, one.provider)
        item = page(session, stop_id, one.person).items[0].row
        first = MoveItem(item_id=item.id, offer_id=offer_id)
        new_id = commands.move_standing_order(session, first, by=one.person, at=PAID_IN)
        again = MoveItem(item_id=item.id, offer_id=offer_id)

        with pytest.raises(WrongStateError, match="chosen already"):
            commands.move_standing_order(session, again, by=one.person, at=PAID_IN)
        new = queries.standing_for(session, standing_id=new_id, seen_by=one.person, at=PAID_IN)
        commands.decline_order(
            session, order_id=new.first_order_id, reason="Full.", by=other, at=PAID_IN
        )
        assert page(session, stop_id, one.person).items[0].row.standing is Where.WAITING
        commands.move_standing_order(session, again, by=one.person, at=PAID_IN)

    def test_is_not_for_strangers(self, session: Session, make: Make) -> None:
        one = going(make)
        _, offer_id = other_store(make, one.funded.council_id)
        stop_id = say(make, one.provider)
        item = page(session, stop_id, one.person).items[0].row
        wish = MoveItem(item_id=item.id, offer_id=offer_id)

        for stranger in (make.person(), one.provider, one.funded.practitioner):
            with pytest.raises(NotFoundError):
                commands.move_standing_order(session, wish, by=stranger, at=PAID_IN)


class TestOrders:
    def ordered(self, make: Make) -> Deal:
        """Let three weekly visits of £30.00 be accepted; two lie after the last day."""
        funded = make.funded_person(to_spend=Money(500_00))
        return make.accepted(make.placed(funded=funded, visits=3, late_cancel_percent=100))

    def test_what_is_left_is_drafted_and_placed_from_the_basket(
        self, session: Session, make: Make
    ) -> None:
        deal = self.ordered(make)
        other, offer_id = other_store(make, deal.funded.council_id)
        stop_id = say(make, deal.provider)
        item = page(session, stop_id, deal.person).items[0].row
        assert (item.planned, item.held) == (1, Money(30_00))
        wish = MoveItem(item_id=item.id, offer_id=offer_id)

        commands.draft_order_again(session, wish, by=deal.person, at=PAID_IN)
        commands.draft_order_again(session, wish, by=deal.person, at=PAID_IN)

        assert money(session, deal.funded) == (Money(440_00), Money(60_00))
        assert page(session, stop_id, deal.person).items[0].row.standing is Where.CHOSEN
        basket = queries.basket(session, by=deal.person, at=PAID_IN)
        place = PlaceOrder(order_id=basket.groups[0].order_id, provider_id=other.works_for)
        commands.place_order(session, place, by=deal.person, at=PAID_IN)
        assert money(session, deal.funded) == (Money(416_00), Money(84_00))
        assert page(session, stop_id, deal.person).items[0].row.standing is Where.MOVED

    def test_ending_it_costs_nothing_however_late(self, session: Session, make: Make) -> None:
        deal = self.ordered(make)
        stop_id = say(make, deal.provider, days=0)
        item = page(session, stop_id, deal.person).items[0].row

        commands.end_item(session, item_id=item.id, by=deal.person, at=PAID_IN)
        commands.end_item(session, item_id=item.id, by=deal.person, at=PAID_IN)

        assert money(session, deal.funded) == (Money(500_00), ZERO)

    def test_nobody_found_is_told_to_the_council(self, session: Session, make: Make) -> None:
        deal = self.ordered(make)
        stop_id = say(make, deal.provider)
        item = page(session, stop_id, deal.person).items[0].row

        commands.say_nobody(session, item_id=item.id, by=deal.person, at=PAID_IN)
        commands.say_nobody(session, item_id=item.id, by=deal.person, at=PAID_IN)

        found = queries.stop_for_council(session, stop_id=stop_id, seen_by=deal.funded.practitioner)
        assert found.count("nobody") == 1
        assert session.query(Letter).filter_by(subject="Nobody found yet").count() == 1

    def test_an_order_for_later_than_the_last_day_is_refused(
        self, session: Session, make: Make
    ) -> None:
        funded, store = make.funded_person(), make.provider()
        offer_id = make.offer(provider=store)
        say(make, store)
        make.in_basket(funded.person, offer_id, first_at=PAID_IN + timedelta(days=12))
        wish = PlaceOrder(order_id=uuid4(), provider_id=store.works_for)

        with pytest.raises(BadLineError, match="Friday 13 March 2026"):
            commands.place_order(session, wish, by=funded.person, at=PAID_IN)
        with pytest.raises(StandingRefusedError, match="The last day they come"):
            Going(make, provider=store, offer_id=offer_id, begins_on=date(2026, 3, 16))
