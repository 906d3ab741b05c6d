"""What somebody has asked for, and the answers side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.asking.models import Answer, Ask, Telling
from marketplace.asking.queries.prices import price_ends_on, price_over_on
from marketplace.asking.queries.rows import AskRow, SeenAsk, is_taking, seen
from marketplace.asking.rules import EXTEND_DAYS_MAX, AnswerState, AskState, Move, Wish
from marketplace.asking.rules.states import MOVES
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import OfferCard, StoreCard
from marketplace.catalogue.rules import Unit
from marketplace.councils.queries import councils_of, funding_councils
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.kernel.paging import PAGE_SIZE, Page
from marketplace.places.rules import Point, distance
from marketplace.ratings import queries as ratings
from marketplace.ratings.rules import Standing

_READ = frozenset({AnswerState.STANDING, AnswerState.CHOSEN, AnswerState.THANKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCard:
    """A provider's answer as whoever asked compares it."""

    id: UUID
    provider_id: UUID
    provider_name: str
    provider_slug: str
    """Empty if the store has closed since."""
    state: AnswerState
    words: str
    offer: OfferCard | None
    """What they offer, at the price of the person; None if they named none, or it is gone."""
    price: Money | None
    """What they say it costs, where that is not what the offer says."""
    unit: Unit | None
    price_until: date | None
    starts_on: date
    met: tuple[Wish, ...]
    not_met: tuple[Wish, ...]
    metres: int | None
    checks: tuple[tuple[str, date | None, str], ...]
    """What councils have checked: what it is, until when it counts, and which councils."""
    checked: bool
    standing: Standing | None
    answered_at: datetime

    @property
    def own_price(self) -> bool:
        """Tell whether they said a price that the offer does not have."""
        if self.price is None:
            return False
        card = self.offer
        return card is None or (card.price_for_you.price, card.unit) != (self.price, self.unit)

    @property
    def counts_when_chosen(self) -> bool:
        """Tell whether choosing it lets them order the offer at the price that was said."""
        card = self.offer
        if card is None or self.price is None or card.unit is not self.unit:
            return False
        return self.price < card.price_for_you.price

    @property
    def costs_less(self) -> bool:
        """Tell whether they said what everybody may pay, and less is agreed for this person."""
        card = self.offer
        if card is None or self.price is None or card.unit is not self.unit:
            return False
        return card.price_for_you.price < self.price <= card.public.price

    @property
    def can_be_ordered(self) -> bool:
        """Tell whether it leads straight to an order at the price they said, or at less."""
        return self.offer is not None and (not self.own_price or self.costs_less)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskView:
    """Somebody's own ask, with everything that was answered."""

    id: UUID
    title: str
    words: str
    state: AskState
    seen: SeenAsk
    budget: str
    """What they think of, in words; "" if they did not say."""
    asked_at: datetime
    asked_by_name: str
    person_id: UUID
    told: int
    is_counted: bool
    """The council's days went by without an answer, so that it counts as unmet."""
    takes_answers: bool
    extend_from: date
    extend_to: date
    reason: str
    chosen: AnswerCard | None
    price_ends_on: date | None
    """The last day on which they pay the price of the answer they chose, if it counts."""
    price_over_on: date | None
    """The same, if that day has gone."""
    answers: tuple[AnswerCard, ...]

    def may(self, move: str) -> bool:
        """Tell whether a move is possible now."""
        return (self.state, Move(move)) in MOVES


