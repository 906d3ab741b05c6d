"""Writes files as banks do, for tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

SORT_CODE = "010203"
ACCOUNT = "12345678"
IBAN = "GB29NWBK01020312345678"

HEAD = (
    "Transaction Date",
    "Sort Code",
    "Account Number",
    "Transaction Description",
    "Debit Amount",
    "Credit Amount",
)


@dataclass(frozen=True, kw_only=True)
class Paid:
    """A payment as a bank tells it; by default £25.00 on 4 March 2026."""

    words: str = "MUM"
    amount: str = "25.00"
    day: str = "04/03/2026"
    out: bool = False
    own_number: str = ""
    currency: str = "GBP"


Writer = Callable[[Sequence[Paid]], bytes]
"""Writes a file of some payments."""


def as_csv(payments: Sequence[Paid], *, account: str = ACCOUNT, head: bool = True) -> bytes:
    """Write a CSV file with one line for each payment."""
    rows = [HEAD] if head else []
    rows += [
        (
            paid.day,
            SORT_CODE,
            account,
            paid.words,
            paid.amount if paid.out else "",
            "" if paid.out else paid.amount,
        )
        for paid in payments
    ]
    return "".join(",".join(row) + "\r\n" for row in rows).encode()


def as_xml(payments: Sequence[Paid], *, iban: str = IBAN, currency: str = "GBP") -> bytes:
    """Write a CAMT.053 file with one entry for each payment."""
    entries = "".join(_entry(paid) for paid in payments)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>'
        f"<Id>1</Id><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
        f"<TxsSummry><TtlNtries><NbOfNtries>{len(payments)}</NbOfNtries></TtlNtries></TxsSummry>"
        f"{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _entry(paid: Paid) -> str:
    day, month, year = paid.day.split("/")
    own = f"<AcctSvcrRef>{paid.own_number}</AcctSvcrRef>" if paid.own_number else ""
    return (
        f'<Ntry><Amt Ccy="{paid.currency}">{paid.amount}</Amt>'
        f"<CdtDbtInd>{'DBIT' if paid.out else 'CRDT'}</CdtDbtInd><Sts>BOOK</Sts>"
        f"<BookgDt><Dt>{year}-{month}-{day}</Dt></BookgDt>{own}"
        "<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>M Payer</Nm></Dbtr></RltdPties>"
        f"<RmtInf><Ustrd>{paid.words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
