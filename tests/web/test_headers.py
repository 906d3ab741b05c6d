"""What protects every answer, and what operators see of it."""

import json
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.web.observing import JsonFormatter


class TestHeaders:
    @pytest.mark.parametrize("path", ["/", "/nothing/here", "/static/nothing.css", "/health"])
    def test_protect_every_answer(self, client: FlaskClient, path: str) -> None:
        headers = client.get(path).headers

        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"

    def test_pages_are_kept_by_nobody(self, client: FlaskClient) -> None:
        assert client.get("/").headers["Cache-Control"] == "no-store"

    def test_a_safe_address_stays_safe(self, client: FlaskClient) -> None:
        plain = client.get("/health").headers
        safe = client.get("/health", base_url="https://localhost").headers

        assert "Strict-Transport-Security" not in plain
        assert safe["Strict-Transport-Security"].startswith("max-age=31536000")


class TestRequestId:
    def test_is_the_caller_s_own_if_it_is_a_plain_word(self, client: FlaskClient) -> None:
        answer = client.get("/health", headers={"X-Request-ID": "gateway-0001"})

        assert answer.headers["X-Request-ID"] == "gateway-0001"

    @pytest.mark.parametrize("brought", ["", "short", "with space in", "x" * 65])
    def test_is_made_if_it_is_not(self, client: FlaskClient, brought: str) -> None:
        answer = client.get("/health", headers={"X-Request-ID": brought})

        assert len(answer.headers["X-Request-ID"]) == 32


class TestLog:
    def test_is_one_line_of_json_with_the_request_and_without_the_address(
        self, app: Flask, client: FlaskClient
    ) -> None:
        lines: list[str] = []

        class Kept(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                lines.append(self.format(record))

        handler = Kept()
        handler.setFormatter(JsonFormatter())
        log = logging.getLogger("marketplace.requests")
        was = log.level
        log.addHandler(handler)
        log.setLevel(logging.INFO)

        client.get("/reset/secret-link", headers={"X-Request-ID": "gateway-0001"})

        log.removeHandler(handler)
        log.setLevel(was)
        line = json.loads(lines[0])
        assert line["endpoint"] == "access.reset"
        assert line["status"] == 409
        assert line["request_id"] == "gateway-0001"
        assert "secret-link" not in lines[0]

    def test_tells_the_trace_of_a_mistake(self) -> None:
        try:
            raise ValueError("wrong")
        except ValueError as mistake:
            trace = (type(mistake), mistake, mistake.__traceback__)
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "broken", None, trace)

        assert "ValueError: wrong" in json.loads(JsonFormatter().format(record))["trace"]
