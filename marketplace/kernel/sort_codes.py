"""Whether a bank account can exist: the check digits that UK banks build into account numbers.

The method is the one Pay.UK publishes ("Validating account numbers"): a table gives, for ranges of
sort codes, the weights and the kind of sum, and sixteen exceptions to them. The tables are not ours
to hand on; they are laid into ``vendor/sort-codes/`` at set-up. Without them nothing can be said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from functools import cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent.parent.parent / "vendor" / "sort-codes"

_A, _B, _C, _G, _H = 6, 7, 8, 12, 13
"""Where the digits that exceptions ask for stand among the fourteen."""
_ENDS_OF_CODE = 8
_WITHOUT_LAST = frozenset("019")
_FOREIGN = frozenset("45678")
_WEIGHTS_2 = (0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1)
_WEIGHTS_2_G9 = (0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1)
_CODE_8, _CODE_9 = "090126", "309634"


class Verdict(StrEnum):
    """What the check digits say of a bank account."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT_COVERED = "not_covered"
    """The bank has no check digits: any number may be right."""
    NO_TABLES = "no_tables"
    """The tables are not installed, so only the number of digits was looked at."""


class Method(Enum):
    """How the weighted digits are added up."""

    MOD10 = auto()
    MOD11 = auto()
    DBLAL = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: for these sort codes, these weights."""

    first: str
    last: str
    method: Method
    weights: tuple[int, ...]
    exception: int


@dataclass(frozen=True, slots=True)
class Tables:
    """Both tables of the check."""

    rows: tuple[Row, ...]
    substitutes: Mapping[str, str]
    """For exception 5: the sort code to reckon with instead."""

    def of(self, sort_code: str) -> list[Row]:
        """Return the lines for a sort code, none, one or two."""
        return [row for row in self.rows if row.first <= sort_code <= row.last]


@cache
def installed(folder: Path = FOLDER) -> Tables | None:
    """Return the tables that were laid down at set-up; None if they were not."""
    weights, substitutes = folder / "valacdos.table", folder / "scsubtab.table"
    if not (weights.exists() and substitutes.exists()):
        return None
    return read_tables(weights.read_text(encoding="ascii"), substitutes.read_text(encoding="ascii"))


def read_tables(weights: str, substitutes: str) -> Tables:
    """Read both tables as they are published."""
    rows = []
    for line in weights.splitlines():
        words = line.split()
        if words:
            first, last, method, *numbers = words
            exception = int(numbers[14]) if len(numbers) > 14 else 0  # noqa: PLR2004
            rows.append(Row(first, last, Method[method], tuple(map(int, numbers[:14])), exception))
    words = substitutes.split()
    instead = dict(zip(words[::2], words[1::2], strict=True))
    return Tables(tuple(rows), MappingProxyType(instead))


def verdict(tables: Tables | None, sort_code: str, account_number: str) -> Verdict:
    """Say whether an account number of eight digits can belong to a sort code of six."""
    if tables is None:
        return Verdict.NO_TABLES
    rows = tables.of(sort_code)
    if not rows:
        return Verdict.NOT_COVERED
    digits = sort_code + account_number
    # Accounts in a foreign currency cannot be checked, and are taken as right.
    if any(row.exception == 6 for row in rows) and _is_foreign(digits):  # noqa: PLR2004
        return Verdict.RIGHT
    first = _passes(tables, rows[0], digits)
    if len(rows) == 1:
        return Verdict.RIGHT if first else Verdict.WRONG
    pair = (rows[0].exception, rows[1].exception)
    if pair in {(2, 9), (10, 11), (12, 13)}:
        right = first or _passes(tables, rows[1], digits)
    else:
        right = first and _passes(tables, rows[1], digits)
    return Verdict.RIGHT if right else Verdict.WRONG


def _is_foreign(digits: str) -> bool:
    return digits[_A] in _FOREIGN and digits[_G] == digits[_H]


def _passes(tables: Tables, row: Row, digits: str) -> bool:
    """Tell whether the digits pass one line of the table, with its exception."""
    match row.exception:
        case 3 if digits[_C] in "69":
            return True
        case 4:
            return _sum(row, digits) % 11 == int(digits[_G:])
        case 5:
            return _passes_5(tables, row, digits)
        case 14:
            return _passes_14(row, digits)
    return _plain(row, *_changed(row, digits))


def _changed(row: Row, digits: str) -> tuple[str, Sequence[int]]:
    """Return the digits and the weights that an exception puts in place of those there are."""
    code, account, weights = digits[:6], digits[6:], row.weights
    match row.exception:
        case 2 if digits[_A] != "0":
            weights = _WEIGHTS_2_G9 if digits[_G] == "9" else _WEIGHTS_2
        case 7 if digits[_G] == "9":
            weights = _without_code(weights)
        case 10 if digits[_A:_C] in {"09", "99"} and digits[_G] == "9":
            weights = _without_code(weights)
        case 8:
            code = _CODE_8
        case 9:
            code = _CODE_9
    return code + account, weights


def _without_code(weights: Sequence[int]) -> tuple[int, ...]:
    return (0,) * _ENDS_OF_CODE + tuple(weights[_ENDS_OF_CODE:])


def _passes_5(tables: Tables, row: Row, digits: str) -> bool:
    code = tables.substitutes.get(digits[:6], digits[:6])
    changed = code + digits[6:]
    if row.method is Method.DBLAL:
        return (10 - _sum(row, changed) % 10) % 10 == int(digits[_H])
    rest = _sum(row, changed) % 11
    return rest != 1 and (11 - rest) % 11 == int(digits[_G])


def _passes_14(row: Row, digits: str) -> bool:
    if _plain(row, digits, row.weights):
        return True
    if digits[_H] not in _WITHOUT_LAST:
        return False
    return _plain(row, f"{digits[:6]}0{digits[6:13]}", row.weights)


def _plain(row: Row, digits: str, weights: Sequence[int]) -> bool:
    modulus = 11 if row.method is Method.MOD11 else 10
    return _sum(row, digits, weights) % modulus == 0


def _sum(row: Row, digits: str, weights: Sequence[int] | None = None) -> int:
    products = [
        int(digit) * weight for digit, weight in zip(digits, weights or row.weights, strict=True)
    ]
    if row.method is not Method.DBLAL:
        return sum(products)
    extra = 27 if row.exception == 1 else 0
    return sum(_digit_sum(product) for product in products) + extra


def _digit_sum(product: int) -> int:
    return sum(map(int, str(product)))
