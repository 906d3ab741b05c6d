"""Whatever members do with what their pool pays for: no week without the yeses it takes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from marketplace.budgets import commands as money
from marketplace.budgets import queries as budgets
from marketplace.budgets.commands import InviteToPool, PutIntoPool
from marketplace.kernel.errors import DomainError
from marketplace.kernel.money import Money, total
from marketplace.orders import commands, queries
from marketplace.orders.commands import AnswerInPool, LeaveOut
from marketplace.orders.models import Order
from marketplace.orders.queries import StandingView
from marketplace.wallet import queries as ledger
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.orders.standing import BEGINS_ON, Going, dearer
from tests.pace import in_ci_or_hurry

Said = set[int]
Done = tuple[str, int]


class World:
    """Three members, what one of them ordered for every week, and who has said yes to what."""

    def __init__(self, session: Session, make: Make) -> None:
        self.session, self.make = session, make
        self.pooled = make.pool(put_in=[Money(60_00)] * 3, asks_from=Money(100_00))
        self.one = Going(make, funded=self.pooled.members[0], pool_id=self.pooled.pool_id)
        self.inside: Said = {0, 1, 2}
        self.said: Said = set()
        self.to_price: Said | None = None
        """Who has said yes to the new price, while it waits."""
        self.price = Money(15_00)

    def view(self, at: datetime) -> StandingView:
        """Return it as its person sees it."""
        return queries.standing_for(
            self.session, standing_id=self.one.id, seen_by=self.one.person, at=at
        )

    def answer(self, who: int, at: datetime, *, agrees: bool) -> None:
        """Let a member say yes or no to what is asked now."""
        view = self.view(at)
        seen = view.rise.four_weeks.after if view.rise else view.row.four_weeks
        by = self.pooled.members[who].person
        if view.rise is not None and who == 0:
            commands.agree_to_price(self.session, standing_id=self.one.id, seen=seen, by=by, at=at)
        else:
            wish = AnswerInPool(standing_id=self.one.id, agrees=agrees, seen=seen)
            commands.answer_in_pool(self.session, wish, by=by, at=at)
        if not agrees and not (view.rise is not None and who == 0):
            return
        if view.rise is not None:
            # Also where nobody is missing any more: the worker takes it at its next look.
            self.to_price = self.to_price or set()
            self.to_price.add(who)
        self.said.add(who)
        self.take_price()

    def leave(self, who: int, at: datetime) -> None:
        """Let a member leave the pool."""
        by = self.pooled.members[who].person
        money.leave_pool(self.session, pool_id=self.pooled.pool_id, by=by, at=at)
        for members in (self.inside, self.said, self.to_price or set()):
            members.discard(who)

    def join(self, who: int, at: datetime) -> None:
        """Let somebody who left join again, with a new yes."""
        by = next(self.pooled.members[n].person for n in sorted(self.inside) if n != who)
        joins = self.pooled.members[who].person
        wish = InviteToPool(
            invitation_id=uuid4(), pool_id=self.pooled.pool_id, email=self.make.email_of(joins)
        )
        invited = money.invite_to_pool(self.session, wish, by=by, at=at)
        money.answer_pool_invitation(
            self.session, invitation_id=invited, agrees=True, by=joins, at=at
        )
        self.inside.add(who)

    def put_in(self, who: int, at: datetime) -> None:
        """Let a member put in £10.00 more."""
        member = self.pooled.members[who]
        wish = PutIntoPool(
            deposit_id=uuid4(),
            pool_id=self.pooled.pool_id,
            line_id=member.line_id,
            amount=Money(10_00),
        )
        money.put_into_pool(self.session, wish, by=member.person, at=at)

    def skip(self, who: int, at: datetime) -> None:
        """Let a member leave out the second visit."""
        wish = LeaveOut(standing_id=self.one.id, from_on=BEGINS_ON + timedelta(days=8))
        by = self.pooled.members[who].person
        commands.skip_visit(self.session, wish, by=by, at=at)
        assert who == 0

    def rise(self, at: datetime) -> None:
        """Let the price go up, once."""
        dearer(self.one, Money(16_00))
        self.roll(at)

    def take_on(self, at: datetime) -> None:
        """Let the provider say yes."""
        order_id = self.view(at).first_order_id
        commands.accept_order(self.session, order_id=order_id, by=self.one.provider, at=at)

    def roll(self, at: datetime) -> None:
        """Do what the worker does, and hold each new week to the yeses there are."""
        before = {order.id for order in self.orders()}
        self.one.roll(at)
        if self.to_price is None and self.view(at).rise is not None:
            self.to_price = set()
        self.take_price()
        for order in self.orders():
            if order.id in before:
                continue
            assert 0 in self.inside
            assert self.said - {0}
            assert order.total <= self.price * 2

    def take_price(self) -> None:
        """Take the new price where nobody who is in the pool is missing."""
        if self.to_price is not None and self.inside <= self.to_price:
            self.price, self.to_price = Money(16_00), None

    def orders(self) -> list[Order]:
        """Return all weeks of it."""
        return self.session.query(Order).filter_by(standing_id=self.one.id).all()

    def money(self) -> Money:
        """Return what all of them have, in the pool and out of it."""
        people = [member.id for member in self.pooled.members]
        own = [
            row.available + row.held
            for id_ in people
            for row in budgets.lines_of(self.session, person_id=id_, at=PAID_IN)
        ]
        shares = [
            share.available + share.held
            for id_ in people
            for share in budgets.pool_shares_of(self.session, person_id=id_)
        ]
        return total([*own, *shares])


DEEDS: dict[str, Callable[[World, int, datetime], object]] = {
    "yes": lambda world, who, at: world.answer(who, at, agrees=True),
    "no": lambda world, who, at: world.answer(who, at, agrees=False),
    "leave": World.leave,
    "join": World.join,
    "put in": World.put_in,
    "skip": World.skip,
    "rise": lambda world, _, at: world.rise(at),
    "take on": lambda world, _, at: world.take_on(at),
    "roll": lambda world, _, at: world.roll(at),
}


@pytest.mark.sqlite_only
@settings(
    max_examples=in_ci_or_hurry(15, 4),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    first=st.sampled_from([[], [("yes", 1), ("take on", 0)]]),
    deeds=st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 2)), max_size=8),
)
def test_no_week_is_ordered_without_the_yeses_it_takes(
    session: Session, make: Make, first: list[Done], deeds: list[Done]
) -> None:
    world, at = World(session, make), PAID_IN
    all_money = world.money()

    for name, who in [*first, *deeds, ("roll", 0)]:
        at += timedelta(hours=21 if name in {"roll", "rise"} else 1)
        try:
            with session.begin_nested():
                DEEDS[name](world, who, at)
        except (DomainError, StopIteration):
            pass
        session.flush()
        assert queries.problems(session) == []
        assert budgets.problems(session) == []
        assert ledger.problems(session) == []
        assert world.money() == all_money
