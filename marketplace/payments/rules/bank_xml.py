"""Bank statements as CAMT.053, the banks' common XML. Pure.

Read with the parser of the standard library, which is told to refuse what makes XML dangerous:
declarations of a document type, and with them every entity. Only what is needed is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NoReturn
from xml.parsers import expat

from marketplace.kernel.money import PENCE_MAX, Money, total
from marketplace.payments.errors import BadStatementError
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
from marketplace.payments.rules.bank_out import why_returned
from marketplace.payments.rules.bank_words import OutKind

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053."
DEPTH_MAX = 40
NODES_MAX = 400_000
_NOTHING = frozenset({"NOTPROVIDED", "NONREF"})
"""What banks write where they have nothing to say."""
_BALANCE_MAX = 10**14
"""A council's account may hold more than any one amount here."""


@dataclass(slots=True)
class _Node:
    name: str
    number: int
    attributes: dict[str, str]
    words: list[str] = field(default_factory=list)
    children: list["_Node"] = field(default_factory=list)

    def all(self, path: str) -> list["_Node"]:
        """Return what stands below, by the names on the way."""
        found = [self]
        for name in path.split("/"):
            found = [child for node in found for child in node.children if child.name == name]
        return found

    def text(self, *paths: str) -> str:
        """Return the words at the first of the paths that has any."""
        texts = ("".join(node.words).strip() for path in paths for node in self.all(path))
        return next((text for text in texts if text), "")


def read_xml(content: bytes, *, ours: BankAccount, today: date) -> Statement:
    """Read a CAMT.053 statement.

    Raises:
        BadStatementError: it is no such file, is broken off, or is of another account.
    """
    root = _Reader().read(content)
    statements = root.all("BkToCstmrStmt/Stmt")
    if not statements:
        raise BadStatementError("There is no statement in this file.")
    lines: list[BankLine] = []
    skipped: list[Skipped] = []
    balances: list[tuple[Money | None, Money | None]] = []
    for statement in statements:
        _check_statement(statement, ours)
        balances.append(_balances(statement))
        for entry in statement.all("Ntry"):
            try:
                lines += _lines(entry, today)
            except BadStatementError as refusal:
                skipped.append(Skipped(entry.number, str(refusal)))
    check_count(len(lines) + len(skipped))
    in_a_row = all(before[1] == after[0] for before, after in pairwise(balances))
    return made_of(
        lines,
        skipped,
        names_account=True,
        opening=balances[0][0] if in_a_row else None,
        closing=balances[-1][1] if in_a_row else None,
    )


def _balances(statement: _Node) -> tuple[Money | None, Money | None]:
    """Return what was in the account before and after; refuse lines that do not lead there."""
    said = [
        next((_balance(each) for each in statement.all("Bal") if _kind(each) in kinds), None)
        for kinds in ({"OPBD", "PRCD"}, {"CLBD"})
    ]
    opening, closing = said
    try:
        moved = [
            _amount(each, "Amt") * (-1 if each.text("CdtDbtInd") == "DBIT" else 1)
            for each in statement.all("Ntry")
            if each.text("Sts/Cd", "Sts") == "BOOK"
        ]
    except BadStatementError:
        return opening, closing
    if opening is not None and closing is not None and opening + total(moved) != closing:
        raise BadStatementError(
            f"The statement begins with {opening} and ends with {closing}, and its lines add up to "
            f"{total(moved)}. A part of it is missing. Get it from the bank again."
        )
    return opening, closing


def _kind(balance: _Node) -> str:
    return balance.text("Tp/CdOrPrtry/Cd")


def _balance(balance: _Node) -> Money | None:
    try:
        amount = _amount(balance, "Amt", most=_BALANCE_MAX)
    except BadStatementError:
        return None
    return -amount if balance.text("CdtDbtInd") == "DBIT" else amount


def _check_statement(statement: _Node, ours: BankAccount) -> None:
    said = statement.text("Acct/Id/IBAN", "Acct/Id/Othr/Id")
    check_account(said, ours=ours, number=statement.number)
    currency = statement.text("Acct/Ccy")
    if currency not in {"", "GBP"}:
        raise BadStatementError(f"The account is in {tidied(currency, 10)}, not in pounds.")
    told = statement.text("TxsSummry/TtlNtries/NbOfNtries")
    there = len(statement.all("Ntry"))
    if told and told != str(there):
        raise BadStatementError(
            f"The file says it has {tidied(told, 10)} lines, and it has {there}. "
            "Get it from the bank again."
        )


def _lines(entry: _Node, today: date) -> Iterator[BankLine]:
    amount = _amount(entry, "Amt")
    if entry.text("CdtDbtInd") not in {"CRDT", "DBIT"}:
        raise BadStatementError("It does not say whether the money came in or went out.")
    if entry.text("Sts/Cd", "Sts") != "BOOK":
        raise BadStatementError("The bank has not booked it yet.")
    if not is_money_in(amount):
        return
    on = _day(entry.text("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"))
    check_day(on, today=today)
    payments = entry.all("NtryDtls/TxDtls")
    for place, (node, part) in enumerate(_parts(entry, payments, amount), start=1):
        own = _own_number(node, entry)
        if own and node is not entry and len(payments) > 1:
            own = f"{own}/{place}"
        words = _words(node, entry)
        out = _out(node, entry)
        yield BankLine(
            number=node.number,
            booked_on=on,
            amount=part,
            words=words,
            payer=_other_side(node, paid=out is OutKind.PAID),
            bank_reference=tidied(own or words, REFERENCE_LENGTH_MAX),
            has_own_number=bool(own),
            out=out,
            why=_why(node, entry) if out is OutKind.RETURNED else "",
        )


