"""Whatever happens in whatever order, the wallet is what plain sums say it is."""

import gc
import random
import time
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text

from marketplace.budgets import commands
from marketplace.database import db
from tests.budgets.machine import Game
from tests.budgets.stage import CATEGORIES, Stage
from tests.factories import Make
from tests.factories.people import LONG_AGO
from tests.pace import in_ci_or_hurry

STEPS = {"sqlite": in_ci_or_hurry(40_000, 800), "postgres": in_ci_or_hurry(10_000, 200)}
IN_THE_SOAK = 500_000
SETTINGS = settings(
    max_examples=in_ci_or_hurry(50, 5),  # games; more are begun until there are steps enough
    stateful_step_count=80,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def stage(make: Make) -> Stage:
    """Return somebody who has no money yet, with one outcome."""
    person, practitioner = make.person(), make.practitioner()
    with make.block() as session:
        outcome_id = commands.add_outcome(
            session, person_id=person.buys_for, sentence="I see my friends.", by=person, at=LONG_AGO
        )
    providers = make.provider().works_for, make.provider().works_for
    for slug in CATEGORIES:
        make.category(slug)
    return Stage(person, practitioner, outcome_id, providers)


def test_a_minute_of_anything(stage: Stage, engine: str) -> None:
    _play(stage, STEPS[engine], first_seed=1)


@pytest.mark.soak
def test_half_a_million_steps_of_anything(stage: Stage) -> None:
    _play(stage, IN_THE_SOAK, first_seed=random.randrange(10**9))


def _play(stage: Stage, steps: int, *, first_seed: int) -> None:
    began = time.monotonic()
    gc.freeze()  # what the application is made of is not looked through again at every step
    for number in count(first_seed):
        games = seed(number)(lambda: Game(stage))
        run_state_machine_as_test(games, settings=SETTINGS)  # type: ignore[arg-type]
        if stage.steps >= steps:
            break
        _sweep()
    took = time.monotonic() - began
    print(  # noqa: T201 - shown with -s, and by make soak
        f"\n{stage.steps} steps in {stage.games} games, {took:.0f} s, seeds from {first_seed}: "
        f"{stage.allowed} deeds done, {stage.refused} refused"
    )


def _sweep() -> None:
    """Let PostgreSQL forget the rows that were undone: here it does not do so by itself."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
