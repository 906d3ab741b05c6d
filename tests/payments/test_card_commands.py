"""Money by card: paid in once, whatever Stripe says how often and in which order."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.commands import close_account
from marketplace.access.rules import Scope
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.outbox.models import Letter
from marketplace.payments import commands, queries
from marketplace.payments.adapters import CardPage
from marketplace.payments.commands import AskTopUp
from marketplace.payments.errors import TopUpRefusedError
from marketplace.payments.models import CardEvent, TopUp
from marketplace.payments.rules import EventOutcome, TopUpState
from marketplace.wallet.queries import problems
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.money import Funded
from tests.payments.cards import ask, hear, own_money, told


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 of a council's money."""
    return make.funded_person()


class TestAskTopUp:
    def test_moves_no_money(self, session: Session, funded: Funded) -> None:
        top_up_id = ask(session, funded)

        found = queries.top_up(session, top_up_id=top_up_id, seen_by=funded.person)
        assert (found.state, found.amount) == (TopUpState.ASKED, Money(25_00))
        assert own_money(session, funded.person) is None

    def test_sent_twice_is_one_payment(self, session: Session, funded: Funded) -> None:
        wish = AskTopUp(top_up_id=uuid4(), council_id=funded.council_id, amount=Money(5_00))

        commands.ask_top_up(session, wish, by=funded.person, at=NOON)
        commands.ask_top_up(session, wish, by=funded.person, at=NOON)

        assert len(queries.top_ups_of(session, person_id=funded.id)) == 1

    def test_refuses_another_amount_under_the_same_id(
        self, session: Session, funded: Funded
    ) -> None:
        top_up_id = ask(session, funded)
        wish = AskTopUp(top_up_id=top_up_id, council_id=funded.council_id, amount=Money(1_00))

        with pytest.raises(TopUpRefusedError):
            commands.ask_top_up(session, wish, by=funded.person, at=NOON)

    def test_refuses_the_id_of_somebody_else(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        top_up_id = ask(session, funded)
        other = make.funded_person(council_id=funded.council_id)
        wish = AskTopUp(top_up_id=top_up_id, council_id=funded.council_id, amount=Money(25_00))

        with pytest.raises(NotFoundError):
            commands.ask_top_up(session, wish, by=other.person, at=NOON)

    def test_keeps_the_first_card_page(self, session: Session, funded: Funded) -> None:
        top_up_id = ask(session, funded)

        other = CardPage("cs_test_other", "https://checkout.stripe.com/c/pay/other")
        commands.keep_page(session, top_up_id=top_up_id, page=other)

        found = queries.top_up(session, top_up_id=top_up_id, seen_by=funded.person)
        assert found.page_url == "https://checkout.stripe.com/c/pay/1"

    @pytest.mark.parametrize("pence", [1, 29, 10_000_01])
    def test_refuses_what_no_card_can_pay(
        self, session: Session, funded: Funded, pence: int
    ) -> None:
        with pytest.raises(TopUpRefusedError):
            ask(session, funded, Money(pence))

    def test_refuses_another_councils_market(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        wish = AskTopUp(top_up_id=uuid4(), council_id=make.council(), amount=Money(5_00))

        with pytest.raises(NotFoundError):
            commands.ask_top_up(session, wish, by=funded.person, at=NOON)

    def test_lets_a_supporter_who_may_pay(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        pays = make.supporter(person=funded.person, scopes=[Scope.PAY])
        sees = make.supporter(person=funded.person, scopes=[Scope.SEE])
        wish = AskTopUp(top_up_id=uuid4(), council_id=funded.council_id, amount=Money(5_00))

        with pytest.raises(NotAllowedError):
            commands.ask_top_up(session, wish, by=sees, at=NOON)
        commands.ask_top_up(session, wish, by=pays, at=NOON)

        assert len(queries.top_ups_of(session, person_id=funded.id)) == 1


class TestActOnEvent:
    def test_pays_in_what_was_paid(self, session: Session, funded: Funded) -> None:
        outcome = hear(session, told(ask(session, funded)))

        assert outcome is EventOutcome.PAID_IN
        assert own_money(session, funded.person) == Money(25_00)
        assert problems(session) == []
        letter = session.scalars(select(Letter).where(Letter.template == "money_in")).one()
        assert letter.subject == "£25.00 was paid in"

    def test_pays_in_once_for_the_same_message_twice(
        self, session: Session, funded: Funded
    ) -> None:
        event = told(ask(session, funded), event_id="evt_1")

        outcomes = [hear(session, event), hear(session, event)]

        assert outcomes == [EventOutcome.PAID_IN, EventOutcome.PAID_IN]
        assert own_money(session, funded.person) == Money(25_00)
        assert len(session.scalars(select(CardEvent)).all()) == 1

    def test_pays_in_once_for_two_messages_that_say_so(
        self, session: Session, funded: Funded
    ) -> None:
        top_up_id = ask(session, funded)
        later = told(top_up_id, "checkout.session.async_payment_succeeded")

        outcomes = [hear(session, told(top_up_id)), hear(session, later)]

        assert outcomes == [EventOutcome.PAID_IN, EventOutcome.NOTED]
        assert own_money(session, funded.person) == Money(25_00)

    def test_waits_for_money_that_is_not_there_yet(self, session: Session, funded: Funded) -> None:
        top_up_id = ask(session, funded)

        outcome = hear(session, told(top_up_id, status="unpaid"))

        assert outcome is EventOutcome.NOTED
        assert own_money(session, funded.person) is None
        hear(session, told(top_up_id, "checkout.session.async_payment_succeeded"))
        assert own_money(session, funded.person) == Money(25_00)

    @pytest.mark.parametrize(
        ("kind", "state"),
        [
            ("checkout.session.async_payment_failed", TopUpState.FAILED),
            ("checkout.session.expired", TopUpState.EXPIRED),
        ],
    )
    def test_notes_that_no_money_comes(
        self, session: Session, funded: Funded, kind: str, state: TopUpState
    ) -> None:
        top_up_id = ask(session, funded)

        hear(session, told(top_up_id, kind, status="unpaid"))

        found = queries.top_up(session, top_up_id=top_up_id, seen_by=funded.person)
        assert found.state is state
        assert own_money(session, funded.person) is None

    @pytest.mark.parametrize("kind", ["async_payment_failed", "expired"])
    def test_keeps_money_when_a_failure_comes_late(
        self, session: Session, funded: Funded, kind: str
    ) -> None:
        top_up_id = ask(session, funded)
        hear(session, told(top_up_id))

        hear(session, told(top_up_id, f"checkout.session.{kind}", status="unpaid"))

        assert own_money(session, funded.person) == Money(25_00)

    def test_pays_in_what_was_paid_after_all(self, session: Session, funded: Funded) -> None:
        top_up_id = ask(session, funded)
        hear(session, told(top_up_id, "checkout.session.expired", status="unpaid"))

        hear(session, told(top_up_id))

        assert own_money(session, funded.person) == Money(25_00)

    @pytest.mark.parametrize(
        ("amount", "currency"), [(25_01, "gbp"), (24_99, "gbp"), (None, "gbp"), (25_00, "eur")]
    )
    def test_pays_nothing_in_for_a_wrong_amount_or_currency(
        self, session: Session, funded: Funded, amount: int | None, currency: str
    ) -> None:
        event = told(ask(session, funded), amount=amount, currency=currency)

        outcome = hear(session, event)

        assert outcome is EventOutcome.WRONG
        assert own_money(session, funded.person) is None
        trouble = queries.troubles(session, council_id=funded.council_id)[0].trouble
        assert "We asked for £25.00" in trouble

    def test_pays_nothing_in_for_another_page(self, session: Session, funded: Funded) -> None:
        outcome = hear(session, told(ask(session, funded), session_id="cs_test_2"))

        assert outcome is EventOutcome.WRONG
        assert own_money(session, funded.person) is None

    def test_pays_in_when_the_page_was_not_kept(self, session: Session, funded: Funded) -> None:
        # We fell over between asking Stripe for the page and writing down which it is.
        wish = AskTopUp(top_up_id=uuid4(), council_id=funded.council_id, amount=Money(25_00))
        commands.ask_top_up(session, wish, by=funded.person, at=NOON)

        hear(session, told(wish.top_up_id))

        assert own_money(session, funded.person) == Money(25_00)

    @pytest.mark.parametrize("top_up", [uuid4(), "none", None])
    def test_keeps_what_it_does_not_know(
        self, session: Session, funded: Funded, top_up: object
    ) -> None:
        outcome = hear(session, told(top_up))

        assert outcome is EventOutcome.UNKNOWN
        assert len(queries.events_to_do(session)) == 1

    def test_acts_on_a_message_that_overtook_the_payment(
        self, session: Session, funded: Funded
    ) -> None:
        wish = AskTopUp(top_up_id=uuid4(), council_id=funded.council_id, amount=Money(25_00))
        event = told(wish.top_up_id)
        hear(session, event)
        commands.ask_top_up(session, wish, by=funded.person, at=NOON)

        outcome = hear(session, event)

        assert outcome is EventOutcome.PAID_IN
        assert own_money(session, funded.person) == Money(25_00)

    def test_leaves_play_money_alone(self, session: Session, funded: Funded) -> None:
        top_up_id = ask(session, funded)

        outcomes = [
            hear(session, told(top_up_id, real_money=True)),
            hear(session, told(top_up_id), real_money=True),
        ]

        assert outcomes == [EventOutcome.NOT_OURS, EventOutcome.NOT_OURS]
        assert own_money(session, funded.person) is None

    def test_leaves_other_kinds_alone(self, session: Session, funded: Funded) -> None:
        outcome = hear(session, told(ask(session, funded), "customer.created"))

        assert outcome is EventOutcome.NOT_OURS

    def test_asks_a_human_when_the_account_was_closed(
        self, session: Session, funded: Funded
    ) -> None:
        top_up_id = ask(session, funded)
        close_account(session, user_id=funded.id, by_user_id=funded.id, at=NOON)

        outcome = hear(session, told(top_up_id))

        assert outcome is EventOutcome.WRONG
        assert "closed" in queries.troubles(session, council_id=funded.council_id)[0].trouble


def test_a_stranger_does_not_see_a_payment(session: Session, make: Make, funded: Funded) -> None:
    top_up_id = ask(session, funded)

    with pytest.raises(NotFoundError):
        queries.top_up(session, top_up_id=top_up_id, seen_by=make.person())
    assert session.get_one(TopUp, top_up_id).asked_by_id == funded.id
