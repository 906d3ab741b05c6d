"""Own money that is owed goes back to the cards it came from, once, and by bank where it cannot."""

from datetime import timedelta

import pytest

from marketplace.access.commands import close_account
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.payments import queries
from marketplace.payments.tasks import give_back_to_cards as give_back
from tests.conftest import SignInAs
from tests.factories import Make
from tests.payments.card_world import Cards
from tests.payments.pages import begin
from tests.stripe_double import event

pytestmark = pytest.mark.both_engines


class TestGiveBack:
    def test_goes_to_the_newest_card_first(self, make: Make, cards: Cards) -> None:
        cards.pay("25")
        cards.pay("10")
        spent = make.spend(
            Money(5_00), council_id=cards.funded.council_id, line_ids=[cards.own_line]
        )
        cards.set_aside(spent)
        cards.by_bank(Money(3_00))

        cards.ask_back()  # £25 + £10 - £5 set aside + £3 by bank
        assert cards.work(give_back) > 0
        assert cards.work(give_back) == 0

        amounts = [each["amount"] for each in cards.stripe.things.refunds.values()]
        assert sorted(amounts) == [10_00, 23_00]
        assert [(row.amount, row.by_card, bool(row.paid_on)) for row in cards.owed()] == [
            (Money(10_00), True, True),
            (Money(23_00), True, True),
        ]
        assert cards.ledger_owes == Money(0)
        assert cards.has == Money(0)

    def test_tells_the_person_and_shows_it(
        self, make: Make, cards: Cards, sign_in: SignInAs
    ) -> None:
        top_up_id = cards.pay()
        cards.ask_back()
        cards.work(give_back)
        cards.tell(cards.stripe.refunded(top_up_id, 25_00))

        assert "Back on your card" in cards.person.get("budgets.own_money_back").text
        assert "£25.00 was given back to the card." in (
            cards.person.get("payments.top_up_shown", top_up_id=top_up_id).text
        )
        officer = sign_in(make.officer(council_id=cards.funded.council_id))
        page = officer.get("budgets.owed_refunds")
        assert "Back on the card" in page.text
        with reading() as session:
            assert queries.troubles(session, council_id=cards.funded.council_id) == []

    def test_falls_back_to_the_bank_when_stripe_says_no(
        self, make: Make, cards: Cards, sign_in: SignInAs
    ) -> None:
        cards.pay()
        cards.stripe.things.refund_code = "charge_disputed"
        cards.ask_back()
        cards.work(give_back)
        cards.stripe.things.refund_code = ""
        assert cards.work(give_back) == 0  # a no stays a no

        (row,) = cards.owed()
        assert (row.amount, row.by_card, row.paid_on) == (Money(25_00), False, None)
        officer = sign_in(make.officer(council_id=cards.funded.council_id))
        page = officer.get("budgets.owed_refund", refund_id=row.id)
        assert "01 02 03, 12345678" in page.text
        today = clock.local_day(clock.now())
        officer.submit(page, "Note that it was paid", paid_on=f"{today:%d/%m/%Y}")
        assert cards.owed()[0].paid_on == today

    def test_falls_back_when_the_card_sends_it_back_days_later(self, cards: Cards) -> None:
        cards.pay()
        cards.ask_back()
        cards.work(give_back)
        (refund,) = cards.stripe.things.refunds.values()
        failed = refund | {"status": "failed", "failure_reason": "lost_or_stolen_card"}

        for _ in range(2):
            assert cards.tell(event("refund.failed", failed)) == 200

        (row,) = cards.owed()
        assert (row.by_card, row.paid_on) == (False, None)
        assert cards.ledger_owes == Money(25_00)
        assert cards.work(give_back) == 0

    def test_waits_for_the_message_where_stripe_needs_time(self, cards: Cards) -> None:
        cards.pay()
        cards.stripe.things.refund_status = "pending"
        cards.ask_back()
        cards.work(give_back)
        assert cards.ledger_owes == Money(25_00)
        (refund,) = cards.stripe.things.refunds.values()

        wrong = refund | {"status": "succeeded", "amount": 1}
        cards.tell(event("refund.updated", wrong))
        assert cards.ledger_owes == Money(25_00)
        cards.tell(event("refund.updated", refund | {"status": "succeeded"}))
        cards.tell(event("refund.updated", refund))  # an older message comes late

        assert cards.ledger_owes == Money(0)

    def test_is_asked_once_when_the_answer_is_lost(self, cards: Cards) -> None:
        top_up_id = cards.pay()
        cards.ask_back()
        cards.stripe.loses_answers = True
        cards.work(give_back)
        # Stripe tells of its sum before we know its answer: nothing is taken out twice.
        cards.stripe.loses_answers = False
        cards.tell(cards.stripe.refunded(top_up_id, 25_00))
        cards.stripe._by_key.clear()  # Stripe forgets them after a day

        cards.work(give_back)

        assert len(cards.stripe.things.refunds) == 1
        assert cards.ledger_owes == Money(0)

    def test_leaves_to_the_bank_what_was_paid_too_long_ago(self, make: Make, cards: Cards) -> None:
        cards.pay()
        cards.ask_back()

        assert cards.work(give_back, clock.now() + timedelta(days=181)) == 0
        assert cards.stripe.things.refunds == {}

    def test_is_never_more_than_was_paid_less_what_others_gave_back(self, cards: Cards) -> None:
        top_up_id = cards.pay()
        cards.tell(cards.stripe.refunded(top_up_id, 10_00))  # on Stripe's own page
        cards.by_bank(Money(20_00))
        cards.ask_back()  # £15 of the card, £20 by bank

        cards.work(give_back)

        assert [each["amount"] for each in cards.stripe.things.refunds.values()] == [15_00]
        assert [(row.amount, row.by_card) for row in cards.owed()] == [
            (Money(15_00), True),
            (Money(20_00), False),
        ]


class TestWhoLeft:
    def test_what_comes_in_late_is_seen_by_finance_officers(
        self, make: Make, cards: Cards, sign_in: SignInAs
    ) -> None:
        cards.pay("5")
        cards.ask_back()
        cards.work(give_back)
        late = begin(cards.person, "7")
        with transaction() as session:
            close_account(
                session, user_id=cards.funded.id, by_user_id=cards.funded.id, at=clock.now()
            )
        cards.tell(cards.stripe.paid(late))
        cards.stripe.things.refund_code = "expired_or_canceled_card"
        cards.work(give_back)

        assert cards.has == Money(0)
        row = cards.owed()[1]
        assert (row.amount, row.has_left, row.knows_where) == (Money(7_00), True, False)
        officer = sign_in(make.officer(council_id=cards.funded.council_id))
        assert "They have left" in officer.get("budgets.owed_refunds").text
        page = officer.get("budgets.owed_refund", refund_id=row.id)
        page = officer.submit(
            page, "Note the account", account_name="A", sort_code="0102", account_number="1"
        )
        assert page.errors
        officer.submit(
            page,
            "Note the account",
            account_name="Ada Bell",
            sort_code="010203",
            account_number="87654321",
        )
        page = officer.follow()
        assert "87654321" in page.text
        assert page.button("Note that it was paid")
