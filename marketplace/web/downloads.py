"""Files to keep and feeds to follow. No cell of a table is one that a spreadsheet would run."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from flask import Response, request

from marketplace.kernel.attachments import is_picture
from marketplace.kernel.money import Money

CALENDAR = "text/calendar; charset=utf-8"
NEWS = "application/rss+xml; charset=utf-8"
_FEED_KEPT_SECONDS = 900
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return a table as a file to keep, named ``name``."""
    return file_answer(name, csv_text(head, rows).encode(), "text/csv")


def zip_answer(name: str, files: Mapping[str, str]) -> Response:
    """Return several texts, by their names, as one file to keep."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for inner, text in files.items():
            archive.writestr(inner, text)
    return file_answer(name, written.getvalue(), "application/zip")


def file_answer(name: str, content: bytes, media_type: str) -> Response:
    """Return something as a file to keep, named ``name``."""
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def attachment_answer(name: str, content: bytes, media_type: str) -> Response:
    """Return a file that somebody sent: a picture to look at, all else to be kept, not opened."""
    answer = file_answer(name, content, media_type)
    if is_picture(media_type):
        answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def feed_answer(
    written: bytes, media_type: str, *, newest: datetime | None, name: str = ""
) -> Response:
    """Return a calendar or news as something to follow, as old as the newest thing in it.

    Whoever has it already is told so, and nothing more. That is told by its mark alone: when
    something is taken out, nothing in it is newer.
    """
    answer = Response(written, content_type=media_type)
    answer.headers["Cache-Control"] = f"public, max-age={_FEED_KEPT_SECONDS}"
    if name:
        answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.add_etag()
    answer.make_conditional(request)
    if newest is not None:
        answer.last_modified = newest
    return answer


def private_feed_answer(written: bytes, media_type: str, *, name: str) -> Response:
    """Return a calendar that is somebody's own: kept by their phone alone, found by no search."""
    answer = Response(written, content_type=media_type)
    answer.headers["Cache-Control"] = f"private, max-age={_FEED_KEPT_SECONDS}"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as text, none of whose cells a spreadsheet would run."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([cell(words) for words in head])
    writer.writerows([cell(value) for value in row] for row in rows)
    return written.getvalue()


def cell(value: object) -> str:
    """Return a value as a cell that every spreadsheet reads as a value.

    Words that start like a formula get an apostrophe before them, spaces at their start or not.
    """
    if isinstance(value, Money):
        sign = "-" if value.pence < 0 else ""
        pounds, pence = divmod(abs(value.pence), 100)
        return f"{sign}{pounds}.{pence:02}"
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, str) and text.lstrip(" ").startswith(_STARTS_A_FORMULA):
        return f"'{text}"
    return text
