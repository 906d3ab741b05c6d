"""Bank statements as CSV. Each bank has its own columns; a council's are remembered. Pure."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from marketplace.kernel.money import ZERO, Money
from marketplace.payments.errors import BadStatementError, UnknownColumnsError
from marketplace.payments.rules.bank_lines import (
    REFERENCE_LENGTH_MAX,
    BankAccount,
    BankLine,
    Skipped,
    Statement,
    check_account,
    check_count,
    check_day,
    is_money_in,
    made_of,
    read_amount,
    tidied,
)
from marketplace.payments.rules.bank_words import OutKind

HEAD_WITHIN = 20
"""Some banks write a few lines about the account above the table."""


class Part(StrEnum):
    """What a column may hold."""

    DAY = "day"
    AMOUNT = "amount"
    PAID_IN = "paid_in"
    PAID_OUT = "paid_out"
    WORDS = "words"
    MORE_WORDS = "more_words"
    PAYER = "payer"
    OWN_NUMBER = "own_number"
    SORT_CODE = "sort_code"
    ACCOUNT = "account"
    CURRENCY = "currency"

    @property
    def label(self) -> str:
        """What the column holds, in words."""
        return _LABELS[self]


_LABELS: Mapping[Part, str] = MappingProxyType(
    {
        Part.DAY: "The day of the payment",
        Part.AMOUNT: "The amount, money out with a minus",
        Part.PAID_IN: "Money in",
        Part.PAID_OUT: "Money out",
        Part.WORDS: "The reference, or what the payer wrote",
        Part.MORE_WORDS: "More words about the payment",
        Part.PAYER: "Who paid",
        Part.OWN_NUMBER: "The bank’s own number of the payment",
        Part.SORT_CODE: "Sort code of your account",
        Part.ACCOUNT: "Number of your account",
        Part.CURRENCY: "Currency",
    }
)

Columns = Mapping[Part, str]
"""Which column holds what, by the words at its head."""

_KNOWN: Mapping[Part, tuple[str, ...]] = MappingProxyType(
    {
        Part.DAY: ("transaction date", "date", "booking date", "posted date", "value date"),
        Part.PAID_IN: ("credit amount", "paid in", "money in", "credit", "credits", "receipts"),
        Part.PAID_OUT: ("debit amount", "paid out", "money out", "debit", "debits", "payments"),
        Part.AMOUNT: ("amount", "value", "transaction amount", "amount (gbp)"),
        Part.WORDS: ("reference", "transaction description", "description", "narrative", "memo"),
        Part.MORE_WORDS: ("transaction description", "description", "narrative", "details", "memo"),
        Part.PAYER: ("payer", "counter party", "counterparty", "name", "payee"),
        Part.OWN_NUMBER: ("transaction id", "bank reference", "transaction number", "fitid"),
        Part.SORT_CODE: ("sort code", "sortcode"),
        Part.ACCOUNT: ("account number", "account", "iban"),
        Part.CURRENCY: ("currency", "ccy", "account currency"),
    }
)
_DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d-%m-%Y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y",
         "%d-%b-%y", "%d %b %y", "%d.%m.%Y", "%Y%m%d", "%Y/%m/%d")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Table:
    head: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_csv(
    content: bytes, *, columns: Columns | None, ours: BankAccount, today: date
) -> Statement:
    """Read a statement with the columns a council has told us, or those that can be guessed.

    Raises:
        UnknownColumnsError: nobody has said which column holds what; carries the heads.
        BadStatementError: it is no such file, is broken off, or is of another account.
    """
    rows = _rows(content)
    table, found = _table(rows, columns)
    check_count(len(table.rows))
    lines: list[BankLine] = []
    skipped: list[Skipped] = []
    unread = 0
    for number, cells in table.rows:
        cell = _cells(table, found, number, cells)
        if isinstance(cell, Skipped):
            skipped.append(cell)
            continue
        if Part.ACCOUNT in cell:
            said = cell.get(Part.SORT_CODE, "") + cell[Part.ACCOUNT]
            check_account(said, ours=ours, number=number)
        try:
            line = _line(number, cell, today)
        except BadStatementError as refusal:
            skipped.append(Skipped(number, str(refusal)))
            continue
        if line is None:
            unread += 1
        else:
            lines.append(line)
    read = made_of(lines, skipped, names_account=Part.ACCOUNT in found)
    return replace(read, went_out=read.went_out + unread)


def heads_in(content: bytes) -> tuple[str, ...]:
    """Return the heads of the columns, for somebody to say what they hold.

    Raises:
        BadStatementError: there is no table.
    """
    rows = _rows(content)
    most = max((len(cells) for _, cells in rows[:HEAD_WITHIN]), default=0)
    for _, cells in rows[:HEAD_WITHIN]:
        heads = tuple(tidied(cell, 80) for cell in cells)
        if len(cells) == most and len({head for head in heads if head}) > 1:
            return tuple(dict.fromkeys(head for head in heads if head))
    raise BadStatementError("This file has no table with columns. Ask the bank for a CSV file.")


def check_columns(columns: Columns) -> Columns:
    """Refuse to remember columns from which no payment could be read.

    Raises:
        BadStatementError: says what is missing.
    """
    if Part.DAY not in columns:
        raise BadStatementError("Choose the column with the day of the payment.")
    if Part.AMOUNT not in columns and Part.PAID_IN not in columns:
        raise BadStatementError("Choose the column with the amount, or the one with money in.")
    if Part.PAID_OUT in columns and Part.PAID_IN not in columns:
        raise BadStatementError("Choose the column with money in too, or only the amount.")
    if Part.WORDS not in columns:
        raise BadStatementError("Choose the column with the reference.")
    if Part.SORT_CODE in columns and Part.ACCOUNT not in columns:
        raise BadStatementError("Choose the column with the account number too.")
    return columns


def _rows(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    text = _text(content)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text), strict=True)
    try:
        rows = [
            (reader.line_num, tuple(cells))
            for cells in reader
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error:
        raise BadStatementError(
            f"The file breaks off, or is damaged, in line {reader.line_num}. "
            "Get it from the bank again."
        ) from None
    if not rows:
        raise BadStatementError("The file is empty.")
    return rows


def _text(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text or content.startswith((b"PK", b"%PDF")):
        raise BadStatementError("This is not a CSV file. Ask the bank for a CSV or CAMT.053 file.")
    return text


def _delimiter(text: str) -> str:
    start = "\n".join(text.splitlines()[:HEAD_WITHIN])
    return max(",;\t|", key=start.count)


def _table(
    rows: Sequence[tuple[int, tuple[str, ...]]], columns: Columns | None
) -> tuple[_Table, Columns]:
    for place, (_, cells) in enumerate(rows[:HEAD_WITHIN]):
        head = tuple(tidied(cell, 80) for cell in cells)
        remembered = bool(columns) and set((columns or {}).values()) <= set(head)
        found = (columns or {}) if remembered else _guess(head)
        if found:
            return _Table(head, _whole(head, rows[place + 1 :])), found
    raise UnknownColumnsError


def _guess(head: Sequence[str]) -> Columns:
    small = {words.lower(): words for words in reversed(head) if words}
    found: dict[Part, str] = {}
    for part, names in _KNOWN.items():
        taken = set(found.values())
        name = next((name for name in names if small.get(name, "") not in {"", *taken}), None)
        if name is not None:
            found[part] = small[name]
    found.pop(Part.AMOUNT if Part.PAID_IN in found else Part.PAID_OUT, None)
    try:
        return check_columns(found)
    except BadStatementError:
        return {}


def _whole(
    head: Sequence[str], rows: Sequence[tuple[int, tuple[str, ...]]]
) -> tuple[tuple[int, tuple[str, ...]], ...]:
    if rows and len(rows[-1][1]) < len(head):
        raise BadStatementError(
            f"The file breaks off in line {rows[-1][0]}. Get it from the bank again."
        )
    return tuple(rows)


def _cells(
    table: _Table, columns: Columns, number: int, cells: tuple[str, ...]
) -> dict[Part, str] | Skipped:
    most = len(table.head)
    if len(cells) < most or any(cell.strip() for cell in cells[most:]):
        return Skipped(number, f"It has {len(cells)} columns, and the table has {most}.")
    return {part: cells[table.head.index(head)].strip() for part, head in columns.items()}


def _line(number: int, cell: Mapping[Part, str], today: date) -> BankLine | None:
    currency = cell.get(Part.CURRENCY, "").upper()
    if currency not in {"", "GBP", "£"}:
        raise BadStatementError(f"It is in {tidied(currency, 10)}. Only pounds can be taken.")
    amount = _moved(cell)
    if not amount:
        return None
    on = _day(cell[Part.DAY])
    check_day(on, today=today)
    words = tidied(f"{cell[Part.WORDS]} {cell.get(Part.MORE_WORDS, '')}")
    own = tidied(cell.get(Part.OWN_NUMBER, ""), REFERENCE_LENGTH_MAX)
    return BankLine(
        number=number,
        booked_on=on,
        amount=amount if is_money_in(amount) else -amount,
        words=words,
        payer=tidied(cell.get(Part.PAYER, ""), REFERENCE_LENGTH_MAX),
        bank_reference=own or words[:REFERENCE_LENGTH_MAX],
        has_own_number=bool(own),
        out=None if is_money_in(amount) else OutKind.PAID,
    )


def _moved(cell: Mapping[Part, str]) -> Money:
    """Return what came in, or less than nothing for what went out; nothing if nothing is said."""
    if Part.PAID_IN not in cell:
        return read_amount(cell[Part.AMOUNT])
    came = read_amount(cell[Part.PAID_IN]) if cell[Part.PAID_IN] else ZERO
    went = read_amount(cell[Part.PAID_OUT]) if cell.get(Part.PAID_OUT) else ZERO
    if came and went:
        raise BadStatementError("It says that money came in and went out.")
    # Some banks write what went out with a minus, in its own column too.
    return came if not went else Money(-abs(went.pence))


def _day(text: str) -> date:
    for form in _DAYS:
        try:
            return datetime.strptime(text.strip()[:30], form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise BadStatementError(f"“{tidied(text, 40)}” is not a day.")
