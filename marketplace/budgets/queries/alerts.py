"""What people want to be told about money, and what there is to tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import Alert, AlertTold, Hold, HoldShare, PriceSeen, Purchase
from marketplace.budgets.queries.forecast import forecast_of
from marketplace.budgets.queries.lines import late_instalments, lines_of
from marketplace.budgets.queries.statement import StatementWish, statement, whole_statement
from marketplace.budgets.rules.alerts import (
    AlertKind,
    is_late,
    is_low,
    is_unusual,
    month_before,
)
from marketplace.catalogue import queries as catalogue
from marketplace.councils import queries as councils
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money, total

LOOKS_BACK = timedelta(days=7)
_USUAL = timedelta(weeks=12)


@dataclass(frozen=True, slots=True)
class AlertRow:
    """What somebody wants to be told."""

    kind: AlertKind
    amount: Money
    number: int


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell: once for each cause."""

    cause: str
    subject: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PriceRow:
    """What something costs a person now, and what it did when it was last looked."""

    offer_id: UUID
    title: str
    provider_name: str
    price: Money
    before: Money | None


@dataclass(frozen=True, slots=True)
class _Spent:
    id: UUID
    provider_id: UUID | None
    made_at: datetime
    amount: Money
    what: str | None


def alerts_of(session: Session, *, user_id: UUID, person_id: UUID) -> list[AlertRow]:
    """Return what somebody wants to be told about a person's money."""
    rows = select(Alert.kind, Alert.amount, Alert.number).where(
        Alert.user_id == user_id, Alert.person_id == person_id
    )
    return [AlertRow(*row) for row in session.execute(rows)]


def alerts_to_look_at(session: Session, *, before_at: datetime) -> bool:
    """Tell whether anybody's wish was not looked at since an instant."""
    rows = select(Alert.id).where(Alert.looked_at <= before_at).limit(1)
    return session.scalar(rows) is not None


def open_low(session: Session, *, alert_id: UUID) -> UUID | None:
    """Return the letter about money that has been low ever since, if there is one."""
    rows = select(AlertTold.id).where(AlertTold.alert_id == alert_id, AlertTold.over_at.is_(None))
    return session.scalar(rows.limit(1))


def low_news(session: Session, alert: Alert, *, at: datetime) -> News | None:
    """Return that the money is low, if it is."""
    lines = lines_of(session, person_id=alert.person_id, at=at)
    if not lines:
        return None
    available = total(line.available for line in lines)
    expected = forecast_of(session, person_id=alert.person_id, lines=lines, at=at)
    low = is_low(available, expected.weeks, below=alert.amount, below_weeks=alert.number)
    if not low:
        return None
    said = (f"There is {available} left to spend.", expected.words)
    return News(f"low/{at.isoformat()}", "The money is getting low", said)


def unusual_news(session: Session, alert: Alert, *, at: datetime) -> Iterator[News]:
    """Yield each spend of the last days that is unusual."""
    spends = _spends(session, alert.person_id, since=at - LOOKS_BACK - _USUAL, at=at)
    for spend in spends:
        if spend.made_at <= max(alert.chosen_at, at - LOOKS_BACK):
            continue
        earlier = [each for each in spends if each.made_at < spend.made_at]
        usual = [each.amount for each in earlier if each.made_at >= spend.made_at - _USUAL]
        why = ""
        if is_unusual(spend.amount, usual, times=alert.number):
            why = f"This is more than {alert.number} times what is usual."
        elif _is_first(session, spend, alert):
            why = "It is the first time with them."
        if why:
            with_whom = _with(session, spend)
            said = (f"{spend.amount} was spent{with_whom}.", why)
            yield News(f"spend/{spend.id}", "Something unusual was spent", said)


def late_news(session: Session, alert: Alert, *, at: datetime) -> Iterator[News]:
    """Yield each instalment that is late."""
    today = local_day(at)
    for late in late_instalments(session, on=today, person_id=alert.person_id):
        if is_late(late.due_on, days=alert.number, today=today):
            said = (
                f"{late.amount} ({late.funder.label}) was to come on {_day(late.due_on)}.",
                "It has not come yet. You can ask your council.",
            )
            yield News(f"late/{late.line_id}/{late.due_on}", "Money is late", said)


