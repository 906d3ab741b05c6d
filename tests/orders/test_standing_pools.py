"""Standing orders from a pool: £30.00 a week, two thirds Maya's money, one third Sam's."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Scope
from marketplace.budgets import commands as money
from marketplace.budgets.errors import SpendRefusedError
from marketplace.budgets.rules import LimitWindow
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands
from marketplace.orders.commands import ChangeStanding
from marketplace.orders.errors import NoMoneyError, PriceChangedError
from marketplace.orders.models import Order
from marketplace.orders.queries import standing_of_person
from marketplace.orders.rules.standing_wishes import Weekly
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.pools import Pooled
from tests.orders.standing import BEGINS_ON, TUESDAYS, Going, letters_to
from tests.orders.standing_pooled import EIGHTY, FORTY, answer, aside, going, leave


@pytest.fixture
def pooled(make: Make) -> Pooled:
    """Return a pool with £80.00 of Maya's in it and £40.00 of Sam's: four weeks, and no more."""
    return make.pool(put_in=[EIGHTY, FORTY])


class TestPaying:
    def test_every_share_pays_its_part_of_each_week(
        self, session: Session, make: Make, pooled: Pooled
    ) -> None:
        one = going(make, pooled).accepted()

        assert one.roll() == 3

        assert aside(make, pooled) == {"Maya": EIGHTY, "Sam": FORTY}
        orders = session.scalars(select(Order).where(Order.standing_id == one.id)).all()
        assert {order.pool_id for order in orders} == {pooled.pool_id}
        together = one.view().together
        assert together is not None
        assert together.set_aside == (("Maya", EIGHTY), ("Sam", FORTY))
        assert make.lines(pooled.members[0])[0].held == ZERO

    def test_all_are_told_early_that_the_pot_will_not_last(
        self, session: Session, make: Make, pooled: Pooled
    ) -> None:
        one = going(make, pooled).accepted()

        one.roll()

        for member in pooled.members:
            assert "The money in The garden lasts until Monday 6 April 2026" in letters_to(
                session, member.person
            )
        assert str(one.view().lasting.missing) == "£30.00"

    def test_a_week_without_money_is_told_without_ones_limits(
        self, session: Session, make: Make, pooled: Pooled
    ) -> None:
        maya, sam = pooled.members
        one = going(make, pooled).accepted()
        limit = make.limit(Money(70_00), window=LimitWindow.EVER, reason="A secret reason")
        money.set_limit(
            session, line_id=maya.line_id, limit=limit, by=maya.practitioner, at=PAID_IN
        )

        assert one.roll() == 2

        theirs = one.view(by=sam.person)
        assert [day.words for day in theirs.not_covered] == [""]
        assert "A secret reason" in one.view().not_covered[0].words
        assert "Not covered: the week of Monday 30 March 2026" in letters_to(session, sam.person)

    def test_limits_of_every_member_are_counted(
        self, session: Session, make: Make, pooled: Pooled
    ) -> None:
        sam = pooled.members[1]
        limit = make.limit(Money(25_00), window=LimitWindow.EVER)
        money.set_limit(session, line_id=sam.line_id, limit=limit, by=sam.practitioner, at=PAID_IN)
        one = going(make, pooled).accepted()

        assert one.roll() == 1

        assert aside(make, pooled) == {"Maya": Money(40_00), "Sam": Money(20_00)}

    def test_is_refused_where_the_pot_is_empty(self, make: Make) -> None:
        poor = make.pool(put_in=[Money(5_00), Money(5_00)])

        with pytest.raises(SpendRefusedError):
            going(make, poor)

    def test_is_for_members_alone(self, make: Make, pooled: Pooled) -> None:
        with pytest.raises(NoMoneyError, match="not in this pool"):
            Going(make, pool_id=pooled.pool_id)

    def test_does_not_use_up_ones_own_money(self, make: Make, pooled: Pooled) -> None:
        one = going(make, pooled).accepted()

        with make.block() as session:
            weeks = standing_of_person(session, by=one.person, at=PAID_IN)

        assert weeks.lasting is None
        assert [row.pool for row in weeks.rows] == ["The garden"]


class TestConsent:
    @pytest.fixture
    def careful(self, make: Make) -> Pooled:
        """Return a pool in which an order of £100.00 or more needs a yes."""
        return make.pool(put_in=[EIGHTY, FORTY], asks_from=Money(100_00))

    def test_four_weeks_count_as_one_order(
        self, session: Session, make: Make, careful: Pooled
    ) -> None:
        maya, sam = careful.members
        one = going(make, careful)

        assert one.view().row.state.label == "Waiting for a yes"
        assert aside(make, careful) == {"Maya": ZERO, "Sam": ZERO}
        assert "Maya asks for your yes" in letters_to(session, sam.person)
        assert answer(make, one, sam.person) == ""
        assert answer(make, one, sam.person) == ""

        assert one.view().row.state.label == "Sent to the provider"
        assert aside(make, careful) == {"Maya": Money(20_00), "Sam": Money(10_00)}
        assert letters_to(session, maya.person)[-2:] == ["It is ordered", "Yes from your pool"]
        assert one.accepted().roll() == 3

    def test_a_no_is_the_end_of_it(self, session: Session, make: Make, careful: Pooled) -> None:
        maya, sam = careful.members
        one = going(make, careful)

        answer(make, one, sam.person, agrees=False)

        assert one.view().row.state.label == "Ended"
        assert "No from your pool" in letters_to(session, maya.person)
        with pytest.raises(NotFoundError):
            answer(make, one, sam.person)

    def test_whoever_asks_does_not_answer(self, make: Make, careful: Pooled) -> None:
        one = going(make, careful)

        with pytest.raises(NotAllowedError, match="Whoever asks"):
            answer(make, one, one.person)
        with pytest.raises(NotFoundError):
            answer(make, one, make.funded_person().person)
        with pytest.raises(PriceChangedError):
            answer(make, one, careful.members[1].person, seen=Money(1))

    def test_money_that_is_missing_then_is_tried_again(self, make: Make, careful: Pooled) -> None:
        maya, sam = careful.members
        one = going(make, careful)
        limit = make.limit(Money(15_00), window=LimitWindow.EVER)
        with make.block() as session:
            limit_id = money.set_limit(
                session, line_id=maya.line_id, limit=limit, by=maya.practitioner, at=PAID_IN
            )

        assert "£15.00" in answer(make, one, sam.person)

        together = one.view().together
        assert together is not None
        assert together.can_try
        with make.block() as session:
            money.end_limit(session, limit_id=limit_id, by=maya.practitioner, at=PAID_IN)
        assert answer(make, one, maya.person) == ""
        assert one.view().row.state.label == "Sent to the provider"

    def test_the_own_circle_says_yes_before_the_pool_is_asked(
        self, session: Session, make: Make, careful: Pooled
    ) -> None:
        maya, sam = careful.members
        helper = make.supporter(person=maya.person, scopes=[Scope.PROPOSE])
        one = going(make, careful, by=helper, at=PAID_IN)
        with pytest.raises(NotFoundError):
            answer(make, one, sam.person)
        assert "Maya asks for your yes" not in letters_to(session, sam.person)

        order_id = one.view().first_order_id
        decided = commands.approve_order(session, order_id=order_id, by=maya.person, at=PAID_IN)

        assert decided.missing == "a yes from another member of the pool"
        assert "Maya asks for your yes" in letters_to(session, sam.person)
        assert answer(make, one, sam.person) == ""
        assert one.view().row.state.label == "Sent to the provider"

    def test_a_dearer_pattern_needs_a_new_start(self, make: Make, careful: Pooled) -> None:
        one = going(make, careful)
        answer(make, one, careful.members[1].person)
        one.accepted()
        three_hours = Weekly(weekdays=frozenset({1}), minutes=(14 * 60,), quantity=3)
        later = BEGINS_ON + timedelta(days=7)

        for weekly, allowed in ((TUESDAYS, True), (three_hours, False)):
            wish = ChangeStanding(standing_id=one.id, weekly=weekly, starts_on=later)
            with make.block() as session:
                if allowed:
                    commands.change_standing(session, wish, by=one.person, at=PAID_IN)
                    continue
                with pytest.raises(NotAllowedError, match="then they are asked"):
                    commands.change_standing(session, wish, by=one.person, at=PAID_IN)

    def test_when_the_one_who_said_yes_leaves_another_has_to(self, make: Make) -> None:
        three = make.pool(put_in=[EIGHTY, FORTY, EIGHTY], asks_from=Money(100_00))
        one = going(make, three)
        answer(make, one, three.members[1].person)
        one.accepted()
        leave(make, three, 1)

        assert one.roll() == 0
        assert "has left the pool" in one.view().not_covered[0].words

        answer(make, one, three.members[2].person)
        assert one.roll() == 3
