"""Setting money aside."""

from sqlalchemy.orm import Session

from marketplace.budgets import queries
from marketplace.kernel.money import Money
from marketplace.wallet import queries as ledger
from tests.factories import Make


class TestHold:
    def test_moves_money_from_available_to_held(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(100_00))

        make.hold(funded, Money(30_00))

        line = make.lines(funded)[0]
        assert (line.available, line.held) == (Money(70_00), Money(30_00))
        assert ledger.problems(session) == []
        assert queries.problems(session) == []
