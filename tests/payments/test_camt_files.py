"""Statements as the published schemas of CAMT.053 have them: money out, and what came back.

The files are read by bindings that were made from the schemas before our own reader sees them.
"""

from datetime import date

import pytest
from pyiso20022.camt import camt_053_001_02, camt_053_001_08  # type: ignore[import-untyped]
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

from marketplace.kernel.money import Money
from marketplace.payments.rules import BankAccount, OutKind, read_xml
from tests.payments.bank_files import ACCOUNT, IBAN, SORT_CODE

STATEMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-06T18:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S1</Id><CreDtTm>2026-03-06T18:00:00</CreDtTm>
<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>GBP</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="GBP">100.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-06</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="GBP">70.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-06</Dt></Dt></Bal>
{entries}</Stmt></BkToCstmrStmt></Document>"""
ENTRY = """<Ntry><Amt Ccy="GBP">30.00</Amt><CdtDbtInd>{way}</CdtDbtInd>{sts}
<BookgDt><Dt>2026-03-06</Dt></BookgDt><AcctSvcrRef>{own}</AcctSvcrRef>
<BkTxCd><Prtry><Cd>FPO</Cd></Prtry></BkTxCd>
<NtryDtls><TxDtls><Refs><EndToEndId>SUPPORT 1-{number}</EndToEndId></Refs>{amount}
<RltdPties><Cdtr>{name}</Cdtr></RltdPties>{back}</TxDtls></NtryDtls></Ntry>"""
BACK = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Closed on 1 March</AddtlInf></RtrInf>"
BINDINGS = {"02": camt_053_001_02.Document, "08": camt_053_001_08.Document}


def written(version: str) -> bytes:
    """Write two payments that went out, of which one came back on the same day."""
    is_new = version == "08"
    entries = "".join(
        ENTRY.format(
            way=way,
            sts="<Sts><Cd>BOOK</Cd></Sts>" if is_new else "<Sts>BOOK</Sts>",
            own=own,
            number=number,
            amount='<Amt Ccy="GBP">30.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>' if is_new else "",
            name="<Pty><Nm>Bell Care</Nm></Pty>" if is_new else "<Nm>Bell Care</Nm>",
            back=BACK if way == "CRDT" else "",
        )
        for way, own, number in (("DBIT", "A1", 1), ("DBIT", "A2", 2), ("CRDT", "A3", 1))
    )
    return STATEMENT.format(version=version, iban=IBAN, entries=entries).encode()


@pytest.mark.parametrize("version", ["02", "08"])
class TestStatements:
    def test_are_those_of_the_schema(self, version: str) -> None:
        strict = ParserConfig(fail_on_unknown_properties=True, fail_on_converter_warnings=True)

        document = XmlParser(config=strict).from_bytes(written(version), BINDINGS[version])

        entries = document.bk_to_cstmr_stmt.stmt[0].ntry
        assert [entry.cdt_dbt_ind.value for entry in entries] == ["DBIT", "DBIT", "CRDT"]

    def test_say_what_went_out_and_what_came_back_and_why(self, version: str) -> None:
        ours = BankAccount(SORT_CODE, ACCOUNT)

        found = read_xml(written(version), ours=ours, today=date(2026, 3, 9))

        lines = [each.line for each in found.out]
        assert [(line.out, line.words) for line in lines] == [
            (OutKind.PAID, "SUPPORT 1-1"),
            (OutKind.PAID, "SUPPORT 1-2"),
            (OutKind.RETURNED, "SUPPORT 1-1"),
        ]
        assert lines[0].payer == "Bell Care"
        assert lines[2].why == "The account is closed. Closed on 1 March"
        assert (found.opening, found.closing) == (Money(100_00), Money(70_00))
        assert (found.came_in, found.paid_out, found.went_out) == (Money(30_00), Money(60_00), 2)
