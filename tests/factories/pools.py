"""Makes pools, by walking people into them as they would go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from marketplace.access.rules import Actor
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import InviteToPool, MakePool, PutIntoPool
from marketplace.budgets.queries import PoolView
from marketplace.budgets.rules import Part, Spend
from marketplace.kernel.money import ZERO, Money
from tests.factories.money import PAID_IN, Funded, MoneyMaker


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pool and who is in it, the maker first."""

    pool_id: UUID
    council_id: UUID
    members: tuple[Funded, ...]


class PoolMaker(MoneyMaker):
    """Makes pools, by walking people into them as they would go."""

    def pool(
        self,
        *,
        put_in: Sequence[Money] = (Money(60_00), Money(30_00)),
        asks_from: Money = ZERO,
        members: Sequence[Funded] = (),
        at: datetime = PAID_IN,
    ) -> Pooled:
        """Make a pool of some people: two with £60.00 and £30.00 in it, of £100.00 each."""
        council_id = members[0].council_id if members else self.council()
        names = ("Maya Singh", "Sam Hill", "Ali Khan", "Jo Reed")
        people = list(members) or [
            self.funded_person(name=name, council_id=council_id, starts_on=at.date(), at=at)
            for name, _ in zip(names, put_in, strict=False)
        ]
        pool_id = uuid4()
        wish = MakePool(
            pool_id=pool_id,
            name="The garden",
            purpose="A gardener we share",
            council_id=council_id,
            asks_from=asks_from,
        )
        with self.block() as session:
            commands.make_pool(session, wish, by=people[0].person, at=at)
        for funded in people[1:]:
            self.joins_pool(pool_id, funded.person, asked_by=people[0].person, at=at)
        for funded, amount in zip(people, put_in, strict=True):
            if amount:
                self.into_pool(pool_id, funded, amount, at=at)
        return Pooled(pool_id, council_id, tuple(people))

    def asked_into_pool(
        self, pool_id: UUID, email: str, *, asked_by: Actor, at: datetime = PAID_IN
    ) -> UUID:
        """Ask somebody into a pool and return the invitation's id."""
        wish = InviteToPool(invitation_id=uuid4(), pool_id=pool_id, email=email)
        with self.block() as session:
            return commands.invite_to_pool(session, wish, by=asked_by, at=at)

    def joins_pool(
        self, pool_id: UUID, person: Actor, *, asked_by: Actor, at: datetime = PAID_IN
    ) -> None:
        """Ask somebody into a pool, who says yes."""
        invitation = self.asked_into_pool(pool_id, self.email_of(person), asked_by=asked_by, at=at)
        with self.block() as session:
            commands.answer_pool_invitation(
                session, invitation_id=invitation, agrees=True, by=person, at=at
            )

    def into_pool(
        self, pool_id: UUID, funded: Funded, amount: Money, *, at: datetime = PAID_IN
    ) -> UUID:
        """Put some of somebody's money into a pool and return the deposit's id."""
        wish = PutIntoPool(
            deposit_id=uuid4(), pool_id=pool_id, line_id=funded.line_id, amount=amount
        )
        with self.block() as session:
            commands.put_into_pool(session, wish, by=funded.person, at=at)
        return wish.deposit_id

    def pool_spend(
        self,
        pooled: Pooled,
        amount: Money,
        *,
        order_id: UUID | None = None,
        category: str = "garden-and-repairs",
        provider_id: UUID | None = None,
    ) -> Spend:
        """Say what to spend from a pool, with a provider nobody knows."""
        return Spend(
            order_id=order_id or uuid4(),
            council_id=pooled.council_id,
            provider_id=provider_id or uuid4(),
            parts=(Part(category, None, amount),),
            pool_id=pooled.pool_id,
        )

    def pool_hold(
        self, pooled: Pooled, amount: Money, *, member: int = 0, at: datetime = PAID_IN
    ) -> Spend:
        """Set money of a pool aside for an order of one of its members."""
        spend = self.pool_spend(pooled, amount)
        funded = pooled.members[member]
        with self.block() as session:
            commands.hold(session, spend=spend, person_id=funded.id, by=funded.person, at=at)
        return spend

    def pool_view(self, pooled: Pooled, *, member: int = 0) -> PoolView:
        """Return a pool as one of its members sees it."""
        with self.block() as session:
            return queries.pool_for(
                session, pool_id=pooled.pool_id, person_id=pooled.members[member].id
            )