def month_news(session: Session, alert: Alert, *, at: datetime) -> News | None:
    """Return what came in and went out in the month before, if it was asked for by its end."""
    starts_on, ends_before = month_before(local_day(at))
    if local_day(alert.chosen_at) >= ends_before:
        return None
    last = ends_before - timedelta(days=1)
    all_of_it = StatementWish(from_on=starts_on, to_on=last)
    found = whole_statement(session, person_id=alert.person_id, wish=all_of_it)
    came = statement(
        session, person_id=alert.person_id, wish=replace(all_of_it, kind="in"), limit=None
    )
    came_in = total(row.to_spend for row in came.lines)
    said = (
        f"In {starts_on:%B %Y} {came_in} came in.",
        f"There was {found.before} to spend before, and {found.after} afterwards.",
        f"{len(found.lines)} things happened in all.",
    )
    return News(f"month/{starts_on}", f"Your money in {starts_on:%B}", said)


def prices_for(session: Session, alert: Alert, *, at: datetime) -> list[PriceRow]:
    """Return what things cost that a person bought lately, and what they did before."""
    bought: dict[UUID, set[str]] = {}
    rows = session.execute(
        select(Hold.provider_id, HoldShare.category)
        .join(HoldShare, HoldShare.hold_id == Hold.id)
        .where(
            Hold.person_id == alert.person_id,
            Hold.provider_id.is_not(None),
            Hold.made_at >= at - _USUAL,
        )
        .distinct()
    )
    for provider_id, category in rows:
        assert provider_id is not None, "the query leaves them out"
        bought.setdefault(provider_id, set()).add(category)
    before = dict(
        session.execute(
            select(PriceSeen.offer_id, PriceSeen.price).where(PriceSeen.alert_id == alert.id)
        ).all()
    )
    funded_by = councils.funding_councils(session, person_id=alert.person_id)
    return [
        PriceRow(
            offer.id,
            offer.title,
            offer.provider_name,
            offer.price_for_you.price,
            before.get(offer.id),
        )
        for provider_id, categories in sorted(bought.items())
        for offer in catalogue.offers_of_provider(
            session,
            provider_id=provider_id,
            funded_by=funded_by,
            on=local_day(at),
            person_id=alert.person_id,
        )
        if offer.category in categories
    ]


def price_news(row: PriceRow, *, at: datetime) -> News:
    """Return that something costs more; when it does so again later, that is news again."""
    said = (f"{row.title} with {row.provider_name} costs {row.price} now. It was {row.before}.",)
    return News(
        f"price/{row.offer_id}/{row.price.pence}/{at.isoformat()}",
        "Something you buy costs more",
        said,
    )


def _spends(
    session: Session, person_id: UUID, *, since: datetime, at: datetime
) -> Sequence[_Spent]:
    amount = func.sum(HoldShare.held, type_=HoldShare.held.type)
    rows = session.execute(
        select(Hold.id, Hold.provider_id, Hold.made_at, amount, Purchase.what)
        .join(HoldShare, HoldShare.hold_id == Hold.id)
        .outerjoin(Purchase, Purchase.id == Hold.id)
        .where(
            Hold.person_id == person_id,
            Hold.made_at >= since,
            Hold.made_at <= at,
            Purchase.ended_at.is_(None),
        )
        .group_by(Hold.id, Hold.provider_id, Hold.made_at, Purchase.what)
        .order_by(Hold.made_at, Hold.id)
    )
    return [_Spent(*row) for row in rows]


def _is_first(session: Session, spend: _Spent, alert: Alert) -> bool:
    if spend.provider_id is None or not alert.amount or spend.amount <= alert.amount:
        return False
    earlier = select(Hold.id).where(
        Hold.person_id == alert.person_id,
        Hold.provider_id == spend.provider_id,
        Hold.made_at < spend.made_at,
    )
    return session.scalar(earlier.limit(1)) is None


def _with(session: Session, spend: _Spent) -> str:
    if spend.what:
        return f" elsewhere ({spend.what})"
    if spend.provider_id is None:
        return ""
    names = catalogue.provider_names(session, provider_ids=[spend.provider_id])
    name = names.get(spend.provider_id, "")
    return f" with {name}" if name else ""


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
