"""Letters about a provider who stops: to people and their circles, the store and the council."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.queries import active_supporters, person, staff_of
from marketplace.access.rules import Permission, Role, Scope, roles_that_may
from marketplace.kernel.errors import NotFoundError
from marketplace.orders.commands.standing_letters import tell_members_of
from marketplace.orders.models import ProviderStop, StandingOrder, StopItem
from marketplace.orders.rules import day_words
from marketplace.outbox.commands import WriteLetter, write_letter

_OFFICE = frozenset({Role.PROVIDER_OWNER, Role.PROVIDER_MANAGER})
_NEAR = (Scope.SEE, Scope.PLAN, Scope.PROPOSE, Scope.PAY)


def tell_of_stop(  # noqa: PLR0913 - a letter has this many sides
    session: Session,
    stop: ProviderStop,
    item: StopItem,
    subject: str,
    sentences: Sequence[str],
    *,
    key: str,
    at: datetime,
) -> None:
    """Write to a person and to those of their circle who may see, plan, suggest or pay.

    The other members of a pool that pays for it read what happens, but do not choose.
    """
    readers: dict[str, str] = {}
    try:
        found = person(session, user_id=item.person_id)
        readers[found.email] = found.name
    except NotFoundError:
        pass
    for scope in _NEAR:
        helpers = active_supporters(session, person_id=item.person_id, scope=scope, at=at)
        readers |= {one.email: one.name for one in helpers}
    path = f"/orders/stopping/{stop.id}"
    _write(session, f"{item.id}/{key}", subject, sentences, readers.items(), path=path, at=at)
    if item.standing_id is not None:
        standing = session.get_one(StandingOrder, item.standing_id)
        stop_key = f"stop/{item.id}/{key}"
        tell_members_of(session, standing, subject, sentences[:1], key=stop_key, at=at)


def tell_store_of_stop(session: Session, stop: ProviderStop, *, at: datetime) -> None:
    """Write to those who run the store that it was said for them."""
    staff = staff_of(session, organisation_id=stop.provider_id)
    readers = {one.email: one.name for one, role in staff if role in _OFFICE}
    sentences = [
        f"{stop.said_by_name} said that people look for somebody else instead of you.",
        f"The last day is {day_words(stop.last_on)}. The reason: {stop.reason}",
        "If that is wrong, please write to the council.",
    ]
    key, path = f"{stop.id}/store", "/my-store/stopping"
    _write(
        session, key, "People look for somebody else", sentences, readers.items(), path=path, at=at
    )


def tell_council_of_stop(
    session: Session, stop: ProviderStop, council_id: UUID, *, at: datetime
) -> None:
    """Write to the council's team that a provider stops, and where to see whom it concerns."""
    roles = roles_that_may(Permission.MEDIATE)
    staff = staff_of(session, organisation_id=council_id)
    readers = {one.email: one.name for one, role in staff if role in roles}
    sentences = [
        f"{stop.provider_name}: {stop.kind.label.lower()}.",
        f"The last day is {day_words(stop.last_on)}.",
        "The page below lists who is concerned, and who has found somebody else.",
    ]
    subject = f"{stop.provider_name} stops on {day_words(stop.last_on)}"
    key, path = f"{stop.id}/{council_id}", f"/stopping/{stop.id}"
    _write(session, key, subject, sentences, readers.items(), path=path, at=at)


def tell_council_of_nobody(
    session: Session, stop: ProviderStop, item: StopItem, *, at: datetime
) -> None:
    """Write to the council's team that somebody found nobody who could come instead."""
    roles = roles_that_may(Permission.MEDIATE)
    staff = staff_of(session, organisation_id=item.council_id)
    readers = {one.email: one.name for one, role in staff if role in roles}
    sentences = [f"Somebody has found nobody who could come instead of {stop.provider_name}."]
    key, path = f"{item.id}/nobody", f"/stopping/{stop.id}"
    _write(session, key, "Nobody found yet", sentences, readers.items(), path=path, at=at)


def _write(  # noqa: PLR0913 - private: a letter has this many sides
    session: Session,
    key: str,
    subject: str,
    sentences: Sequence[str],
    readers: Iterable[tuple[str, str]],
    *,
    path: str,
    at: datetime,
) -> None:
    for email, name in sorted(readers):
        wish = WriteLetter(
            key=f"stop/{key}/{email}",
            to=email,
            subject=subject,
            template="stop_news",
            values={"name": name, "sentences": list(sentences), "path": path},
        )
        write_letter(session, wish, at=at)
