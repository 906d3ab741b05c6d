"""Everything that is kept about somebody, from every room; and what keeps them from leaving."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Role
from marketplace.asking import queries as asking
from marketplace.audit import queries as audit
from marketplace.budgets import queries as budgets
from marketplace.budgets.queries import PoolCard
from marketplace.budgets.rules import MemberState
from marketplace.calendars import queries as calendars
from marketplace.catalogue import queries as catalogue
from marketplace.community import queries as community
from marketplace.councils import queries as councils
from marketplace.kernel.exporting import Kept
from marketplace.kernel.money import ZERO, Money, total
from marketplace.orders import queries as orders
from marketplace.outbox import queries as outbox
from marketplace.payments import queries as payments
from marketplace.ratings import queries as ratings
from marketplace.shortlists import queries as shortlists
from marketplace.talk import queries as talk
from marketplace.wallet import queries as wallet
from marketplace.wallet.rules import AccountKind


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something to be done before an account can be closed, and where."""

    sentence: str
    endpoint: str
    values: dict[str, object]


def everything_about(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return all rows about somebody by kind, in as many statements for ten as for ten thousand."""
    lines = budgets.line_ids_of(session, person_id=user_id)
    addresses = access.addresses_of(session, user_id=user_id)
    return {
        **access.data_of(session, user_id=user_id),
        **councils.data_of(session, user_id=user_id),
        **budgets.data_of(session, user_id=user_id),
        **wallet.data_of(session, owner_ids=lines),
        **orders.data_of(session, user_id=user_id),
        **ratings.data_of(session, user_id=user_id),
        **catalogue.data_of(session, user_id=user_id),
        **community.data_of(session, user_id=user_id, emails={each.email for each in addresses}),
        **shortlists.data_of(session, user_id=user_id),
        **talk.data_of(session, user_id=user_id),
        **calendars.data_of(session, user_id=user_id),
        **asking.data_of(session, user_id=user_id),
        **payments.data_of(session, user_id=user_id),
        **outbox.data_of(
            session, addresses=[(each.email, each.since_at, each.until_at) for each in addresses]
        ),
        **audit.data_of(session, user_id=user_id),
    }


def obstacles_to_closing(session: Session, *, user_id: UUID, at: datetime) -> list[Obstacle]:
    """Return what somebody has to do before they can close their account; nothing if nothing."""
    return [
        *_of_orders(session, user_id),
        *_of_money(session, user_id, at),
        *_of_stores(session, user_id),
        *_of_groups(session, user_id),
        *_of_councils(session, user_id, at),
    ]


def _of_orders(session: Session, user_id: UUID) -> list[Obstacle]:
    return [
        Obstacle(
            f"Order {order.number} with {order.provider_name} is still open.",
            "orders.show",
            {"order_id": order.id},
        )
        for order in orders.open_orders_of(session, person_id=user_id)
    ]


def _of_money(session: Session, user_id: UUID, at: datetime) -> list[Obstacle]:
    lines = budgets.wallet(session, person_id=user_id, at=at).lines
    held = total(line.held for line in lines)
    own = total(line.available for line in lines if line.funder.is_private)
    found = _of_shares(session, user_id)
    if held > ZERO:
        found.append(_money(f"{held} is set aside for orders."))
    if own > ZERO:
        found.append(
            _own_money(f"{own} of your own money is still here. Say where to pay it first.")
        )
    nowhere = total(
        row.amount
        for row in budgets.owed_to(session, person_id=user_id)
        if row.is_lost_without_account
    )
    if nowhere > ZERO:
        found.append(_own_money(f"{nowhere} is owed to you. Say where to pay it first."))
    return found


def _of_shares(session: Session, user_id: UUID) -> list[Obstacle]:
    """Return what of somebody's own money is in pools; what a council gave may stay its own."""
    found = []
    for share in budgets.pool_shares_of(session, person_id=user_id):
        in_pool = f"of your own money is in the pool {share.pool_name}"
        if share.is_private and share.available > ZERO:
            said = f"{share.available} {in_pool}. Leave the pool, and it comes back to you."
            found.append(_pool(said, share.pool_id))
        if share.is_private and share.held > ZERO:
            said = f"{share.held} {in_pool}, set aside for its orders. Wait until they are done."
            found.append(_pool(said, share.pool_id))
    return found


def _pool(sentence: str, pool_id: UUID) -> Obstacle:
    return Obstacle(sentence, "budgets.pool", {"pool_id": pool_id})


def pools_to_leave(session: Session, *, user_id: UUID) -> list[PoolCard]:
    """Return the pools that somebody is in: closing their account leaves each of them."""
    return [
        pool
        for pool in budgets.pools_of(session, person_id=user_id)
        if pool.state is MemberState.IN and not pool.ended
    ]


def _own_money(sentence: str) -> Obstacle:
    return Obstacle(sentence, "budgets.own_money_back", {})


def _money(sentence: str) -> Obstacle:
    return Obstacle(sentence, "budgets.wallet", {})


def _of_stores(session: Session, user_id: UUID) -> list[Obstacle]:
    stores = catalogue.own_stores(session, user_id=user_id)
    earned: dict[UUID, Money] = wallet.balances(
        session, owner_ids=[store.id for store in stores], kind=AccountKind.EARNED
    )
    selling = orders.open_orders_of(session, provider_ids=[store.id for store in stores])
    found = [
        Obstacle(f"Your store {store.name} is open. Pause it first.", "catalogue.my_store", {})
        for store in stores
        if store.is_open
    ]
    if selling:
        words = "1 order" if len(selling) == 1 else f"{len(selling)} orders"
        found.append(Obstacle(f"Your store still has {words} to see to.", "orders.work", {}))
    found += [
        Obstacle(
            f"{earned[store.id]} is still to be paid to {store.name}.", "payments.earnings", {}
        )
        for store in stores
        if earned[store.id] > ZERO
    ]
    return found


def _of_groups(session: Session, user_id: UUID) -> list[Obstacle]:
    return [
        Obstacle(
            f"Nobody else looks after {group.name}. Invite another keeper, or close it.",
            "community.keep",
            {"slug": group.slug},
        )
        for group in community.kept_alone(session, user_id=user_id)
    ]


def _of_councils(session: Session, user_id: UUID, at: datetime) -> list[Obstacle]:
    councils_looked_after = [
        hat
        for hat in access.hats_of(session, user_id=user_id, at=at)
        if hat.role is Role.ADMINISTRATOR
    ]
    return [
        Obstacle(
            f"Nobody else looks after {hat.organisation_name}. Add another administrator first.",
            "councils.staff",
            {"council_id": hat.works_for},
        )
        for hat in councils_looked_after
        if not any(
            role is Role.ADMINISTRATOR and person.id != user_id
            for person, role in access.staff_of(session, organisation_id=hat.works_for)
        )
    ]
