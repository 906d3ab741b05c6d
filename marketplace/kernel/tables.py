"""Tables as people send them back: CSV from any spreadsheet, of which nothing is trusted.

A file may be huge, broken off, in another alphabet, or made to hurt.
"""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from marketplace.kernel.errors import DomainError

BYTES_MAX = 200_000
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t")
UNREAD = "\N{REPLACEMENT CHARACTER}"
"""Stands where a letter could not be read."""
_SHOWN = 40

Row = tuple[int, list[str] | None]
"""The number of its first line, and its cells; None where the file is damaged."""


class BadTableError(DomainError):
    """A file is not a table that can be read."""


class BadCellsError(DomainError):
    """One line of a table cannot be read."""


@dataclass(frozen=True, slots=True, order=True)
class WrongLine:
    """One line that cannot be taken, and why."""

    number: int
    reason: str


def table_text(content: bytes) -> str:
    """Return a file as text; letters that cannot be read are marked.

    Raises:
        BadTableError: it is too big, or not a table as text.
    """
    if len(content) > BYTES_MAX:
        most = BYTES_MAX // 1000
        raise BadTableError(f"That file is bigger than {most} kB. Send it in parts.")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("utf-16" if wide else "cp1252", errors="replace")
    if "\0" in text or content.startswith((b"PK", b"%PDF", b"\xd0\xcf")):
        raise BadTableError("This is not a CSV file. In your spreadsheet, save it as CSV UTF-8.")
    if not text.strip():
        raise BadTableError("The file is empty.")
    return text


def rows_of(text: str) -> Iterator[Row]:
    """Give the lines of a table that say anything; after damage there is nothing more."""
    first = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True
    )
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, None
            return
        if any(cell.strip() for cell in cells):
            yield number, cells
        number = reader.line_num + 1


def head_of(row: Row | None, *, needed: Collection[str]) -> dict[str, int]:
    """Return where the columns of a table stand, by what they are called in small letters.

    Raises:
        BadTableError: a column that is needed is missing, or one stands there twice.
    """
    cells = (row and row[1]) or []
    names = [" ".join(cell.split()).casefold() for cell in cells]
    missing = [name for name in needed if name not in names]
    if missing:
        raise BadTableError(
            f"The first line must name the columns. It has none called “{missing[0]}”. "
            "Take the table from this page and fill it in."
        )
    twice = [name for name in names if name and names.count(name) > 1]
    if twice:
        raise BadTableError(f"Two columns are called “{shown(twice[0])}”. Take one away.")
    return {name: place for place, name in enumerate(names) if name}


def cells_of(
    head: Mapping[str, int], cells: Sequence[str] | None, *, columns: int
) -> dict[str, str]:
    """Return what stands in a line, by the column.

    Raises:
        BadCellsError: the line is damaged, too short or too long, or has letters nobody can read.
    """
    if cells is None:
        raise BadCellsError("The line is damaged, or the file breaks off here.")
    if len(cells) < columns or any(cell.strip() for cell in cells[columns:]):
        raise BadCellsError(f"It has {len(cells)} columns, and the table has {columns}.")
    found = {name: cells[place].strip() for name, place in head.items()}
    if any(UNREAD in cell for cell in found.values()):
        raise BadCellsError("Some letters of it cannot be read. Save the file as CSV UTF-8.")
    return found


def words_in(cell: str, *, column: str) -> str:
    """Return the words of a cell; the apostrophe that our own tables put before some goes again.

    Raises:
        BadCellsError: it begins like a formula.
    """
    if cell.startswith("'") and cell[1:].lstrip(" ").startswith(STARTS_A_FORMULA):
        return cell[1:]
    if cell.startswith(STARTS_A_FORMULA):
        raise BadCellsError(f"“{column}” begins with “{cell[0]}”, as a formula does. Write words.")
    return cell


def shown(typed: str) -> str:
    """Return the beginning of what stands in a cell, for a sentence about it."""
    plain = "".join(each if each.isprintable() else " " for each in typed[:_SHOWN])
    return f"{plain}…" if len(typed) > _SHOWN else plain
