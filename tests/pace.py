"""How much of what is made up by chance, or alike, is tried: all in CI, a part of it in a hurry.

The tests are the same. On a developer's machine, whose whole suite should end within minutes, some
try fewer examples; where ``CI`` is set they try all that the house has promised to try.
"""

import os

IN_CI = bool(os.environ.get("CI"))


def in_ci_or_hurry(all_of_them: int, fewer: int) -> int:
    """Return how many examples a test tries here."""
    return all_of_them if IN_CI else fewer
