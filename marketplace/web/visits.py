"""One reading connection for each page: who asks, which portal, and what the page shows."""

from flask import Flask, request

from marketplace.database import begin_visit, end_visit

_LOOKING = frozenset({"GET", "HEAD"})


def register(app: Flask) -> None:
    """Let all reading blocks of a request that only looks use one connection."""
    app.before_request(begin)
    app.teardown_request(end)


def begin() -> None:
    """Begin a visit, if the request only looks."""
    if request.method in _LOOKING:
        begin_visit()


def end(_failure: BaseException | None) -> None:
    """Give the connection back, whatever became of the request."""
    end_visit()
