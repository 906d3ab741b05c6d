"""A payment that was paid in for somebody whose it was not goes back, and to whom it belongs."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets.commands import TakeOut, take_out
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.outbox.models import Letter
from marketplace.payments import commands, queries
from marketplace.payments.errors import LineDoneError, NotFreeError, ReasonMissingError
from marketplace.payments.models import BankStatementLine
from marketplace.payments.rules import LineState
from marketplace.wallet.queries import problems
from tests.factories import Make
from tests.factories.money import Funded
from tests.payments.banks import FRIDAY, make_reference, open_line, paid_in


class TestUndo:
    def test_takes_the_money_back_and_lets_it_go_to_the_right_person(
        self, session: Session, make: Make, officer: Actor, funded: Funded, reference: str
    ) -> None:
        other = make.funded_person(council_id=funded.council_id)
        theirs = make_reference(session, other)
        line = open_line(session, officer, reference)
        assert paid_in(session, funded) == Money(25_00)

        commands.undo_line(session, line_id=line.id, reason="Typo", by=officer, at=FRIDAY)

        found = queries.line_for(session, line_id=line.id, seen_by=officer)
        assert (found.state, found.note) == (LineState.OPEN, "Olu Kent took it back: Typo")
        assert paid_in(session, funded) == Money(0)
        commands.match_line(session, line_id=line.id, typed=theirs, by=officer, at=FRIDAY)
        assert (paid_in(session, funded), paid_in(session, other)) == (Money(0), Money(25_00))
        assert (problems(session), queries.problems(session)) == ([], [])
        letters = session.scalars(select(Letter.template)).all()
        assert sorted(each for each in letters if each.startswith("money_")) == [
            "money_in", "money_in", "money_undone",
        ]  # fmt: skip

    def test_can_be_done_again_and_again(
        self, session: Session, officer: Actor, funded: Funded, reference: str
    ) -> None:
        line = open_line(session, officer, reference)
        for _ in range(3):
            commands.undo_line(session, line_id=line.id, reason="No", by=officer, at=FRIDAY)
            commands.match_line(session, line_id=line.id, typed=reference, by=officer, at=FRIDAY)

        assert paid_in(session, funded) == Money(25_00)
        assert (problems(session), queries.problems(session)) == ([], [])

    def test_refuses_what_is_spent_or_set_aside(
        self, session: Session, officer: Actor, funded: Funded, reference: str
    ) -> None:
        line = open_line(session, officer, reference)
        into = session.get_one(BankStatementLine, line.id).line_id
        assert into is not None
        take_out(session, line_id=into, key="spent", amount=Money(1), why=TakeOut.CARD_REFUND,
                 by_user_id=None, at=FRIDAY)  # fmt: skip

        with pytest.raises(NotFreeError, match=r"has only £24\.99 of this money free"):
            commands.undo_line(session, line_id=line.id, reason="No", by=officer, at=FRIDAY)

        assert paid_in(session, funded) == Money(24_99)

    @pytest.mark.parametrize("reason", ["", "  ", "A" * 201])
    def test_needs_a_reason(
        self, session: Session, officer: Actor, reference: str, reason: str
    ) -> None:
        line = open_line(session, officer, reference)

        with pytest.raises(ReasonMissingError):
            commands.undo_line(session, line_id=line.id, reason=reason, by=officer, at=FRIDAY)

    def test_refuses_what_is_nobodys(self, session: Session, officer: Actor) -> None:
        line = open_line(session, officer)

        with pytest.raises(LineDoneError):
            commands.undo_line(session, line_id=line.id, reason="No", by=officer, at=FRIDAY)

    def test_is_for_the_councils_own_officers(
        self, session: Session, make: Make, officer: Actor, reference: str
    ) -> None:
        line = open_line(session, officer, reference)
        stranger = make.officer(council_id=make.council())

        with pytest.raises(NotFoundError):
            commands.undo_line(session, line_id=line.id, reason="No", by=stranger, at=FRIDAY)
