"""What tests of standing orders that a pool pays for share: £30.00 a week, from two members."""

from marketplace.access.rules import Actor
from marketplace.budgets import commands as money
from marketplace.budgets import queries as budgets
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import AnswerInPool
from marketplace.wallet import queries as ledger
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.pools import Pooled
from tests.orders.standing import Going

FOUR_WEEKS = Money(120_00)
EIGHTY, FORTY = Money(80_00), Money(40_00)


def going(make: Make, pooled: Pooled, **wishes: object) -> Going:
    """Start one for Maya, with the pool's money."""
    return Going(make, funded=pooled.members[0], pool_id=pooled.pool_id, **wishes)  # type: ignore[arg-type]


def answer(
    make: Make, one: Going, by: Actor, *, agrees: bool = True, seen: Money = FOUR_WEEKS
) -> str:
    """Let a member say yes or no."""
    wish = AnswerInPool(standing_id=one.id, agrees=agrees, seen=seen)
    with make.block() as session:
        return commands.answer_in_pool(session, wish, by=by, at=PAID_IN)


def leave(make: Make, pooled: Pooled, member: int) -> None:
    """Let a member leave the pool."""
    by = pooled.members[member].person
    with make.block() as session:
        money.leave_pool(session, pool_id=pooled.pool_id, by=by, at=PAID_IN)


def aside(make: Make, pooled: Pooled, member: int = 0) -> dict[str, Money]:
    """Return what each member's shares have set aside, from books that balance."""
    with make.block() as session:
        assert ledger.problems(session) == []
        assert budgets.problems(session) == []
        assert queries.problems(session) == []
    return {each.name: each.held for each in make.pool_view(pooled, member=member).members}
