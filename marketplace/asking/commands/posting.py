"""Asking the market, and telling the providers whom it concerns."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Permission
from marketplace.asking.commands.letters import tell_stores_of_ask
from marketplace.asking.commands.recording import note
from marketplace.asking.errors import BadAskError, TooManyAsksError
from marketplace.asking.models import Answer, Ask, Telling
from marketplace.asking.queries.candidates import matching_providers
from marketplace.asking.queries.person import category_names
from marketplace.asking.queries.rows import SeenAsk, seen
from marketplace.asking.rules import (
    ENOUGH_ANSWERS,
    EXTEND_DAYS_MAX,
    OPEN_ASKS_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    AnswerState,
    AskState,
    BudgetPer,
    Often,
    as_seen,
    checked_line,
    looked_at_on,
    takes_answers,
    together,
    told_today,
    unmet_on,
)
from marketplace.councils import queries as councils
from marketplace.councils.queries import CouncilCard
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.money import Money
from marketplace.kernel.writing import insert_once
from marketplace.places.errors import NameNotFoundError, PlaceNotFoundError
from marketplace.places.queries import find_place, locate
from marketplace.places.rules import Place, Precision

ASK_DAYS = 7
"""So long an ask waits where no council says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostAsk:
    """What somebody needs, where, when and for whom."""

    ask_id: UUID
    title: str
    words: str
    category: str
    near: str
    """A postcode, its first half, or a town. The second half of a postcode is not kept."""
    often: Often = Often.UNSURE
    days: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    from_on: date | None = None
    for_whom: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    gender: str = ""
    budget: Money | None = None
    budget_per: BudgetPer = BudgetPer.HOUR
    budget_shown: bool = False
    answers_until: date | None = None
    """Without it, the council's days from today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What providers would see, and what would be left out of the words, in words."""

    seen: SeenAsk
    left_out: tuple[str, ...]


def preview_ask(session: Session, wish: PostAsk, *, by: Actor, at: datetime) -> Preview:
    """Return exactly what providers would see of an ask. Nothing is written.

    Raises:
        NotAllowedError: they may not order for anybody.
        BadAskError: something is not complete.
    """
    ask, left_out = _drawn_up(session, wish, by, at)
    return Preview(seen=seen(ask, category_names(session)[ask.category]), left_out=left_out)


def post_ask(session: Session, wish: PostAsk, *, by: Actor, at: datetime) -> UUID:
    """Ask the market, and tell providers; sent twice it is one ask. Return its id.

    Raises:
        NotAllowedError: they may not order for anybody.
        BadAskError: something is not complete.
        TooManyAsksError: too many of theirs are still open.
    """
    ask, _ = _drawn_up(session, wish, by, at)
    mine = (Ask.person_id == ask.person_id, Ask.state == AskState.OPEN, Ask.id != ask.id)
    if (session.scalar(select(func.count()).where(*mine)) or 0) >= OPEN_ASKS_MAX:
        raise TooManyAsksError(
            f"You have asked for {OPEN_ASKS_MAX} things that are still open. "
            "Close one of them first."
        )
    values = {each.key: getattr(ask, each.key) for each in Ask.__mapper__.column_attrs}
    if not insert_once(session, Ask, values):
        return wish.ask_id
    made = session.get_one(Ask, wish.ask_id)
    note(session, "ask-posted", made, by, at=at)
    tell_more(session, made, at=at)
    return made.id


def tell_more_of(session: Session, ask_id: UUID, *, at: datetime) -> int:
    """Tell the providers whose turn it is today of an ask; return how many."""
    ask = session.get(Ask, ask_id, with_for_update=True, populate_existing=True)
    today = local_day(at)
    if ask is None or ask.told_on == today:
        return 0
    if not takes_answers(ask.state, answers_until=ask.answers_until, on=today):
        return 0
    return tell_more(session, ask, at=at)


def tell_more(session: Session, ask: Ask, *, at: datetime) -> int:
    """Tell today's providers of an ask, unless enough have answered; return how many."""
    today = local_day(at)
    ask.told_on = today
    standing = select(func.count()).where(
        Answer.ask_id == ask.id, Answer.state == AnswerState.STANDING
    )
    if (session.scalar(standing) or 0) >= ENOUGH_ANSWERS:
        return 0
    told = set(session.scalars(select(Telling.provider_id).where(Telling.ask_id == ask.id)))
    chosen = told_today(matching_providers(session, ask), told=told, on=today)
    session.add_all(
        Telling(id=uuid4(), ask_id=ask.id, provider_id=provider_id, told_at=at)
        for provider_id in chosen
    )
    if chosen:
        name = category_names(session)[ask.category]
        tell_stores_of_ask(session, ask, name, chosen, at=at)
    return len(chosen)


