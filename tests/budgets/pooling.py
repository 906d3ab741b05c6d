"""What stands in a basket that a pool is to pay for."""

from datetime import timedelta
from uuid import UUID

from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.factories import Make
from tests.factories.pools import Pooled


def in_pool_basket(make: Make, pooled: Pooled, *, member: int = 0) -> UUID:
    """Put £30.00 of gardening into a member's basket and return the provider's id."""
    at = clock.now()
    provider = make.provider(name="Green Fingers")
    offer_id = make.offer(provider=provider, price=Money(15_00), title="Gardening")
    person = pooled.members[member].person
    make.in_basket(person, offer_id, quantity=2, first_at=at + timedelta(days=9), at=at)
    return provider.works_for
