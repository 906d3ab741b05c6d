"""A server of feeds, and a market with one of everything public, for tests that ask for them."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories import Make
from tests.feeds.feed_server import FeedServer, feed_server
from tests.feeds.world import Get, World


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """Return a running server."""
    with feed_server() as running:
        yield running


@pytest.fixture
def get(client: FlaskClient) -> Get:
    """Return what asks the feed and reads its answer."""

    def ask(path: str, **asked: object) -> Any:  # noqa: ANN401 - any JSON
        answer = client.get(f"/oruk{path}", query_string=asked)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    return ask


@pytest.fixture
def world(make: Make) -> World:
    """Return one of everything that is public."""
    return World(make)
