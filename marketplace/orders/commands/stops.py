"""A provider says that they stop, or the council says it for them: everybody concerned is told."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.catalogue.queries import provider_names
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.orders.commands.stops_letters import (
    tell_council_of_stop,
    tell_of_stop,
    tell_store_of_stop,
)
from marketplace.orders.errors import StopRefusedError, WrongStateError
from marketplace.orders.models import ProviderStop, StopItem
from marketplace.orders.queries.stopping import Concerned, concerned_by
from marketplace.orders.rules import WORDS_LENGTH_MAX, day_words
from marketplace.orders.rules.stops import StopItemState, StopKind

_YEARS = timedelta(days=730)
THE_MARKET = "The market"


@dataclass(frozen=True, slots=True, kw_only=True)
class SayStop:
    """A provider comes for the last time on a day. Brings its id: sent twice is once."""

    provider_id: UUID
    last_on: date
    reason: str
    stop_id: UUID = field(default_factory=uuid4)


def say_stop(session: Session, wish: SayStop, *, by: Actor, at: datetime) -> UUID:
    """Say that a provider stops after a day, and tell everybody whom it concerns.

    The provider says it for everybody, a council for the people whom its money supports. Nothing
    is ended or moved by it: people choose, and what they leave ends on that day.

    Raises:
        NotFoundError: it is not their store, and the council's money supports nobody there.
        NotAllowedError: they are neither the store's owner or manager nor of the council's team.
        StopRefusedError: the day has gone or is far away, there is no reason, or it was said.
    """
    council_id = _for_whom(wish.provider_id, by)
    _check(wish, at=at)
    earlier = session.get(ProviderStop, wish.stop_id)
    if earlier is not None:
        if earlier.provider_id != wish.provider_id:
            raise NotFoundError
        return earlier.id
    stop = _begin(session, wish, StopKind.SAID, council_id, by=by, at=at)
    if stop is None:
        raise StopRefusedError("last_on", "This was said already. Look at it before you go on.")
    if council_id is not None and not items_of(session, stop):
        raise StopRefusedError("last_on", "Nobody has anything from them after that day.")
    return stop.id


def notice_stop(  # noqa: PLR0913 - whose store, for whom, why, until when
    session: Session,
    *,
    provider_id: UUID,
    council_id: UUID | None,
    kind: StopKind,
    last_on: date,
    reason: str,
    at: datetime,
) -> bool:
    """Take it that a store that was suspended or closed stops; tell whether that is news."""
    wish = SayStop(provider_id=provider_id, last_on=last_on, reason=reason)
    return _begin(session, wish, kind, council_id, by=None, at=at) is not None


def withdraw_stop(session: Session, *, stop_id: UUID, by: Actor, at: datetime) -> None:
    """Say that a provider goes on after all. What has moved stays moved. Twice is once.

    Raises:
        NotFoundError: it is not theirs to say.
        WrongStateError: the last day has gone, and what was left has ended.
    """
    stop = locked_stop(session, stop_id)
    if stop.council_id is None:
        mine = by.organisation_id == stop.provider_id and by.may(Permission.KEEP_STORE)
    else:
        mine = by.organisation_id == stop.council_id and by.may(Permission.MEDIATE)
    if not mine:
        raise NotFoundError
    if stop.withdrawn:
        return
    if stop.ended_at is not None:
        raise WrongStateError("The last day has gone, and what was left has ended. Begin anew.")
    stop.ended_at, stop.live_key, stop.withdrawn = at, None, True
    sentences = [
        f"{stop.provider_name} goes on after all.",
        "What you did not move goes on as before. What you moved stays moved.",
    ]
    subject = f"{stop.provider_name} goes on after all"
    for item in items_of(session, stop):
        tell_of_stop(session, stop, item, subject, sentences, key="withdrawn", at=at)
    record_stop(session, stop, "stop-withdrawn", by=by, at=at)


def look_for_more(session: Session, *, stop_id: UUID, at: datetime) -> int:
    """Add and tell what was ordered since it was said that a provider stops; return how much."""
    stop = locked_stop(session, stop_id)
    return _add_items(session, stop, at=at) if stop.ended_at is None else 0


def locked_stop(session: Session, stop_id: UUID) -> ProviderStop:
    """Lock a stop. It is locked before standing orders, and those before orders.

    Raises:
        NotFoundError: there is none.
    """
    stop = session.get(ProviderStop, stop_id, with_for_update=True, populate_existing=True)
    if stop is None:
        raise NotFoundError
    return stop


def items_of(session: Session, stop: ProviderStop) -> list[StopItem]:
    """Return what a locked stop concerns, as it is now."""
    rows = (
        select(StopItem)
        .where(StopItem.stop_id == stop.id)
        .order_by(StopItem.person_id, StopItem.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(rows))


def record_stop(
    session: Session, stop: ProviderStop, what: str, *, by: Actor | None, at: datetime
) -> None:
    """Write a deed about a provider who stops into the store's trail."""
    record(
        session,
        what=what,
        chain_id=stop.provider_id,
        subject_id=stop.id,
        by_user_id=by.user_id if by else None,
        at=at,
        details={"last": stop.last_on.isoformat()},
    )


