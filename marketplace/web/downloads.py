"""Tables as files for a spreadsheet, none of whose cells a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

from marketplace.kernel.money import Money

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return a table as a file to keep, named ``name``."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([cell(words) for words in head])
    writer.writerows([cell(value) for value in row] for row in rows)
    answer = Response(written.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


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
