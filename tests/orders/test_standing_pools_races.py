"""Workers roll what one pool pays for while a member leaves it: no penny twice, and none lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from flask import Flask

from marketplace.budgets import commands as money
from marketplace.budgets import queries as budgets
from marketplace.database import reading, transaction
from marketplace.kernel.money import ZERO, Money, total
from marketplace.orders import commands, queries
from marketplace.orders.commands import AnswerInPool
from marketplace.wallet import queries as ledger
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.pools import Pooled
from tests.orders.standing import Going
from tests.orders.test_standing_races import look_after

FORTY = Money(40_00)


def shares(pooled: Pooled) -> dict[str, tuple[Money, Money]]:
    """Return what each member's shares have free and set aside, from books that balance."""
    with reading() as session:
        assert ledger.problems(session) == []
        assert budgets.problems(session) == []
        assert queries.problems(session) == []
        view = budgets.pool_for(session, pool_id=pooled.pool_id, person_id=pooled.members[0].id)
    return {member.name: (member.available, member.held) for member in view.members}


def at_once(deeds: list[Callable[[], object]]) -> None:
    with ThreadPoolExecutor(len(deeds)) as threads:
        for each in [threads.submit(deed) for deed in deeds]:
            each.result()


def two_of_them(make: Make, pooled: Pooled) -> list[Going]:
    """Start one for each member: £30.00 a week each, from the same pot."""
    return [
        Going(make, funded=member, pool_id=pooled.pool_id).accepted() for member in pooled.members
    ]


def test_workers_at_once_spend_a_pot_that_is_too_small_to_its_end(app: Flask, make: Make) -> None:
    pooled = make.pool(put_in=[Money(80_00), Money(80_00)])
    goings = two_of_them(make, pooled)

    at_once([partial(look_after, app)] * 6)

    free, aside = (total(each[n] for each in shares(pooled).values()) for n in (0, 1))
    assert (free, aside) == (Money(10_00), Money(150_00))
    covered = [day for one in goings for day in one.view().days if day.status == "Covered"]
    assert len(covered) == 5


def test_a_member_who_leaves_meanwhile_pays_for_what_was_held_before(
    app: Flask, make: Make
) -> None:
    pooled = make.pool(put_in=[Money(80_00), FORTY])
    maya, sam = pooled.members
    one = Going(make, funded=maya, pool_id=pooled.pool_id).accepted()

    def leave() -> None:
        with transaction() as session:
            money.leave_pool(session, pool_id=pooled.pool_id, by=sam.person, at=PAID_IN)

    at_once([partial(look_after, app), leave, partial(look_after, app)])
    look_after(app)

    after = shares(pooled)
    held = total(aside for _, aside in after.values())
    covered = [day for day in one.view().days if day.status == "Covered"]
    assert held == total(day.amount for day in covered)
    assert after["Maya"][0] + after["Maya"][1] == Money(80_00)
    assert after["Sam"][0] == ZERO
    assert make.lines(sam)[0].available == Money(100_00) - after["Sam"][1]


def test_yeses_at_once_are_one(app: Flask, make: Make) -> None:
    pooled = make.pool(put_in=[FORTY, FORTY, FORTY], asks_from=Money(100_00))
    one = Going(make, funded=pooled.members[0], pool_id=pooled.pool_id)
    wish = AnswerInPool(standing_id=one.id, agrees=True, seen=Money(120_00))

    def agree(member: int) -> None:
        with app.app_context(), transaction() as session:
            by = pooled.members[member].person
            commands.answer_in_pool(session, wish, by=by, at=PAID_IN)

    at_once([partial(agree, 1), partial(agree, 2), partial(agree, 1)])

    assert one.view().row.state.label == "Sent to the provider"
    assert total(aside for _, aside in shares(pooled).values()) == Money(30_00)
