"""Easy Read: larger type, and short sentences with drawings at the top of the pages that matter.

Whoever wants it says so once; their browser remembers it. What is said stands in
``seed/easy_read.toml``.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import request
from werkzeug.wrappers import Response

COOKIE = "easy-read"
_YEAR_SECONDS = 365 * 24 * 60 * 60
_FILE = Path(__file__).parent.parent.parent / "seed" / "easy_read.toml"


@dataclass(frozen=True, slots=True)
class EasyLine:
    """One short sentence and the name of its drawing."""

    symbol: str
    words: str


def wants_easy_read() -> bool:
    """Tell whether the visitor wants pages in Easy Read."""
    return request.cookies.get(COOKIE) == "yes"


def easy_lines(endpoint: str | None) -> tuple[EasyLine, ...]:
    """Return what Easy Read says of a page; nothing of one that is plain enough."""
    return easy_pages().get(endpoint or "", ())


def remember(answer: Response, *, wanted: bool) -> None:
    """Let the visitor's browser remember what they want, for a year."""
    if wanted:
        secure = request.is_secure
        answer.set_cookie(
            COOKIE, "yes", max_age=_YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax"
        )
    else:
        answer.delete_cookie(COOKIE)


@cache
def easy_pages() -> Mapping[str, tuple[EasyLine, ...]]:
    """Return the sentences by the name of the page they are for."""
    rooms = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        f"{room}.{page}": tuple(EasyLine(*line) for line in lines)
        for room, pages in rooms.items()
        for page, lines in pages.items()
    }
