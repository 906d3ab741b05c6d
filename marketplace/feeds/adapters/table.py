"""Plain tables: one row a service, with headings that say what they mean or are said to."""

from collections.abc import Mapping
from pathlib import Path

from marketplace.feeds.adapters import RawFeed
from marketplace.feeds.adapters.files import FILE_BYTES_MAX, read_table
from marketplace.feeds.errors import BadFeedError, TooMuchError
from marketplace.feeds.rules.columns import recognised, record_of


def read_plain(
    path: Path, *, said: Mapping[str, str], remembered: Mapping[str, str]
) -> tuple[RawFeed, dict[str, str]]:
    """Return the services of a table and what each field's column is.

    Raises:
        BadFeedError: it is no table, or nothing says which column is the name.
        TooMuchError: it is too long.
    """
    feed = RawFeed()
    if not path.is_file():
        raise BadFeedError("There is no such file.")
    if path.stat().st_size > FILE_BYTES_MAX:
        raise TooMuchError("The file is too long.")
    rows = read_table(path.read_bytes(), path.name, feed)
    if not rows:
        raise BadFeedError("There are no rows in it.")
    mapping = recognised(list(rows[0]), said=said, remembered=remembered)
    feed.services = [record_of(row, mapping) for row in rows]
    return feed, mapping
