"""After every story the books balance and the audit trail is whole."""

from collections.abc import Iterator

import pytest
from click.testing import Result
from flask import Flask


@pytest.fixture(autouse=True)
def books(app: Flask) -> Iterator[None]:
    """Look through the books once the story is told."""
    yield
    result: Result = app.test_cli_runner().invoke(args=["check"])
    assert result.exit_code == 0, result.output