def _out(node: _Node, entry: _Node) -> OutKind | None:
    """Tell money that went out, and what came back of it, from money that simply came in.

    A reversal says which way the money goes now: a credit that reverses was a debit before.
    """
    if entry.text("CdtDbtInd") == "DBIT":
        return OutKind.PAID
    is_reversal = entry.text("RvslInd") in {"true", "1"}
    return OutKind.RETURNED if is_reversal or node.all("RtrInf") or _returned(entry) else None


def _returned(entry: _Node) -> bool:
    return bool(entry.all("NtryDtls/TxDtls/RtrInf"))


def _why(node: _Node, entry: _Node) -> str:
    inside = "NtryDtls/TxDtls/RtrInf"
    code = node.text("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry") or entry.text(f"{inside}/Rsn/Cd")
    more = node.text("RtrInf/AddtlInf") or entry.text(f"{inside}/AddtlInf")
    return why_returned(tidied(code, 35), tidied(more, 105))


def _own_number(node: _Node, entry: _Node) -> str:
    said = (node.text("Refs/AcctSvcrRef"), entry.text("AcctSvcrRef"))
    return next((each for each in said if each and each not in _NOTHING), "")


def _parts(entry: _Node, payments: list[_Node], amount: Money) -> list[tuple[_Node, Money]]:
    """Return the payments of an entry with their amounts; the entry as one if they do not add up.

    A line of several payments that cannot be told apart keeps the words of all of them. It then
    has no one reference, and a human looks at it.
    """
    if len(payments) == 1:
        return [(payments[0], amount)]
    try:
        parts = [_amount(each, "Amt", "AmtDtls/TxAmt/Amt") for each in payments]
    except BadStatementError:
        return [(entry, amount)]
    if not parts or not all(map(is_money_in, parts)) or sum(p.pence for p in parts) != amount.pence:
        return [(entry, amount)]
    return list(zip(payments, parts, strict=True))


def _amount(node: _Node, *paths: str, most: int = PENCE_MAX) -> Money:
    for path in paths:
        for found in node.all(path):
            currency = found.attributes.get("Ccy", "")
            if currency != "GBP":
                raise BadStatementError(
                    f"It is in {tidied(currency, 10) or 'no currency'}. Only pounds can be taken."
                )
            return read_amount("".join(found.words), most)
    raise BadStatementError("It has no amount.")


def _words(node: _Node, entry: _Node) -> str:
    details = entry.all("NtryDtls/TxDtls") if node is entry else [node]
    said = [
        "".join(found.words).strip()
        for detail in details
        for path in ("RmtInf/Ustrd", "RmtInf/Strd/CdtrRefInf/Ref", "Refs/EndToEndId", "AddtlTxInf")
        for found in detail.all(path)
    ]
    known = [each for each in dict.fromkeys(said) if each and each not in _NOTHING]
    return tidied(" ".join([*known, entry.text("AddtlNtryInf")]))


def _other_side(node: _Node, *, paid: bool) -> str:
    who = "RltdPties/Cdtr" if paid else "RltdPties/Dbtr"
    return tidied(node.text(f"{who}/Nm", f"{who}/Pty/Nm"), longest=REFERENCE_LENGTH_MAX)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise BadStatementError(f"“{tidied(text, 40)}” is not a day.") from None


class _Reader:
    """Builds the tree of a document of the right kind, and refuses every other."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.ExternalEntityRefHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._hear
        self._open: list[_Node] = []
        self._root: _Node | None = None
        self._count = 0
        self._entries = 0

    def read(self, content: bytes) -> _Node:
        """Return the root, or refuse the document."""
        try:
            self._parser.Parse(content, True)  # noqa: FBT003 - the parser's own signature
        except (expat.ExpatError, ValueError, LookupError):
            raise BadStatementError(
                f"The file breaks off, or is damaged, in line {self._parser.CurrentLineNumber}. "
                "Get it from the bank again."
            ) from None
        assert self._root is not None, "a document that was read has a root"
        return self._root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if not namespace.startswith(NAMESPACE):
            raise BadStatementError("This is not a CAMT.053 statement. Ask the bank for one.")
        self._count += 1
        if len(self._open) >= DEPTH_MAX or self._count > NODES_MAX:
            raise BadStatementError("The file is too large. Ask the bank for a shorter time.")
        # All of it may stand in one line of text, so entries are counted instead.
        self._entries += local == "Ntry"
        node = _Node(local, max(1, self._entries), attributes)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self._root = node
        self._open.append(node)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _hear(self, words: str) -> None:
        self._open[-1].words.append(words)

    def _refuse(self, *_declared: object) -> NoReturn:
        raise BadStatementError("The file declares things that no statement needs. It is refused.")


def is_xml(content: bytes) -> bool:
    """Tell whether a file begins as XML does, in whichever encoding."""
    start = content[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<")
