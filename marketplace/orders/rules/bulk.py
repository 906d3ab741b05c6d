"""A table of deliveries as people send it back: read line by line, each wrong one with its reason.

Nothing of a file is trusted: it may be huge, broken off, in another alphabet, or made to hurt.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from marketplace.orders.errors import BadLineError, BadTableError
from marketplace.orders.rules.delivering import HowMuch, read_how_much
from marketplace.orders.rules.states import NoteKind
from marketplace.orders.rules.times import WORDS_LENGTH_MAX

BYTES_MAX = 200_000
LINES_MAX = 500
VISIT, WHAT, HOW_MUCH, NOTES = "visit", "what happened", "how much", "notes"
HEAD = (
    *(VISIT, "day", "time", "person", "ordered", "to pay", "worker"),
    *(WHAT, HOW_MUCH, NOTES),
)
_NEEDED = (VISIT, WHAT, HOW_MUCH, NOTES)
_FORMULA = ("=", "+", "-", "@", "\t")
_SHOWN = 40
_UNREAD = "\N{REPLACEMENT CHARACTER}"
_UNREAD_WORDS = "Some letters of it cannot be read. Save the file as CSV UTF-8."

ANSWERS: Mapping[str, NoteKind] = MappingProxyType(
    {
        "done": NoteKind.FULL,
        "done as agreed": NoteKind.FULL,
        "full": NoteKind.FULL,
        "part": NoteKind.PART,
        "missed": NoteKind.MISSED,
        "cancelled in time": NoteKind.CANCELLED_IN_TIME,
        "cancelled late": NoteKind.CANCELLED_LATE,
        "not in": NoteKind.PERSON_NOT_IN,
        "nobody in": NoteKind.PERSON_NOT_IN,
    }
)
"""What can be written into the table, small letters or not."""


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One line that says what became of a visit."""

    number: int
    visit_id: UUID
    kind: NoteKind
    how_much: HowMuch
    words: str


@dataclass(frozen=True, slots=True, order=True)
class WrongLine:
    """One line that cannot be taken, and why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class NoteTable:
    """What a file says."""

    lines: tuple[NoteLine, ...]
    wrong: tuple[WrongLine, ...]
    empty: int
    """How many lines say nothing yet."""


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


def read_table(text: str) -> NoteTable:
    """Read the lines of a table.

    Raises:
        BadTableError: it has no head, or too many lines.
    """
    lines: list[NoteLine] = []
    wrong: list[WrongLine] = []
    seen: dict[UUID, int] = {}
    empty = 0
    rows = _rows(text)
    head = _head(next(rows, None))
    for count, (number, cells) in enumerate(rows, start=1):
        if count > LINES_MAX:
            raise BadTableError(f"That file has more than {LINES_MAX} lines. Send it in parts.")
        try:
            line = _line(number, _cells(head, cells))
            if line is None:
                empty += 1
                continue
            if line.visit_id in seen:
                raise BadLineError(f"Line {seen[line.visit_id]} is about the same visit.")
        except BadLineError as refusal:
            wrong.append(WrongLine(number, str(refusal)))
            continue
        seen[line.visit_id] = number
        lines.append(line)
    return NoteTable(tuple(lines), tuple(wrong), empty)


_Row = tuple[int, list[str] | None]
"""The number of its first line, and its cells; None where the file is damaged."""


def _rows(text: str) -> Iterator[_Row]:
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


def _head(row: _Row | None) -> dict[str, int]:
    cells = (row and row[1]) or []
    head = {" ".join(cell.split()).casefold(): place for place, cell in enumerate(cells)}
    missing = [name for name in _NEEDED if name not in head]
    if missing:
        raise BadTableError(
            f"The first line must name the columns. It has none called “{missing[0]}”. "
            "Take the table from this page and fill it in."
        )
    return {name: head[name] for name in _NEEDED} | {"": len(cells)}


def _cells(head: Mapping[str, int], cells: Sequence[str] | None) -> dict[str, str]:
    if cells is None:
        raise BadLineError("The line is damaged, or the file breaks off here.")
    columns = head[""]
    if len(cells) < columns or any(cell.strip() for cell in cells[columns:]):
        raise BadLineError(f"It has {len(cells)} columns, and the table has {columns}.")
    return {name: cells[head[name]].strip() for name in _NEEDED}


def _line(number: int, cell: Mapping[str, str]) -> NoteLine | None:
    if not (cell[WHAT] or cell[HOW_MUCH] or cell[NOTES]):
        return None
    _check_letters(cell)
    kind = _kind(cell[WHAT])
    return NoteLine(
        number=number,
        visit_id=_visit_id(cell[VISIT]),
        kind=kind,
        how_much=_how_much(kind, cell[HOW_MUCH]),
        words=_words(cell[NOTES]),
    )


def _check_letters(cell: Mapping[str, str]) -> None:
    for name in (WHAT, HOW_MUCH, NOTES):
        if cell[name].startswith(_FORMULA):
            raise BadLineError(
                f"“{name}” begins with “{cell[name][0]}”, as a formula does. Write words."
            )
        if _UNREAD in cell[name]:
            raise BadLineError(_UNREAD_WORDS)


def _visit_id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise BadLineError(
            f"“{_shown(typed)}” names no visit. Leave the first column as it is."
        ) from None


def _kind(typed: str) -> NoteKind:
    if not typed:
        raise BadLineError("It does not say what happened.")
    kind = ANSWERS.get(" ".join(typed.split()).casefold().rstrip("."))
    if kind is None:
        known = ", ".join(name for name in ANSWERS if name not in {"full", "done as agreed"})
        raise BadLineError(f"“{_shown(typed)}” is none of the answers: {known}.")
    return kind


def _how_much(kind: NoteKind, typed: str) -> HowMuch:
    if not typed:
        if kind is NoteKind.PART:
            raise BadLineError("Say how much of it happened, like 45 minutes or 50%.")
        return HowMuch()
    if not kind.was_delivered:
        raise BadLineError("Only a part, or what was done, has a “how much”.")
    return read_how_much(typed)


def _words(typed: str) -> str:
    kept = "".join(
        each
        for each in typed.replace("\r\n", "\n")
        if each == "\n" or unicodedata.category(each) not in {"Cc", "Cs"}
    )
    if len(kept) > WORDS_LENGTH_MAX:
        raise BadLineError(
            f"The notes have {len(kept):,} characters. Use at most {WORDS_LENGTH_MAX:,}."
        )
    return kept


def _shown(typed: str) -> str:
    plain = "".join(each if each.isprintable() else " " for each in typed[:_SHOWN])
    return f"{plain}…" if len(typed) > _SHOWN else plain
