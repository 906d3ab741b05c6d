"""Visits of the demonstration with which something was wrong: one settled, one with the council."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.money import Money, percent_of
from marketplace.orders import commands, queries
from marketplace.orders.commands import Answer, AnswerQuery, QueryVisit, SayMore
from marketplace.orders.queries import VisitRow
from marketplace.orders.rules import VisitState
from marketplace.orders.rules.disputes import QueryKind
from marketplace.seeding.cast import Cast
from marketplace.seeding.year import Event

_DAY = timedelta(days=1)
_WRONG = (
    (QueryKind.NOT_ALL_CAME, "They left long before the time. I sat there and waited."),
    (QueryKind.LATE, "It was so late that my tea was cold and my programme was over."),
)


def disputing(cast: Cast) -> Iterator[Event]:
    """Give the days on which two people say that something is wrong."""
    yield Event(cast.ago(days=9), partial(_ask, cast=cast, number=0))
    yield Event(cast.ago(days=6), partial(_ask, cast=cast, number=1))


def _ask(session: Session, at: datetime, *, cast: Cast, number: int) -> list[Event]:
    found = _noted(session, cast, at)
    if found is None:
        return [Event(at + _DAY, partial(_ask, cast=cast, number=number))]
    person, owner, visit = found
    kind, words = _WRONG[number]
    wish = QueryVisit(query_id=_id("query", number), visit_id=visit.id, kind=kind, words=words)
    commands.query_visit(session, wish, by=person, at=at)
    if number == 0:
        half = percent_of(visit.amount, 50)
        return [
            Event(at + _DAY, partial(_offer, owner=owner, amount=half)),
            Event(at + 2 * _DAY, partial(_take, person=person, amount=half)),
        ]
    return [
        Event(at + _DAY, partial(_disagree, owner=owner)),
        Event(at + 2 * _DAY, partial(_ask_council, person=person)),
    ]


def _noted(session: Session, cast: Cast, at: datetime) -> tuple[Actor, Actor, VisitRow] | None:
    """Return a visit that waits to be confirmed, and its two sides."""
    owners = {owner.works_for: owner for owner in cast.owners.values()}
    for person in cast.people.values():
        for row in queries.orders_of_person(session, by=person).rows:
            if not row.to_confirm or row.provider_id not in owners:
                continue
            order = queries.order_for(session, order_id=row.id, seen_by=person, at=at)
            for visit in order.visits:
                if visit.state is VisitState.NOTED and visit.due == visit.amount:
                    return person, owners[row.provider_id], visit
    return None


def _offer(session: Session, at: datetime, *, owner: Actor, amount: Money) -> None:
    reply = AnswerQuery(
        query_id=_id("query", 0),
        step_id=_id("offer", 0),
        answer=Answer.OFFER,
        amount=amount,
        words="I am sorry. My bus was cancelled, and I had to go on to the next person.",
    )
    commands.answer_query(session, reply, by=owner, at=at)


def _take(session: Session, at: datetime, *, person: Actor, amount: Money) -> None:
    commands.take_offer(session, query_id=_id("query", 0), shown=amount, by=person, at=at)


def _disagree(session: Session, at: datetime, *, owner: Actor) -> None:
    reply = AnswerQuery(
        query_id=_id("query", 1),
        step_id=_id("answer", 1),
        answer=Answer.DISAGREE,
        words="We were ten minutes late, and stayed ten minutes longer.",
    )
    commands.answer_query(session, reply, by=owner, at=at)


def _ask_council(session: Session, at: datetime, *, person: Actor) -> None:
    wish = SayMore(
        query_id=_id("query", 1),
        step_id=_id("council", 1),
        words="They did not stay longer. My niece was here and saw it.",
    )
    commands.ask_council_to_decide(session, wish, by=person, at=at)


def _id(what: str, number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"seed:disputes/{what}/{number}")
