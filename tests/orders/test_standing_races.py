"""Several workers at once order each week once, and a kill between weeks loses none."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.budgets.queries import wallet
from marketplace.database import reading, transaction
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders import tasks as worker
from marketplace.orders.commands import LeaveOut
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.orders.standing import BEGINS_ON, Going


def look_after(app: Flask) -> int:
    with app.app_context():
        return worker.look_after_standing_orders(PAID_IN)


def held(going: Going) -> Money:
    with reading() as session:
        assert queries.problems(session) == []
        return wallet(session, person_id=going.funded.id, at=PAID_IN).held


def test_six_workers_at_once_order_every_week_once(app: Flask, make: Make) -> None:
    goings = [
        Going(make, funded=make.funded_person(to_spend=Money(500_00))).accepted() for _ in range(3)
    ]

    with ThreadPoolExecutor(6) as pool:
        done = [each.result() for each in [pool.submit(look_after, app) for _ in range(6)]]

    assert sum(done) >= 9
    assert [held(going) for going in goings] == [Money(120_00)] * 3
    with reading() as session:
        assert queries.orders_of_person(session, by=goings[0].person).total == 4
        assert queries.standing_due(session, at=PAID_IN) == []


def test_skipping_while_it_is_ordered_leaves_one_answer(app: Flask, make: Make) -> None:
    going = Going(make, funded=make.funded_person(to_spend=Money(500_00))).accepted()
    wish = LeaveOut(standing_id=going.id, from_on=BEGINS_ON.replace(day=17))

    def skip() -> int:
        with transaction() as session:
            commands.skip_visit(session, wish, by=going.person, at=PAID_IN)
        return 0

    with ThreadPoolExecutor(4) as pool:
        deeds: list[Callable[[], int]] = [
            partial(look_after, app),
            skip,
            partial(look_after, app),
            skip,
        ]
        for each in [pool.submit(deed) for deed in deeds]:
            each.result()
    look_after(app)

    assert held(going) == Money(90_00)


def test_stopped_between_two_weeks_the_rest_is_ordered_the_next_time(
    app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = Going(make, funded=make.funded_person(to_spend=Money(500_00))).accepted()
    weeks, really_order = [], commands.order_week

    def killed_at_the_second(session: Session, **wish: object) -> int:
        weeks.append(wish["week_on"])
        if len(weeks) == 2:
            raise KeyboardInterrupt
        return really_order(session, **wish)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(commands, "order_week", killed_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            look_after(app)
    assert held(going) == Money(60_00)

    look_after(app)

    assert held(going) == Money(120_00)
