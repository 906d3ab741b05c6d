"""Beginning a conversation: a question before ordering, an order, somebody's plan and money."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.catalogue import queries as catalogue
from marketplace.councils import queries as councils
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.orders import queries as orders
from marketplace.orders.rules import OrderState
from marketplace.talk.commands.writing import NewMessage, locked_thread, write
from marketplace.talk.errors import NoStoreKeeperError, NotPlacedError
from marketplace.talk.models import Thread
from marketplace.talk.rules import ABOUT_THE_STORE, PLAN_TITLE

_KEYS = (
    ("order_id",),
    ("plan_id", "council_id"),
    ("offer_key", "person_id", "provider_id"),
)
"""What there is one conversation about, each known by its first."""


def ask_about_offer(
    session: Session, offer_id: UUID, message: NewMessage, *, by: Actor, at: datetime
) -> UUID:
    """Ask a provider about an offer before ordering; return the conversation's id.

    Raises:
        NotFoundError: it is not on sale.
        NotAllowedError: they may not order for anybody.
        BadWordsError: there are no words, too many, or the file is none that we take.
    """
    found = catalogue.offer_for_order(session, offer_id=offer_id, council_id=None, on=local_day(at))
    about = {
        "provider_id": found.provider_id,
        "provider_name": found.provider_name,
        "offer_key": str(offer_id),
        "title": found.title,
    }
    return _ask(session, about, message, by=by, at=at)


def ask_store(session: Session, slug: str, message: NewMessage, *, by: Actor, at: datetime) -> UUID:
    """Ask a provider anything before ordering; return the conversation's id.

    Raises:
        NotFoundError: there is no such store.
        NoStoreKeeperError: nobody looks after it yet.
        NotAllowedError: they may not order for anybody.
        BadWordsError: there are no words, too many, or the file is none that we take.
    """
    store = catalogue.store(session, slug=slug)
    if store.from_register:
        raise NoStoreKeeperError
    about = {
        "provider_id": store.id,
        "provider_name": store.name,
        "offer_key": ABOUT_THE_STORE,
        "title": "The store",
    }
    return _ask(session, about, message, by=by, at=at)


def write_about_order(
    session: Session, order_id: UUID, message: NewMessage, *, by: Actor, at: datetime
) -> UUID:
    """Write to the other side of an order; return the conversation's id.

    Raises:
        NotFoundError: the order does not concern them.
        NotPlacedError: the provider does not know of it yet.
        NotAllowedError: they may look at it and not write.
        BadWordsError: there are no words, too many, or the file is none that we take.
    """
    order = orders.order_for(session, order_id=order_id, seen_by=by, at=at)
    if order.state in {OrderState.PROPOSED, OrderState.REFUSED}:
        raise NotPlacedError
    about = {
        "person_id": order.person_id,
        "provider_id": order.provider_id,
        "provider_name": order.provider_name,
        "order_id": order.id,
        "title": f"Order {order.number}",
        "council_id": order.council_id,
    }
    return _begin(session, about, message, by=by, at=at)


def write_of_plan(
    session: Session,
    person_id: UUID,
    council_id: UUID,
    message: NewMessage,
    *,
    by: Actor,
    at: datetime,
) -> UUID:
    """Write about a person's plan and money, to their council or back; return the conversation.

    Raises:
        NotFoundError: the person does not belong to this council, or it does not concern them.
        NotAllowedError: they may look at it and not write.
        BadWordsError: there are no words, too many, or the file is none that we take.
    """
    if not councils.belongs(session, council_id=council_id, person_id=person_id):
        raise NotFoundError
    about = {
        "person_id": person_id,
        "plan_id": person_id,
        "council_id": council_id,
        "provider_name": "",
        "title": PLAN_TITLE,
    }
    return _begin(session, about, message, by=by, at=at)


def _ask(
    session: Session,
    about: Mapping[str, object],
    message: NewMessage,
    *,
    by: Actor,
    at: datetime,
) -> UUID:
    if by.person_id is None or not by.may(Permission.PROPOSE_ORDERS):
        raise NotAllowedError("Only somebody who may order can ask a provider.")
    mine = councils.councils_of(session, person_id=by.person_id)
    council_id = mine[0].id if mine else None
    values = {**about, "person_id": by.person_id, "council_id": council_id}
    return _begin(session, values, message, by=by, at=at)


def _begin(
    session: Session,
    about: Mapping[str, object],
    message: NewMessage,
    *,
    by: Actor,
    at: datetime,
) -> UUID:
    values = {
        "id": uuid4(),
        "council_asked_by": "",
        "begun_at": at,
        "last_at": at,
        "last_number": 0,
        **about,
    }
    made = insert_once(session, Thread, values)
    same = next(key for key in _KEYS if key[0] in about)
    found = session.scalars(
        select(Thread.id).where(*(getattr(Thread, name) == about[name] for name in same))
    ).one()
    thread = locked_thread(session, found)
    write(session, thread, message, by=by, at=at, begins=made)
    return thread.id
