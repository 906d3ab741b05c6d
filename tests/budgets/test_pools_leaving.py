"""Money put together: leaving a pool, and its end."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets import commands, queries
from marketplace.budgets.errors import PoolError, SpendRefusedError
from marketplace.budgets.models import FundingLine, Pool, PoolConsent
from marketplace.budgets.rules import MemberState
from marketplace.kernel.errors import NotAllowedError, NotFoundError
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


class TestLeaving:
    def test_gives_back_what_is_free_and_keeps_what_is_set_aside(
        self, session: Session, make: Make
    ) -> None:
        pooled = make.pool()
        sam = pooled.members[1]
        make.pool_hold(pooled, Money(30_00))

        back = commands.leave_pool(session, pool_id=pooled.pool_id, by=sam.person, at=PAID_IN)

        assert back == Money(20_00)
        assert own_money(make, pooled, 1) == Money(90_00)
        assert amounts(make.pool_view(pooled))["Sam"] == (ZERO, Money(10_00), ZERO)
        assert make.pool_view(pooled, member=1).state is MemberState.LEFT
        all_is_well(session)

    def test_lets_what_comes_back_later_flow_home(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        sam = pooled.members[1]
        spend = make.pool_hold(pooled, Money(30_00))
        commands.leave_pool(session, pool_id=pooled.pool_id, by=sam.person, at=PAID_IN)
        order: dict[str, Any] = {"order_id": spend.order_id, "at": PAID_IN}

        commands.capture(
            session, key="c", amount=Money(15_00), provider_id=spend.provider_id, **order
        )
        commands.release(session, key="r", amount=Money(15_00), **order)
        commands.release(session, key="r", amount=Money(15_00), **order)
        assert own_money(make, pooled, 1) == Money(95_00)
        commands.refund(
            session, key="f", amount=Money(15_00), provider_id=spend.provider_id, **order
        )

        assert own_money(make, pooled, 1) == Money(100_00)
        assert make.pool_view(pooled).available == Money(60_00)
        all_is_well(session)

    def test_twice_is_once_and_is_kept(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        sam = pooled.members[1]

        for back in (Money(30_00), ZERO):
            assert (
                commands.leave_pool(session, pool_id=pooled.pool_id, by=sam.person, at=PAID_IN)
                == back
            )

        kept = session.scalars(
            select(PoolConsent.agreed)
            .where(PoolConsent.person_id == sam.id)
            .order_by(PoolConsent.agreed.desc())
        ).all()
        assert kept == [True, False]

    def test_means_no_more_orders_and_no_more_money(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        sam = pooled.members[1]
        commands.leave_pool(session, pool_id=pooled.pool_id, by=sam.person, at=PAID_IN)

        with pytest.raises(SpendRefusedError, match="Only members"):
            make.pool_hold(pooled, Money(1_00), member=1)
        with pytest.raises(PoolError, match="You have left"):
            make.into_pool(pooled.pool_id, sam, Money(1_00))

    def test_tells_the_others(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        maya, sam = pooled.members

        commands.leave_pool(session, pool_id=pooled.pool_id, by=sam.person, at=PAID_IN)

        letters = session.scalars(select(Letter.to).where(Letter.template == "pool_left")).all()
        assert letters == [make.email_of(maya.person)]

    def test_can_be_followed_by_joining_again(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        maya, sam = pooled.members
        make.pool_hold(pooled, Money(30_00))
        commands.leave_pool(session, pool_id=pooled.pool_id, by=sam.person, at=PAID_IN)

        make.joins_pool(pooled.pool_id, sam.person, asked_by=maya.person)
        make.into_pool(pooled.pool_id, sam, Money(7_00))

        assert amounts(make.pool_view(pooled))["Sam"] == (Money(7_00), Money(10_00), ZERO)
        all_is_well(session)

    def test_is_not_for_strangers(self, session: Session, make: Make) -> None:
        pooled = make.pool()

        with pytest.raises(NotFoundError):
            commands.leave_pool(session, pool_id=pooled.pool_id, by=make.person(), at=PAID_IN)

    def test_of_the_last_ends_the_pool(self, session: Session, make: Make) -> None:
        pooled = make.pool()

        for funded in pooled.members:
            commands.leave_pool(session, pool_id=pooled.pool_id, by=funded.person, at=PAID_IN)

        assert session.get_one(Pool, pooled.pool_id).ended_at == PAID_IN
        all_is_well(session)

    def test_of_the_last_ends_the_pool_when_its_last_order_is_done(
        self, session: Session, make: Make
    ) -> None:
        pooled = make.pool()
        spend = make.pool_hold(pooled, Money(30_00))
        for funded in pooled.members:
            commands.leave_pool(session, pool_id=pooled.pool_id, by=funded.person, at=PAID_IN)
        pool = session.get_one(Pool, pooled.pool_id)
        session.refresh(pool)
        assert pool.ended_at is None

        commands.capture(
            session,
            order_id=spend.order_id,
            key="c",
            amount=Money(30_00),
            provider_id=spend.provider_id,
            at=PAID_IN,
        )

        session.refresh(pool)
        assert pool.ended_at == PAID_IN
        assert [own_money(make, pooled, n) for n in (0, 1)] == [Money(80_00), Money(90_00)]
        all_is_well(session)


class TestEnding:
    def test_gives_everything_back(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        maya, sam = pooled.members
        make.pool_hold(pooled, Money(30_00))

        commands.end_pool(session, pool_id=pooled.pool_id, by=maya.person, at=PAID_IN)

        assert [own_money(make, pooled, n) for n in (0, 1)] == [Money(80_00), Money(90_00)]
        letters = session.scalars(select(Letter.to).where(Letter.template == "pool_ended")).all()
        assert letters == [make.email_of(sam.person)]
        with pytest.raises(SpendRefusedError):
            make.pool_hold(pooled, Money(1_00))
        all_is_well(session)

    def test_is_up_to_whoever_made_it_while_they_are_in_it(
        self, session: Session, make: Make
    ) -> None:
        pooled = make.pool()
        maya, sam = pooled.members
        pool: dict[str, Any] = {"pool_id": pooled.pool_id, "at": PAID_IN}

        with pytest.raises(NotAllowedError, match="Whoever made the pool"):
            commands.end_pool(session, by=sam.person, **pool)
        commands.leave_pool(session, by=maya.person, **pool)
        for _ in range(2):
            commands.end_pool(session, by=sam.person, **pool)

        assert session.get_one(Pool, pooled.pool_id).ended_at is not None

    def test_makes_invitations_end_too(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        jo = make.funded_person(council_id=pooled.council_id)
        asked = make.asked_into_pool(
            pooled.pool_id, make.email_of(jo.person), asked_by=pooled.members[0].person
        )
        commands.end_pool(session, pool_id=pooled.pool_id, by=pooled.members[0].person, at=PAID_IN)

        with pytest.raises(PoolError, match="has ended"):
            commands.answer_pool_invitation(
                session, invitation_id=asked, agrees=True, by=jo.person, at=PAID_IN
            )

    def test_keeps_what_has_nowhere_to_go_in_sight(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        maya = pooled.members[0]
        session.get_one(FundingLine, maya.line_id).closed_at = PAID_IN
        session.flush()

        commands.leave_pool(session, pool_id=pooled.pool_id, by=maya.person, at=PAID_IN)

        [share] = queries.pool_shares_of(session, person_id=maya.id)
        assert (share.left_over, share.closed) == (Money(60_00), True)
        assert ledger.problems(session) == []

    def test_follows_a_line_that_was_handed_over(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        maya = pooled.members[0]
        new = make.line(person=maya.person, practitioner=maya.practitioner)
        old = session.get_one(FundingLine, maya.line_id)
        old.closed_at, old.flows_to_line_id = PAID_IN, new
        session.flush()

        commands.leave_pool(session, pool_id=pooled.pool_id, by=maya.person, at=PAID_IN)

        assert make.lines(maya)[0].available == Money(160_00)
