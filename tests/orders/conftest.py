"""What tests of orders of today share."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.orders.today import NOW


@pytest.fixture(autouse=True)
def begins_now(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let tests that go by ``NOW`` begin at it, however long after it was read they run.

    Midnight may have passed since, and with it the month; time goes on from there.
    """
    if getattr(request.module, "NOW", None) is not NOW:
        yield
        return
    with time_machine.travel(NOW):
        yield
