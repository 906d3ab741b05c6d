"""Lines of a bank statement, whatever file they came in. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from marketplace.kernel.money import PENCE_MAX, ZERO, Money, total
from marketplace.payments.errors import BadStatementError
from marketplace.payments.rules.bank_words import OutKind

LINES_MAX = 5_000
WORDS_LENGTH_MAX = 280
REFERENCE_LENGTH_MAX = 140
OLDEST_YEAR = 2000

_AMOUNT = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.(?P<part>[0-9]{0,5}))?")
_UK_IBAN = re.compile(r"GB[0-9]{2}[A-Z]{4}([0-9]{6})([0-9]{8})")
_NUMBERS = re.compile(r"([0-9]{6})([0-9]{8})")


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A sort code and an account number: six digits and eight."""

    sort_code: str
    account_number: str

    def __str__(self) -> str:
        """Write it as a bank card does."""
        code = self.sort_code
        return f"{code[:2]}-{code[2:4]}-{code[4:]} {self.account_number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """Money that came in, or that went out, as the bank tells it."""

    number: int
    """In which line of the file it stands; in CAMT.053, which entry it is."""
    booked_on: date
    amount: Money
    words: str
    """What the payer wrote, and what the bank wrote beside it."""
    payer: str
    """Who paid; of money that went out, who was paid."""
    bank_reference: str
    """The bank's own number of the payment; what the payer wrote, if the bank gives none."""
    has_own_number: bool
    out: OutKind | None = None
    """Whether it is about our own payments; None for money that simply came in."""
    why: str = ""
    """Why the bank sent it back, in words."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is left out, and why."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file says: money in, money out, what is left out and why."""

    lines: tuple["Counted", ...]
    skipped: tuple[Skipped, ...]
    went_out: int
    names_account: bool
    """Does the file itself say which account it is of?"""
    out: tuple["Counted", ...] = ()
    """Money that went out, and what the bank says came back."""
    opening: Money | None = None
    """What was in the account before; None if the file does not say."""
    closing: Money | None = None

    @property
    def came_in(self) -> Money:
        """All that came in, as the file says."""
        back = (each.line.amount for each in self.out if each.line.out is OutKind.RETURNED)
        return total(each.line.amount for each in self.lines) + total(back)

    @property
    def paid_out(self) -> Money:
        """All that went out, as the file says."""
        return total(each.line.amount for each in self.out if each.line.out is OutKind.PAID)


@dataclass(frozen=True, slots=True)
class Counted:
    """A line, and which of several that look the same it is, from 1."""

    line: BankLine
    occurrence: int
    same_as: int
    """The number of the first line that looks the same; its own, if it is the first."""


def counted(lines: Iterable[BankLine]) -> tuple[list[Counted], list[Skipped]]:
    """Tell equal lines apart: two real payments, or one line that stands in the file twice.

    Where the bank numbers its lines, the second with a number is the same line again, and is left
    out. Where it does not, both are kept and the second says which line it looks like.
    """
    first: dict[tuple[OutKind | None, date, Money, str], int] = {}
    seen: dict[tuple[OutKind | None, date, Money, str], int] = {}
    kept: list[Counted] = []
    skipped: list[Skipped] = []
    for line in lines:
        key = (line.out, line.booked_on, line.amount, line.bank_reference)
        if key in first and line.has_own_number:
            skipped.append(Skipped(line.number, f"It stands in the file twice: line {first[key]}."))
            continue
        seen[key] = seen.get(key, 0) + 1
        kept.append(Counted(line, seen[key], first.setdefault(key, line.number)))
    return kept, skipped


def made_of(
    lines: Iterable[BankLine],
    skipped: Iterable[Skipped],
    *,
    names_account: bool,
    opening: Money | None = None,
    closing: Money | None = None,
) -> Statement:
    """Return what a file says, from its lines in their order and those that were left out."""
    kept, twice = counted(lines)
    return Statement(
        lines=tuple(each for each in kept if each.line.out is None),
        skipped=tuple(sorted([*skipped, *twice], key=lambda each: each.number)),
        went_out=sum(each.line.out is OutKind.PAID for each in kept),
        names_account=names_account,
        out=tuple(each for each in kept if each.line.out is not None),
        opening=opening,
        closing=closing,
    )


def read_amount(text: str, most: int = PENCE_MAX) -> Money:
    """Read an amount as banks write it: 1,234.50, £12, -3.00, (3.00), 3.00 DR.

    Raises:
        BadStatementError: it is no amount in whole pence, or more than any one amount here.
    """
    bare = text.strip().replace("£", "").replace("\N{MINUS SIGN}", "-").upper()
    out = bare.startswith(("-", "(")) or bare.endswith(("-", "DR"))
    bare = bare.strip("-+() ").removesuffix("CR").removesuffix("DR").strip()
    found = _AMOUNT.fullmatch(bare)
    if found is None:
        raise BadStatementError(f"“{_shown(text)}” is not an amount of money.")
    part = (found["part"] or "").ljust(2, "0")
    if part[2:].strip("0"):
        raise BadStatementError(f"“{_shown(text)}” is not in whole pence.")
    pence = int(found["whole"].replace(",", "")) * 100 + int(part[:2])
    if pence > most:
        raise BadStatementError(f"“{_shown(text)}” is more than {Money(most)}.")
    return Money(-pence if out else pence)


def read_account(text: str) -> BankAccount | None:
    """Read a sort code and account number, or a British IBAN; None if it is neither."""
    bare = "".join(each for each in text.upper() if each.isascii() and each.isalnum())
    found = _UK_IBAN.fullmatch(bare) or _NUMBERS.fullmatch(bare)
    return BankAccount(found[1], found[2]) if found else None


def check_account(said: str, *, ours: BankAccount, number: int) -> None:
    """Refuse a file of another account.

    Raises:
        BadStatementError: names both accounts and the line.
    """
    alone = "".join(each for each in said if each.isalnum())
    if read_account(said) != ours and alone != ours.account_number:
        raise BadStatementError(
            f"Line {number} is of the account {_shown(said) or 'without a number'}. "
            f"Yours is {ours}. Nothing of this file was taken."
        )


def check_day(on: date, *, today: date) -> None:
    """Refuse a day on which nothing can have been paid.

    Raises:
        BadStatementError: it is in the future, or too long ago to be true.
    """
    if on > today:
        raise BadStatementError(f"The day {on:%d/%m/%Y} is in the future.")
    if on.year < OLDEST_YEAR:
        raise BadStatementError(f"The day {on:%d/%m/%Y} is too long ago.")


def check_count(count: int) -> None:
    """Refuse more lines than are looked at together.

    Raises:
        BadStatementError: there are too many.
    """
    if count > LINES_MAX:
        raise BadStatementError(
            f"The file has more than {LINES_MAX:,} lines. Ask the bank for a shorter time."
        )


def tidied(text: str, longest: int = WORDS_LENGTH_MAX) -> str:
    """Return words of a bank on one line, without characters that cannot be seen or stored."""
    seen = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(seen.split())[:longest]


def is_money_in(amount: Money) -> bool:
    """Tell whether a line brings money."""
    return amount > ZERO


def _shown(text: str) -> str:
    return tidied(text, 40)
