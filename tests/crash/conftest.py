"""A website of their own for the tests that crash and crowd it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest
from flask import Flask

from marketplace.access.rules import Actor
from marketplace.database import db, migrate
from tests import postgres
from tests.conftest import SignInAs
from tests.crash.serving import Website
from tests.crash.visiting import Visitor


@pytest.fixture(scope="session")
def postgres_server(base_app: Flask) -> Iterator[postgres.Server]:
    """Start a PostgreSQL server that waits for the disk: it will be killed too."""
    if not postgres.available():
        pytest.skip("PostgreSQL is not installed")
    server = postgres.start(durable=True)
    server.create_database("template")
    with base_app.app_context():
        db.connect(server.url_of("template"))
        migrate()
        db.engine.dispose()
    server.create_database("shared", template="template")
    yield server
    server.stop()


@dataclass(frozen=True, slots=True)
class Market:
    """A website, whether it is open, and who can visit it."""

    website: Website
    is_open: Event
    sign_in: SignInAs

    def visitor(self, actor: Actor) -> Visitor:
        """Return somebody who is signed in, in the hat they wear."""
        cookie = self.sign_in(actor).client.get_cookie("session")
        assert cookie is not None
        return Visitor(self.website.port, cookie.value, self.is_open)

    def open(self) -> None:
        """Start the website and let visitors in."""
        self.website.start()
        self.is_open.set()


@pytest.fixture
def market(
    app: Flask, sign_in: SignInAs, tmp_path: Path, database_url: str, engine: str
) -> Iterator[Market]:
    """Return a website, not yet open, on the test's own database."""
    website = Website(
        var=tmp_path,
        database_url=database_url,
        secret_key=app.config["SETTINGS"].secret_key,
        search="postgres" if engine == "postgres" else "whoosh",
    )
    yield Market(website, Event(), sign_in)
    website.kill()
    db.engine.dispose()  # the server may have been another one when these connections were made


@pytest.fixture
def power_cut(market: Market, request: pytest.FixtureRequest, engine: str) -> Callable[[], None]:
    """Return what kills the website, and on PostgreSQL the database with it."""

    def kill() -> None:
        # Closed first: whoever gets no answer now waits for the door instead of knocking.
        market.is_open.clear()
        market.website.kill()
        if engine == "postgres":
            server: postgres.Server = request.getfixturevalue("postgres_server")
            server.kill()
            server.run(postgres.DURABLE)

    return kill
