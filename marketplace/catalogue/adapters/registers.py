"""Reading a register's file: which register it is, its services, and the lines that are wrong."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice

from marketplace.catalogue.adapters import Register
from marketplace.catalogue.adapters.cqc import Cqc
from marketplace.catalogue.adapters.rqia import Rqia
from marketplace.catalogue.errors import BadRegisterError
from marketplace.catalogue.rules import RegisterEntry

REGISTERS: tuple[Register, ...] = (Cqc(), Rqia())
PREAMBLE_MAX = 20
"""The header is among so many first lines; some registers begin with a few words about it."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be read, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFile:
    """What a file says."""

    register: str
    rows: int
    entries: list[RegisterEntry] = field(default_factory=list)
    not_support: int = 0
    """Rows about hospitals, dentists and the like."""
    twice: list[BadLine] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)


def read_register(content: bytes) -> RegisterFile:
    """Read a whole file of a register that we know.

    Raises:
        BadRegisterError: it is not a CSV file of one of them.
    """
    reader = csv.reader(StringIO(decoded(content), newline=""))
    register, header = _find_header(reader)
    entries: dict[str, RegisterEntry] = {}
    rows = not_support = 0
    bad, twice = [], []
    while True:
        began = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            bad.append(BadLine(began, f"It is not written like a table: {error}."))
            continue
        if cells is None:
            break
        if not any(cell.strip() for cell in cells):
            continue
        rows += 1
        try:
            entry = _entry(register, header, cells)
        except BadRegisterError as error:
            bad.append(BadLine(began, str(error)))
            continue
        if entry is None:
            not_support += 1
        elif entry.key in entries:
            twice.append(BadLine(began, f"{entry.name} is in the file twice; the first counts."))
        else:
            entries[entry.key] = entry
    return RegisterFile(
        register=register.name,
        rows=rows,
        entries=list(entries.values()),
        not_support=not_support,
        twice=twice,
        bad=bad,
    )


def decoded(content: bytes) -> str:
    """Return a file's text, whether it was saved for the web or by an office program."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _find_header(reader: Iterator[list[str]]) -> tuple[Register, list[str]]:
    try:
        for cells in islice(reader, PREAMBLE_MAX):
            header = [cell.strip() for cell in cells]
            for register in REGISTERS:
                if register.reads(header):
                    return register, header
    except csv.Error as error:
        raise BadRegisterError(f"This file is not a CSV file: {error}.") from error
    raise BadRegisterError("This is not the file of a register we know (CQC or RQIA).")


def _entry(register: Register, header: list[str], cells: list[str]) -> RegisterEntry | None:
    if len(cells) != len(header):
        raise BadRegisterError(f"It has {len(cells)} columns instead of {len(header)}.")
    return register.entry(dict(zip(header, cells, strict=True)))
