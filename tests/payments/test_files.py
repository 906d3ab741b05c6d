"""The files that banks take: held against a schema and a reader that do not know the writer."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import sepaxml  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from marketplace.kernel.money import Money, total
from marketplace.payments.adapters import bank_files
from marketplace.payments.errors import BadServiceUserError, FileRefusedError
from marketplace.payments.rules import (
    FileFormat,
    FileHead,
    FilePayment,
    Payer,
    check_file,
    checked_service_user,
    pay_on,
    plain,
)
from tests.payments.bank_files_read import read

SCHEMA = etree.XMLSchema(
    etree.parse(str(Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd"))
)
PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
PAYER = Payer(
    sort_code="089999",
    account_number="66374958",
    account_name="Ashdale Council",
    service_user="123456",
)
ROSIE = FilePayment(
    sort_code="107999",
    account_number="88837491",
    account_name="Rosie Bell & Söns’ Help",
    amount=Money(1_234_56),
    reference="SUPPORT 7-1",
)
BO = FilePayment(
    sort_code="202959",
    account_number="63748472",
    account_name="Bo Lane",
    amount=Money(10_05),
    reference="SUPPORT 7-2",
)


def head(*payments: FilePayment, on: date = date(2026, 3, 9)) -> FileHead:
    """Say everything a file of some payments says once."""
    return FileHead(
        run_number=7,
        made_at=datetime(2026, 3, 6, 10, 30, 15, 999, tzinfo=UTC),
        pay_on=on,
        payments=len(payments),
        total=total(payment.amount for payment in payments),
        payer=PAYER,
    )


def written(file_format: FileFormat, *payments: FilePayment) -> bytes:
    """Write a file."""
    return b"".join(bank_files.write(file_format, head(*payments), payments))


class TestPain001:
    @pytest.mark.parametrize(
        ("file_format", "service"),
        [(FileFormat.FASTER_PAYMENTS, "URNS"), (FileFormat.BACS_XML, "NURG")],
    )
    def test_is_valid_and_says_how_it_goes(self, file_format: FileFormat, service: str) -> None:
        content = written(file_format, ROSIE, BO)

        SCHEMA.assertValid(etree.fromstring(content))
        root = ET.fromstring(content)
        assert root.findtext(f".//{PAIN}SvcLvl/{PAIN}Cd") == service
        assert root.findtext(f".//{PAIN}ReqdExctnDt/{PAIN}Dt") == "2026-03-09"

    def test_sums_and_counts_are_right_in_both_places(self) -> None:
        root = ET.fromstring(written(FileFormat.FASTER_PAYMENTS, ROSIE, BO))

        assert [each.text for each in root.iter(f"{PAIN}CtrlSum")] == ["1244.61", "1244.61"]
        assert [each.text for each in root.iter(f"{PAIN}NbOfTxs")] == ["2", "2"]
        amounts = [each.text for each in root.iter(f"{PAIN}InstdAmt")]
        assert amounts == ["1234.56", "10.05"]

    def test_pays_from_and_into_uk_accounts_by_reference(self) -> None:
        root = ET.fromstring(written(FileFormat.FASTER_PAYMENTS, ROSIE, BO))

        codes = [each.text for each in root.iter(f"{PAIN}MmbId")]
        assert codes == ["089999", "107999", "202959"]
        others = [each.findtext(f"{PAIN}Id") for each in root.iter(f"{PAIN}Othr")]
        assert others == ["66374958", "88837491", "63748472"]
        ends = [each.text for each in root.iter(f"{PAIN}EndToEndId")]
        assert ends == ["SUPPORT 7-1", "SUPPORT 7-2"]
        names = [each.findtext(f"{PAIN}Nm") for each in root.iter(f"{PAIN}Cdtr")]
        assert names == ["Rosie Bell & Sons Help", "Bo Lane"]

    def test_ids_stay_in_their_length(self) -> None:
        root = ET.fromstring(written(FileFormat.BACS_XML, ROSIE))

        for name in ("MsgId", "PmtInfId", "InstrId", "EndToEndId"):
            assert all(0 < len(each.text or "") <= 35 for each in root.iter(f"{PAIN}{name}"))


class TestStandard18:
    def test_is_read_field_by_field(self) -> None:
        found = read(written(FileFormat.STANDARD_18, ROSIE, BO))

        assert (found.processed_on, found.service_user) == (date(2026, 3, 9), "123456")
        assert (found.paid_from, found.pence) == ("08999966374958", 124461)
        first, second = found.credits
        assert (first.sort_code, first.account, first.pence) == ("107999", "88837491", 123456)
        assert (first.name, first.reference) == ("ROSIE BELL & SONS", "SUPPORT 7-1")
        assert (second.name, second.reference) == ("BO LANE", "SUPPORT 7-2")

    def test_the_reader_notices_a_wrong_sum(self) -> None:
        spoilt = written(FileFormat.STANDARD_18, ROSIE, BO).replace(b"00000123456", b"00000123457")

        with pytest.raises(AssertionError, match="the contra takes"):
            read(spoilt)

    def test_the_reader_notices_a_lost_payment(self) -> None:
        lines = written(FileFormat.STANDARD_18, ROSIE, BO).split(b"\r\n")
        del lines[5]

        with pytest.raises(AssertionError):
            read(b"\r\n".join(lines))


def payments() -> st.SearchStrategy[list[FilePayment]]:
    """Give payments with the oddest names."""
    digits = st.text("0123456789", min_size=8, max_size=8)
    return st.lists(
        st.builds(
            FilePayment,
            sort_code=st.text("0123456789", min_size=6, max_size=6),
            account_number=digits,
            account_name=st.text(min_size=0, max_size=200).map(lambda name: f"A{name}"),
            amount=st.integers(1, 99_999_999).map(Money),
            reference=st.integers(1, 99_999).map(lambda number: f"SUPPORT 7-{number}"),
        ),
        min_size=1,
        max_size=5,
    )


@settings(max_examples=40, deadline=None)
@given(payments())
def test_any_names_make_files_that_banks_can_read(made: list[FilePayment]) -> None:
    SCHEMA.assertValid(etree.fromstring(written(FileFormat.FASTER_PAYMENTS, *made)))
    found = read(written(FileFormat.STANDARD_18, *made))
    assert [credit.pence for credit in found.credits] == [each.amount.pence for each in made]


def test_a_file_is_written_as_it_goes() -> None:
    taken: list[int] = []

    def endless() -> Iterator[FilePayment]:
        for number in range(1_000_000):
            taken.append(number)
            yield ROSIE

    pieces = bank_files.write(FileFormat.FASTER_PAYMENTS, head(ROSIE), endless())
    for _ in range(4):
        next(pieces)

    assert len(taken) <= 4


class TestPayOn:
    @pytest.mark.parametrize(
        ("file_format", "today", "expected"),
        [
            (FileFormat.FASTER_PAYMENTS, date(2026, 3, 7), date(2026, 3, 7)),
            (FileFormat.STANDARD_18, date(2026, 3, 6), date(2026, 3, 9)),
            (FileFormat.BACS_XML, date(2026, 3, 6), date(2026, 3, 10)),
            # Nobody takes them in at a weekend: Monday does.
            (FileFormat.STANDARD_18, date(2026, 3, 8), date(2026, 3, 10)),
            (FileFormat.BACS_XML, date(2026, 3, 7), date(2026, 3, 11)),
            (FileFormat.BACS_XML, date(2026, 4, 3), date(2026, 4, 9)),
            # Good Friday and Easter Monday are 3 and 6 April 2026.
            (FileFormat.STANDARD_18, date(2026, 4, 2), date(2026, 4, 7)),
            (FileFormat.BACS_XML, date(2026, 4, 2), date(2026, 4, 8)),
        ],
    )
    def test_leaves_out_weekends_and_bank_holidays(
        self, file_format: FileFormat, today: date, expected: date
    ) -> None:
        assert pay_on(file_format, today) == expected


class TestCheckFile:
    def test_refuses_a_faster_payment_that_is_too_large(self) -> None:
        most = Money(1_000_000_00)
        check_file(FileFormat.FASTER_PAYMENTS, largest=most, service_user="")

        with pytest.raises(FileRefusedError, match="Choose Bacs"):
            check_file(FileFormat.FASTER_PAYMENTS, largest=most + Money(1), service_user="")
        check_file(FileFormat.BACS_XML, largest=most + Money(1), service_user="")

    def test_refuses_standard_18_without_a_service_user_number(self) -> None:
        with pytest.raises(FileRefusedError, match="Bacs user number"):
            check_file(FileFormat.STANDARD_18, largest=Money(1), service_user="")
        check_file(FileFormat.STANDARD_18, largest=Money(1), service_user="123456")

    def test_a_service_user_number_has_six_digits_or_is_not_there(self) -> None:
        assert checked_service_user(" 123456 ") == "123456"
        assert checked_service_user("") == ""
        with pytest.raises(BadServiceUserError):
            checked_service_user("12345")


def test_words_are_plain_and_short() -> None:
    assert plain("Zoë’s  Garden, Ltd — & Sons", 18) == "Zoes Garden Ltd &"
    assert plain("x" * 30, 18) == "x" * 18


def test_every_format_has_its_words() -> None:
    assert all(each.label and each.ending for each in FileFormat)
