"""Bank statements as CAMT.053, the banks' common XML. Pure.

Read with the parser of the standard library, which is told to refuse what makes XML dangerous:
declarations of a document type, and with them every entity. Only what is needed is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NoReturn
from xml.parsers import expat

from marketplace.kernel.money import Money
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
    counted,
    is_money_in,
    read_amount,
    tidied,
)

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053."
DEPTH_MAX = 40
NODES_MAX = 400_000
_NOTHING = frozenset({"NOTPROVIDED", "NONREF"})
"""What banks write where they have nothing to say."""


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
    went_out = 0
    for statement in statements:
        _check_statement(statement, ours)
        for entry in statement.all("Ntry"):
            try:
                found = list(_lines(entry, today))
            except BadStatementError as refusal:
                skipped.append(Skipped(entry.number, str(refusal)))
                continue
            lines += found
            went_out += not found
    check_count(len(lines) + len(skipped))
    kept, twice = counted(lines)
    left_out = tuple(sorted([*skipped, *twice], key=lambda each: each.number))
    return Statement(tuple(kept), left_out, went_out, names_account=True)


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
    out = (entry.text("CdtDbtInd") == "DBIT") != (entry.text("RvslInd") in {"true", "1"})
    if entry.text("CdtDbtInd") not in {"CRDT", "DBIT"}:
        raise BadStatementError("It does not say whether the money came in or went out.")
    if entry.text("Sts/Cd", "Sts") != "BOOK":
        raise BadStatementError("The bank has not booked it yet.")
    if out or not is_money_in(amount):
        return
    on = _day(entry.text("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"))
    check_day(on, today=today)
    payments = entry.all("NtryDtls/TxDtls")
    for place, (node, part) in enumerate(_parts(entry, payments, amount), start=1):
        own = _own_number(node, entry)
        if own and node is not entry and len(payments) > 1:
            own = f"{own}/{place}"
        words = _words(node, entry)
        yield BankLine(
            number=node.number,
            booked_on=on,
            amount=part,
            words=words,
            payer=_payer(node),
            bank_reference=tidied(own or words, REFERENCE_LENGTH_MAX),
            has_own_number=bool(own),
        )


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


def _amount(node: _Node, *paths: str) -> Money:
    for path in paths:
        for found in node.all(path):
            currency = found.attributes.get("Ccy", "")
            if currency != "GBP":
                raise BadStatementError(
                    f"It is in {tidied(currency, 10) or 'no currency'}. Only pounds can be taken."
                )
            return read_amount("".join(found.words))
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


def _payer(node: _Node) -> str:
    return tidied(
        node.text("RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm"), longest=REFERENCE_LENGTH_MAX
    )


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
