"""A server of feeds for each test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.feeds.feed_server import FeedServer, feed_server


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """Return a running server."""
    with feed_server() as running:
        yield running
