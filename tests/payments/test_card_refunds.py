"""Refunds to a card take back what is still there, and leave the rest to a human."""

import pytest
from sqlalchemy.orm import Session

from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.payments import commands, queries
from marketplace.payments.rules import EventOutcome
from marketplace.wallet.queries import problems
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.money import Funded
from tests.payments.cards import ask, hear, own_money, refunded, told


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 of a council's money."""
    return make.funded_person()


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

    def test_leaves_all_of_it_to_a_human_when_all_is_spent(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        top_up_id = ask(session, funded)
        hear(session, told(top_up_id))
        make.hold(funded, Money(125_00), at=NOON)

        hear(session, refunded(top_up_id, 25_00))

        assert "£25.00 of it was spent" in (
            queries.troubles(session, council_id=funded.council_id)[0].trouble
        )

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
