"""Letters about a query: every step is told to the others it concerns."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.access.queries import active_supporters, person, staff_of
from marketplace.access.queries import names_of as names
from marketplace.access.rules import Permission, Role, Scope, roles_that_may
from marketplace.kernel.errors import NotFoundError
from marketplace.orders.models import Dispute, Order
from marketplace.orders.queries.mediating import why_not_decide
from marketplace.orders.rules.disputes import Side
from marketplace.outbox.commands import WriteLetter, write_letter

_OFFICE = frozenset({Role.PROVIDER_OWNER, Role.PROVIDER_MANAGER})
_NEAR = (Scope.PAY, Scope.SEE)


def tell(  # noqa: PLR0913 - a letter has this many sides
    session: Session,
    order: Order,
    dispute: Dispute,
    sides: Collection[Side],
    subject: str,
    sentences: Sequence[str],
    *,
    at: datetime,
) -> None:
    """Write to some sides what was said or done; the key is the step's, so once is enough."""
    readers: dict[str, str] = {}
    if Side.PERSON in sides:
        readers |= _person_side(session, order, dispute, at)
    if Side.PROVIDER in sides:
        staff = staff_of(session, organisation_id=order.provider_id)
        readers |= {one.email: one.name for one, role in staff if role in _OFFICE}
    if Side.COUNCIL in sides:
        readers |= _mediators(session, dispute, at)
    _write(session, order, dispute, subject, sentences, readers.items(), at=at)


def person_words(session: Session, order: Order) -> str:
    """Return what the person is called."""
    return names(session, user_ids=[order.person_id]).get(order.person_id, "")


def _mediators(session: Session, dispute: Dispute, at: datetime) -> dict[str, str]:
    staff = staff_of(session, organisation_id=dispute.council_id)
    mediating = roles_that_may(Permission.MEDIATE)
    return {
        one.email: one.name
        for one, role in staff
        if role in mediating and not why_not_decide(session, dispute, one.id, at=at)
    }


def _person_side(session: Session, order: Order, dispute: Dispute, at: datetime) -> dict[str, str]:
    """Return the person, and whoever ordered or asked for them and still supports them."""
    readers = {}
    try:
        found = person(session, user_id=order.person_id)
        readers[found.email] = found.name
    except NotFoundError:
        pass
    concerned = {order.placed_by_id, dispute.asked_by_id}
    for scope in _NEAR:
        for helper in active_supporters(session, person_id=order.person_id, scope=scope, at=at):
            if helper.id in concerned:
                readers[helper.email] = helper.name
    return readers


def _write(  # noqa: PLR0913 - private: a letter has this many sides
    session: Session,
    order: Order,
    dispute: Dispute,
    subject: str,
    sentences: Sequence[str],
    readers: Iterable[tuple[str, str]],
    *,
    at: datetime,
) -> None:
    for email, name in sorted(readers):
        wish = WriteLetter(
            key=f"query/{dispute.id}/{dispute.last_number}/{email}",
            to=email,
            subject=subject,
            template="query_news",
            values={
                "name": name,
                "number": str(order.number),
                "provider": order.provider_name,
                "sentences": list(sentences),
                "path": f"/queries/{dispute.id}",
            },
        )
        write_letter(session, wish, at=at)