def _for_whom(provider_id: UUID, by: Actor) -> UUID | None:
    """Return the council whose people it is about; None if the provider says it for everybody."""
    if by.organisation_id == provider_id and by.may(Permission.KEEP_STORE):
        return None
    if by.may(Permission.MEDIATE):
        return by.works_for
    if by.organisation_id == provider_id:
        raise NotAllowedError("Only the owner or a manager can say that the store stops.")
    raise NotFoundError


def _check(wish: SayStop, *, at: datetime) -> None:
    today = local_day(at)
    if wish.last_on < today:
        raise StopRefusedError("last_on", "That day has gone. Choose today or a day to come.")
    if wish.last_on > today + _YEARS:
        raise StopRefusedError("last_on", "Choose a day within two years.")
    if not wish.reason.strip():
        raise StopRefusedError("reason", "Say why. Everybody whom it concerns reads it.")


def _begin(
    session: Session,
    wish: SayStop,
    kind: StopKind,
    council_id: UUID | None,
    *,
    by: Actor | None,
    at: datetime,
) -> ProviderStop | None:
    names = provider_names(session, provider_ids={wish.provider_id})
    if wish.provider_id not in names:
        raise NotFoundError
    values = {
        "id": wish.stop_id,
        "provider_id": wish.provider_id,
        "provider_name": names[wish.provider_id],
        "council_id": council_id,
        "live_key": "/".join(str(each) for each in (wish.provider_id, council_id) if each),
        "kind": kind,
        "last_on": wish.last_on,
        "reason": wish.reason.strip()[:WORDS_LENGTH_MAX],
        "said_by_id": by.user_id if by else None,
        "said_by_name": by.name if by else THE_MARKET,
        "said_at": at,
        "withdrawn": False,
    }
    if not insert_once(session, ProviderStop, values):
        return None
    stop = session.get_one(ProviderStop, wish.stop_id)
    _add_items(session, stop, at=at)
    if by is None or council_id is not None:
        tell_store_of_stop(session, stop, at=at)
    for council in sorted({item.council_id for item in items_of(session, stop)}):
        tell_council_of_stop(session, stop, council, at=at)
    record_stop(session, stop, "stop-said", by=by, at=at)
    return stop


def _add_items(session: Session, stop: ProviderStop, *, at: datetime) -> int:
    known = {(item.standing_id, item.line_id) for item in items_of(session, stop)}
    concerned = concerned_by(
        session,
        provider_id=stop.provider_id,
        council_id=stop.council_id,
        last_on=stop.last_on,
        at=at,
    )
    new = [each for each in concerned if (each.standing_id, each.line_id) not in known]
    for each in new:
        item = _item(stop, each, at)
        session.add(item)
        session.flush()  # the letter names it
        sentences = [
            f"{stop.kind.label}. The last day they come is {day_words(stop.last_on)}.",
            f"They say: {stop.reason}",
            f"This concerns: {each.title}. Nothing moves without your yes.",
            "Look at who else has room. You can move it, or end it.",
            "What you leave ends on that day, and costs nothing.",
        ]
        subject = f"{stop.provider_name} stops on {day_words(stop.last_on)}"
        tell_of_stop(session, stop, item, subject, sentences, key="said", at=at)
    return len(new)


def _item(stop: ProviderStop, each: Concerned, at: datetime) -> StopItem:
    return StopItem(
        id=uuid4(),
        stop_id=stop.id,
        person_id=each.person_id,
        council_id=each.council_id,
        standing_id=each.standing_id,
        order_id=each.order_id,
        line_id=each.line_id,
        title=each.title,
        planned=each.planned,
        held=each.held,
        state=StopItemState.WAITING,
        new_provider_name="",
        told_at=at,
        answered_by_name="",
    )
