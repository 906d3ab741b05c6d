"""The month-end journal: what each account moved, by funder and cost code. Pure.

Most movements touch a funding line, and the line says whose money it is and under which code. The
other side of such a movement carries the same funder and code, so that each code balances by
itself. Where several lines pay together, the other side is split as they paid. A payment to a
provider touches no line: it is split as the invoices in it were paid for.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from marketplace.budgets.rules.statement import words
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet.rules import AccountKind

HEAD = ("Month", "Account", "Owner", "Funder", "Cost code", "What happened", "Debit", "Credit")

_ACCOUNTS: Mapping[AccountKind, str] = MappingProxyType(
    {
        AccountKind.FUNDER: "Council money paid in",
        AccountKind.AVAILABLE: "To spend",
        AccountKind.HELD: "Set aside",
        AccountKind.EARNED: "Owed to providers",
        AccountKind.PAID: "Paid to providers",
        AccountKind.OUTSIDE: "Cards and bank transfers",
        AccountKind.ELSEWHERE: "Bought elsewhere",
        AccountKind.OWED: "Own money to pay back",
    }
)


_HAPPENED: Mapping[str, str] = MappingProxyType(
    {
        "payment": "Paid to a provider",
        "bounce": "A payment came back",
        "payment-undone": "A payment was not that line of the bank",
        "asked-back": "Owed back to a person who asked for it",
        "closing": "Owed back to a person, because the money was closed",
    }
)
"""What a council reads otherwise than the people whose money it is."""


@dataclass(frozen=True, slots=True)
class Code:
    """Whose money it is, and under which cost code the council books it."""

    funder: str = ""
    cost_code: str = ""


NO_CODE = Code()


@dataclass(frozen=True, slots=True)
class Side:
    """One account's side of a movement: in is positive, out is negative."""

    key: str
    """What the ledger calls the movement."""
    reason: str
    owner_id: UUID
    kind: AccountKind
    amount: Money


Shares = Mapping[str, Mapping[Code, Money]]
"""By the key of a payment: how much of it was for what."""

_OF_PAYMENT = re.compile(r"(?:unsettle/)?(?:payment|bounce)/([0-9a-f-]{36})")


def payment_in(key: str) -> UUID | None:
    """Return the payment that a movement made, undid or brought back; None if it was no payment."""
    found = _OF_PAYMENT.match(key)
    return UUID(found[1]) if found else None


def for_what(sides: Iterable[Side], codes: Mapping[UUID, Code]) -> dict[Code, Money]:
    """Return how much the lines paid for something, by their codes; less than nothing came back."""
    found: dict[Code, Money] = {}
    for side in sides:
        if side.owner_id in codes:
            code = codes[side.owner_id]
            found[code] = found.get(code, ZERO) - side.amount
    return found


@dataclass(frozen=True, slots=True)
class JournalLine:
    """What all movements of one sort did to one sort of account, under one code."""

    kind: AccountKind
    owner_id: UUID | None
    """The provider, for what is owed and paid to them; nobody is named otherwise."""
    code: Code
    reason: str
    moved_in: Money
    moved_out: Money

    @property
    def account(self) -> str:
        """The account in words."""
        return _ACCOUNTS[self.kind]

    @property
    def happened(self) -> str:
        """What happened, in words."""
        return _HAPPENED.get(self.reason) or words(self.reason, "", ZERO)


def journal(
    sides: Iterable[Side], codes: Mapping[UUID, Code], shares: Shares = MappingProxyType({})
) -> list[JournalLine]:
    """Return the lines of a journal: per account they add up to what the ledger moved."""
    movements: dict[str, list[Side]] = {}
    for side in sides:
        movements.setdefault(side.key, []).append(side)
    found: dict[tuple[AccountKind, UUID | None, Code, str], tuple[Money, Money]] = {}
    for key, movement in movements.items():
        coded = _shared(movement, shares[key]) if key in shares else _coded(movement, codes)
        for side, code, amount in coded:
            owner = side.owner_id if side.kind in _BY_PROVIDER else None
            place = (side.kind, owner, code, side.reason)
            came, went = found.get(place, (ZERO, ZERO))
            found[place] = (came + amount, went) if amount > ZERO else (came, went - amount)
    lines = [JournalLine(*key, *moved) for key, moved in found.items()]
    return sorted(lines, key=_place)


_BY_PROVIDER = frozenset({AccountKind.EARNED, AccountKind.PAID})


def _place(line: JournalLine) -> tuple[str, str, str, str, str]:
    code = line.code
    return line.account, str(line.owner_id or ""), code.funder, code.cost_code, line.reason


def _coded(
    movement: Collection[Side], codes: Mapping[UUID, Code]
) -> Iterable[tuple[Side, Code, Money]]:
    lines = [side for side in movement if side.owner_id in codes]
    others = [side for side in movement if side.owner_id not in codes]
    yield from ((side, codes[side.owner_id], side.amount) for side in lines)
    by_code: dict[Code, Money] = {}
    for side in lines:
        code = codes[side.owner_id]
        by_code[code] = by_code.get(code, ZERO) + side.amount
    if len(others) == 1:
        # A movement adds up to nothing, so the one other side is the lines' turned round.
        yield from ((others[0], code, -amount) for code, amount in by_code.items() if amount)
    else:
        alone = next(iter(by_code), NO_CODE) if len(by_code) <= 1 else NO_CODE
        yield from ((side, alone, side.amount) for side in others)


def _shared(
    movement: Collection[Side], share: Mapping[Code, Money]
) -> Iterable[tuple[Side, Code, Money]]:
    for side in movement:
        rest = side.amount
        for code, amount in share.items():
            part = amount if side.amount > ZERO else -amount
            rest -= part
            yield side, code, part
        if rest:
            yield side, NO_CODE, rest


def month_of(typed: str, *, today: date) -> date:
    """Return the first day of a month that is written like 2026-03; the one before today if none.

    A month that is not over may be looked at too; none in the future.
    """
    try:
        year, month = (int(part) for part in typed.split("-"))
        first = date(year, month, 1)
    except ValueError:
        return months_before(today, 1)[0]
    return first if first <= today else today.replace(day=1)


def months_before(today: date, count: int) -> list[date]:
    """Return the first days of the months before this one, the newest first."""
    found, day = [], today.replace(day=1)
    for _ in range(count):
        day = day.replace(year=day.year - (day.month == 1), month=(day.month - 2) % 12 + 1)
        found.append(day)
    return found


def next_month(first: date) -> date:
    """Return the first day of the month after one."""
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


def pounds(amount: Money) -> str:
    """Write an amount as account programs read it; nothing where nothing moved."""
    return f"{amount.pence // 100}.{amount.pence % 100:02}" if amount else ""
