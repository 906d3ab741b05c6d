"""The commands of operators: confirming what nobody answers, and proving the books."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.orders.tasks import confirm_silent
from tests.factories import Make
from tests.factories.orders import TOMORROW


def test_check_says_that_all_fits(app: Flask, make: Make) -> None:
    make.confirmed()

    answer = app.test_cli_runner().invoke(args=["orders", "check"])

    assert answer.exit_code == 0
    assert "Every hold belongs to a visit" in answer.output


def test_check_fails_and_says_what_does_not_fit(app: Flask, make: Make) -> None:
    make.placed()
    with transaction() as session:
        session.execute(text("UPDATE order_visits SET amount_pence = 1"))

    answer = app.test_cli_runner().invoke(args=["orders", "check"])

    assert answer.exit_code == 1
    assert "its open visits need £0.01" in answer.output


def test_confirm_silent_tells_first(app: Flask, make: Make) -> None:
    make.noted(make.accepted())

    answer = app.test_cli_runner().invoke(args=["orders", "confirm-silent"])

    assert "Orders told about or confirmed: 1." in answer.output


def test_the_worker_confirms_what_was_told_twice(app: Flask, make: Make) -> None:
    deal = make.accepted()
    make.noted(deal)

    done = [confirm_silent(TOMORROW + timedelta(days=days)) for days in (1, 4, 6, 7, 8)]

    assert done == [0, 1, 1, 1, 0]
    assert make.order(deal, at=clock.now()).visits[0].settled_by_silence


@pytest.mark.parametrize("table", ["invoices", "invoice_lines"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_invoices_are_never_changed(app: Flask, make: Make, table: str, deed: str) -> None:
    make.confirmed()

    with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
        session.execute(text(deed.format(table)))