def asks_of(session: Session, *, by: Actor, page: int = 1) -> Page[AskRow]:
    """Return a page of what a person has asked for, the newest first.

    Raises:
        NotFoundError: they ask for nobody.
    """
    if by.person_id is None or not by.may(Permission.PROPOSE_ORDERS):
        raise NotFoundError
    mine = Ask.person_id == by.person_id
    count = session.scalar(select(func.count()).select_from(Ask).where(mine)) or 0
    answers = (
        select(func.count())
        .where(Answer.ask_id == Ask.id, Answer.state.in_(_READ))
        .correlate(Ask)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Ask, answers)
        .where(mine)
        .order_by(Ask.asked_at.desc(), Ask.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    names = category_names(session)
    found = tuple(
        AskRow(
            id=ask.id,
            title=ask.title,
            category_name=names.get(ask.category, ask.category),
            state=ask.state,
            asked_at=ask.asked_at,
            asked_by_name=ask.asked_by_name,
            answers_until=ask.answers_until,
            answers=many,
        )
        for ask, many in rows
    )
    return Page(found, page, count)


def ask_for(session: Session, *, ask_id: UUID, by: Actor, at: datetime) -> AskView:
    """Return somebody's own ask with the answers, those that start first at the top.

    Raises:
        NotFoundError: it is not theirs, nor of the person they ask for.
    """
    ask = own_ask(session, ask_id, by=by)
    rows = session.scalars(
        select(Answer)
        .where(Answer.ask_id == ask.id, Answer.state.in_(_READ))
        .order_by(Answer.starts_on, Answer.answered_at, Answer.id)
    ).all()
    told = select(func.count()).where(Telling.ask_id == ask.id)
    today = local_day(at)
    shown = seen(ask, category_names(session).get(ask.category, ask.category))
    cards = _cards(session, ask, list(rows), shown, today)
    taken = next((row for row in rows if row.id == ask.chosen_answer_id), None)
    return AskView(
        id=ask.id,
        title=ask.title,
        words=ask.words,
        state=ask.state,
        seen=shown,
        budget=f"{ask.budget} {ask.budget_per.label}" if ask.budget and ask.budget_per else "",
        asked_at=ask.asked_at,
        asked_by_name=ask.asked_by_name,
        person_id=ask.person_id,
        told=session.scalar(told) or 0,
        is_counted=ask.unmet_at is not None,
        takes_answers=is_taking(ask, today),
        extend_from=max(today, ask.answers_until),
        extend_to=date.fromordinal(today.toordinal() + EXTEND_DAYS_MAX),
        reason=ask.reason,
        chosen=next((each for each in cards if each.id == ask.chosen_answer_id), None),
        price_ends_on=price_ends_on(session, ask, taken, on=today),
        price_over_on=price_over_on(taken, on=today),
        answers=cards,
    )


def own_ask(session: Session, ask_id: UUID, *, by: Actor, lock: bool = False) -> Ask:
    """Return the ask of a person, for them and those who may suggest orders for them.

    Raises:
        NotFoundError: it is somebody else's, or there is none.
    """
    ask = session.get(Ask, ask_id, with_for_update=lock, populate_existing=lock)
    theirs = ask is not None and by.person_id is not None and ask.person_id == by.person_id
    if ask is None or not theirs or not by.may(Permission.PROPOSE_ORDERS):
        raise NotFoundError
    return ask


def category_names(session: Session) -> Mapping[str, str]:
    """Return the name of each kind of support by its slug."""
    return {row.slug: row.name for row in catalogue.categories(session)}


def days_to_answer(session: Session, *, person_id: UUID) -> int:
    """Return how long an ask waits for answers unless somebody says another day."""
    return next((card.ask_days for card in councils_of(session, person_id=person_id)), 7)


def _cards(
    session: Session, ask: Ask, rows: list[Answer], shown: SeenAsk, today: date
) -> tuple[AnswerCard, ...]:
    if not rows:
        return ()
    providers = [row.provider_id for row in rows]
    stores = catalogue.stores(session, provider_ids=providers)
    standings = ratings.standing(session, provider_ids=providers)
    offers = catalogue.offers(
        session,
        offer_ids=[row.offer_id for row in rows if row.offer_id],
        funded_by=funding_councils(session, person_id=ask.person_id),
        on=today,
        person_id=ask.person_id,
    )
    wishes = _wishes(ask, shown)
    return tuple(
        AnswerCard(
            id=row.id,
            provider_id=row.provider_id,
            provider_name=row.provider_name,
            provider_slug=stores[row.provider_id].slug if row.provider_id in stores else "",
            state=row.state,
            words=row.words,
            offer=offers.get(row.offer_id) if row.offer_id else None,
            price=row.price,
            unit=row.unit,
            price_until=row.price_until,
            starts_on=row.starts_on,
            met=tuple(wish for wish in wishes if wish.value in row.met),
            not_met=tuple(wish for wish in wishes if wish.value not in row.met),
            metres=_far(ask, stores.get(row.provider_id)),
            checks=_checks(stores.get(row.provider_id), today),
            checked=row.provider_id in stores and stores[row.provider_id].checked,
            standing=standings.get(row.provider_id),
            answered_at=row.changed_at or row.answered_at,
        )
        for row in rows
    )


def _wishes(ask: Ask, shown: SeenAsk) -> tuple[Wish, ...]:
    # Money they did not want shown cannot be met by who does not know it.
    return tuple(wish for wish in shown.wishes if wish is not Wish.BUDGET or ask.budget_shown)


def _far(ask: Ask, store: StoreCard | None) -> int | None:
    known = store is not None and store.easting is not None and store.northing is not None
    if not known or ask.easting is None or ask.northing is None:
        return None
    assert store is not None
    assert store.easting is not None
    assert store.northing is not None
    return distance(Point(ask.easting, ask.northing), Point(store.easting, store.northing))


def _checks(store: StoreCard | None, on: date) -> tuple[tuple[str, date | None, str], ...]:
    if store is None:
        return ()
    return tuple(
        (check.kind.label, check.expires_on, ", ".join(check.checked_by))
        for check in store.checks
        if check.counts_on(on)
    )
