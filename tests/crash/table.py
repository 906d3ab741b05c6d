"""The table of all deeds that move money or say what may be moved.

A deed is prepared through the commands of the market, and is then a function of a session alone:
so that any process can do it, be killed in the middle of it, and do it again.
"""

from collections.abc import Callable

from tests.crash.dying import Act
from tests.factories import Make

Prepare = Callable[[Make], Act]
DEEDS: dict[str, Prepare] = {}


def deed(name: str) -> Callable[[Prepare], Prepare]:
    """Write a deed into the table."""

    def add(prepare: Prepare) -> Prepare:
        assert name not in DEEDS
        DEEDS[name] = prepare
        return prepare

    return add
