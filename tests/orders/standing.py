"""Standing orders for tests: two hours every Tuesday at 2pm, £30.00 a week."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.access.queries import person as person_card
from marketplace.access.rules import Actor
from marketplace.budgets.queries import outcomes_of, wallet
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.commands import WriteOffer
from marketplace.catalogue.rules import OfferState, PriceBands, Unit
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import StartStanding
from marketplace.orders.queries import StandingView
from marketplace.orders.rules.standing_wishes import Weekly
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded
from tests.factories.orders import Deal

TUESDAYS = Weekly(weekdays=frozenset({1}), minutes=(14 * 60,), quantity=2)
BEGINS_ON = date(2026, 3, 9)
"""A Monday: the first visit is on Tuesday 10 March."""


class Going:
    """A standing order with its person and its provider."""

    def __init__(
        self,
        make: Make,
        *,
        funded: Funded | None = None,
        provider: Actor | None = None,
        offer_id: UUID | None = None,
        by: Actor | None = None,
        weekly: Weekly = TUESDAYS,
        begins_on: date = BEGINS_ON,
        ends_before: date | None = None,
        outcome: bool = True,
        at: datetime = PAID_IN,
        **wishes: object,
    ) -> None:
        self.make = make
        self.funded = funded or make.funded_person()
        self.provider = provider or make.provider()
        self.offer_id = offer_id or make.offer(provider=self.provider, title="Gardening")
        with make.block() as session:
            outcomes = outcomes_of(session, person_id=self.funded.id)
        self.wish = StartStanding(
            standing_id=uuid4(),
            offer_id=self.offer_id,
            weekly=weekly,
            begins_on=begins_on,
            ends_before=ends_before,
            outcome_id=outcomes[0].id if outcomes and outcome else None,
            **wishes,  # type: ignore[arg-type]
        )
        with make.block() as session:
            commands.start_standing(session, self.wish, by=by or self.person, at=at)

    @property
    def person(self) -> Actor:
        """Whose support it is."""
        return self.funded.person

    @property
    def id(self) -> UUID:
        """The standing order's id."""
        return self.wish.standing_id

    def accepted(self, at: datetime = PAID_IN) -> "Going":
        """Let the provider take it on."""
        order_id = self.first.order_id
        with self.make.block() as session:
            commands.accept_order(session, order_id=order_id, by=self.provider, at=at)
        return self

    @property
    def first(self) -> Deal:
        """The order of the first week."""
        return Deal(self.view().first_order_id, self.funded, self.provider)

    def view(self, at: datetime = PAID_IN, by: Actor | None = None) -> StandingView:
        """Return it as its person sees it."""
        with self.make.block() as session:
            return queries.standing_for(
                session, standing_id=self.id, seen_by=by or self.person, at=at
            )

    def roll(self, at: datetime = PAID_IN) -> int:
        """Do what the worker does; return how many weeks were ordered."""
        with self.make.block() as session:
            due = dict(queries.standing_due(session, at=at))
        done = 0
        for week_on in due.get(self.id, ()):
            with self.make.block() as session:
                done += commands.order_week(session, standing_id=self.id, week_on=week_on, at=at)
        if self.id in due:
            with self.make.block() as session:
                commands.look_ahead(session, standing_id=self.id, at=at)
        return done

    def days(self, at: datetime = PAID_IN) -> list[tuple[str, str]]:
        """Return the next four weeks: each day and what is said of it."""
        return [(f"{day.on:%a} {day.on.day} {day.on:%b}", day.status) for day in self.view(at).days]


def held(session: Session, going: Going, at: datetime = PAID_IN) -> str:
    """Return how much of the person's money is set aside, and prove the books."""
    assert queries.problems(session) == []
    return str(wallet(session, person_id=going.funded.id, at=at).held)


def letters_to(session: Session, person: Actor) -> list[str]:
    """Return the subjects of all letters to somebody, oldest first."""
    email = person_card(session, user_id=person.user_id).email
    rows = session.execute(
        text('SELECT subject FROM outbox_letters WHERE "to" = :email ORDER BY written_at, key'),
        {"email": email},
    )
    return list(rows.scalars())


def dearer(going: Going, price: Money, *, late_cancel_percent: int = 50) -> None:
    """Let the provider change the price, or the terms, of what is ordered."""
    wish = WriteOffer(
        offer_id=going.offer_id,
        title="Gardening",
        category="company",
        unit=Unit.HOUR,
        bands=PriceBands(price),
        summary="An hour of company.",
        notice_hours=24,
        late_cancel_percent=late_cancel_percent,
    )
    with going.make.block() as session:
        catalogue.change_offer(session, wish, by=going.provider, at=PAID_IN)


def off_sale(going: Going) -> None:
    """Let the provider take it off sale."""
    with going.make.block() as session:
        catalogue.set_offer_state(
            session,
            offer_id=going.offer_id,
            state=OfferState.PAUSED,
            by=going.provider,
            at=PAID_IN,
        )
