"""Payments without a right reference: a human says whose they are, or that they are not ours."""

import pytest
from sqlalchemy.orm import Session

from marketplace.access.commands import close_account
from marketplace.access.rules import Actor
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.payments import commands, queries
from marketplace.payments.errors import (
    LineDoneError,
    NobodyFoundError,
    ReasonMissingError,
)
from marketplace.payments.rules import LineState
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.money import Funded
from tests.payments.bank_files import Paid, as_csv
from tests.payments.banks import (
    FRIDAY,
    make_reference,
    open_line,
    paid_in,
    take_in,
    upload,
    view,
)


class TestMatchLine:
    def test_books_by_reference_and_by_address(
        self, session: Session, make: Make, officer: Actor, funded: Funded, reference: str
    ) -> None:
        email = make.email_of(funded.person)
        for words, typed in (("A", reference), ("B", f"{reference[:4]}-{reference[4:]}".lower()),
                             ("C", email)):  # fmt: skip
            line = open_line(session, officer, words)
            commands.match_line(session, line_id=line.id, typed=typed, by=officer, at=FRIDAY)

        assert paid_in(session, funded) == Money(75_00)

    def test_said_twice_is_one_payment(
        self, session: Session, officer: Actor, funded: Funded, reference: str
    ) -> None:
        line = open_line(session, officer)

        for _ in range(2):
            commands.match_line(session, line_id=line.id, typed=reference, by=officer, at=FRIDAY)

        assert paid_in(session, funded) == Money(25_00)

    def test_refuses_a_second_owner(
        self, session: Session, make: Make, officer: Actor, funded: Funded, reference: str
    ) -> None:
        other = make_reference(session, make.funded_person(council_id=funded.council_id))
        line = open_line(session, officer)
        commands.match_line(session, line_id=line.id, typed=reference, by=officer, at=FRIDAY)

        with pytest.raises(LineDoneError):
            commands.match_line(session, line_id=line.id, typed=other, by=officer, at=FRIDAY)

    def test_refuses_a_statement_that_was_not_taken_in(
        self, session: Session, officer: Actor, reference: str
    ) -> None:
        statement_id = upload(session, officer, as_csv([Paid()]))
        line = view(session, officer, statement_id).lines[0]

        with pytest.raises(LineDoneError, match="Take the statement in first"):
            commands.match_line(session, line_id=line.id, typed=reference, by=officer, at=FRIDAY)

    def test_refuses_whom_the_council_does_not_know(
        self, session: Session, make: Make, officer: Actor, funded: Funded
    ) -> None:
        line = open_line(session, officer)
        stranger = make.funded_person()
        typed = [make_reference(session, stranger), make.email_of(stranger.person), "nobody"]

        for each in typed:
            with pytest.raises(NobodyFoundError):
                commands.match_line(session, line_id=line.id, typed=each, by=officer, at=FRIDAY)

    def test_is_for_the_councils_own_officers(
        self, session: Session, make: Make, officer: Actor, reference: str
    ) -> None:
        line = open_line(session, officer)
        stranger = make.officer(council_id=make.council())

        with pytest.raises(NotFoundError):
            commands.match_line(session, line_id=line.id, typed=reference, by=stranger, at=FRIDAY)
        with pytest.raises(NotFoundError):
            queries.line_for(session, line_id=line.id, seen_by=stranger)

    def test_asks_a_human_when_an_account_was_closed(
        self, session: Session, officer: Actor, funded: Funded, reference: str
    ) -> None:
        statement_id = upload(session, officer, as_csv([Paid(words=reference)]))
        close_account(session, user_id=funded.id, by_user_id=funded.id, at=NOON)

        line = take_in(session, officer, statement_id).lines[0]

        assert line.state is LineState.OPEN
        assert "closed" in line.note
        with pytest.raises(NobodyFoundError):
            commands.match_line(session, line_id=line.id, typed=reference, by=officer, at=FRIDAY)


class TestNotOurs:
    def test_is_marked_with_its_reason_and_may_be_matched_after_all(
        self, session: Session, officer: Actor, funded: Funded, reference: str
    ) -> None:
        line = open_line(session, officer)
        for _ in range(2):
            commands.mark_not_ours(
                session, line_id=line.id, reason="Council tax", by=officer, at=FRIDAY
            )

        marked = queries.line_for(session, line_id=line.id, seen_by=officer)
        assert (marked.state, marked.note) == (LineState.NOT_OURS, "Council tax")
        assert queries.open_lines(session, council_id=funded.council_id).total == 0
        commands.match_line(session, line_id=line.id, typed=reference, by=officer, at=FRIDAY)
        assert paid_in(session, funded) == Money(25_00)

    @pytest.mark.parametrize("reason", ["", "  ", "A" * 201])
    def test_needs_a_reason(self, session: Session, officer: Actor, reason: str) -> None:
        line = open_line(session, officer)

        with pytest.raises(ReasonMissingError):
            commands.mark_not_ours(session, line_id=line.id, reason=reason, by=officer, at=FRIDAY)

    def test_refuses_what_was_paid_in(
        self, session: Session, officer: Actor, reference: str
    ) -> None:
        line = open_line(session, officer, reference)

        with pytest.raises(LineDoneError):
            commands.mark_not_ours(session, line_id=line.id, reason="No", by=officer, at=FRIDAY)
