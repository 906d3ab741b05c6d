"""Money by card: paid in once, whatever Stripe says how often and in which order."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.commands import close_account
from marketplace.access.rules import Actor, Scope
from marketplace.budgets import queries as budgets
from marketplace.budgets.rules import Funder
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.outbox.models import Letter
from marketplace.payments import commands, queries
from marketplace.payments.adapters import CardPage
from marketplace.payments.commands import AskTopUp, GiveMoney, MakeFamilyLink
from marketplace.payments.errors import LinkEndedError, TopUpRefusedError
from marketplace.payments.models import CardEvent, FamilyLink, TopUp
from marketplace.payments.rules import Event, EventOutcome, TopUpState, link_token
from marketplace.wallet.queries import problems
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.money import Funded

COMPLETED = "checkout.session.completed"
SESSION = "cs_test_1"


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 of a council's money."""
    return make.funded_person()


def ask(session: Session, funded: Funded, amount: Money = Money(25_00)) -> UUID:
    """Begin to pay £25.00 by card, on the page cs_test_1."""
    wish = AskTopUp(top_up_id=uuid4(), council_id=funded.council_id, amount=amount)
    commands.ask_top_up(session, wish, by=funded.person, at=NOON)
    page = CardPage(SESSION, "https://checkout.stripe.com/c/pay/1")
    commands.keep_page(session, top_up_id=wish.top_up_id, page=page)
    return wish.top_up_id


def told(
    top_up_id: object,
    kind: str = COMPLETED,
    *,
    event_id: str = "",
    amount: int | None = 25_00,
    currency: str = "gbp",
    status: str = "paid",
    session_id: str = SESSION,
    real_money: bool = False,
) -> Event:
    """Return a message of Stripe: by default, that £25.00 was paid on the page cs_test_1."""
    return Event(
        event_id or f"evt_{uuid4().hex}",
        kind,
        real_money,
        {
            "session": session_id,
            "top_up": str(top_up_id),
            "amount": amount,
            "currency": currency,
            "payment_status": status,
            "payment": "pi_1",
        },
    )


def refunded(top_up_id: UUID, pence: int, *, currency: str = "gbp") -> Event:
    """Return a message of Stripe that so much was given back to the card in all."""
    return told(top_up_id, "charge.refunded", amount=pence, currency=currency)


def hear(session: Session, event: Event, *, real_money: bool = False) -> EventOutcome:
    """Keep a message and act on it, as the webhook does."""
    kept_id = commands.keep_event(session, event, at=NOON)
    return commands.act_on_event(session, kept_id=kept_id, real_money=real_money, at=NOON)


def own_money(session: Session, person: Actor, funder: Funder = Funder.OWN_MONEY) -> Money | None:
    """Return what a person has of their own, or from family; None if there is no such line."""
    lines = budgets.lines_of(session, person_id=person.buys_for, at=NOON)
    return next((line.available for line in lines if line.funder is funder), None)


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


class TestRefund:
    def test_takes_back_what_is_still_there(self, session: Session, funded: Funded) -> None:
        top_up_id = ask(session, funded)
        hear(session, told(top_up_id))

        outcome = hear(session, refunded(top_up_id, 10_00))

        assert outcome is EventOutcome.TAKEN_BACK
        assert own_money(session, funded.person) == Money(15_00)
        assert queries.troubles(session, council_id=funded.council_id) == []
        assert problems(session) == []

    def test_counts_what_was_given_back_in_all(self, session: Session, funded: Funded) -> None:
        top_up_id = ask(session, funded)
        hear(session, told(top_up_id))

        # £10.00, then £5.00 more; the first message comes again under another id, too late.
        for pence in (10_00, 15_00, 10_00):
            hear(session, refunded(top_up_id, pence))

        assert own_money(session, funded.person) == Money(10_00)

    def test_that_comes_first_is_taken_back_when_the_money_comes(
        self, session: Session, funded: Funded
    ) -> None:
        top_up_id = ask(session, funded)

        outcomes = [hear(session, refunded(top_up_id, 25_00)), hear(session, told(top_up_id))]

        assert outcomes == [EventOutcome.NOTED, EventOutcome.PAID_IN]
        assert own_money(session, funded.person) == ZERO

    def test_never_takes_what_was_spent(self, session: Session, make: Make, funded: Funded) -> None:
        top_up_id = ask(session, funded)
        hear(session, told(top_up_id))
        # £110.00: all of the council's £100.00, and £10.00 of their own £25.00.
        make.hold(funded, Money(110_00), at=NOON)

        hear(session, refunded(top_up_id, 25_00))

        assert own_money(session, funded.person) == ZERO
        trouble = queries.troubles(session, council_id=funded.council_id)[0].trouble
        assert "£10.00 of it was spent or set aside" in trouble
        assert problems(session) == []

    @pytest.mark.parametrize(("pence", "currency"), [(25_01, "gbp"), (5_00, "usd")])
    def test_asks_a_human_about_one_that_cannot_be(
        self, session: Session, funded: Funded, pence: int, currency: str
    ) -> None:
        top_up_id = ask(session, funded)
        hear(session, told(top_up_id))

        outcome = hear(session, refunded(top_up_id, pence, currency=currency))

        assert outcome is EventOutcome.WRONG
        assert own_money(session, funded.person) == Money(25_00)


