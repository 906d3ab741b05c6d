"""Choosing what to be told about money, and telling it: one letter for each cause."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Permission, Scope
from marketplace.audit.commands import record
from marketplace.budgets.models import Alert, AlertTold, PriceSeen
from marketplace.budgets.queries import AlertRow
from marketplace.budgets.queries.alerts import (
    News,
    late_news,
    low_news,
    month_news,
    open_low,
    price_news,
    prices_for,
    unusual_news,
)
from marketplace.budgets.rules.alerts import AlertKind
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.writing import insert_once
from marketplace.outbox.commands import WriteLetter, write_letter

BATCH = 50
LOOKED_EVERY = timedelta(hours=1)


def choose_alerts(session: Session, wishes: Sequence[AlertRow], *, by: Actor, at: datetime) -> None:
    """Tell somebody from now on what they chose, and nothing else, about a person's money.

    Raises:
        NotAllowedError: they may not see this money.
    """
    if not by.may(Permission.SEE_WALLET):
        raise NotAllowedError(f"{by.person_name} has not asked you to look after their money.")
    mine = (Alert.user_id == by.user_id, Alert.person_id == by.buys_for)
    kept = {wish.kind: wish for wish in wishes}
    for alert in session.scalars(select(Alert).where(*mine)).all():
        if alert.kind not in kept:
            _forget(session, alert.id)
    session.flush()
    for wish in wishes:
        values = {
            "id": uuid4(),
            "user_id": by.user_id,
            "person_id": by.buys_for,
            "kind": wish.kind,
            "amount": wish.amount,
            "number": wish.number,
            "chosen_at": at,
            "looked_at": at - LOOKED_EVERY,
        }
        if not insert_once(session, Alert, values):
            session.execute(
                update(Alert)
                .where(*mine, Alert.kind == wish.kind)
                .values(amount=wish.amount, number=wish.number)
            )
    record(
        session,
        what="alerts-chosen",
        chain_id=by.buys_for,
        subject_id=by.buys_for,
        by_user_id=by.user_id,
        for_person_id=by.buys_for,
        at=at,
        details={"kinds": " ".join(sorted(kept))},
    )


def tell_alerts(session: Session, *, at: datetime, limit: int = BATCH) -> int:
    """Look whether there is news for some people, and write to them; return how many wishes it was.

    Meant to be repeated until it returns nothing. What was told is not told again, whoever looks.
    """
    due = (
        select(Alert)
        .where(Alert.looked_at <= at - LOOKED_EVERY)
        .order_by(Alert.looked_at, Alert.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    alerts = list(session.scalars(due))
    for alert in alerts:
        if _may_still(session, alert, at):
            _look(session, alert, at=at)
        alert.looked_at = at
    session.flush()
    return len(alerts)


def _forget(session: Session, alert_id: UUID) -> None:
    session.execute(delete(AlertTold).where(AlertTold.alert_id == alert_id))
    session.execute(delete(PriceSeen).where(PriceSeen.alert_id == alert_id))
    session.execute(delete(Alert).where(Alert.id == alert_id))


def _may_still(session: Session, alert: Alert, at: datetime) -> bool:
    if alert.user_id == alert.person_id:
        return True
    supporters = access.active_supporters(
        session, person_id=alert.person_id, scope=Scope.SEE, at=at
    )
    return any(supporter.id == alert.user_id for supporter in supporters)


def _look(session: Session, alert: Alert, *, at: datetime) -> None:
    match alert.kind:
        case AlertKind.LOW:
            _look_at_low(session, alert, at=at)
        case AlertKind.UNUSUAL:
            _tell(session, alert, unusual_news(session, alert, at=at), at=at)
        case AlertKind.PRICE_RISE:
            _look_at_prices(session, alert, at=at)
        case AlertKind.INSTALMENT_LATE:
            _tell(session, alert, late_news(session, alert, at=at), at=at)
        case _:  # AlertKind.MONTHLY
            news = month_news(session, alert, at=at)
            _tell(session, alert, [news] if news else [], at=at)


def _look_at_low(session: Session, alert: Alert, *, at: datetime) -> None:
    """Tell that money is low once, until there was enough of it again."""
    told, news = open_low(session, alert_id=alert.id), low_news(session, alert, at=at)
    if news is None and told is not None:
        session.execute(update(AlertTold).where(AlertTold.id == told).values(over_at=at))
    if news is not None and told is None:
        _tell(session, alert, [news], at=at)


def _look_at_prices(session: Session, alert: Alert, *, at: datetime) -> None:
    for row in prices_for(session, alert, at=at):
        if row.before is None:
            values = {"alert_id": alert.id, "offer_id": row.offer_id}
            seen = {"id": uuid4(), **values, "price": row.price, "seen_at": at}
            insert_once(session, PriceSeen, seen)
            continue
        if row.price > row.before:
            _tell(session, alert, [price_news(row, at=at)], at=at)
        if row.price != row.before:
            session.execute(
                update(PriceSeen)
                .where(PriceSeen.alert_id == alert.id, PriceSeen.offer_id == row.offer_id)
                .values(price=row.price, seen_at=at)
            )


def _tell(session: Session, alert: Alert, news: Iterable[News], *, at: datetime) -> None:
    for each in list(news):
        values = {"alert_id": alert.id, "cause": each.cause, "told_at": at}
        if not insert_once(session, AlertTold, {"id": uuid4(), **values}):
            continue
        reader = access.person(session, user_id=alert.user_id)
        whose = access.person(session, user_id=alert.person_id).name
        about = "" if alert.user_id == alert.person_id else f" ({whose})"
        wish = WriteLetter(
            key=f"alert/{alert.id}/{each.cause}",
            to=reader.email,
            subject=f"{each.subject}{about}",
            template="money_alert",
            values={
                "name": reader.name,
                "whose": "" if reader.id == alert.person_id else whose,
                "sentences": list(each.sentences),
                "path": "/wallet",
                "alerts_path": "/wallet/alerts",
            },
        )
        write_letter(session, wish, at=at)
