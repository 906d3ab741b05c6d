"""An order that a pool pays for, from the basket to its end."""

from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Scope
from marketplace.budgets import commands as money
from marketplace.budgets import queries as budgets
from marketplace.budgets.rules import LimitWindow
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands
from marketplace.orders.commands import PlaceOrder
from marketplace.orders.models import Order
from marketplace.orders.queries import basket
from marketplace.orders.rules import NoteKind
from marketplace.wallet import queries as ledger
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.orders import Deal
from tests.factories.pools import Pooled


def from_pool(
    session: Session, make: Make, pooled: Pooled, *, by: Actor | None = None, provider: Actor
) -> UUID:
    """Order £30.00 of gardening with a pool's money and return the order's id."""
    by = by or pooled.members[0].person
    offer_id = make.offer(provider=provider, price=Money(15_00), title="Gardening")
    make.in_basket(by, offer_id, quantity=2)
    provider_id = provider.works_for
    commands.choose_payer(
        session, provider_id=provider_id, pool_id=pooled.pool_id, by=by, at=PAID_IN
    )
    wish = PlaceOrder(order_id=uuid4(), provider_id=provider_id)
    return commands.place_order(session, wish, by=by, at=PAID_IN)


def test_is_paid_by_every_share_and_what_is_not_delivered_goes_back(
    session: Session, make: Make
) -> None:
    pooled, provider = make.pool(), make.provider()
    maya = pooled.members[0]
    deal = Deal(from_pool(session, make, pooled, provider=provider), maya, provider)

    make.accepted(deal)
    make.noted(deal, note=NoteKind.PART, part=50)
    make.confirmed_now(deal)

    view = make.pool_view(pooled)
    assert {m.name: (m.available, m.held, m.spent) for m in view.members} == {
        "Maya": (Money(50_00), ZERO, Money(10_00)),
        "Sam": (Money(25_00), ZERO, Money(5_00)),
    }
    assert make.lines(maya)[0].available == Money(40_00)
    assert ledger.problems(session) == []
    assert budgets.problems(session) == []


def test_tells_each_member_of_their_own_limits_alone(session: Session, make: Make) -> None:
    pooled = make.pool()
    maya, sam = pooled.members
    limit = make.limit(Money(40_00), window=LimitWindow.WEEK)
    money.set_limit(session, line_id=sam.line_id, limit=limit, by=sam.practitioner, at=PAID_IN)

    order_id = from_pool(session, make, pooled, provider=make.provider())

    left = {
        member.id: budgets.limits_after_orders(
            session, order_ids=[order_id], person_id=member.id, at=PAID_IN
        )
        for member in (maya, sam)
    }
    assert left[maya.id] == []
    assert [one.remaining for one in left[sam.id]] == ["£30.00"]


def test_goes_on_when_whoever_ordered_it_leaves(session: Session, make: Make) -> None:
    pooled, provider = make.pool(), make.provider()
    maya = pooled.members[0]
    deal = Deal(from_pool(session, make, pooled, provider=provider), maya, provider)
    make.accepted(deal)

    money.leave_pool(session, pool_id=pooled.pool_id, by=maya.person, at=PAID_IN)
    commands.cancel_order(
        session, order_id=deal.order_id, by=maya.person, at=PAID_IN, agreed=Money(15_00)
    )

    held = budgets.find_hold(session, order_id=deal.order_id)
    assert held is not None
    assert held.open == ZERO
    paid = {share.line_id: share.captured for share in held.shares}
    assert make.lines(maya)[0].available == Money(100_00) - max(paid.values())
    assert budgets.problems(session) == []


def test_that_is_only_suggested_is_held_from_the_pool_with_the_yes(
    session: Session, make: Make
) -> None:
    pooled, provider = make.pool(), make.provider()
    maya = pooled.members[0]
    helper = make.supporter(person=maya.person, scopes=[Scope.PROPOSE])
    order_id = from_pool(session, make, pooled, by=helper, provider=provider)
    assert make.pool_view(pooled).held == ZERO

    decided = commands.approve_order(session, order_id=order_id, by=maya.person, at=PAID_IN)

    assert decided.placed
    assert make.pool_view(pooled).held == Money(30_00)
    assert session.scalar(select(Order.pool_id)) == pooled.pool_id


def test_that_is_only_suggested_is_not_held_after_leaving(session: Session, make: Make) -> None:
    pooled, provider = make.pool(), make.provider()
    maya = pooled.members[0]
    helper = make.supporter(person=maya.person, scopes=[Scope.PROPOSE])
    order_id = from_pool(session, make, pooled, by=helper, provider=provider)
    money.leave_pool(session, pool_id=pooled.pool_id, by=maya.person, at=PAID_IN)

    decided = commands.approve_order(session, order_id=order_id, by=maya.person, at=PAID_IN)

    assert decided.refusal == "Only members of a pool can order with its money."
    assert make.lines(maya)[0].held == ZERO


def test_beside_one_of_ones_own_is_answered_for_itself(session: Session, make: Make) -> None:
    pooled = make.pool()
    maya = pooled.members[0].person
    garden, company = make.provider(), make.provider()
    for provider, price in ((garden, Money(45_00)), (company, Money(20_00))):
        offer_id = make.offer(provider=provider, price=price, title="Support")
        make.in_basket(maya, offer_id, quantity=2)
    commands.choose_payer(
        session, provider_id=garden.works_for, pool_id=pooled.pool_id, by=maya, at=PAID_IN
    )

    view = basket(session, by=maya, at=PAID_IN)

    answers = {group.provider_id: group.answer for group in view.groups}
    assert {id_: answer.yes for id_, answer in answers.items() if answer} == {
        garden.works_for: True,
        company.works_for: True,
    }
    assert [pool.name for pool in view.pools] == ["The garden"]
