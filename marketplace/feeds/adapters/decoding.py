"""JSON of other people: not always UTF-8, not always whole, with numbers that are none."""

import json
from typing import Any

from marketplace.feeds.adapters import RawFeed
from marketplace.feeds.errors import BadFeedError
from marketplace.feeds.rules.said import Remark


def read_json(content: bytes, where: str, feed: RawFeed) -> Any:  # noqa: ANN401 - it may be anything
    """Return what a JSON text says, without numbers that are none.

    Raises:
        BadFeedError: it is not JSON.
    """
    text = _text(content, where, feed)

    def no_number(name: str) -> None:
        why = f"it holds {name}, which is no number; that value was left out."
        feed.remarks.append(Remark(where, why))

    try:
        return json.loads(text, parse_constant=no_number)
    except RecursionError:
        raise BadFeedError("It is not JSON to be read: it has brackets without end.") from None
    except ValueError as failure:
        raise BadFeedError(f"It is not JSON: {str(failure)[:100]}") from None


def _text(content: bytes, where: str, feed: RawFeed) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        feed.remarks.append(Remark(where, "it is not UTF-8; it was read as Windows writes it."))
        return content.decode("cp1252", errors="replace")
