"""Money put together: orders from a pool, asking another member, leaving, ending."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import (
    AskPool,
)
from marketplace.budgets.errors import PoolError, SpendRefusedError
from marketplace.budgets.rules import LimitWindow
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.money import ZERO, Money
from marketplace.outbox.models import Letter
from marketplace.wallet import queries as ledger
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.pools import Pooled


def amounts(view: queries.PoolView) -> dict[str, tuple[Money, Money, Money]]:
    """Return what each member's shares have free, set aside and paid."""
    return {m.name: (m.available, m.held, m.spent) for m in view.members}


def all_is_well(session: Session) -> None:
    """Hold the books against each other."""
    assert ledger.problems(session) == []
    assert queries.problems(session) == []


def own_money(make: Make, pooled: Pooled, member: int = 0) -> Money:
    """Return what a member has to spend outside the pool."""
    return make.lines(pooled.members[member])[0].available


class TestSpending:
    def test_takes_each_share_in_proportion(self, session: Session, make: Make) -> None:
        pooled = make.pool()

        make.pool_hold(pooled, Money(30_00))

        assert amounts(make.pool_view(pooled)) == {
            "Maya": (Money(40_00), Money(20_00), ZERO),
            "Sam": (Money(20_00), Money(10_00), ZERO),
        }
        assert own_money(make, pooled) == Money(40_00)
        all_is_well(session)

    def test_is_seen_by_all_members(self, session: Session, make: Make) -> None:
        pooled = make.pool()

        make.pool_hold(pooled, Money(30_00))

        seen = make.pool_view(pooled, member=1).orders
        assert [(order.by, order.held, order.parts) for order in seen] == [
            ("Maya", Money(30_00), (("Maya", Money(20_00)), ("Sam", Money(10_00))))
        ]

    def test_pays_gives_back_and_refunds_in_the_same_shares(
        self, session: Session, make: Make
    ) -> None:
        pooled = make.pool()
        spend = make.pool_hold(pooled, Money(30_00))
        order: dict[str, Any] = {"order_id": spend.order_id, "at": PAID_IN}

        commands.capture(
            session, key="c", amount=Money(15_00), provider_id=spend.provider_id, **order
        )
        assert amounts(make.pool_view(pooled)) == {
            "Maya": (Money(40_00), Money(10_00), Money(10_00)),
            "Sam": (Money(20_00), Money(5_00), Money(5_00)),
        }
        commands.release(session, key="r", amount=Money(15_00), **order)
        commands.refund(
            session, key="f", amount=Money(3_00), provider_id=spend.provider_id, **order
        )

        assert amounts(make.pool_view(pooled)) == {
            "Maya": (Money(52_00), ZERO, Money(8_00)),
            "Sam": (Money(26_00), ZERO, Money(4_00)),
        }
        all_is_well(session)

    def test_refuses_more_than_there_is(self, session: Session, make: Make) -> None:
        pooled = make.pool()

        with pytest.raises(SpendRefusedError, match=r"£90\.00 in the pool"):
            make.pool_hold(pooled, Money(90_01))

    def test_refuses_whoever_is_not_in_it(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        stranger = make.funded_person(council_id=pooled.council_id)

        with pytest.raises(SpendRefusedError, match="Only members"):
            commands.hold(
                session,
                spend=make.pool_spend(pooled, Money(1_00)),
                person_id=stranger.id,
                by=stranger.person,
                at=PAID_IN,
            )

    def test_counts_under_the_limits_of_the_lines_it_came_from(
        self, session: Session, make: Make
    ) -> None:
        council_id = make.council()
        limit = make.limit(Money(25_00), window=LimitWindow.FOUR_WEEKS)
        maya = make.funded_person(name="Maya", council_id=council_id, limits=[limit])
        sam = make.funded_person(name="Sam", council_id=council_id)
        pooled = make.pool(members=[maya, sam], put_in=[Money(50_00), Money(50_00)])

        make.pool_hold(pooled, Money(40_00))

        [limit_now] = make.lines(maya)[0].limits
        assert limit_now.remaining == Money(5_00)
        with pytest.raises(SpendRefusedError, match=r"Your limit of £25\.00"):
            make.hold(maya, Money(5_01))
        with pytest.raises(SpendRefusedError, match=r"Your limit of £25\.00"):
            make.pool_hold(pooled, Money(12_00))
        with pytest.raises(SpendRefusedError, match="A spending limit on that money"):
            make.pool_hold(pooled, Money(12_00), member=1)
        make.hold(maya, Money(5_00))
        all_is_well(session)

    def test_gives_limits_back_when_it_is_not_needed(self, session: Session, make: Make) -> None:
        council_id = make.council()
        limit = make.limit(Money(25_00), window=LimitWindow.FOUR_WEEKS)
        maya = make.funded_person(council_id=council_id, limits=[limit])
        pooled = make.pool(members=[maya], put_in=[Money(50_00)])
        spend = make.pool_hold(pooled, Money(20_00))

        commands.release(session, order_id=spend.order_id, key="r", amount=Money(20_00), at=PAID_IN)

        assert make.lines(maya)[0].limits[0].remaining == Money(25_00)
        all_is_well(session)

    def test_a_limit_set_later_counts_what_the_share_paid(
        self, session: Session, make: Make
    ) -> None:
        pooled = make.pool()
        maya = pooled.members[0]
        make.pool_hold(pooled, Money(30_00))

        commands.set_limit(
            session,
            line_id=maya.line_id,
            limit=make.limit(Money(50_00), window=LimitWindow.FOUR_WEEKS),
            by=maya.practitioner,
            at=PAID_IN,
        )

        assert make.lines(maya)[0].limits[0].remaining == Money(30_00)
        all_is_well(session)


class TestAsking:
    def test_above_the_amount_needs_the_yes_of_another(self, session: Session, make: Make) -> None:
        pooled = make.pool(asks_from=Money(30_00))
        maya, sam = pooled.members
        spend = make.pool_spend(pooled, Money(30_00))
        wish = AskPool(
            order_id=spend.order_id,
            pool_id=pooled.pool_id,
            provider_id=spend.provider_id,
            provider_name="Green Fingers",
            amount=spend.amount,
        )

        with pytest.raises(SpendRefusedError, match="Ask Sam"):
            commands.hold(session, spend=spend, person_id=maya.id, by=maya.person, at=PAID_IN)
        for _ in range(2):
            commands.ask_pool(session, wish, by=maya.person, at=PAID_IN)
        commands.answer_pool_ask(
            session,
            pool_id=pooled.pool_id,
            ask_id=spend.order_id,
            agrees=True,
            by=sam.person,
            at=PAID_IN,
        )
        commands.hold(session, spend=spend, person_id=maya.id, by=maya.person, at=PAID_IN)

        assert make.pool_view(pooled).held == Money(30_00)
        letters = session.scalars(select(Letter.to).where(Letter.template == "pool_ask")).all()
        assert letters == [make.email_of(sam.person)]

    def test_below_it_nobody_is_asked(self, session: Session, make: Make) -> None:
        pooled = make.pool(asks_from=Money(30_00))

        make.pool_hold(pooled, Money(29_99))

        assert make.pool_view(pooled).held == Money(29_99)

    def test_a_no_is_a_no_and_whoever_asks_does_not_answer(
        self, session: Session, make: Make
    ) -> None:
        pooled = make.pool(asks_from=Money(30_00))
        maya, sam = pooled.members
        spend = make.pool_spend(pooled, Money(30_00))
        wish = AskPool(
            order_id=spend.order_id,
            pool_id=pooled.pool_id,
            provider_id=spend.provider_id,
            provider_name="Green Fingers",
            amount=spend.amount,
        )
        commands.ask_pool(session, wish, by=maya.person, at=PAID_IN)
        asked = spend.order_id
        answer: dict[str, Any] = {"pool_id": pooled.pool_id, "ask_id": asked, "at": PAID_IN}

        with pytest.raises(NotAllowedError, match="Whoever asks does not answer"):
            commands.answer_pool_ask(session, agrees=True, by=maya.person, **answer)
        for _ in range(2):
            commands.answer_pool_ask(session, agrees=False, by=sam.person, **answer)
        with pytest.raises(PoolError, match="answered this already"):
            commands.answer_pool_ask(session, agrees=True, by=sam.person, **answer)
        with pytest.raises(SpendRefusedError, match="Ask Sam"):
            commands.hold(session, spend=spend, person_id=maya.id, by=maya.person, at=PAID_IN)

    def test_a_yes_is_good_for_what_was_asked_and_no_more(
        self, session: Session, make: Make
    ) -> None:
        pooled = make.pool(asks_from=Money(30_00))
        maya, sam = pooled.members
        dear = make.pool_spend(pooled, Money(40_00))
        wish = AskPool(
            order_id=dear.order_id,
            pool_id=pooled.pool_id,
            provider_id=dear.provider_id,
            provider_name="Green Fingers",
            amount=Money(35_00),
        )
        commands.ask_pool(session, wish, by=maya.person, at=PAID_IN)
        commands.answer_pool_ask(
            session,
            pool_id=pooled.pool_id,
            ask_id=dear.order_id,
            agrees=True,
            by=sam.person,
            at=PAID_IN,
        )

        with pytest.raises(SpendRefusedError, match="Ask Sam"):
            commands.hold(session, spend=dear, person_id=maya.id, by=maya.person, at=PAID_IN)

    def test_a_supporter_says_yes_to_no_more_than_they_may(
        self, session: Session, make: Make
    ) -> None:
        pooled = make.pool(asks_from=Money(30_00))
        maya, sam = pooled.members
        helper = make.supporter(
            person=sam.person, scopes=[Scope.APPROVE], ceiling=Money(34_99), name="Jo Reed"
        )
        spend = make.pool_spend(pooled, Money(35_00))
        wish = AskPool(
            order_id=spend.order_id,
            pool_id=pooled.pool_id,
            provider_id=spend.provider_id,
            provider_name="Green Fingers",
            amount=spend.amount,
        )
        commands.ask_pool(session, wish, by=maya.person, at=PAID_IN)
        answer: dict[str, Any] = {"pool_id": pooled.pool_id, "ask_id": wish.order_id, "at": PAID_IN}

        with pytest.raises(NotAllowedError, match=r"you may say yes to £34\.99 or less"):
            commands.answer_pool_ask(session, agrees=True, by=helper, **answer)
        commands.answer_pool_ask(session, agrees=False, by=helper, **answer)
