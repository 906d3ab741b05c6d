"""Killed before or after any statement, a deed is done once or not at all.

A deed is first done whole, and what it changes in every table of the database is written down. Then
it is prepared again and killed at a point. What it changed must be all of that or nothing; all of
it if it had answered. Sent again with the same ids, it must be all of it, and once more, still.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.audit import queries as audit
from marketplace.budgets import queries as budgets
from marketplace.database import reading, transaction
from marketplace.kernel.errors import DomainError
from marketplace.kernel.model import Model
from marketplace.orders import queries as orders
from marketplace.payments import queries as payments
from marketplace.wallet import queries as wallet
from tests.crash import deeds, line_deeds, payout_deeds, standing_deeds  # noqa: F401 - they fill the table
from tests.crash.dying import Act, Death, die
from tests.crash.table import DEEDS
from tests.factories import Make
from tests.forks import Forks
from tests.pace import in_ci_or_hurry

SEED = 3
SOME = in_ci_or_hurry(7, 3)
"""How many deeds are killed in the suite; in the soak, all are."""
AT_LEAST = 150

Footprint = dict[str, int]
Kill = Callable[[Act, int | None], Death]


@dataclass(slots=True)
class Tally:
    """What the kills of one deed found."""

    deed: str
    statements: int
    points: int = 0
    acknowledged: int = 0
    there: int = 0

    def __str__(self) -> str:
        return (
            f"{self.deed:<22}{self.statements:>12}{self.points:>8}"
            f"{self.there:>11}{self.acknowledged:>14}{0:>6}"
        )


HEADING = (
    f"{'deed':<22}{'statements':>12}{'points':>8}{'committed':>11}{'acknowledged':>14}{'lost':>6}"
)


@dataclass(frozen=True, slots=True)
class Victim:
    """A deed that will be killed, and what it changes if it is not."""

    name: str
    make: Make
    kill_at: Kill
    points: list[str]
    whole: Footprint

    @property
    def statements(self) -> int:
        """How many statements it sends, COMMIT among them."""
        return sum(point.startswith("before") for point in self.points)

    def kill(self, point: int, tally: Tally) -> None:
        """Kill the deed at a point, look what is there, and send it again."""
        act = DEEDS[self.name](self.make)
        before = footprint()

        death = self.kill_at(act, point)

        where = f"{self.name}, killed {self.points[point]} ({point})"
        assert death.killed, where
        assert problems() == [], where
        changed = difference(before, footprint())
        there = bool(changed)
        assert changed in ({}, self.whole), f"{where}: half of it is there"
        assert there or not death.acknowledged or not self.whole, f"{where}: what was said is lost"
        for _ in range(2 if point % 7 == 0 else 1):
            _again(act)
            assert difference(before, footprint()) == self.whole, f"{where}: not once"
        tally.points += 1
        tally.there += there
        tally.acknowledged += death.acknowledged


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """Return what forks for each kill."""
    with Forks() as forks:
        yield forks


@pytest.fixture
def kill(forks: Forks, app: Flask, database_url: str) -> Kill:
    """Return what does a deed in a process of its own and kills it at a point."""

    def die_there(act: Act, kill_at: int | None) -> Death:
        return die(forks, database_url, act, kill_at=kill_at)

    return die_there


def victim(name: str, make: Make, kill: Kill) -> Victim:
    """Do a deed whole, to learn its points and what it changes."""
    act = DEEDS[name](make)
    before = footprint()
    life = kill(act, None)
    assert life.acknowledged
    assert not life.killed
    whole = difference(before, footprint())
    assert problems() == []
    assert life.points.count("before COMMIT") == (1 if whole else 0), "one deed, one transaction"
    return Victim(name, make, kill, life.points, whole)


def footprint() -> Footprint:
    """Return how many rows each table has, and how much money they speak of."""
    with reading() as session:
        return dict(session.execute(text(_everything())).all())


def difference(before: Footprint, after: Footprint) -> Footprint:
    """Return what has changed."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def problems() -> list[str]:
    """Return all that is wrong in the books."""
    with reading(of_one_instant=True) as session:
        return [
            *audit.broken_chains(session),
            *wallet.problems(session),
            *budgets.problems(session),
            *payments.problems(session),
            # Some deeds set money aside without an order, which is another room's.
            *(one for one in orders.problems(session) if "does not exist" not in one),
        ]


def _everything() -> str:
    parts = []
    for name, table in Model.metadata.tables.items():
        parts.append(f"SELECT 'rows of {name}', count(*) FROM {name}")
        for column in table.columns.keys():  # noqa: SIM118 - names, not columns
            if column.endswith("_pence"):
                counted = f"CAST(coalesce(sum(abs({column})), 0) AS bigint)"
                parts.append(f"SELECT '{name}.{column}', {counted} FROM {name}")
    return " UNION ALL ".join(parts)


def _again(act: Act) -> None:
    try:
        with transaction() as session:
            act(session)
    except DomainError:
        pass  # done already, it says; or refused, as the first time


@pytest.mark.parametrize("name", random.Random(SEED).sample(sorted(DEEDS), SOME))
def test_some_kills_lose_nothing_and_do_nothing_twice(name: str, make: Make, kill: Kill) -> None:
    prey = victim(name, make, kill)
    tally = Tally(name, prey.statements)
    answered = len(prey.points) - 1
    for point in (*random.Random(SEED).choices(range(answered), k=2), answered - 1, answered):
        prey.kill(point, tally)
    assert 0 < tally.acknowledged < tally.points == 4


@pytest.fixture(scope="module")
def tallies(request: pytest.FixtureRequest) -> Iterator[dict[str, list[Tally]]]:
    """Collect what the kills found, by engine, and show it at the end."""
    found: dict[str, list[Tally]] = {}
    yield found
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        for engine, rows in found.items():
            points = sum(row.points for row in rows)
            lines = [f"\n\n{engine}: killed at {points} points", HEADING, *map(str, rows)]
            print("\n".join(lines))  # noqa: T201 - what make soak shows


@pytest.mark.soak
@pytest.mark.parametrize("name", DEEDS)
def test_a_kill_at_any_point_loses_nothing_and_does_nothing_twice(
    name: str, make: Make, kill: Kill, engine: str, tallies: dict[str, list[Tally]]
) -> None:
    prey = victim(name, make, kill)
    tally = Tally(name, prey.statements)
    for point in range(len(prey.points)):
        prey.kill(point, tally)
    assert tally.acknowledged >= 1
    tallies.setdefault(engine, []).append(tally)


@pytest.mark.soak
def test_there_were_enough_kills(engine: str, tallies: dict[str, list[Tally]]) -> None:
    assert sum(tally.points for tally in tallies[engine]) >= AT_LEAST
    _both_sides(tallies[engine])


def _both_sides(tallies: list[Tally]) -> None:
    points = sum(tally.points for tally in tallies)
    assert 0 < sum(tally.acknowledged for tally in tallies) < points
    assert 0 < sum(tally.there for tally in tallies) < points
