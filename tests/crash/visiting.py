"""Somebody with a browser in a thread of their own: real requests, real forms."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from threading import Event
from urllib.parse import urlencode

SECONDS_TO_ANSWER = 60
_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')


class GoneError(Exception):
    """There was no answer. Whether the request was carried out, nobody knows."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    text: str

    @property
    def fields(self) -> dict[str, str]:
        """The values of the page's hidden fields, and the first choice of each question."""
        found: dict[str, str] = {}
        for tag in _INPUT.findall(self.text):
            attributes = dict(_ATTRIBUTE.findall(tag))
            if attributes.get("type") in {"hidden", "radio"} and "name" in attributes:
                found.setdefault(attributes["name"], unescape(attributes.get("value", "")))
        return found


class Visitor:
    """Somebody who is signed in. Without an answer they wait, then send the same again."""

    def __init__(self, port: int, cookie: str, open_again: Event) -> None:
        self._port = port
        self._cookie = cookie
        self._open_again = open_again
        self.unanswered = 0
        """How often there was no answer."""

    def get(self, path: str) -> Answer:
        """Open a page, however long it takes."""
        answer = self._until_answered("GET", path, None)
        assert answer.status == 200, f"GET {path}: {answer.status}\n{answer.text[:2000]}"
        return answer

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form, however long it takes, and expect to be led on."""
        answer = self._until_answered("POST", path, fields)
        assert answer.status == 302, f"POST {path}: {answer.status}\n{answer.text[:2000]}"
        return answer

    def post_once(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form one time."""
        return self._ask("POST", path, fields)

    def _until_answered(self, method: str, path: str, fields: Mapping[str, str] | None) -> Answer:
        give_up_at = time.monotonic() + SECONDS_TO_ANSWER
        while True:
            try:
                return self._ask(method, path, fields)
            except GoneError:
                assert time.monotonic() < give_up_at, f"{method} {path} is never answered"
                self.unanswered += 1
                self._open_again.wait(SECONDS_TO_ANSWER)

    def _ask(self, method: str, path: str, fields: Mapping[str, str] | None) -> Answer:
        headers = {"Cookie": f"session={self._cookie}"}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection("127.0.0.1", self._port, timeout=SECONDS_TO_ANSWER)
        try:
            connection.request(method, path, urlencode(fields) if fields else None, headers)
            response = connection.getresponse()
            text = response.read().decode()
        except (OSError, HTTPException) as refusal:
            raise GoneError from refusal
        finally:
            connection.close()
        for morsel in SimpleCookie(response.headers.get("Set-Cookie", "")).values():
            if morsel.key == "session":
                self._cookie = morsel.value
        return Answer(response.status, response.headers.get("Location", ""), text)
