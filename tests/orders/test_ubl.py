"""Invoices as UBL: checked by the official schemas, and by rules that we did not write."""

from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from peppol import check_rules, validate_xsd

from marketplace.kernel.money import ZERO, Money, total
from marketplace.orders.adapters.ubl import clean, write_ubl
from marketplace.orders.queries import InvoiceLineRow, InvoiceView
from marketplace.orders.rules import (
    NO_VAT,
    InvoiceKind,
    LineVat,
    Treatment,
    vat_in,
    vat_of_lines,
)

STANDARD, EXEMPT = Treatment(LineVat.STANDARD, 20_00), Treatment(LineVat.EXEMPT)
AT = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
"""Half past midnight on 1 April, where the people are."""
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
EMAIL = "no-reply@market.example"

words = st.text(st.characters(codec="utf-8"), max_size=60)
money = st.integers(1, 1_000_000).map(Money)


def paper(
    lines: list[tuple[str, int, str, Money, Treatment]],
    *,
    kind: InvoiceKind = InvoiceKind.INVOICE,
    seller: str = "Moor Edge Care",
    buyer: str = "Gwen",
    address: str = "1 High Street\nLeeds",
    reason: str = "",
) -> InvoiceView:
    """Make an invoice of some lines: text, quantity, unit, price with VAT, treatment."""
    vats = vat_of_lines((gross, treatment) for *_, gross, treatment in lines)
    credit = kind is InvoiceKind.CREDIT_NOTE
    registered = lines[0][-1] != NO_VAT
    return InvoiceView(
        id=UUID(int=1),
        number=12,
        kind=kind,
        order_id=UUID(int=2),
        order_number=12345678,
        provider_id=UUID(int=3),
        person_id=UUID(int=4),
        council_id=UUID(int=5),
        total=total(gross for *_, gross, _ in lines),
        issued_at=AT,
        promised_on=date(2026, 4, 6),
        seller={"name": seller, "district": "LS6", "email": "us@mail.example", "phone": "1"}
        | ({"vat_number": "123456782", "address": address} if registered else {}),
        buyer={"name": buyer, "council": "Ashdale Council"},
        reason=reason,
        lines=tuple(
            InvoiceLineRow(
                text=text, quantity=quantity, unit=unit, amount=gross, vat=vat, treatment=treatment
            )
            for (text, quantity, unit, gross, treatment), vat in zip(lines, vats, strict=True)
        ),
        credits_id=UUID(int=6) if credit else None,
        credits_number=7 if credit else None,
        credits_issued_at=AT if credit else None,
        credited=ZERO,
        credit_notes=(),
        agreement_id=UUID(int=7),
    )


def proven(invoice: InvoiceView) -> etree._Element:
    """Return the file of an invoice, after the schemas and the rules had no word against it."""
    written = write_ubl(invoice, market_email=EMAIL)
    assert validate_xsd(written) == (True, [])
    assert check_rules(written) == []
    assert write_ubl(invoice, market_email=EMAIL) == written, "the same invoice, the same file"
    return etree.fromstring(written)


def said(root: etree._Element, *path: str) -> str:
    """Return what is written somewhere."""
    found = root.findtext("/".join(path))
    assert found is not None, path
    return str(found)


def test_an_invoice_of_a_registered_seller_says_what_is_vat_and_what_is_exempt() -> None:
    root = proven(
        paper(
            [
                ("Garden, 3 hours", 3, "hour", Money(40_00), STANDARD),
                ("Washing", 1, "session", Money(25_00), EXEMPT),
            ]
        )
    )
    assert said(root, f"{CBC}InvoiceTypeCode") == "389"
    assert said(root, f"{CBC}IssueDate") == "2026-04-01"
    assert said(root, f"{CAC}TaxTotal", f"{CBC}TaxAmount") == "6.67"
    sums = f"{CAC}LegalMonetaryTotal"
    assert said(root, sums, f"{CBC}TaxExclusiveAmount") == "58.33"
    assert said(root, sums, f"{CBC}PayableAmount") == "65.00"
    party = f"{CAC}AccountingSupplierParty/{CAC}Party"
    endpoint = root.find(f"{party}/{CBC}EndpointID")
    assert endpoint is not None
    assert (endpoint.text, endpoint.get("schemeID")) == ("123456782", "9932")
    assert said(root, party, f"{CAC}PartyTaxScheme", f"{CBC}CompanyID") == "GB123456782"
    line = root.find(f"{CAC}InvoiceLine")
    assert line is not None
    quantity = line.find(f"{CBC}InvoicedQuantity")
    assert quantity is not None
    assert (quantity.text, quantity.get("unitCode")) == ("3", "HUR")
    assert said(line, f"{CAC}Price", f"{CBC}PriceAmount") == "33.33"
    assert said(line, f"{CAC}Price", f"{CBC}BaseQuantity") == "3"