def checked_until(until: date, today: date) -> date:
    """Return a last day for answers that can be waited for.

    Raises:
        BadAskError: it has passed, or is too far ahead.
    """
    if until < today:
        raise BadAskError("That day has passed. Choose today or later.", field="answers_until")
    if until > today + timedelta(days=EXTEND_DAYS_MAX):
        raise BadAskError(
            f"Choose a day in the next {EXTEND_DAYS_MAX} days.", field="answers_until"
        )
    return until


def _drawn_up(
    session: Session, wish: PostAsk, by: Actor, at: datetime
) -> tuple[Ask, tuple[str, ...]]:
    """Return the ask as it would be kept, and what providers would not see of its words."""
    if by.person_id is None or not by.may(Permission.PROPOSE_ORDERS):
        raise NotAllowedError("Only somebody who may order can ask for help here.")
    title, words = _checked(wish)
    if wish.category not in category_names(session):
        raise BadAskError("Choose what kind of support it is.", field="category")
    place = _place(wish.near)
    # Not where the postcode is: only the middle of its district is kept.
    middle = locate(place.outcode).point
    council = _council(session, place.outcode, by.person_id)
    names = {by.name, by.person_name, access.person(session, user_id=by.person_id).name}
    shown_title, shown_words = as_seen(title, names=names), as_seen(words, names=names)
    budget = wish.budget or None  # nothing at all is no budget
    today, days = local_day(at), council.ask_days if council else ASK_DAYS
    until, unmet = _until(wish.answers_until, today, days), unmet_on(today, days)
    ask = Ask(
        id=wish.ask_id,
        person_id=by.person_id,
        asked_by_id=by.user_id,
        asked_by_name=by.name,
        council_id=council.id if council else None,
        state=AskState.OPEN,
        title=title,
        words=words,
        seen_title=shown_title.words,
        seen_words=shown_words.words,
        category=wish.category,
        district=place.outcode,
        place=place.label if place.precision is Precision.TOWN else "",
        easting=middle.easting,
        northing=middle.northing,
        often=wish.often,
        days=list(wish.days),
        times=list(wish.times),
        from_on=_first_day(wish.from_on, today),
        for_whom=list(wish.for_whom),
        languages=list(wish.languages),
        gender=wish.gender,
        budget=budget,
        budget_per=wish.budget_per if budget else None,
        budget_shown=wish.budget_shown and budget is not None,
        asked_on=today,
        asked_at=at,
        answers_until=until,
        unmet_on=unmet,
        look_on=looked_at_on(today, unmet=unmet, answers_until=until, has_answers=False),
        reason="",
    )
    return ask, together(shown_title, shown_words)


def _until(typed: date | None, today: date, days: int) -> date:
    return checked_until(typed, today) if typed else today + timedelta(days=days)


def _first_day(typed: date | None, today: date) -> date | None:
    if typed is not None and typed < today:
        raise BadAskError("That day has passed. Choose today or later.", field="from_on")
    return typed


def _checked(wish: PostAsk) -> tuple[str, str]:
    title = checked_line(
        wish.title, needed="Say in a few words what you need.", most=TITLE_LENGTH_MAX, field="title"
    )
    words = checked_line(
        wish.words,
        needed="Tell providers a little about it.",
        most=WORDS_LENGTH_MAX,
        field="words",
    )
    return title, words


def _place(near: str) -> Place:
    try:
        return find_place(near)
    except (PlaceNotFoundError, NameNotFoundError) as refusal:
        raise BadAskError(str(refusal), field="near") from refusal


def _council(session: Session, district: str, person_id: UUID) -> CouncilCard | None:
    """Return the council of a district; the person's own where none says it is theirs."""
    own = councils.councils_of(session, person_id=person_id)
    here = [card for card in councils.councils(session) if district in card.districts]
    mine = [card for card in own if card in here]
    return next(iter([*mine, *here, *own]), None)
