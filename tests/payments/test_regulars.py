"""Own money comes in regularly by the person's yes, once each day it is due, until they stop it."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from marketplace.database import reading, transaction
from marketplace.home.commands import close_account as leave
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.outbox.models import Letter
from marketplace.payments import queries
from marketplace.payments.queries import RegularRow, TopUpRow
from marketplace.payments.rules import Every, RegularState, due_on, next_after
from marketplace.payments.tasks import take_regular_payments as take
from tests.conftest import SignInAs
from tests.factories import Make
from tests.payments.card_world import Cards
from tests.stripe_double import event


def say_yes(cards: Cards, amount: str = "20", every: str = "four_weeks") -> UUID:
    """Say yes to £20 every four weeks; return the regular payment's id."""
    cards.person.submit(
        cards.person.get("payments.regulars"),
        "Go on to the card page",
        amount=amount,
        every=every,
        agrees="y",
    )
    assert cards.person.page is not None
    return UUID(cards.person.page.location.rpartition("/")[2])


def begin(cards: Cards) -> UUID:
    """Say yes, and keep a card."""
    regular_id = say_yes(cards)
    assert cards.tell(cards.stripe.card_kept(regular_id)) == 200
    return regular_id


def row(cards: Cards) -> RegularRow:
    with reading() as session:
        (found,) = queries.regulars_of(session, person_id=cards.funded.id)
    return found


def payments(cards: Cards) -> list[TopUpRow]:
    with reading() as session:
        return queries.top_ups_of(session, person_id=cards.funded.id)


def tell_all(cards: Cards) -> None:
    """Tell of each payment that Stripe has made."""
    for payment in cards.stripe.things.payments.values():
        if payment["status"] == "succeeded":
            cards.tell(event("payment_intent.succeeded", payment))


class TestDays:
    def test_go_on_every_four_weeks_or_on_the_same_day_of_the_month(self) -> None:
        start = date(2026, 1, 31)

        assert due_on(start, Every.FOUR_WEEKS, 2) == date(2026, 3, 28)
        assert [due_on(start, Every.MONTH, nth) for nth in (1, 2, 12)] == [
            date(2026, 2, 28),
            date(2026, 3, 31),
            date(2027, 1, 31),
        ]
        assert next_after(start, Every.MONTH, date(2026, 7, 5)) == date(2026, 7, 31)
        assert next_after(start, Every.MONTH, start) == date(2026, 2, 28)


