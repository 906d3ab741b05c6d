"""Standing orders from a pool that go on: members leave, prices rise, others look at them."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access.queries import circle_of
from marketplace.access.rules import Scope
from marketplace.budgets import commands as money
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.orders import commands
from marketplace.orders.commands import AnswerInPool, EndStanding, LeaveOut, MoveItem
from marketplace.orders.errors import WrongStateError
from marketplace.orders.models import StandingOrder
from marketplace.orders.queries import standing_of_person
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.pools import Pooled
from tests.orders.standing import BEGINS_ON, Going, dearer, letters_to
from tests.orders.standing_pooled import EIGHTY, FORTY, answer, aside, going, leave
from tests.orders.stopping import other_store, page, say


@pytest.fixture
def pooled(make: Make) -> Pooled:
    """Return a pool with £80.00 of Maya's in it and £40.00 of Sam's: four weeks, and no more."""
    return make.pool(put_in=[EIGHTY, FORTY])


class TestLeaving:
    def test_what_is_set_aside_stays_and_the_rest_is_shared_anew(self, make: Make) -> None:
        pooled = make.pool(put_in=[EIGHTY, FORTY])
        one = going(make, pooled).accepted()
        leave(make, pooled, 1)

        assert one.roll() == 2

        assert aside(make, pooled) == {"Maya": EIGHTY, "Sam": Money(10_00)}
        with pytest.raises(NotFoundError):
            one.view(by=pooled.members[1].person)

    @pytest.mark.parametrize("ends", [False, True])
    def test_of_whoever_started_it_ends_it_after_what_is_ordered(
        self, session: Session, make: Make, pooled: Pooled, *, ends: bool
    ) -> None:
        maya, sam = pooled.members
        one = going(make, pooled).accepted()
        one.roll()
        if ends:
            with make.block() as block:
                money.end_pool(block, pool_id=pooled.pool_id, by=maya.person, at=PAID_IN)
        else:
            leave(make, pooled, 0)

        tomorrow = PAID_IN + timedelta(days=1)
        one.roll(tomorrow)

        view = one.view(tomorrow)
        assert view.row.state.label == "Comes to an end"
        assert view.end_reason == "It is not paid for any more."
        assert view.ends_before == BEGINS_ON + timedelta(days=23)
        assert aside(make, pooled)["Maya"] == EIGHTY
        told = letters_to(session, sam.person)
        assert ("It ends after Tuesday 31 March 2026" in told) is not ends
        assert "It ends after Tuesday 31 March 2026" in letters_to(session, maya.person)
        assert one.roll(tomorrow) == 0


class TestPrice:
    def risen(self, make: Make, pooled: Pooled) -> Going:
        """Return one whose price went up from £15.00 to £16.00 an hour."""
        one = going(make, pooled).accepted()
        dearer(one, Money(16_00))
        assert one.roll() == 0
        return one

    def test_waits_for_every_member(self, session: Session, make: Make, pooled: Pooled) -> None:
        maya, sam = pooled.members
        one, new = self.risen(make, pooled), Money(128_00)
        subject = f"{one.view().row.provider_name} puts the price up: please say yes or no"
        assert subject in letters_to(session, sam.person)

        with make.block() as block:
            commands.agree_to_price(block, standing_id=one.id, seen=new, by=maya.person, at=PAID_IN)
        assert one.roll() == 0
        answer(make, one, sam.person, seen=new)

        assert one.view().rise is None
        assert one.roll() == 2
        assert "Everybody said yes to the new price" in letters_to(session, maya.person)

    def test_a_no_of_any_ends_it(self, session: Session, make: Make, pooled: Pooled) -> None:
        maya, sam = pooled.members
        one = self.risen(make, pooled)

        answer(make, one, sam.person, agrees=False, seen=Money(128_00))

        assert one.view().row.state.label == "Comes to an end"
        assert "Somebody said no to the new price" in letters_to(session, maya.person)
        assert one.roll(PAID_IN + timedelta(days=1)) == 0

    def test_the_no_of_whoever_started_it_is_told_to_the_others(
        self, session: Session, make: Make, pooled: Pooled
    ) -> None:
        one = self.risen(make, pooled)

        commands.turn_down_price(session, standing_id=one.id, by=one.person, at=PAID_IN)

        assert "Somebody said no to the new price" in letters_to(session, pooled.members[1].person)

    def test_is_taken_when_the_only_one_missing_leaves(self, make: Make, pooled: Pooled) -> None:
        one = self.risen(make, pooled)
        with make.block() as block:
            commands.agree_to_price(
                block, standing_id=one.id, seen=Money(128_00), by=one.person, at=PAID_IN
            )
        leave(make, pooled, 1)

        assert one.roll(PAID_IN + timedelta(days=1)) == 1
        assert one.view().rise is None


class TestSeeing:
    def test_a_member_sees_it_without_what_is_private(self, make: Make, pooled: Pooled) -> None:
        sam = pooled.members[1].person
        one = going(make, pooled, note="My knee", worker_wish="").accepted()

        theirs = one.view(by=sam)

        assert theirs.together is not None
        assert (theirs.together.whose, theirs.together.is_mine) == ("Maya", False)
        assert (theirs.note, theirs.outcome, theirs.placed_by_name) == ("", "", "Maya")
        assert not any(day.can_skip or day.order_id for day in theirs.days)
        assert one.view(by=one.provider).together is None

    def test_a_member_changes_nothing(self, make: Make, pooled: Pooled) -> None:
        sam = pooled.members[1].person
        one = going(make, pooled).accepted()
        skip = LeaveOut(standing_id=one.id, from_on=BEGINS_ON + timedelta(days=1))
        end = EndStanding(standing_id=one.id, last_on=BEGINS_ON)

        with make.block() as session, pytest.raises(NotFoundError):
            commands.skip_visit(session, skip, by=sam, at=PAID_IN)
        with make.block() as session, pytest.raises(NotFoundError):
            commands.end_standing(session, end, by=sam, at=PAID_IN)
        with pytest.raises(WrongStateError, match="answered this already"):
            answer(make, one, sam, agrees=False)

    def test_members_read_what_is_done_with_it(
        self, session: Session, make: Make, pooled: Pooled
    ) -> None:
        one = going(make, pooled).accepted()
        pause = LeaveOut(
            standing_id=one.id,
            from_on=BEGINS_ON + timedelta(days=8),
            until_on=BEGINS_ON + timedelta(days=10),
        )

        commands.pause_standing(session, pause, by=one.person, at=PAID_IN)

        told = letters_to(session, pooled.members[1].person)
        assert "Maya ordered something for every week" in told
        assert "A pause until Thursday 19 March 2026" in told

    def test_the_list_has_those_of_the_pool(self, make: Make, pooled: Pooled) -> None:
        one = going(make, pooled).accepted()

        with make.block() as session:
            weeks = standing_of_person(session, by=pooled.members[1].person, at=PAID_IN)

        assert [(row.id, row.whose) for row in weeks.rows] == [(one.id, "Maya")]
        assert not any(day.can_skip for day in weeks.days)


def test_the_row_keeps_what_was_decided(session: Session, make: Make, pooled: Pooled) -> None:
    one = going(make, pooled)

    standing = session.get_one(StandingOrder, one.id)

    assert (standing.pool_id, standing.needs_pool_yes) == (pooled.pool_id, False)


class TestStoppingStore:
    def test_tells_every_member_and_moves_with_the_pool(
        self, session: Session, make: Make, pooled: Pooled
    ) -> None:
        maya, sam = pooled.members
        one = going(make, pooled).accepted()
        one.roll()
        stop_id = say(make, one.provider)
        _, offer_id = other_store(make, pooled.council_id)
        item = page(session, stop_id, maya.person).items[0].row

        wish = MoveItem(item_id=item.id, offer_id=offer_id)
        commands.move_standing_order(session, wish, by=maya.person, at=PAID_IN)

        assert session.get_one(StandingOrder, wish.new_id).pool_id == pooled.pool_id
        told = letters_to(session, sam.person)
        assert f"{one.view().row.provider_name} stops on Friday 13 March 2026" in told
        assert "Maya ordered something for every week" in told
        aside(make, pooled)


class TestAnswering:
    @pytest.fixture
    def three(self, make: Make) -> Pooled:
        """Return three members; an order of £100.00 or more needs a yes."""
        return make.pool(put_in=[EIGHTY, FORTY, EIGHTY], asks_from=Money(100_00))

    def test_a_no_to_what_goes_on_ends_it_after_what_is_ordered(
        self, session: Session, make: Make, three: Pooled
    ) -> None:
        one = going(make, three)
        answer(make, one, three.members[1].person)
        one.accepted()
        leave(make, three, 1)
        one.roll()

        answer(make, one, three.members[2].person, agrees=False)

        view = one.view()
        assert (view.row.state.label, view.end_reason) == (
            "Comes to an end",
            "It is not agreed to any more.",
        )
        assert view.ends_before == BEGINS_ON + timedelta(days=2)
        assert "No from your pool" in letters_to(session, one.person)
        assert "A standing order ends: Tuesday 10 March 2026" in letters_to(session, one.provider)

    def test_is_for_those_who_may_say_yes(self, make: Make, three: Pooled) -> None:
        one = going(make, three)
        sees = make.supporter(person=three.members[1].person, scopes=[Scope.SEE])

        with pytest.raises(NotAllowedError, match="say yes or no to orders"):
            answer(make, one, sees)

    def test_is_too_late_once_the_first_day_has_gone(self, make: Make, three: Pooled) -> None:
        one = going(make, three)
        wish = AnswerInPool(standing_id=one.id, agrees=True, seen=Money(120_00))

        with make.block() as session, pytest.raises(WrongStateError, match="first day has gone"):
            commands.answer_in_pool(
                session, wish, by=three.members[1].person, at=PAID_IN + timedelta(days=7)
            )

    def test_places_nothing_for_a_supporter_who_was_sent_away(
        self, make: Make, three: Pooled
    ) -> None:
        maya, sam, _ = three.members
        helper = make.supporter(person=maya.person, scopes=[Scope.PAY])
        one = going(make, three, by=helper)
        with make.block() as session:
            row_id = circle_of(session, person_id=maya.id)[0].id
            access.end_supporter(session, supporter_row_id=row_id, by=maya.person, at=PAID_IN)

        with pytest.raises(WrongStateError, match="may not spend this money any more"):
            answer(make, one, sam.person)

    def test_of_a_price_is_said_once_and_on_its_own_buttons(
        self, make: Make, three: Pooled
    ) -> None:
        maya, sam, _ = three.members
        one, new = going(make, three), Money(128_00)
        answer(make, one, sam.person)
        one.accepted()
        dearer(one, Money(16_00))
        one.roll()

        answer(make, one, sam.person, seen=new)
        answer(make, one, sam.person, seen=new)

        with pytest.raises(WrongStateError, match="You have said yes already"):
            answer(make, one, sam.person, agrees=False, seen=new)
        with pytest.raises(NotFoundError, match="its own buttons"):
            answer(make, one, maya.person, seen=new)
        assert one.view().rise is not None
