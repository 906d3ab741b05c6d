"""``flask check`` sees when what came in and the ledger do not say the same."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.kernel.money import Money
from marketplace.payments import commands, queries
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.money import Funded
from tests.payments.bank_files import Paid, as_csv


@pytest.fixture
def busy(session: Session, make: Make) -> Funded:
    """Return somebody for whom £25.00 came by card, and £25.00 by bank; more is begun."""
    funded = make.funded_person()
    officer = make.officer(council_id=funded.council_id)
    make.bank_account(by=officer, at=NOON)
    kept_id = commands.keep_event(session, make.told(make.top_up(funded, at=NOON)), at=NOON)
    commands.act_on_event(session, kept_id=kept_id, real_money=False, at=NOON)
    make.top_up(funded, at=NOON)
    words = make.pay_reference(funded, at=NOON)
    content = as_csv([Paid(words=words), Paid(words="MUM")])
    make.statement(content, by=officer, at=NOON, taken_in=True)
    for line_id in queries.lines_to_post(session, limit=10):
        commands.post_line(session, line_id=line_id, at=NOON)
    session.flush()
    return funded


def test_has_nothing_to_say_when_all_is_well(session: Session, busy: Funded) -> None:
    assert queries.problems(session) == []


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE payment_top_ups SET amount_pence = 2400 WHERE state = 'paid'",
        "UPDATE payment_top_ups SET state = 'asked' WHERE state = 'paid'",
        "UPDATE payment_statement_lines SET amount_pence = 1 WHERE state = 'posted'",
    ],
)
def test_names_what_differs(session: Session, busy: Funded, spoil: str) -> None:
    session.execute(text(spoil))

    (sentence,) = queries.problems(session)

    assert str(Money(25_00)) in sentence
