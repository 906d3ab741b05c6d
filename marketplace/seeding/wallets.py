"""What happens to money besides orders: limits, changes, requests, purchases, notices."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from marketplace.access import queries as access_queries
from marketplace.access.rules import Actor, Role
from marketplace.budgets import commands
from marketplace.budgets.commands import ChangeLine, NewLimit
from marketplace.budgets.queries import AlertRow
from marketplace.budgets.rules import (
    ClawbackEnd,
    Holder,
    LimitKind,
    LimitWindow,
    Measure,
    Narrowing,
)
from marketplace.budgets.rules.alerts import AlertKind
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.seeding.cast import Cast
from marketplace.seeding.files import Row, rows
from marketplace.seeding.year import Event

_Telling = Callable[[Session, Cast, Row, datetime], Iterable[Event] | None]


def wallets(cast: Cast) -> Iterator[Event]:
    """Give everything that people and councils do with money besides ordering."""
    for table, tell in _TELLINGS.items():
        for row in rows("wallets", table):
            when = cast.ago(weeks=row.get("weeks_ago", 0), days=row.get("days_ago", 1))
            yield Event(when, _played(cast, row, tell))


def _played(
    cast: Cast, row: Row, tell: _Telling
) -> Callable[[Session, datetime], Iterable[Event] | None]:
    return lambda session, at: tell(session, cast, row, at)


def _limit(session: Session, cast: Cast, row: Row, at: datetime) -> None:
    person = cast.people[row["person"]]
    by = person if row["by"] == "person" else _practitioner(cast, row)
    asks = None
    if "asks" in row:
        asks = access_queries.find_person_by_email(session, email=row["asks"])
    wish = NewLimit(
        limit_id=_id("limit", row["slug"]),
        window=LimitWindow(row["window"]),
        kind=LimitKind(row.get("kind", "refuse")),
        measure=Measure.COUNT if "count_max" in row else Measure.AMOUNT,
        count_max=row.get("count_max", 0),
        amount=Money(row.get("amount_pence", 0)),
        others=row.get("others", False),
        reason=row["reason"],
        second_look=row.get("second_look", ""),
        asks_id=None if asks is None else asks.id,
    )
    if "narrowed" in row:
        narrowed = Narrowing(row["narrowed"])
        wish = replace(wish, narrowed=narrowed, narrowed_to=_narrowed_to(cast, row, narrowed))
    commands.set_limit(session, line_id=_line(row), limit=wish, by=by, at=at)


def _narrowed_to(cast: Cast, row: Row, narrowed: Narrowing) -> tuple[str, ...]:
    if narrowed is Narrowing.PROVIDER:
        return tuple(str(cast.owners[slug].works_for) for slug in row["narrowed_to"])
    if narrowed is Narrowing.OUTCOME:
        known = cast.outcomes[row["person"]]
        return tuple(str(known[int(number)]) for number in row["narrowed_to"])
    return tuple(row["narrowed_to"])


def _amount(session: Session, cast: Cast, row: Row, at: datetime) -> None:
    wish, by = _change(row, "amount"), _practitioner(cast, row)
    yearly = Money(row["yearly_pence"])
    commands.change_amount(session, wish, yearly=yearly, by=by, at=at)


def _split(session: Session, cast: Cast, row: Row, at: datetime) -> None:
    new = commands.NewHolder(holder=Holder(row["holder"]), name=row["holder_name"])
    commands.split_line(
        session,
        _change(row, "split"),
        percent=row["percent"],
        others=[commands.Share(percent=100 - row["percent"], new=new)],
        by=_practitioner(cast, row),
        at=at,
    )


def _request(session: Session, cast: Cast, row: Row, at: datetime) -> Iterable[Event] | None:
    wish = commands.AskOnce(
        request_id=_id("request", row["slug"]),
        limit_id=_id("limit", row["limit"]),
        provider_id=cast.owners[row["provider"]].works_for,
        amount=Money(row["amount_pence"]),
        what=row["what"],
        words=row["words"],
    )
    commands.ask_once(session, wish, by=cast.people[row["person"]], at=at)
    if "agree" not in row:
        return None
    answer = commands.AnswerRequest(
        request_id=wish.request_id, agree=row["agree"], reason=row["reason"]
    )
    by = _practitioner(cast, row)

    def say(session: Session, at: datetime) -> None:
        commands.answer_request(session, answer, by=by, at=at)

    return [Event(at + timedelta(hours=5), say)]


def _bought(session: Session, cast: Cast, row: Row, at: datetime) -> None:
    wish = commands.RecordPurchase(
        purchase_id=_id("bought", row["slug"]),
        amount=Money(row["amount_pence"]),
        what=row["what"],
        paid_on=local_day(at),
        outcome_id=cast.outcomes[row["person"]][row["outcome"]],
        category=row["category"],
    )
    commands.record_purchase(session, wish, by=cast.people[row["person"]], at=at)


def _alert(session: Session, cast: Cast, row: Row, at: datetime) -> None:
    """Choose all the alerts of somebody, with each of their rows again: it changes nothing."""
    chosen = [
        AlertRow(AlertKind(each["kind"]), Money(each.get("amount_pence", 0)), each.get("number", 0))
        for each in rows("wallets", "alert")
        if each["person"] == row["person"]
    ]
    commands.choose_alerts(session, chosen, by=cast.people[row["person"]], at=at)


def _clawback(session: Session, cast: Cast, row: Row, at: datetime) -> Iterable[Event]:
    clawback_id = _id("clawback", row["slug"])
    notice = commands.GiveNotice(
        clawback_id=clawback_id,
        line_id=_line(row),
        amount=Money(row["amount_pence"]),
        reason=row["reason"],
        evidence=row["evidence"],
    )
    commands.give_notice(session, notice, by=_practitioner(cast, row), at=at)
    person = cast.people[row["person"]]

    def answer(session: Session, at: datetime) -> None:
        commands.answer_notice(
            session, clawback_id=clawback_id, agrees=False, words=row["objects"], by=person, at=at
        )

    yield Event(at + timedelta(days=2), answer)
    if "end" not in row:
        return
    wish = commands.DecideClawback(
        clawback_id=clawback_id,
        end=ClawbackEnd(row["end"]),
        reason=row["ended_reason"],
        part=Money(row["part_pence"]),
    )
    officer = cast.of_council(cast.council_of[row["person"]], Role.FINANCE_OFFICER)

    def decide(session: Session, at: datetime) -> None:
        commands.decide_clawback(session, wish, by=officer, at=at)

    yield Event(cast.ago(days=row["ended_days_ago"]), decide)


def _practitioner(cast: Cast, row: Row) -> Actor:
    return cast.of_council(cast.council_of[row["person"]], Role.PRACTITIONER)


def _line(row: Row) -> UUID:
    return _id("line", f"{row['person']}/{row['line']}")


def _change(row: Row, what: str) -> ChangeLine:
    change_id = _id(f"change/{what}", f"{row['person']}/{row['line']}")
    return ChangeLine(line_id=_line(row), reason=row["reason"], change_id=change_id)


def _id(kind: str, name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"seed:{kind}/{name}")


_TELLINGS: dict[str, _Telling] = {
    "limit": _limit,
    "amount": _amount,
    "split": _split,
    "request": _request,
    "bought": _bought,
    "alert": _alert,
    "clawback": _clawback,
}
