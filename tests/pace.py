"""How much is tried: all in CI, a part of it in a hurry.

The tests are the same. On a developer's machine, whose whole suite should end within minutes, some
try fewer examples, and a test that goes through pages runs on one of the two engines; where ``CI``
is set they try all that the house has promised to try.
"""

import os
from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

T = TypeVar("T")

IN_CI = bool(os.environ.get("CI"))
ENGINES = ("sqlite", "postgres")
PAGES = {"browser", "client", "sign_in"}
"""The fixtures of tests that go through pages."""


def in_ci_or_hurry(all_of_them: int, fewer: int) -> int:
    """Return how many examples a test tries here."""
    return all_of_them if IN_CI else fewer


def all_or_one(alike: Sequence[T], name: str) -> Sequence[T]:
    """Return all of some that are alike; in a hurry one, always the same for a name."""
    if IN_CI or not alike:
        return alike
    return [alike[crc32(name.encode()) % len(alike)]]
