"""What people ask for near a provider, and what it answered. Never what others answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.asking.models import Answer, Ask, QuietStore, Telling
from marketplace.asking.queries.candidates import closed_to
from marketplace.asking.queries.person import category_names
from marketplace.asking.queries.prices import price_ends_on
from marketplace.asking.queries.rows import SeenAsk, is_taking, seen
from marketplace.asking.rules import AnswerState, AskState, Wish
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import OfferCard
from marketplace.catalogue.rules import Unit
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.kernel.paging import PAGE_SIZE, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAnswer:
    """What the provider who reads this answered."""

    id: UUID
    state: AnswerState
    words: str
    offer_id: UUID | None
    price: Money | None
    unit: Unit | None
    price_until: date | None
    starts_on: date
    met: tuple[Wish, ...]
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NearAsk:
    """What somebody asks for, in a provider's list."""

    id: UUID
    title: str
    category_name: str
    area: str
    often: str
    answers_until: date
    told_at: datetime
    answered: AnswerState | None
    passed: bool
    takes_answers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForStore:
    """An ask as the provider reads it who was told of it."""

    id: UUID
    seen: SeenAsk
    takes_answers: bool
    passed: bool
    mine: OwnAnswer | None
    price_ends_on: date | None
    """The last day on which whoever chose them pays the price they said, if it counts."""
    offers: tuple[OfferCard, ...]
    """What they sell, to answer with: of the same kind first."""

    @property
    def needs_offer(self) -> bool:
        """Tell whether they were chosen for a price at which nothing of theirs can be ordered."""
        mine = self.mine
        if mine is None or mine.state is not AnswerState.CHOSEN or mine.price is None:
            return False
        card = next((each for each in self.offers if each.id == mine.offer_id), None)
        return card is None or card.unit is not mine.unit or card.public.price < mine.price


def asks_near(
    session: Session, *, by: Actor, at: datetime, only_open: bool = True, page: int = 1
) -> Page[NearAsk]:
    """Return a page of what people ask for of whom a provider was told, the newest first.

    Raises:
        NotFoundError: they take no orders for a store.
    """
    today = local_day(at)
    store = _store(by)
    mine = [
        Telling.provider_id == store,
        _open_to(session, store),
        *_still(today, only_open=only_open),
    ]
    own = and_(Answer.ask_id == Ask.id, Answer.provider_id == Telling.provider_id)
    joined = select(func.count()).select_from(Telling).join(Ask, Ask.id == Telling.ask_id)
    count = session.scalar(joined.outerjoin(Answer, own).where(*mine)) or 0
    rows = session.execute(
        select(Ask, Telling, Answer.state)
        .join(Ask, Ask.id == Telling.ask_id)
        .outerjoin(Answer, own)
        .where(*mine)
        .order_by(Telling.told_at.desc(), Telling.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    names = category_names(session)
    return Page(
        tuple(_near(ask, told, state, names, today) for ask, told, state in rows), page, count
    )


def ask_near(session: Session, *, ask_id: UUID, by: Actor, at: datetime) -> AskForStore:
    """Return an ask as a provider reads it who was told of it.

    Raises:
        NotFoundError: they were not told, or it is no longer there and they had not answered.
    """
    store = _store(by)
    told = session.scalar(
        select(Telling).where(Telling.ask_id == ask_id, Telling.provider_id == store)
    )
    ask = session.scalar(select(Ask).where(Ask.id == ask_id, _open_to(session, store)))
    mine = session.scalar(
        select(Answer).where(Answer.ask_id == ask_id, Answer.provider_id == store)
    )
    if ask is None or told is None or (mine is None and ask.state is not AskState.OPEN):
        raise NotFoundError("This is not there any more. It may be over.")
    today = local_day(at)
    offers = catalogue.offers_of_provider(
        session, provider_id=store, funded_by=frozenset(), on=today
    )
    shown = seen(ask, category_names(session).get(ask.category, ask.category))
    return AskForStore(
        id=ask.id,
        seen=shown,
        takes_answers=is_taking(ask, today),
        passed=told.passed_at is not None,
        mine=_mine(mine) if mine else None,
        price_ends_on=price_ends_on(session, ask, mine, on=today),
        offers=tuple(sorted(offers, key=lambda each: each.category != ask.category)),
    )


def wants_no_letters(session: Session, *, provider_id: UUID) -> bool:
    """Tell whether a provider wants no letters about asks."""
    return session.get(QuietStore, provider_id) is not None


def _open_to(session: Session, store: UUID) -> ColumnElement[bool]:
    """Return which asks a store may still read: not those of a council that has shut it out."""
    closed = closed_to(session, store)
    if closed is None:
        return false()
    return or_(Ask.council_id.is_(None), Ask.council_id.not_in(closed))


def _store(by: Actor) -> UUID:
    if not by.may(Permission.TAKE_ORDERS):
        raise NotFoundError
    return by.works_for


def _still(today: date, *, only_open: bool) -> list[ColumnElement[bool]]:
    """Return what belongs into the list: what is open, and what they answered themselves."""
    answered = Answer.state.is_not(None)
    if not only_open:
        return [or_(Ask.state == AskState.OPEN, answered)]
    return [
        Ask.state == AskState.OPEN,
        or_(Ask.answers_until >= today, answered),
        Telling.passed_at.is_(None),
    ]


def _near(
    ask: Ask,
    told: Telling,
    answered: AnswerState | None,
    names: Mapping[str, str],
    today: date,
) -> NearAsk:
    shown = seen(ask, names.get(ask.category, ask.category))
    return NearAsk(
        id=ask.id,
        title=shown.title,
        category_name=shown.category_name,
        area=shown.area,
        often=shown.often.label,
        answers_until=ask.answers_until,
        told_at=told.told_at,
        answered=answered,
        passed=told.passed_at is not None,
        takes_answers=is_taking(ask, today),
    )


def _mine(row: Answer) -> OwnAnswer:
    return OwnAnswer(
        id=row.id,
        state=row.state,
        words=row.words,
        offer_id=row.offer_id,
        price=row.price,
        unit=row.unit,
        price_until=row.price_until,
        starts_on=row.starts_on,
        met=tuple(Wish(each) for each in row.met),
        answered_at=row.changed_at or row.answered_at,
    )
