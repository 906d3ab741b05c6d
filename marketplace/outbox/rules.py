"""When a letter that could not be sent is tried again. Pure."""

from datetime import timedelta

TRIES_MAX = 8
LEASE = timedelta(minutes=5)
"""How long one worker has a letter to itself before another may try it."""


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after so many failures: one minute, two, four … at most a day."""
    return min(timedelta(minutes=2 ** max(0, tries - 1)), timedelta(days=1))
