"""A table of deliveries as people send it back: each line is read, or refused with its reason."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from marketplace.kernel.tables import (
    STARTS_A_FORMULA,
    BadCellsError,
    BadTableError,
    WrongLine,
    cells_of,
    head_of,
    rows_of,
    shown,
)
from marketplace.orders.errors import BadLineError
from marketplace.orders.rules.delivering import HowMuch, read_how_much
from marketplace.orders.rules.states import NoteKind
from marketplace.orders.rules.times import WORDS_LENGTH_MAX

LINES_MAX = 500
VISIT, WHAT, HOW_MUCH, NOTES = "visit", "what happened", "how much", "notes"
HEAD = (
    *(VISIT, "day", "time", "person", "ordered", "to pay", "worker"),
    *(WHAT, HOW_MUCH, NOTES),
)
_NEEDED = (VISIT, WHAT, HOW_MUCH, NOTES)

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


@dataclass(frozen=True, slots=True)
class NoteTable:
    """What a file says."""

    lines: tuple[NoteLine, ...]
    wrong: tuple[WrongLine, ...]
    empty: int
    """How many lines say nothing yet."""


def read_table(text: str) -> NoteTable:
    """Read the lines of a table.

    Raises:
        BadTableError: it has no head, or too many lines.
    """
    lines: list[NoteLine] = []
    wrong: list[WrongLine] = []
    seen: dict[UUID, int] = {}
    empty = 0
    rows = rows_of(text)
    first = next(rows, None)
    places = head_of(first, needed=_NEEDED)
    head = {name: places[name] for name in _NEEDED}
    columns = len((first and first[1]) or [])
    for count, (number, cells) in enumerate(rows, start=1):
        if count > LINES_MAX:
            raise BadTableError(f"That file has more than {LINES_MAX} lines. Send it in parts.")
        try:
            line = _line(number, cells_of(head, cells, columns=columns))
            if line is None:
                empty += 1
                continue
            if line.visit_id in seen:
                raise BadCellsError(f"Line {seen[line.visit_id]} is about the same visit.")
        except (BadCellsError, BadLineError) as refusal:
            wrong.append(WrongLine(number, str(refusal)))
            continue
        seen[line.visit_id] = number
        lines.append(line)
    return NoteTable(tuple(lines), tuple(wrong), empty)


def _line(number: int, cell: Mapping[str, str]) -> NoteLine | None:
    if not (cell[WHAT] or cell[HOW_MUCH] or cell[NOTES]):
        return None
    for name in (WHAT, HOW_MUCH, NOTES):
        if cell[name].startswith(STARTS_A_FORMULA):
            raise BadCellsError(
                f"“{name}” begins with “{cell[name][0]}”, as a formula does. Write words."
            )
    kind = _kind(cell[WHAT])
    return NoteLine(
        number=number,
        visit_id=_visit_id(cell[VISIT]),
        kind=kind,
        how_much=_how_much(kind, cell[HOW_MUCH]),
        words=_words(cell[NOTES]),
    )


def _visit_id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise BadCellsError(
            f"“{shown(typed)}” names no visit. Leave the first column as it is."
        ) from None


def _kind(typed: str) -> NoteKind:
    if not typed:
        raise BadCellsError("It does not say what happened.")
    kind = ANSWERS.get(" ".join(typed.split()).casefold().rstrip("."))
    if kind is None:
        known = ", ".join(name for name in ANSWERS if name not in {"full", "done as agreed"})
        raise BadCellsError(f"“{shown(typed)}” is none of the answers: {known}.")
    return kind


def _how_much(kind: NoteKind, typed: str) -> HowMuch:
    if not typed:
        if kind is NoteKind.PART:
            raise BadCellsError("Say how much of it happened, like 45 minutes or 50%.")
        return HowMuch()
    if not kind.was_delivered:
        raise BadCellsError("Only a part, or what was done, has a “how much”.")
    return read_how_much(typed)


def _words(typed: str) -> str:
    kept = "".join(
        each
        for each in typed.replace("\r\n", "\n")
        if each == "\n" or unicodedata.category(each) not in {"Cc", "Cs"}
    )
    if len(kept) > WORDS_LENGTH_MAX:
        raise BadCellsError(
            f"The notes have {len(kept):,} characters. Use at most {WORDS_LENGTH_MAX:,}."
        )
    return kept