class TestRegular:
    def test_comes_in_once_each_day_it_is_due(self, cards: Cards) -> None:
        begin(cards)
        assert cards.has == Money(0)

        for _ in range(3):
            cards.work(take)
        for _ in range(2):
            tell_all(cards)

        assert cards.has == Money(20_00)
        later = clock.now() + timedelta(weeks=4)
        for _ in range(2):
            cards.work(take, later)
        tell_all(cards)
        assert cards.has == Money(40_00)
        assert row(cards).next_on == clock.local_day(later) + timedelta(weeks=4)

    def test_does_not_make_up_for_what_was_missed(self, cards: Cards) -> None:
        begin(cards)
        for _ in range(2):
            cards.work(take, clock.now() + timedelta(weeks=13))

        assert len(cards.stripe.things.payments) == 1

    def test_begins_when_the_card_is_kept_and_not_before(self, cards: Cards) -> None:
        regular_id = say_yes(cards)
        page = cards.person.follow()
        assert page.link("Go to the card page").startswith("https://checkout.stripe.com/")
        assert "Not begun yet" in page.text
        cards.work(take)
        assert cards.stripe.things.payments == {}

        others = cards.stripe.card_kept(regular_id, customer="cus_other")
        assert cards.tell(others) == 200
        assert row(cards).state is RegularState.ASKED
        for _ in range(2):
            cards.tell(cards.stripe.card_kept(regular_id))

        assert row(cards).state is RegularState.ON
        assert row(cards).agreed_at is not None
        assert "£20.00 from my card every four weeks" in row(cards).consent

    def test_tells_stripe_no_name_and_keeps_no_card(self, cards: Cards) -> None:
        begin(cards)
        cards.work(take)

        said = str(cards.stripe.requests)
        assert "Ada" not in said
        assert "@" not in said
        (customer,) = cards.stripe.things.customers.values()
        assert (customer["name"], customer["email"]) == (None, None)

    def test_is_stopped_with_one_tap(self, cards: Cards) -> None:
        begin(cards)
        page = cards.person.get("payments.regulars")
        cards.person.submit(page, "Stop it")

        assert "Stopped" in cards.person.follow().text
        cards.work(take)
        assert cards.stripe.things.payments == {}

    def test_is_asked_once_when_the_answer_is_lost(self, cards: Cards) -> None:
        begin(cards)
        cards.stripe.loses_answers = True
        cards.work(take)
        cards.stripe.loses_answers = False
        cards.work(take)
        tell_all(cards)

        assert cards.has == Money(20_00)
        assert len(cards.stripe.things.payments) == 1

    def test_gives_up_asking_before_stripe_forgets_the_question(self, cards: Cards) -> None:
        begin(cards)
        cards.stripe.loses_answers = True
        cards.work(take)
        cards.stripe.loses_answers = False
        cards.work(take, clock.now() + timedelta(hours=21))
        assert len(cards.stripe.things.payments) == 1

        # The message comes after all: the money is there, so it counts.
        tell_all(cards)
        assert cards.has == Money(20_00)

    @pytest.mark.parametrize(
        ("code", "subject"),
        [
            ("authentication_required", "Your bank wants you to say yes to £20.00"),
            ("insufficient_funds", "Your card said no to £20.00"),
        ],
    )
    def test_a_no_is_told_and_can_be_finished_on_the_card_page(
        self, cards: Cards, code: str, subject: str
    ) -> None:
        begin(cards)
        cards.stripe.things.card_code = code
        cards.work(take)
        (payment,) = cards.stripe.things.payments.values()
        cards.tell(event("payment_intent.payment_failed", payment))  # the same no again
        assert subjects().count(subject) == 1
        assert cards.has == Money(0)

        (asked,) = payments(cards)
        page = cards.person.get("payments.top_up_shown", top_up_id=asked.id)
        cards.person.submit(page, "Pay it on the card page")
        page = cards.person.follow()
        assert page.link("Go to the card page")
        assert payment["status"] == "canceled"
        assert cards.work(take) == 0
        paid = cards.stripe.paid(asked.id)
        cards.tell(paid)
        tell_all(cards)

        assert cards.has == Money(20_00)
        assert payments(cards)[0].trouble == ""

    def test_is_not_paid_twice_when_the_bank_said_yes_after_all(self, cards: Cards) -> None:
        begin(cards)
        cards.stripe.things.card_code = "authentication_required"
        cards.work(take)
        (payment,) = cards.stripe.things.payments.values()
        (asked,) = payments(cards)
        page = cards.person.get("payments.top_up_shown", top_up_id=asked.id)
        payment |= {"status": "succeeded", "amount_received": 20_00}

        cards.person.submit(page, "Pay it on the card page")

        assert "Your bank has just said yes after all" in cards.person.follow().text
        assert len(cards.stripe.sessions) == 1  # the one on which the card was kept

    def test_ends_after_three_noes_in_a_row(self, cards: Cards) -> None:
        begin(cards)
        cards.stripe.things.card_code = "card_declined"
        at = clock.now()
        for _ in range(4):
            cards.work(take, at)
            at += timedelta(weeks=4)

        assert row(cards).state is RegularState.STOPPED
        assert row(cards).stopped_why == "The card said no 3 times in a row."
        assert len(cards.stripe.things.payments) == 3

    def test_ends_when_the_card_is_gone(self, cards: Cards) -> None:
        begin(cards)
        (method,) = cards.stripe.things.methods
        cards.tell(event("payment_method.detached", {"id": "pm_other"}))
        assert row(cards).state is RegularState.ON

        cards.tell(event("payment_method.detached", {"id": method}))

        assert row(cards).state is RegularState.STOPPED

    def test_ends_with_the_account(self, cards: Cards) -> None:
        begin(cards)
        with transaction() as session:
            leave(session, user_id=cards.funded.id, at=clock.now())

        assert row(cards).state is RegularState.STOPPED


class TestRefusals:
    @pytest.mark.parametrize(
        "typed",
        [
            {"amount": "", "every": "month", "agrees": "y"},
            {"amount": "0.10", "every": "month", "agrees": "y"},
            {"amount": "20", "agrees": "y"},
            {"amount": "20", "every": "month"},
        ],
    )
    def test_of_what_is_missing(self, cards: Cards, typed: dict[str, object]) -> None:
        page = cards.person.submit(
            cards.person.get("payments.regulars"), "Go on to the card page", typed
        )

        assert page.errors
        assert cards.stripe.requests == []

    def test_of_stripe_that_is_down(self, cards: Cards) -> None:
        cards.stripe.is_down = True
        page = cards.person.submit(
            cards.person.get("payments.regulars"),
            "Go on to the card page",
            amount="20",
            every="month",
            agrees="y",
        )

        assert "We cannot open the card payment page now" in page.text

    def test_of_somebody_elses(self, make: Make, cards: Cards, sign_in: SignInAs) -> None:
        regular_id = begin(cards)
        stranger = sign_in(make.person())

        assert stranger.get("payments.regular", regular_id=regular_id).status == 404
        stranger.get("payments.regulars")
        assert stranger.post("payments.stop_regular", regular_id=regular_id).status == 404

    def test_without_keys_says_bank_transfer(self, make: Make, sign_in: SignInAs) -> None:
        page = sign_in(make.funded_person().person).get("payments.regulars")

        assert "Money is paid in by bank transfer." in page.text
        assert "Go on to the card page" not in page.text


def subjects() -> list[str]:
    """Return what letters to anybody are about."""
    with reading() as session:
        return list(session.scalars(select(Letter.subject)))
