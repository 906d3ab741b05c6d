"""The ``flask wallet`` commands."""

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.database import transaction
from tests.wallet.conftest import Purse


@pytest.mark.usefixtures("purse")
def test_check_says_that_the_ledger_balances(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["wallet", "check"])

    assert (result.exit_code, result.output) == (0, "The ledger balances.\n")


def test_check_names_what_is_wrong(app: Flask, purse: Purse) -> None:
    with transaction() as session:
        session.execute(text("UPDATE wallet_balances SET amount_pence = amount_pence + 1"))

    result = app.test_cli_runner().invoke(args=["wallet", "check"])

    assert result.exit_code == 1
    assert str(purse.available) in result.output
