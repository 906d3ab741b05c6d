"""What people of the demonstration ask providers for, who answers, and what nobody offers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.asking import commands, queries
from marketplace.asking.commands import PostAsk, WriteAnswer
from marketplace.asking.rules import Often, Wish
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.seeding.cast import Cast
from marketplace.seeding.files import rows
from marketplace.seeding.year import Event

_COUNCIL = "airemoor"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    person: str
    days_ago: int
    title: str
    words: str
    category: str
    often: Often = Often.WEEKLY
    days: tuple[str, ...] = ()
    budget: Money | None = None
    answers: tuple[str, ...] = ()
    """What those say who are told and answer; the others are still thinking."""
    chosen: bool = False


_ASKED = (
    _Asked(
        person="mohsin-rathore",
        days_ago=4,
        title="Somebody to come to the match with me",
        words="My cousin has moved away. I need somebody who likes football, can push my chair up "
        "the ramp, and does not mind when we lose.",
        category="getting-around",
        days=("sat",),
        budget=Money(18_00),
        answers=(
            "Yes, gladly. We know the ground and where the lift is. The same person would come.",
            "We can do this. We also sing, if you do not mind.",
        ),
    ),
    _Asked(
        person="edna-crowther",
        days_ago=1,
        title="Company on a Sunday afternoon",
        words="Sundays are long. I would like somebody to talk to, and a walk if it is dry.",
        category="company",
        days=("sun",),
    ),
    _Asked(
        person="mohsin-rathore",
        days_ago=40,
        title="Learn to cook three dinners",
        words="I can use one hand well. I want to cook for my cousin when he visits.",
        category="meals",
        often=Often.ONCE,
        answers=(
            "I would love to. We start with the dinner your cousin likes best.",
            "Our cook can show you, at our place. There is a low table.",
            "We do this each month with people who use one hand. Come and try.",
        ),
        chosen=True,
    ),
)
_NOT_OFFERED_TO = 6
"""So many people ask for the same, and nobody offers it: enough for the council to see it."""
_NOT_OFFERED_DAYS_AGO = 16
_NOT_OFFERED_IN = "BD1"


def asks(cast: Cast) -> Iterator[Event]:
    """Give what people ask, the answers to it, and what nobody answers."""
    for number, asked in enumerate(_ASKED):
        deed = partial(_ask, cast=cast, asked=asked, number=number)
        yield Event(cast.ago(days=asked.days_ago), deed)
    people = [row["slug"] for row in rows("people", "person") if row["council"] == _COUNCIL]
    for number, slug in enumerate(people[:_NOT_OFFERED_TO]):
        deed = partial(_in_vain, cast=cast, person=slug, number=number)
        yield Event(cast.ago(days=_NOT_OFFERED_DAYS_AGO), deed)


def _ask(
    session: Session, at: datetime, *, cast: Cast, asked: _Asked, number: int
) -> Iterable[Event]:
    person = cast.people[asked.person]
    near = next(row["postcode"] for row in rows("people", "person") if row["slug"] == asked.person)
    wish = PostAsk(
        ask_id=_id("ask", number),
        title=asked.title,
        words=asked.words,
        category=asked.category,
        near=near,
        often=asked.often,
        days=asked.days,
        budget=asked.budget,
        budget_shown=asked.budget is not None,
    )
    ask_id = commands.post_ask(session, wish, by=person, at=at)
    told = [owner for owner in cast.owners.values() if _was_told(session, ask_id, owner, at)]
    first = None
    for place, (owner, words) in enumerate(zip(told, asked.answers, strict=False)):
        answer_id = _id(f"answer/{number}", place)
        first = first or answer_id
        deed = partial(_answer, ask_id=ask_id, answer_id=answer_id, owner=owner, words=words)
        yield Event(at + timedelta(hours=5 + 9 * place), deed)
    if asked.chosen and first is not None:
        deed = partial(_choose, ask_id=ask_id, answer_id=first, person=person)
        yield Event(at + timedelta(days=3), deed)


def _was_told(session: Session, ask_id: UUID, owner: Actor, at: datetime) -> bool:
    try:
        queries.ask_near(session, ask_id=ask_id, by=owner, at=at)
    except NotFoundError:
        return False
    return True


def _answer(
    session: Session,
    at: datetime,
    *,
    ask_id: UUID,
    answer_id: UUID,
    owner: Actor,
    words: str,
) -> None:
    found = queries.ask_near(session, ask_id=ask_id, by=owner, at=at)
    wish = WriteAnswer(
        answer_id=answer_id,
        words=words,
        offer_id=found.offers[0].id,
        starts_on=local_day(at + timedelta(days=6)),
        met=frozenset(found.seen.wishes) - {Wish.BUDGET},
    )
    commands.answer_ask(session, ask_id, wish, by=owner, at=at)


def _choose(
    session: Session, at: datetime, *, ask_id: UUID, answer_id: UUID, person: Actor
) -> None:
    commands.choose_answer(session, ask_id, answer_id, by=person, at=at)


def _in_vain(
    session: Session, at: datetime, *, cast: Cast, person: str, number: int
) -> Iterable[Event]:
    wish = PostAsk(
        ask_id=_id("in-vain", number),
        title="A weekend break where they speak Lithuanian",
        words="I would like a rest, with somebody who speaks my language.",
        category="respite",
        near=_NOT_OFFERED_IN,
        often=Often.NOW_AND_THEN,
        languages=("lithuanian",),
    )
    ask_id = commands.post_ask(session, wish, by=cast.people[person], at=at)
    yield Event(at + timedelta(days=9), partial(_look_after, ask_id=ask_id))


def _look_after(session: Session, at: datetime, *, ask_id: UUID) -> None:
    commands.look_after_ask(session, ask_id, at=at)


def _id(what: str, number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"seed:asking/{what}/{number}")
