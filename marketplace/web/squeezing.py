"""Answers made small on their way: what is text is a fifth as long.

A page may have a secret beside words that the visitor chose, and the length of what is squeezed
says something about both (BREACH). So every page gets a comment of a length drawn by lot.
"""

import secrets
from functools import lru_cache

import brotli
from flask import Flask, Response, request

from marketplace.web.headers import vary

ENCODING = "br"
_TEXTS = frozenset(
    {"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"}
)
_SMALL = 1_000
"""Answers below so many bytes fit into one packet as they are."""
_PAGE_QUALITY, _FILE_QUALITY = 4, 11
"""A page is squeezed each time, a file once."""
_PADDING_MAX = 100
_FILES_KEPT = 64


def register(app: Flask) -> None:
    """Squeeze every answer of the application that gains by it."""
    app.after_request(squeeze)


def squeeze(response: Response) -> Response:
    """Squeeze one answer, if the browser can read that."""
    if response.mimetype not in _TEXTS:
        return response
    vary(response, "Accept-Encoding")
    is_file = request.endpoint == "static"
    if not _may_be(response, is_file=is_file):
        return response
    response.direct_passthrough = False
    plain = response.get_data()
    if len(plain) < _SMALL:
        return response
    response.set_data(_file(plain) if is_file else _page(plain, response.mimetype))
    response.headers["Content-Encoding"] = ENCODING
    tag, _ = response.get_etag()
    if tag:  # the same thing in other bytes: a weak tag, so that asking again is still answered
        response.set_etag(tag, weak=True)
    return response


def _may_be(response: Response, *, is_file: bool) -> bool:
    return (
        request.method == "GET"
        and request.accept_encodings.quality(ENCODING) > 0
        and response.status_code == 200  # noqa: PLR2004 - anything else is short, or partial
        and "Content-Encoding" not in response.headers
        and (is_file or not response.is_streamed)
    )


@lru_cache(maxsize=_FILES_KEPT)
def _file(plain: bytes) -> bytes:
    squeezed: bytes = brotli.compress(plain, quality=_FILE_QUALITY)
    return squeezed


def _page(plain: bytes, mimetype: str) -> bytes:
    if mimetype == "text/html":
        plain += b"<!-- " + b"." * secrets.randbelow(_PADDING_MAX) + b" -->"
    squeezed: bytes = brotli.compress(plain, quality=_PAGE_QUALITY)
    return squeezed
