"""Killed anywhere between a delivery note and a settled payment, and walked on: all is once.

The same market is copied for every kill. A process walks the whole way and is killed before or
after one statement; whoever comes next walks the way again. Then every invoice, number, payment,
account and byte of the bank's file must be as if nobody had been killed.
"""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from marketplace.database import db
from marketplace.payments.rules import ItemState
from tests import postgres
from tests.conftest import connect
from tests.crash.chain import World, books, file_now, noted_world, stage, walk
from tests.crash.dying import die_along
from tests.crash.test_deeds import problems
from tests.factories import Make
from tests.forks import Forks
from tests.pace import in_ci_or_hurry

SEED = 5
SOME = in_ci_or_hurry(10, 3)
ALL = 100


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """Return what forks for each kill."""
    with Forks() as forks:
        yield forks


@pytest.fixture
def world(app: Flask, make: Make) -> World:
    """Return a market in which deliveries are about to become payments."""
    return noted_world(make)


@pytest.fixture
def fresh(
    world: World, engine: str, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[str, Callable[[], None]]]:
    """Return the address of a copy of that market, and what makes the copy anew."""
    db.engine.dispose()  # the last to leave moves everything into the file
    if engine == "sqlite":
        first, copied = Path(database_url.removeprefix("sqlite:///")), tmp_path / "copy.sqlite3"
        kept = shutil.copyfile(first, tmp_path / "world.sqlite3")
        url = f"sqlite:///{copied}"

        def again() -> None:
            db.engine.dispose()
            for old in tmp_path.glob("copy.sqlite3*"):
                old.unlink()
            shutil.copyfile(kept, copied)

        yield url, again
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    server.create_database("world", template="shared")
    url = server.url_of("copy")

    def again_there() -> None:
        db.engine.dispose()
        server.drop_database("copy")
        server.create_database("copy", template="world")

    yield url, again_there
    db.engine.dispose()
    for name in ("copy", "world"):
        server.drop_database(name)


def survive(
    kills: int, world: World, fresh: tuple[str, Callable[[], None]], forks: Forks
) -> Counter[str]:
    """Kill the walk so many times, each time from the beginning; return how far each had come."""
    url, again = fresh
    again()
    life = die_along(forks, url, partial(walk, world))
    assert life.acknowledged
    connect(url)
    whole = books(world)
    assert problems() == []
    _is_right(whole)
    far: Counter[str] = Counter()
    chance = random.Random(SEED)
    for point in sorted(chance.sample(range(len(life.points) - 1), kills)):
        where = f"killed {life.points[point]} ({point})"
        again()

        death = die_along(forks, url, partial(walk, world), kill_at=point)

        assert death.killed, where
        assert problems() == [], where
        far[stage(world)] += 1
        sent = file_now(world)
        walk(world)
        assert problems() == [], where
        now = books(world)
        for name, rows in whole.items():
            assert now[name] == rows, f"{where}: {name}"
        assert sent in (b"", whole["file"]), f"{where}: another file"
        walk(world)
        assert books(world) == whole, f"{where}: once more is not once"
    return far


def _is_right(whole: dict[str, object]) -> None:
    """What nobody disturbed: six invoices, numbered 1 and 2 of each provider, paid once."""
    invoices, items = whole["invoices"], whole["items"]
    assert isinstance(invoices, list)
    assert isinstance(items, list)
    assert sorted(number for _, number, _, _ in invoices) == [1, 1, 1, 2, 2, 2]
    assert {state for *_, state in items} == {ItemState.SETTLED}
    assert sum(pence for _, _, _, pence in invoices) == sum(pence for _, _, pence, _, _ in items)
    assert whole["file"]


def test_some_kills_between_note_and_payment_lose_nothing_and_pay_nobody_twice(
    world: World, fresh: tuple[str, Callable[[], None]], forks: Forks
) -> None:
    assert sum(survive(SOME, world, fresh, forks).values()) == SOME


@pytest.mark.soak
def test_a_hundred_kills_between_note_and_payment_lose_nothing_and_pay_nobody_twice(
    world: World, fresh: tuple[str, Callable[[], None]], forks: Forks, engine: str
) -> None:
    far = survive(ALL, world, fresh, forks)

    assert sum(far.values()) == ALL
    found = ", ".join(f"{count} at {name}" for name, count in far.items())
    print(f"\n{engine}: {ALL} kills, {found}; nothing lost, nobody paid twice")  # noqa: T201
