"""A price agreed with one person ends early: what is ordered keeps it, and a rise asks first."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role, Scope
from marketplace.asking import commands, queries
from marketplace.asking.commands import EndPrice
from marketplace.asking.errors import AskOverError, BadAskError
from marketplace.audit.models import AuditEntry
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.orders import commands as orders
from marketplace.orders.commands import PlaceOrder
from marketplace.orders.queries import order_for
from tests.asking.seen import letters
from tests.asking.test_prices import PUBLIC, SAID, TODAY, costs, offer_of
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded
from tests.factories.orders import TOMORROW
from tests.journeys.ways import day
from tests.orders.standing import Going
from tests.orders.test_races import together

LAST_ON = date(2026, 3, 20)
EARLY = EndPrice(last_on=LAST_ON, words="Petrol costs more.")
DAY = timedelta(days=1)


@pytest.fixture
def chosen(session: Session, make: Make, funded: Funded, wren: Actor) -> UUID:
    """Return what Ada asked for, where she chose Wren at a price until 1 September."""
    return choose(make, funded, wren)


def choose(make: Make, funded: Funded, wren: Actor) -> UUID:
    ask_id = make.ask(funded.person)
    answer_id = make.answer(ask_id, wren, price=SAID, price_until=date(2026, 9, 1))
    with make.block() as session:
        commands.choose_answer(session, ask_id, answer_id, by=funded.person, at=PAID_IN)
    return ask_id


class TestByTheStore:
    def test_ends_on_its_day(
        self, session: Session, chosen: UUID, funded: Funded, wren: Actor
    ) -> None:
        commands.end_price(session, chosen, EARLY, by=wren, at=PAID_IN)

        offer_id = offer_of(session, wren)
        assert costs(session, offer_id, funded.id, on=LAST_ON).price == SAID
        assert costs(session, offer_id, funded.id, on=LAST_ON + DAY).price == PUBLIC
        found = queries.ask_near(session, ask_id=chosen, by=wren, at=PAID_IN)
        assert found.price_ends_on == LAST_ON

    def test_is_told_once_and_written_down(
        self, session: Session, make: Make, chosen: UUID, funded: Funded, wren: Actor
    ) -> None:
        for _ in range(2):
            commands.end_price(session, chosen, EARLY, by=wren, at=PAID_IN)

        [letter] = letters(session, "ask_price_ended")
        assert letter.to == make.email_of(funded.person)
        assert letter.values["words"] == "Petrol costs more."
        assert letter.values["last_on"] == "Friday 20 March 2026"
        deeds = select(AuditEntry).where(
            AuditEntry.what == "price-ended-for-one", AuditEntry.chain_id == funded.id
        )
        [deed] = session.scalars(deeds)
        assert (deed.by_user_id, "2026-03-20" in deed.details) == (wren.user_id, True)

    def test_leaves_what_is_ordered_at_its_price(
        self, session: Session, make: Make, chosen: UUID, funded: Funded, wren: Actor
    ) -> None:
        deal_offer = offer_of(session, wren)
        make.in_basket(funded.person, deal_offer, quantity=1, first_at=TOMORROW)
        wish = PlaceOrder(order_id=uuid4(), provider_id=wren.works_for)
        orders.place_order(session, wish, by=funded.person, at=PAID_IN)

        commands.end_price(session, chosen, EndPrice(last_on=TODAY), by=wren, at=PAID_IN)

        found = order_for(session, order_id=wish.order_id, seen_by=funded.person, at=PAID_IN)
        assert found.total == SAID

    def test_later_weeks_of_a_standing_order_wait_for_a_yes(
        self, session: Session, make: Make, wren: Actor, funded: Funded, chosen: UUID
    ) -> None:
        one = Going(make, funded=funded, provider=wren, offer_id=offer_of(session, wren))
        one.accepted()
        ordered = one.roll()

        commands.end_price(session, chosen, EndPrice(last_on=TODAY), by=wren, at=PAID_IN)

        later = PAID_IN + 8 * DAY
        one.roll(later)
        view = one.view(later)
        assert view.rise is not None
        assert str(PUBLIC) in view.rise.price
        assert ordered > 0

    @pytest.mark.parametrize(
        ("last_on", "sentence"),
        [
            (TODAY - DAY, "That day has gone. Choose today or a day to come."),
            (date(2026, 9, 2), "It ends before that day anyway. Choose an earlier day."),
        ],
    )
    def test_never_backwards_and_never_later(
        self, session: Session, chosen: UUID, wren: Actor, last_on: date, sentence: str
    ) -> None:
        with pytest.raises(BadAskError) as refusal:
            commands.end_price(session, chosen, EndPrice(last_on=last_on), by=wren, at=PAID_IN)

        assert (str(refusal.value), refusal.value.field) == (sentence, "last_on")

    def test_is_refused_once_it_is_over(self, session: Session, chosen: UUID, wren: Actor) -> None:
        commands.end_price(session, chosen, EARLY, by=wren, at=PAID_IN)

        later = PAID_IN + 30 * DAY
        with pytest.raises(AskOverError, match="does not count any more"):
            commands.end_price(session, chosen, EARLY, by=wren, at=later)
        assert queries.ask_near(session, ask_id=chosen, by=wren, at=later).price_ends_on is None

    def test_is_for_who_keeps_the_store(
        self, session: Session, make: Make, chosen: UUID, wren: Actor, robin: Actor
    ) -> None:
        worker = make.staff(organisation_id=wren.works_for, role=Role.PROVIDER_WORKER)

        for stranger in (robin, worker):
            with pytest.raises(NotFoundError):
                commands.end_price(session, chosen, EARLY, by=stranger, at=PAID_IN)


class TestByThePerson:
    def test_ends_on_its_day_and_the_store_is_told(
        self, session: Session, chosen: UUID, funded: Funded, wren: Actor
    ) -> None:
        for _ in range(2):
            commands.give_up_price(session, chosen, EARLY, by=funded.person, at=PAID_IN)

        assert len(letters(session, "ask_price_given_up")) == 1
        offer_id = offer_of(session, wren)
        assert costs(session, offer_id, funded.id, on=LAST_ON + DAY).price == PUBLIC
        later = queries.ask_for(session, ask_id=chosen, by=funded.person, at=PAID_IN + 30 * DAY)
        assert (later.price_ends_on, later.price_over_on) == (None, LAST_ON)

    def test_can_be_done_by_who_could_choose_it(
        self, session: Session, make: Make, chosen: UUID, funded: Funded
    ) -> None:
        helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE])
        looker = make.supporter(person=funded.person, scopes=[Scope.SEE])

        with pytest.raises(NotFoundError):
            commands.give_up_price(session, chosen, EARLY, by=looker, at=PAID_IN)
        with pytest.raises(NotFoundError):
            commands.give_up_price(session, chosen, EARLY, by=make.person(), at=PAID_IN)
        commands.give_up_price(session, chosen, EARLY, by=helper, at=PAID_IN)

    def test_is_refused_where_nothing_is_chosen(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        ask_id = make.ask(funded.person)

        with pytest.raises(AskOverError, match="Nothing is chosen"):
            commands.give_up_price(session, ask_id, EARLY, by=funded.person, at=PAID_IN)


def test_both_at_once_are_one_end(app: Flask, make: Make, funded: Funded, wren: Actor) -> None:
    ask_id = choose(make, funded, wren)

    def by_store() -> None:
        with transaction() as session:
            commands.end_price(session, ask_id, EARLY, by=wren, at=PAID_IN)

    def by_person() -> None:
        with transaction() as session:
            commands.give_up_price(session, ask_id, EARLY, by=funded.person, at=PAID_IN)

    together([by_store, by_person] * 4)

    with make.block() as session:
        told = letters(session, "ask_price_given_up") + letters(session, "ask_price_ended")
        assert len(told) == 1


def test_pages_of_both_sides(make: Make, funded: Funded, wren: Actor, sign_in: SignInAs) -> None:
    now = clock.now()
    ask_id = make.ask(funded.person, at=now)
    answer_id = make.answer(ask_id, wren, price=SAID, at=now)
    with make.block() as session:
        commands.choose_answer(session, ask_id, answer_id, by=funded.person, at=now)
    store = sign_in(wren)
    page = store.click(store.get("asking.answer", ask_id=ask_id), "End this price early")

    page = store.submit(page, "End the price on that day", last_on=day(-1), words="Petrol.")
    assert page.errors == ["That day has gone. Choose today or a day to come."]
    assert "Petrol." in page.html
    store.submit(page, "End the price on that day", last_on=day(20))
    assert "It ends on that day. We told them." in store.follow().text

    person = sign_in(funded.person)
    page = person.click(person.get("asking.show", ask_id=ask_id), "End this price early")
    page = person.submit(page, "End the price on that day", last_on=day(21))
    assert page.errors == ["It ends before that day anyway. Choose an earlier day."]
    person.submit(page, "End the price on that day", last_on=day(0))
    person.follow()
    with make.block() as session:
        found = queries.ask_for(session, ask_id=ask_id, by=funded.person, at=now)
    assert found.price_ends_on == local_day(now)
