"""What a limit would do is shown before it is set, and looked at twice."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.budgets import commands, queries
from marketplace.budgets.commands import RecordPurchase
from marketplace.budgets.errors import SecondLookError, SpendRefusedError
from marketplace.budgets.models import FundingLine, SpendingLimit
from marketplace.budgets.rules import LimitWindow, Narrowing
from marketplace.kernel.money import ZERO, Money
from tests.budgets.limiting import DAY, a_limit, about, buy, set_on
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £500.00, in a market of four kinds of support."""
    for slug in ("company", "meals", "getting-around", "holidays"):
        make.category(slug)
    return make.funded_person(to_spend=Money(500_00))


class TestSecondLook:
    def test_is_asked_for_before_food_is_cut_off(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        wish = about(Narrowing.CATEGORY, "meals", amount=Money(0))

        with pytest.raises(SecondLookError, match="It stops what is bought for meals"):
            set_on(session, funded, wish)

    def test_is_kept_with_its_reason(self, session: Session, make: Make, funded: Funded) -> None:
        buy(session, funded, Money(40_00), "meals")
        wish = a_limit(amount=Money(39_99), second_look="Her sister cooks from now on.")

        limit_id = set_on(session, funded, wish)

        assert session.get_one(SpendingLimit, limit_id).second_look == (
            "Her sister cooks from now on."
        )

    def test_leaves_no_reason_where_none_was_needed(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        limit_id = set_on(session, funded, a_limit(second_look="I looked all the same."))

        assert session.get_one(SpendingLimit, limit_id).second_look == ""

    def test_looks_back_eight_weeks(self, session: Session, make: Make, funded: Funded) -> None:
        order_id = buy(session, funded, Money(40_00), "meals")
        commands.capture(
            session,
            order_id=order_id,
            key="c",
            amount=Money(40_00),
            provider_id=uuid4(),
            at=PAID_IN,
        )

        set_on(session, funded, a_limit(), at=PAID_IN + timedelta(weeks=8, days=1))
        with pytest.raises(SecondLookError):
            set_on(session, funded, a_limit(), at=PAID_IN + timedelta(weeks=8) - DAY)


class TestPreview:
    def test_tries_the_limit_on_the_last_year(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        kitchen = make.provider(name="Kettle Kitchen").works_for
        for day in range(3):
            at = PAID_IN + day * DAY
            buy(session, funded, Money(14_00), "company", provider_id=kitchen, at=at)
        gone = buy(session, funded, Money(99_00), at=PAID_IN)
        commands.release(session, order_id=gone, key="r", amount=Money(99_00), at=PAID_IN)

        at = PAID_IN + 4 * DAY
        limit = commands.as_it_would_be(
            session, line_id=funded.line_id, wish=a_limit(), by=funded.practitioner, at=at
        )
        found = queries.preview(session, line_id=funded.line_id, limit=limit, at=at)

        assert (found.trial.orders, found.trial.spent) == (3, Money(42_00))
        assert [one.amount for one in found.trial.stopped] == [Money(14_00)]
        words = queries.what_was_bought(session, found.trial.stopped)
        assert list(words.values()) == ["Company, Kettle Kitchen"]

    @pytest.mark.parametrize(
        ("on_sunday", "on_monday"),
        [
            # The clocks go forward on 29 March 2026, and back on 25 October.
            (datetime(2026, 3, 29, 22, 59, tzinfo=UTC), datetime(2026, 3, 29, 23, 1, tzinfo=UTC)),
            (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), datetime(2026, 10, 26, 0, 1, tzinfo=UTC)),
        ],
    )
    def test_keeps_the_clock_of_the_people(
        self,
        session: Session,
        make: Make,
        funded: Funded,
        on_sunday: datetime,
        on_monday: datetime,
    ) -> None:
        limit_id = set_on(session, funded, a_limit(), at=PAID_IN)
        buy(session, funded, Money(20_00), at=on_sunday)
        with pytest.raises(SpendRefusedError):
            buy(session, funded, Money(20_00), at=on_sunday)
        buy(session, funded, Money(20_00), at=on_monday)

        at = on_monday + DAY
        commands.end_limit(session, limit_id=limit_id, by=funded.practitioner, at=at)
        limit = commands.as_it_would_be(
            session, line_id=funded.line_id, wish=a_limit(), by=funded.practitioner, at=at
        )

        assert not queries.preview(
            session, line_id=funded.line_id, limit=limit, at=at
        ).trial.stopped

    @pytest.mark.parametrize("window", [LimitWindow.WEEK, LimitWindow.EVER])
    def test_goes_back_to_the_line_it_carries_on(
        self, session: Session, make: Make, funded: Funded, window: LimitWindow
    ) -> None:
        line_id = make.line(person=funded.person, practitioner=funded.practitioner)
        session.get_one(FundingLine, line_id).follows_line_id = funded.line_id
        buy(session, funded, Money(20_00), line_ids=(funded.line_id,))
        buy(session, funded, Money(5_00), line_ids=(line_id,))

        limit = commands.as_it_would_be(
            session,
            line_id=line_id,
            wish=a_limit(window=window),
            by=funded.practitioner,
            at=PAID_IN,
        )
        found = queries.preview(session, line_id=line_id, limit=limit, at=PAID_IN)

        assert found.trial.orders == 2

    def test_tells_of_limits_that_do_not_fit(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        set_on(session, funded, a_limit())

        wish = a_limit(window=LimitWindow.DAY, amount=Money(40_00))
        limit = commands.as_it_would_be(
            session, line_id=funded.line_id, wish=wish, by=funded.person, at=PAID_IN
        )
        found = queries.preview(session, line_id=funded.line_id, limit=limit, at=PAID_IN)
        set_on(session, funded, wish, by=funded.person)

        assert [clash.sentence for clash in found.clashes] == [
            clash.sentence for clash in make.lines(funded)[0].clashes
        ]
        assert len(found.clashes) == 1

    def test_says_what_is_left_after_an_order(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        set_on(session, funded, a_limit())
        order_id = buy(session, funded, Money(18_00))

        left = queries.limits_after_orders(
            session, order_ids=[order_id], person_id=funded.id, at=PAID_IN
        )
        later = queries.limits_after_orders(
            session, order_ids=[order_id], person_id=funded.id, at=PAID_IN + timedelta(weeks=1)
        )

        assert [(one.label, one.remaining) for one in left] == [("£30.00 for one week", "£12.00")]
        assert later == []


def test_what_was_bought_elsewhere_counts_on_the_day_it_was_paid(
    session: Session, make: Make
) -> None:
    """Written down on 2 April and paid on 30 March: it is no part of April."""
    funded, april = make.funded_person(), datetime(2026, 4, 2, 9, tzinfo=UTC)
    fare = RecordPurchase(
        purchase_id=uuid4(), amount=Money(12_00), what="A fare", paid_on=date(2026, 3, 30)
    )
    commands.record_purchase(session, fare, by=funded.person, at=april)
    wish = make.limit(window=LimitWindow.MONTH)

    commands.set_limit(
        session, line_id=funded.line_id, limit=wish, by=funded.practitioner, at=april
    )

    [row] = queries.lines_of(session, person_id=funded.id, at=april)[0].limits
    assert row.limit.used == ZERO
    [tried] = queries.bought(session, [funded.line_id])
    assert tried.on == date(2026, 3, 30)
    march = queries.lines_of(session, person_id=funded.id, at=april - timedelta(days=4))
    assert march[0].limits[0].limit.used == ZERO, "March was over when the limit was set"
