"""Who sees an order."""

from marketplace.access.rules import Actor, Permission
from marketplace.orders.models import Order


def sees_order(order: Order, seen_by: Actor) -> bool:
    """Tell whether an order concerns somebody, in the hat they wear."""
    if seen_by.person_id is not None and seen_by.person_id == order.person_id:
        return sees_all(seen_by) or order.placed_by_id == seen_by.user_id
    return (
        seen_by.organisation_id == order.provider_id
        and seen_by.may(Permission.TAKE_ORDERS)
        and order.held_at is not None
    )


def sees_all(by: Actor) -> bool:
    """Tell whether somebody sees all of the person whose hat they wear: orders, also standing ones.

    So they read what is written about them, too.
    """
    return any(
        by.may(permission)
        for permission in (
            Permission.SEE_WALLET,
            Permission.APPROVE_ORDERS,
            Permission.PLACE_ORDERS,
        )
    )
