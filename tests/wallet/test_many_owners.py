"""Balances of more owners than a database takes in one statement."""

from uuid import uuid4

from sqlalchemy.orm import Session

from marketplace.kernel.money import ZERO
from marketplace.wallet import queries
from marketplace.wallet.rules import AccountKind


def test_balances_of_more_owners_than_fit_in_one_statement(session: Session) -> None:
    nobody = {uuid4() for _ in range(66_000)}

    found = queries.balances(session, owner_ids=nobody, kind=AccountKind.AVAILABLE)

    assert found == dict.fromkeys(nobody, ZERO)
