"""The ``flask budgets`` commands, and the worker's job."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from marketplace.budgets import tasks
from marketplace.budgets.rules import LimitWindow
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.factories import Make
from tests.factories.money import PAID_IN


def test_check_says_that_all_fits(app: Flask, make: Make) -> None:
    make.hold(make.funded_person(), Money(30_00))

    result = app.test_cli_runner().invoke(args=["budgets", "check"])

    assert (result.exit_code, result.output) == (0, "Lines, holds and limits fit the ledger.\n")


def test_check_names_what_does_not_fit(app: Flask, make: Make) -> None:
    funded = make.funded_person(limits=[make.limit(window=LimitWindow.WEEK)])
    order_id = make.hold(funded, Money(30_00))
    with transaction() as session:
        session.execute(text("UPDATE budget_hold_shares SET held_pence = 2900"))
        session.execute(text("UPDATE budget_limit_uses SET used_pence = 2800"))

    result = app.test_cli_runner().invoke(args=["budgets", "check"])

    assert result.exit_code == 1
    for sentence in (
        f"Line {funded.line_id} has £30.00 set aside, but its orders hold £29.00.",
        f"Line {funded.line_id} has £70.00 to spend, but should have £71.00.",
        "counts £28.00 in 1 order from 2026-03-02, but its orders took £30.00 in 1 order.",
        f"Order {order_id} does not use of limit",
    ):
        assert sentence in result.output


def test_pay_instalments_pays_all_that_is_due(app: Flask, make: Make) -> None:
    today = clock.local_day(clock.now())
    at = clock.now() - timedelta(days=28)
    funded = make.funded_person(starts_on=today - timedelta(days=28), at=at)

    result = app.test_cli_runner().invoke(args=["budgets", "pay-instalments"])

    assert result.output == "Paid into 1 funding lines.\n"
    assert make.lines(funded)[0].available == Money(200_00)


def test_the_worker_pays_what_is_due_and_then_rests(make: Make) -> None:
    funded = make.funded_person()
    in_four_weeks = PAID_IN + timedelta(days=28)

    assert [tasks.pay_instalments(in_four_weeks) for _ in range(2)] == [1, 0]
    assert make.lines(funded)[0].available == Money(200_00)
