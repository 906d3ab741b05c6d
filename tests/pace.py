"""How much is tried: all in CI, a part of it in a hurry.

The tests are the same. On a developer's machine, whose whole suite should end within minutes, some
try fewer examples; of the hats that an address must answer alike, one opens it; and most tests that
ask a database run on one of the two engines, chosen by their name: one in five on PostgreSQL, where
each costs more. Both engines are kept for whatever can differ by engine: see ``ROOMS_OF_BOTH`` and
``WORDS_OF_BOTH``. Where ``CI`` is set all is tried that the house has promised to try.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar
from zlib import crc32

T = TypeVar("T")

IN_CI = bool(os.environ.get("CI"))
ENGINES = ("sqlite", "postgres")
PAGES = {"browser", "client", "sign_in"}
"""The fixtures of tests that go through pages."""
ONE_IN = 5
"""So many tests which run on one engine have one among them that runs on PostgreSQL."""
ROOMS_OF_BOTH = {"budgets", "crash", "house", "kernel", "search", "wallet"}
"""Rooms that say something to one engine which they do not say to the other, and what holds for
all rooms: their tests run on both in a hurry too."""
WORDS_OF_BOTH = ("races", "machine", "at_once", "many", "cli")
"""In the names of files: what is done at once, what goes in batches, and whole commands of a
machine."""


def differs_by_engine(path: Path) -> bool:
    """Say whether the tests of a file are about more than what any database does."""
    in_room = not ROOMS_OF_BOTH.isdisjoint(path.parts)
    return in_room or any(word in path.stem for word in WORDS_OF_BOTH)


def one_engine(name: str) -> Sequence[str]:
    """Return the engine of a test that runs on one, always the same for a name."""
    return ENGINES[1:] if crc32(name.encode()) % ONE_IN == 0 else ENGINES[:1]


def in_ci_or_hurry(all_of_them: int, fewer: int) -> int:
    """Return how many examples a test tries here."""
    return all_of_them if IN_CI else fewer


def all_or_one(alike: Sequence[T], name: str) -> Sequence[T]:
    """Return all of some that are alike; in a hurry one, always the same for a name."""
    if IN_CI or not alike:
        return alike
    return [alike[crc32(name.encode()) % len(alike)]]