class TestSettleTopUp:
    def test_is_for_the_councils_own_officers(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        top_up_id = ask(session, funded)
        hear(session, told(top_up_id, amount=1))
        stranger = make.officer(council_id=make.council())
        officer = make.officer(council_id=funded.council_id)

        with pytest.raises(NotFoundError):
            commands.settle_top_up(session, top_up_id=top_up_id, by=stranger, at=NOON)
        for _ in range(2):
            commands.settle_top_up(session, top_up_id=top_up_id, by=officer, at=NOON)

        assert queries.troubles(session, council_id=funded.council_id) == []


class TestFamilyLink:
    def make_link(self, session: Session, funded: Funded, name: str = "Ada") -> str:
        """Make a link that shows the name Ada; return its secret."""
        wish = MakeFamilyLink(link_id=uuid4(), council_id=funded.council_id, shown_name=name)
        commands.make_family_link(session, wish, secret_key="key", by=funded.person, at=NOON)
        return link_token("key", wish.link_id)

    def test_pays_into_a_line_of_its_own(self, session: Session, funded: Funded) -> None:
        token = self.make_link(session, funded)
        wish = GiveMoney(top_up_id=uuid4(), token=token, amount=Money(25_00), giver="Mum")

        commands.give(session, wish, at=NOON)
        hear(session, told(wish.top_up_id))

        lines = budgets.lines_of(session, person_id=funded.id, at=NOON)
        assert {line.funder: line.available for line in lines} == {
            Funder.ADULT_SOCIAL_CARE: Money(100_00),
            Funder.FAMILY_TOP_UP: Money(25_00),
        }
        # What the council gives is what it was.
        assert lines[0].yearly == Money(1_300_00)

    def test_keeps_the_hash_alone(self, session: Session, funded: Funded) -> None:
        token = self.make_link(session, funded)

        kept = session.scalars(select(FamilyLink)).one()

        assert token not in str({c.name: getattr(kept, c.name) for c in kept.__table__.columns})
        assert queries.family_link(session, token=token).shown_name == "Ada"

    def test_does_nothing_when_ended(self, session: Session, funded: Funded) -> None:
        token = self.make_link(session, funded)
        link = queries.family_link(session, token=token)
        for _ in range(2):
            commands.end_family_link(session, link_id=link.id, by=funded.person, at=NOON)

        with pytest.raises(LinkEndedError):
            commands.give(
                session,
                GiveMoney(top_up_id=uuid4(), token=token, amount=Money(5_00)),
                at=NOON,
            )

    def test_is_ended_by_its_own_person_alone(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        link = queries.family_link(session, token=self.make_link(session, funded))

        with pytest.raises(NotFoundError):
            commands.end_family_link(session, link_id=link.id, by=make.person(), at=NOON)

    @pytest.mark.parametrize("token", ["", "wrong", "\0", "é" * 40])
    def test_is_not_guessed(self, session: Session, funded: Funded, token: str) -> None:
        with pytest.raises(LinkEndedError):
            queries.family_link(session, token=token)

    @pytest.mark.parametrize("name", ["", "   ", "A" * 61])
    def test_refuses_a_name_that_cannot_be_shown(
        self, session: Session, funded: Funded, name: str
    ) -> None:
        with pytest.raises(TopUpRefusedError):
            self.make_link(session, funded, name)

    def test_refuses_an_eleventh(self, session: Session, funded: Funded) -> None:
        for _ in range(10):
            self.make_link(session, funded)

        with pytest.raises(TopUpRefusedError):
            self.make_link(session, funded)

    def test_refuses_a_long_name_of_the_giver(self, session: Session, funded: Funded) -> None:
        token = self.make_link(session, funded)
        wish = GiveMoney(top_up_id=uuid4(), token=token, amount=Money(5_00), giver="A" * 61)

        with pytest.raises(TopUpRefusedError):
            commands.give(session, wish, at=NOON)

    def test_shows_the_giver_their_own_gift_alone(self, session: Session, funded: Funded) -> None:
        token, other = self.make_link(session, funded), self.make_link(session, funded)
        wish = GiveMoney(top_up_id=uuid4(), token=token, amount=Money(5_00))
        commands.give(session, wish, at=NOON)

        assert queries.gift(session, top_up_id=wish.top_up_id, token=token).amount == Money(5_00)
        with pytest.raises(NotFoundError):
            queries.gift(session, top_up_id=wish.top_up_id, token=other)
        with pytest.raises(NotFoundError):
            queries.gift(session, top_up_id=ask(session, funded), token=token)


def test_a_stranger_does_not_see_a_payment(session: Session, make: Make, funded: Funded) -> None:
    top_up_id = ask(session, funded)

    with pytest.raises(NotFoundError):
        queries.top_up(session, top_up_id=top_up_id, seen_by=make.person())
    assert session.get_one(TopUp, top_up_id).asked_by_id == funded.id
