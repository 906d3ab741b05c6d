"""The same payments in two files: paid in once, and never in neither."""

import pytest
from sqlalchemy.orm import Session

from marketplace.kernel.money import Money
from marketplace.payments import commands
from marketplace.payments.errors import StatementDoneError
from marketplace.payments.rules import LineState
from tests.conftest import NOON
from tests.factories import Make
from tests.payments.bank_files import Paid, as_csv, as_xml
from tests.payments.banks import make_reference, paid_in, take_in, upload, view


def test_the_bank_numbers_a_payment_in_one_and_not_in_the_other(
    session: Session, make: Make
) -> None:
    funded = make.funded_person()
    officer = make.officer(council_id=funded.council_id)
    make.bank_account(by=officer, at=NOON)
    own = make_reference(session, funded)
    family = make_reference(session, funded, by_family=True)
    take_in(session, officer, upload(session, officer, as_csv([Paid(words=own)])))
    numbered = [
        Paid(words=own, own_number="A1"),
        Paid(words=own, own_number="A2", day="03/03/2026"),
        Paid(words=family, own_number="A3"),
    ]

    found = take_in(session, officer, upload(session, officer, as_xml(numbered)))

    assert [line.state for line in found.lines] == [
        LineState.OPEN,
        LineState.POSTED,
        LineState.POSTED,
    ]
    assert "looks the same as one in an earlier file" in found.lines[0].note
    assert paid_in(session, funded) == Money(50_00)


def test_a_file_is_not_put_away_whose_payments_a_later_one_leaves_out(
    session: Session, make: Make
) -> None:
    """If it were, they would be in neither."""
    funded = make.funded_person()
    officer = make.officer(council_id=funded.council_id)
    make.bank_account(by=officer, at=NOON)
    own = make_reference(session, funded)
    monday = Paid(words=own, day="02/03/2026")
    first = upload(session, officer, as_csv([monday]))
    both = upload(session, officer, as_csv([monday, Paid(words="LATER")]))
    shown = view(session, officer, both)
    assert [each.why for each in shown.skipped] == ["It came in before, with an earlier file."]
    alone = upload(session, officer, as_csv([Paid(words="ELSE", day="03/03/2026")]))

    with pytest.raises(StatementDoneError, match="leaves out payments, because they are in this"):
        commands.drop_statement(session, statement_id=first, by=officer, at=NOON)
    commands.drop_statement(session, statement_id=alone, by=officer, at=NOON)
    commands.drop_statement(session, statement_id=both, by=officer, at=NOON)
    commands.drop_statement(session, statement_id=first, by=officer, at=NOON)
    take_in(session, officer, upload(session, officer, as_csv([monday])))

    assert paid_in(session, funded) == Money(25_00)
