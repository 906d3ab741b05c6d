"""What people of the demonstration write to providers, and one worry told to a council."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from marketplace.access.rules import Role
from marketplace.seeding.cast import Cast
from marketplace.seeding.files import Row, rows
from marketplace.seeding.year import Event
from marketplace.talk import commands
from marketplace.talk.commands import NewConcern, NewMessage
from marketplace.talk.rules import CallBack

_ASKED = (
    ("Hello. Can you come on a Tuesday? I like to be out on the other days.", "Yes, we can."),
    ("Is it all right if my sister is there the first time?", "Of course. She is welcome."),
    ("My front door sticks. Please push it, then ring.", "Thank you for telling us."),
    ("Do you come by bus? There is nowhere to park in our street.", ""),
)
"""What is asked, and what the provider answers; the last one still waits."""
_OF_PLAN = (
    "Can the money pay for a taxi to the match? The bus does not go there any more.",
    "Yes, it can. It is for seeing your team play, and that is in your plan.",
    "Thank you. My cousin can help me more from next month. What does that change?",
)
"""What somebody asks their council about plan and money, the answer, and what still waits."""
_COUNCIL = "airemoor"


def talking(cast: Cast) -> Iterator[Event]:
    """Give the questions of some people, the answers to them, and a worry."""
    for number, row in enumerate(rows("stories", "story")[: len(_ASKED)]):
        yield Event(
            cast.ago(days=12 - 3 * number), partial(_ask, cast=cast, row=row, number=number)
        )
    for number in range(len(_OF_PLAN)):
        yield Event(cast.ago(days=5 - number), partial(_of_plan, cast=cast, number=number))
    yield Event(cast.ago(days=1), partial(_worry, cast=cast))


def _ask(session: Session, at: datetime, *, cast: Cast, row: Row, number: int) -> Iterable[Event]:
    asks, answer = _ASKED[number]
    thread_id = commands.ask_about_offer(
        session,
        cast.offers[row["offer"]],
        NewMessage(message_id=_id("question", number), words=asks),
        by=cast.people[row["person"]],
        at=at,
    )
    if answer:
        later = partial(
            _answer, thread_id=thread_id, cast=cast, row=row, number=number, words=answer
        )
        yield Event(at + timedelta(hours=2 + 3 * number), later)


def _answer(  # noqa: PLR0913 - what, where, by whom and when
    session: Session,
    at: datetime,
    *,
    thread_id: UUID,
    cast: Cast,
    row: Row,
    number: int,
    words: str,
) -> None:
    message = NewMessage(message_id=_id("answer", number), words=words)
    owner = cast.owners[row["offer"].split("/")[0]]
    commands.reply(session, thread_id, message, by=owner, at=at)


def _of_plan(session: Session, at: datetime, *, cast: Cast, number: int) -> None:
    person = cast.people[rows("stories", "story")[0]["person"]]
    council = cast.council_of[rows("stories", "story")[0]["person"]]
    commands.write_of_plan(
        session,
        person.buys_for,
        cast.councils[council],
        NewMessage(message_id=_id("of-plan", number), words=_OF_PLAN[number]),
        by=cast.of_council(council, Role.PRACTITIONER) if number % 2 else person,
        at=at,
    )


def _worry(session: Session, at: datetime, *, cast: Cast) -> None:
    wish = NewConcern(
        concern_id=_id("worry", 0),
        council_id=cast.councils[_COUNCIL],
        words="My neighbour has not opened her curtains for three days. I hear shouting at night.",
        about="The lady at 14 Heron Street",
        call_back=CallBack.PHONE,
        reach="01632 960777, in the morning",
    )
    commands.write_concern(session, wish, writer_id=None, at=at)


def _id(what: str, number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"seed:talk/{what}/{number}")
