"""Reading bank statements: each bank's CSV, CAMT.053, and everything that is no statement."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.money import PENCE_MAX, Money
from marketplace.payments.errors import BadStatementError, UnknownColumnsError
from marketplace.payments.rules import (
    BankAccount,
    OutKind,
    Part,
    Statement,
    check_columns,
    heads_in,
    is_xml,
    read_account,
    read_csv,
    read_xml,
)
from marketplace.payments.rules.bank_lines import read_amount
from tests.payments.bank_files import ACCOUNT, IBAN, SORT_CODE, Paid, Writer, as_csv, as_xml

OURS = BankAccount(SORT_CODE, ACCOUNT)
TODAY = date(2026, 3, 6)
FOURTH = date(2026, 3, 4)


def read(content: bytes) -> Statement:
    """Read a file, whichever it is, with columns that can be guessed."""
    if is_xml(content):
        return read_xml(content, ours=OURS, today=TODAY)
    return read_csv(content, columns=None, ours=OURS, today=TODAY)


@pytest.mark.parametrize("written", [as_csv, as_xml])
class TestBoth:
    def test_tell_money_in_from_money_out(self, written: Writer) -> None:
        content = written([Paid(words="A B", amount="1234.50"), Paid(out=True, words="RENT")])

        found = read(content)

        (counted,) = found.lines
        assert (counted.line.booked_on, counted.line.amount) == (FOURTH, Money(1_234_50))
        assert counted.line.words == "A B"
        assert (found.went_out, found.skipped, found.names_account) == (1, (), True)

    def test_keep_two_payments_that_look_the_same_apart(self, written: Writer) -> None:
        found = read(written([Paid(), Paid(), Paid(amount="1.00")]))

        assert [counted.occurrence for counted in found.lines] == [1, 2, 1]
        assert found.lines[1].same_as == found.lines[0].line.number

    @pytest.mark.parametrize(
        ("paid", "why"),
        [
            (Paid(amount="12.345"), "“12.345” is not in whole pence."),
            (Paid(amount="99999999.00"), "“99999999.00” is more than £10,000,000.00."),
            (Paid(day="07/03/2026"), "The day 07/03/2026 is in the future."),
            (Paid(day="04/03/1999"), "The day 04/03/1999 is too long ago."),
            (Paid(day="30/02/2026"), "is not a day."),
            (Paid(amount="lots"), "“lots” is not an amount of money."),
        ],
    )
    def test_leave_a_bad_line_out_and_say_why(self, written: Writer, paid: Paid, why: str) -> None:
        found = read(written([Paid(), paid]))

        assert len(found.lines) == 1
        assert why in found.skipped[0].why
        assert found.skipped[0].number > found.lines[0].line.number

    def test_refuse_what_breaks_off(self, written: Writer) -> None:
        content = written([Paid(), Paid(words="LAST")])

        with pytest.raises(BadStatementError, match="breaks off"):
            read(content[:-12])

    def test_refuse_more_lines_than_are_looked_at_together(self, written: Writer) -> None:
        with pytest.raises(BadStatementError, match="more than 5,000 lines"):
            read(written([Paid(words=str(number)) for number in range(5_001)]))


class TestCsv:
    def test_refuses_another_account_as_a_whole(self) -> None:
        content = as_csv([Paid()]) + as_csv([Paid()], account="87654321", head=False)

        with pytest.raises(BadStatementError, match=r"Line 3 .* Yours is 01-02-03 12345678"):
            read(content)

    @pytest.mark.parametrize(
        ("head", "row", "words"),
        [
            ("Date,Description,Money Out,Money In,Balance", "4 Mar 2026,MUM,,25.00,1", "MUM"),
            ("Date;Amount;Reference", "2026-03-04;25.00;MUM", "MUM"),
            ("Date\tNarrative\tCredit", "04-Mar-26\tMUM\t£25.00", "MUM"),
            (
                "Number,Date,Account,Amount,Subcategory,Memo",
                "1,04/03/2026,01-02-03 12345678,25.00,FT,MUM",
                "MUM",
            ),
            ("Posted Date,Reference,Description,Amount,CCY", "20260304,MUM,BGC,25,GBP", "MUM BGC"),
        ],
    )
    def test_reads_many_banks_by_itself(self, head: str, row: str, words: str) -> None:
        found = read(f"Statement of the account\n\n{head}\n{row}\n".encode())

        (counted,) = found.lines
        assert (counted.line.booked_on, counted.line.amount) == (FOURTH, Money(25_00))
        assert counted.line.words == words

    def test_says_when_a_file_names_no_account(self) -> None:
        assert not read(b"Date,Amount,Reference\n04/03/2026,25.00,MUM\n").names_account

    def test_takes_a_line_with_the_banks_number_once(self) -> None:
        row = "04/03/2026,25.00,MUM,T1\n"

        found = read(f"Date,Amount,Reference,Transaction ID\n{row}{row}".encode())

        assert len(found.lines) == 1
        assert [(each.number, each.why) for each in found.skipped] == [
            (3, "It stands in the file twice: line 2.")
        ]

    def test_leaves_out_other_money(self) -> None:
        content = b"Date,Amount,Reference,Currency\n04/03/2026,25.00,MUM,EUR\n"

        assert read(content).skipped[0].why == "It is in EUR. Only pounds can be taken."

    def test_leaves_out_a_line_of_another_shape(self) -> None:
        content = b"Date,Amount,Reference\n04/03/2026,25.00\n04/03/2026,1.00,MUM\n"

        assert "has 2 columns" in read(content).skipped[0].why

    @pytest.mark.parametrize(
        "content", [b"", b"\n\n", b"PK\x03\x04", b"%PDF-1.7", b"\0\0\0", b'Date,"Amount\n1,2']
    )
    def test_refuses_what_is_no_table(self, content: bytes) -> None:
        with pytest.raises(BadStatementError):
            read(content)

    def test_asks_when_it_does_not_know_the_bank(self) -> None:
        content = b"Wann,Wieviel,Was\n04/03/2026,25.00,MUM\n"

        with pytest.raises(UnknownColumnsError):
            read(content)
        columns = {Part.DAY: "Wann", Part.AMOUNT: "Wieviel", Part.WORDS: "Was"}
        found = read_csv(content, columns=columns, ours=OURS, today=TODAY)

        assert heads_in(content) == ("Wann", "Wieviel", "Was")
        assert found.lines[0].line.amount == Money(25_00)

    @pytest.mark.parametrize("missing", [Part.DAY, Part.AMOUNT, Part.WORDS])
    def test_refuses_columns_that_say_too_little(self, missing: Part) -> None:
        columns = {Part.DAY: "a", Part.AMOUNT: "b", Part.WORDS: "c"}

        with pytest.raises(BadStatementError):
            check_columns({part: head for part, head in columns.items() if part is not missing})

    def test_refuses_a_sort_code_without_a_number(self) -> None:
        columns = {Part.DAY: "a", Part.AMOUNT: "b", Part.WORDS: "c", Part.SORT_CODE: "d"}

        with pytest.raises(BadStatementError):
            check_columns(columns)

    @given(content=st.binary(max_size=400))
    def test_reads_or_refuses_any_bytes(self, content: bytes) -> None:
        try:
            found = read(content)
        except BadStatementError:
            return
        assert all(counted.line.amount > Money(0) for counted in found.lines)


class TestXml:
    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (as_xml([Paid()], iban=IBAN.replace("0102", "0109")), "Yours is 01-02-03 12345678"),
            (as_xml([Paid()], currency="EUR"), "The account is in EUR, not in pounds."),
            (as_xml([Paid()]).replace(b"053", b"054"), "not a CAMT.053 statement"),
            (as_xml([Paid()]).replace(b"Stmt>", b"Rpt>"), "There is no statement"),
            (as_xml([Paid()]).replace(b"s>1<", b"s>2<"), "says it has 2 lines, and it has 1"),
            (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares things"),
            (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "declares things"),
            (b"<a>" * 50, "not a CAMT.053"),
            (b"<Document/>", "not a CAMT.053"),
            (as_xml([Paid()]).replace(b"<Sts>", b"<a>" * 50 + b"<Sts>"), "The file is too large"),
        ],
    )
    def test_refuses(self, content: bytes, why: str) -> None:
        with pytest.raises(BadStatementError, match=why):
            read(content)

    @pytest.mark.parametrize(
        ("before", "after", "why"),
        [
            ("<Sts>BOOK</Sts>", "<Sts>PDNG</Sts>", "not booked it yet"),
            ("CRDT", "?", "whether the money came in"),
            ('Ccy="GBP"', 'Ccy="USD"', "It is in USD."),
            ('<Amt Ccy="GBP">25.00</Amt>', "", "It has no amount."),
        ],
    )
    def test_leaves_out(self, before: str, after: str, why: str) -> None:
        content = as_xml([Paid()]).decode().replace(before, after).encode()

        found = read(content)

        assert found.lines == ()
        assert why in found.skipped[0].why

    def test_takes_an_entry_with_the_banks_number_once(self) -> None:
        found = read(as_xml([Paid(own_number="A1"), Paid(own_number="A1"), Paid(own_number="A2")]))

        assert [counted.line.bank_reference for counted in found.lines] == ["A1", "A2"]
        assert found.skipped[0].why == "It stands in the file twice: line 1."

    def test_reads_a_credit_that_reverses_as_money_that_came_back(self) -> None:
        content = as_xml([Paid()]).replace(b"<Sts>", b"<RvslInd>true</RvslInd><Sts>")

        assert (read(content).lines, read(content).went_out) == ((), 0)
        assert [each.line.out for each in read(content).out] == [OutKind.RETURNED]

    def test_tells_the_payments_of_one_entry_apart(self) -> None:
        content = as_xml([Paid(amount="30.00", own_number="A1")]).decode()
        one = content[content.index("<TxDtls>") : content.index("</NtryDtls>")]
        parts = [
            one.replace("<TxDtls>", f'<TxDtls><Amt Ccy="GBP">{amount}</Amt>').replace("MUM", words)
            for amount, words in (("10.00", "ADA"), ("20.00", "BEA"))
        ]

        apart = read(content.replace(one, "".join(parts)).encode())
        together = read(content.replace(one, "".join(parts).replace("20.00", "19.99")).encode())

        assert [(each.line.words, each.line.amount) for each in apart.lines] == [
            ("ADA", Money(10_00)),
            ("BEA", Money(20_00)),
        ]
        assert [each.line.bank_reference for each in apart.lines] == ["A1/1", "A1/2"]
        # They do not add up, so nobody can say which is whose: a human looks at the sum.
        assert [(each.line.words, each.line.amount) for each in together.lines] == [
            ("ADA BEA", Money(30_00))
        ]
        unknown = read(content.replace(one, "".join(parts).replace("GBP", "EUR")).encode())
        assert [each.line.amount for each in unknown.lines] == [Money(30_00)]

    def test_does_not_take_a_number_that_says_nothing_for_one(self) -> None:
        found = read(as_xml([Paid(own_number="NONREF"), Paid(own_number="NONREF")]))

        assert [each.occurrence for each in found.lines] == [1, 2]

    def test_reads_the_newer_form(self) -> None:
        content = (
            as_xml([Paid()])
            .replace(b".001.02", b".001.08")
            .replace(b"<Sts>BOOK</Sts>", b"<Sts><Cd>BOOK</Cd></Sts>")
            .replace(b"<Dbtr><Nm>M Payer</Nm></Dbtr>", b"<Dbtr><Pty><Nm>M Payer</Nm></Pty></Dbtr>")
        )

        assert read(content).lines[0].line.payer == "M Payer"

    @given(content=st.binary(max_size=300))
    def test_reads_or_refuses_any_bytes(self, content: bytes) -> None:
        with pytest.raises(BadStatementError):
            read_xml(b"<" + content, ours=OURS, today=TODAY)


class TestAmounts:
    @given(pence=st.integers(1, 10_000_000_00))
    def test_are_read_back(self, pence: int) -> None:
        money = Money(pence)
        bare = str(money).removeprefix("£")

        assert read_amount(bare) == read_amount(f" £{bare} ") == read_amount(f"{bare} CR") == money
        assert read_amount(f"-{bare}") == read_amount(f"({bare})") == -money
        assert read_amount(f"{bare} DR") == read_amount(f"{bare}-") == -money

    @given(typed=st.text(max_size=20))
    def test_are_read_or_refused(self, typed: str) -> None:
        with suppress(BadStatementError):
            assert abs(read_amount(typed).pence) <= PENCE_MAX

    @pytest.mark.parametrize("typed", ["", "-", "1,23.00", "1e3", "١٢", "1.2.3", "12 34", "nan"])
    def test_are_not_guessed(self, typed: str) -> None:
        with pytest.raises(BadStatementError):
            read_amount(typed)


@pytest.mark.parametrize(
    "typed", [IBAN, "GB29 NWBK 0102 0312 3456 78", "01-02-03 12345678", "'010203 12345678"]
)
def test_an_account_is_read_however_it_is_written(typed: str) -> None:
    assert read_account(typed) == OURS


@pytest.mark.parametrize("typed", ["", "12345678", "DE89370400440532013000", "0102031234567"])
def test_what_is_no_british_account_is_none(typed: str) -> None:
    assert read_account(typed) is None