def test_a_seller_who_is_not_registered_shows_no_number_and_no_vat() -> None:
    root = proven(paper([("Company", 2, "hour", Money(30_00), NO_VAT)]))
    assert root.find(f".//{CAC}PartyTaxScheme") is None
    assert said(root, f"{CAC}TaxTotal", f"{CBC}TaxAmount") == "0.00"
    endpoint = root.find(f"{CAC}AccountingSupplierParty/{CAC}Party/{CBC}EndpointID")
    assert endpoint is not None
    assert (endpoint.text, endpoint.get("schemeID")) == ("us@mail.example", "EM")


def test_a_credit_note_names_its_invoice() -> None:
    lines = [("Credit for invoice 7: came late", 1, "", Money(12_00), STANDARD)]
    root = proven(paper(lines, kind=InvoiceKind.CREDIT_NOTE, reason="came late"))
    assert said(root, f"{CBC}CreditNoteTypeCode") == "261"
    reference = f"{CAC}BillingReference/{CAC}InvoiceDocumentReference"
    assert said(root, reference, f"{CBC}ID") == "7"
    assert said(root, f"{CAC}TaxTotal", f"{CBC}TaxAmount") == "2.00"


def test_the_rules_that_judge_us_do_find_mistakes() -> None:
    written = write_ubl(paper([("Garden", 1, "hour", Money(40_00), STANDARD)]), market_email=EMAIL)
    wrong = written.replace(b">6.67<", b">6.60<")
    assert {finding.rule_id for finding in check_rules(wrong)} >= {"BR-CO-15"}
    assert validate_xsd(written.replace(b"IssueDate", b"IssuedDay"))[0] is False


@settings(max_examples=50, deadline=None)
@given(
    lines=st.lists(
        st.tuples(
            words,
            st.integers(1, 500),
            st.sampled_from(["hour", "night", "mile", "item", ""]),
            money,
            st.sampled_from([STANDARD, EXEMPT, Treatment(LineVat.STANDARD, 17_50)]),
        ),
        min_size=1,
        max_size=30,
    ),
    kind=st.sampled_from(list(InvoiceKind)),
    names=st.tuples(words, words, words, words),
)
def test_any_invoice_is_valid_whatever_its_names(
    lines: list[tuple[str, int, str, Money, Treatment]],
    kind: InvoiceKind,
    names: tuple[str, str, str, str],
) -> None:
    seller, buyer, address, reason = names
    invoice = paper(
        lines, kind=kind, seller=seller, buyer=buyer, address=address or "-", reason=reason
    )
    root = proven(invoice)
    assert said(root, f"{CAC}LegalMonetaryTotal", f"{CBC}PayableAmount") == (
        f"{invoice.total.pence / 100:.2f}"
    )
    registered = f"{CAC}AccountingSupplierParty/{CAC}Party/{CAC}PartyLegalEntity"
    assert said(root, registered, f"{CBC}RegistrationName") == clean(seller) or not clean(seller)


def test_hostile_names_survive() -> None:
    name = 'A&B <script>]]> \x00\x1b[0m\ufffe\u202e \N{GRINNING FACE} O\'Brien "x"\r\nLtd'
    root = proven(paper([(name, 1, "hour", Money(1), STANDARD)], seller=name))
    line = root.find(f"{CAC}InvoiceLine/{CAC}Item/{CBC}Name")
    assert line is not None
    assert line.text == clean(name)
    assert "<script>" in clean(name)
    assert "\N{GRINNING FACE}" in clean(name)
    assert vat_in(Money(1), 20_00) == ZERO
