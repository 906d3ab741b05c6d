"""Money put together: put in, and taken out again."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import (
    PutIntoPool,
    TakeFromPool,
)
from marketplace.budgets.errors import BadLineError, PoolError
from marketplace.budgets.models import FundingLine
from marketplace.budgets.rules import Holder
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
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


class TestPutIn:
    def test_moves_money_from_the_line_into_the_share(self, session: Session, make: Make) -> None:
        pooled = make.pool()

        assert own_money(make, pooled) == Money(40_00)
        assert amounts(make.pool_view(pooled)) == {
            "Maya": (Money(60_00), ZERO, ZERO),
            "Sam": (Money(30_00), ZERO, ZERO),
        }
        all_is_well(session)

    def test_keeps_the_funder_of_every_penny(self, session: Session, make: Make) -> None:
        pooled = make.pool()

        shares = session.scalars(
            select(FundingLine).where(FundingLine.pool_id == pooled.pool_id)
        ).all()

        assert {share.part_of_line_id for share in shares} == {
            funded.line_id for funded in pooled.members
        }
        assert [m.shares[0].funder for m in make.pool_view(pooled).members] == [
            "Adult social care",
            "Adult social care",
        ]

    def test_again_adds_to_the_same_share(self, session: Session, make: Make) -> None:
        pooled = make.pool()

        make.into_pool(pooled.pool_id, pooled.members[0], Money(5_00))

        view = make.pool_view(pooled)
        assert [len(member.shares) for member in view.members] == [1, 1]
        assert view.mine[0].available == Money(65_00)

    def test_twice_with_one_form_is_once(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        maya = pooled.members[0]
        wish = PutIntoPool(
            deposit_id=uuid4(), pool_id=pooled.pool_id, line_id=maya.line_id, amount=Money(5_00)
        )

        for _ in range(2):
            commands.put_into_pool(session, wish, by=maya.person, at=PAID_IN)

        assert own_money(make, pooled) == Money(35_00)

    @pytest.mark.parametrize("amount", [ZERO, Money(-1), Money(40_01), Money(10**12)])
    def test_refuses_nothing_and_more_than_there_is(
        self, session: Session, make: Make, amount: Money
    ) -> None:
        pooled = make.pool()

        with pytest.raises(BadLineError) as refusal:
            make.into_pool(pooled.pool_id, pooled.members[0], amount)

        assert refusal.value.field == "amount"
        assert own_money(make, pooled) == Money(40_00)

    def test_refuses_money_of_another_council(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        maya = pooled.members[0]
        line_id = make.line(person=maya.person, practitioner=make.practitioner())
        wish = PutIntoPool(
            deposit_id=uuid4(), pool_id=pooled.pool_id, line_id=line_id, amount=Money(5_00)
        )

        with pytest.raises(PoolError, match="another council"):
            commands.put_into_pool(session, wish, by=maya.person, at=PAID_IN)

    def test_refuses_money_that_a_provider_keeps(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        maya = pooled.members[0]
        line_id = make.line(person=maya.person, practitioner=maya.practitioner, holder=Holder.ISF)
        wish = PutIntoPool(
            deposit_id=uuid4(), pool_id=pooled.pool_id, line_id=line_id, amount=Money(5_00)
        )

        with pytest.raises(PoolError, match="for one person alone"):
            commands.put_into_pool(session, wish, by=maya.person, at=PAID_IN)

    def test_refuses_the_line_of_somebody_else(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        maya, sam = pooled.members
        wish = PutIntoPool(
            deposit_id=uuid4(), pool_id=pooled.pool_id, line_id=sam.line_id, amount=Money(5_00)
        )

        with pytest.raises(NotFoundError):
            commands.put_into_pool(session, wish, by=maya.person, at=PAID_IN)

    def test_by_a_supporter_stays_under_their_ceiling(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        maya = pooled.members[0]
        helper = make.supporter(person=maya.person, scopes=[Scope.PAY], ceiling=Money(10_00))
        wish = PutIntoPool(
            deposit_id=uuid4(), pool_id=pooled.pool_id, line_id=maya.line_id, amount=Money(10_01)
        )

        with pytest.raises(NotAllowedError, match=r"up to £10\.00"):
            commands.put_into_pool(session, wish, by=helper, at=PAID_IN)

    def test_is_not_for_supporters_who_may_not_pay(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        maya = pooled.members[0]
        helper = make.supporter(person=maya.person, scopes=[Scope.SEE, Scope.PROPOSE])
        wish = PutIntoPool(
            deposit_id=uuid4(), pool_id=pooled.pool_id, line_id=maya.line_id, amount=Money(1_00)
        )

        with pytest.raises(NotAllowedError):
            commands.put_into_pool(session, wish, by=helper, at=PAID_IN)


class TestTakeOut:
    def _wish(self, make: Make, pooled: Pooled, amount: Money) -> TakeFromPool:
        share_id = make.pool_view(pooled).mine[0].line_id
        return TakeFromPool(
            withdrawal_id=uuid4(), pool_id=pooled.pool_id, share_id=share_id, amount=amount
        )

    def test_gives_free_money_back_to_its_line_once(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        wish = self._wish(make, pooled, Money(20_00))

        for _ in range(2):
            commands.take_from_pool(session, wish, by=pooled.members[0].person, at=PAID_IN)

        assert own_money(make, pooled) == Money(60_00)
        assert make.pool_view(pooled).mine[0].available == Money(40_00)
        all_is_well(session)

    @pytest.mark.parametrize("amount", [ZERO, Money(-5), Money(60_01)])
    def test_refuses_nothing_and_more_than_is_free(
        self, session: Session, make: Make, amount: Money
    ) -> None:
        pooled = make.pool()

        with pytest.raises(BadLineError):
            commands.take_from_pool(
                session,
                self._wish(make, pooled, amount),
                by=pooled.members[0].person,
                at=PAID_IN,
            )

    def test_refuses_the_share_of_somebody_else(self, session: Session, make: Make) -> None:
        pooled = make.pool()

        with pytest.raises(NotFoundError):
            commands.take_from_pool(
                session,
                self._wish(make, pooled, Money(1_00)),
                by=pooled.members[1].person,
                at=PAID_IN,
            )
