"""What operators see of each request: numbers for Prometheus, and one line of JSON.

Neither holds anything about a person: addresses are counted and logged by the name of their view,
because the address itself may hold the link from somebody's letter.
"""

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime
from uuid import uuid4

from flask import Flask, Response, g, has_request_context, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from marketplace.web.site import settings

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "market_requests",
    "Requests answered by this process.",
    ("endpoint", "method", "status"),
    registry=REGISTRY,
)
SECONDS = Histogram(
    "market_request_seconds",
    "How long this process took to answer.",
    ("endpoint",),
    registry=REGISTRY,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
LETTERS_WAITING = Gauge("market_letters_waiting", "Letters still to be sent.", registry=REGISTRY)
INDEX_CHANGES_WAITING = Gauge(
    "market_index_changes_waiting",
    "Changes that the search index has not seen.",
    registry=REGISTRY,
)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_log = logging.getLogger("marketplace.requests")


class JsonFormatter(logging.Formatter):
    """Writes each log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if has_request_context():
            line["request_id"] = g.get("request_id", "")
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def register(app: Flask) -> None:
    """Observe every request to the application."""
    _write_json(app)
    # First of all, so that the time of everything else is counted.
    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(end)


def begin() -> None:
    """Note when a request came in and give it an id, the caller's own if it brought one."""
    brought = request.headers.get("X-Request-ID", "")
    g.request_id = brought if _REQUEST_ID.fullmatch(brought) else uuid4().hex
    g.began = time.perf_counter()


def end(response: Response) -> Response:
    """Count, measure and log an answer."""
    took = time.perf_counter() - g.get("began", time.perf_counter())
    endpoint = request.endpoint or "unknown"
    # A made-up method would make a new series of numbers each.
    method = request.method if request.method in _METHODS else "other"
    REQUESTS.labels(endpoint, method, str(response.status_code)).inc()
    SECONDS.labels(endpoint).observe(took)
    response.headers["X-Request-ID"] = g.get("request_id", "")
    fields = {
        "endpoint": endpoint,
        "method": method,
        "status": response.status_code,
        "milliseconds": round(took * 1000),
    }
    _log.info("answered", extra={"fields": fields})
    return response


def _write_json(app: Flask) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    with app.app_context():
        level = logging.INFO if settings().in_production else logging.WARNING
    for logger in (_log, app.logger):
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
