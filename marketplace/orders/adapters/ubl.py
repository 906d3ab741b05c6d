"""Invoices as UBL 2.1 files by the rules of Peppol BIS Self-Billing 3, for programs of others.

Written from an invoice as it is shown; it holds nothing that the page does not hold.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders.rules import InvoiceKind, LineVat, Treatment, VatSum, rate_words

_CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0"
_PROFILE = "urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0"
_SPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
_CBC, _CAC = f"{_SPACE}CommonBasicComponents-2", f"{_SPACE}CommonAggregateComponents-2"
_SELF_BILLED, _SELF_BILLED_CREDIT = "389", "261"
_GB_VAT, _EMAIL = "9932", "EM"
_TRANSFER = "30"
_UNITS = {"hour": "HUR", "day": "DAY", "week": "WEE", "month": "MON", "mile": "SMI"}
_ONE = "C62"
_CODES = {LineVat.NONE: "O", LineVat.EXEMPT: "E", LineVat.STANDARD: "S"}
_NO_VAT_WORDS = "The seller is not registered for VAT"
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Line(Protocol):
    """What a file needs of a line."""

    @property
    def text(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def net(self) -> Money: ...
    @property
    def treatment(self) -> Treatment: ...


class _Paper(Protocol):
    """What a file needs of an invoice or credit note."""

    @property
    def number(self) -> int: ...
    @property
    def kind(self) -> InvoiceKind: ...
    @property
    def order_number(self) -> int: ...
    @property
    def provider_id(self) -> UUID: ...
    @property
    def person_id(self) -> UUID: ...
    @property
    def total(self) -> Money: ...
    @property
    def vat(self) -> Money: ...
    @property
    def sums(self) -> list[VatSum]: ...
    @property
    def issued_at(self) -> datetime: ...
    @property
    def promised_on(self) -> date: ...
    @property
    def seller(self) -> dict[str, str]: ...
    @property
    def buyer(self) -> dict[str, str]: ...
    @property
    def reason(self) -> str: ...
    @property
    def lines(self) -> Sequence[_Line]: ...
    @property
    def credits_number(self) -> int | None: ...
    @property
    def credits_issued_at(self) -> datetime | None: ...


class UblWriter(Protocol):
    """Makes a file for programs out of an invoice."""

    def __call__(self, invoice: _Paper, *, market_email: str) -> bytes:
        """Return the file. ``market_email`` stands for whoever has no address on the network."""


def write_ubl(invoice: _Paper, *, market_email: str) -> bytes:
    """Return an invoice or credit note as UBL; the same one, the same file."""
    credit = invoice.kind is InvoiceKind.CREDIT_NOTE
    kind = "CreditNote" if credit else "Invoice"
    root = ET.Element(kind, {"xmlns": f"{_SPACE}{kind}-2", "xmlns:cac": _CAC, "xmlns:cbc": _CBC})
    _head(root, invoice, credit=credit)
    _seller(root, invoice, market_email)
    _buyer(root, invoice, market_email)
    means = _group(root, "PaymentMeans")
    _put(means, "PaymentMeansCode", _TRANSFER)
    _put(means, "PaymentID", f"{kind} {invoice.number}")
    terms = "Taken off what is paid next." if credit else "Paid by the market to the seller."
    _put(_group(root, "PaymentTerms"), "Note", terms)
    _taxes(root, invoice)
    for position, line in enumerate(invoice.lines, start=1):
        _line(root, line, position, credit=credit)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


writer: UblWriter = write_ubl


def clean(text: str) -> str:
    """Return a text in one line, without letters that XML cannot hold."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def _head(root: ET.Element, invoice: _Paper, *, credit: bool) -> None:
    _put(root, "CustomizationID", _CUSTOMIZATION)
    _put(root, "ProfileID", _PROFILE)
    _put(root, "ID", str(invoice.number))
    _put(root, "IssueDate", _day(invoice.issued_at))
    if not credit:
        _put(root, "DueDate", invoice.promised_on.isoformat())
    code = _SELF_BILLED_CREDIT if credit else _SELF_BILLED
    _put(root, "CreditNoteTypeCode" if credit else "InvoiceTypeCode", code)
    payer = invoice.buyer.get("council", "")
    said = [
        "Self-billed.",
        "The VAT shown is your output tax due to HMRC." if invoice.vat else "",
        f"Paid from money of {payer}." if payer else "",
        invoice.reason,
    ]
    _put(root, "Note", " ".join(said))
    _put(root, "DocumentCurrencyCode", "GBP")
    _put(_group(root, "OrderReference"), "ID", str(invoice.order_number))
    if credit and invoice.credits_issued_at is not None:
        reference = _group(_group(root, "BillingReference"), "InvoiceDocumentReference")
        _put(reference, "ID", str(invoice.credits_number))
        _put(reference, "IssueDate", _day(invoice.credits_issued_at))


def _seller(root: ET.Element, invoice: _Paper, market_email: str) -> None:
    seller, vat = invoice.seller, invoice.seller.get("vat_number", "")
    party = _group(_group(root, "AccountingSupplierParty"), "Party")
    email = clean(seller.get("email", "")) or market_email
    _put(party, "EndpointID", vat or email, schemeID=_GB_VAT if vat else _EMAIL)
    _put(_group(party, "PartyIdentification"), "ID", str(invoice.provider_id))
    name = clean(seller.get("name", "")) or str(invoice.provider_id)
    _put(_group(party, "PartyName"), "Name", name)
    address = _group(party, "PostalAddress")
    if clean(seller.get("address", "")):
        _put(address, "StreetName", seller["address"])
    if clean(seller.get("district", "")):
        _put(address, "PostalZone", seller["district"])
    _put(_group(address, "Country"), "IdentificationCode", "GB")
    if vat and not _outside(invoice):
        scheme = _group(party, "PartyTaxScheme")
        _put(scheme, "CompanyID", f"GB{vat}")
        _put(_group(scheme, "TaxScheme"), "ID", "VAT")
    _put(_group(party, "PartyLegalEntity"), "RegistrationName", name)


def _buyer(root: ET.Element, invoice: _Paper, market_email: str) -> None:
    party = _group(_group(root, "AccountingCustomerParty"), "Party")
    _put(party, "EndpointID", market_email, schemeID=_EMAIL)
    _put(_group(party, "PartyIdentification"), "ID", str(invoice.person_id))
    name = clean(invoice.buyer.get("name", "")) or str(invoice.person_id)
    _put(_group(party, "PartyName"), "Name", name)
    _put(_group(_group(party, "PostalAddress"), "Country"), "IdentificationCode", "GB")
    _put(_group(party, "PartyLegalEntity"), "RegistrationName", name)


def _taxes(root: ET.Element, invoice: _Paper) -> None:
    total = _group(root, "TaxTotal")
    _put_money(total, "TaxAmount", invoice.vat)
    for each in invoice.sums:
        _tax(total, each)
    net = invoice.total - invoice.vat
    sums = _group(root, "LegalMonetaryTotal")
    _put_money(sums, "LineExtensionAmount", net)
    _put_money(sums, "TaxExclusiveAmount", net)
    _put_money(sums, "TaxInclusiveAmount", invoice.total)
    _put_money(sums, "PayableAmount", invoice.total)


def _tax(total: ET.Element, each: VatSum) -> None:
    part = _group(total, "TaxSubtotal")
    _put_money(part, "TaxableAmount", each.net)
    _put_money(part, "TaxAmount", each.vat)
    category = _category(part, "TaxCategory", each.treatment)
    if each.treatment.kind is LineVat.EXEMPT:
        _put(category, "TaxExemptionReasonCode", "VATEX-EU-132-1G")
        _put(category, "TaxExemptionReason", each.treatment.label)
    elif each.treatment.kind is LineVat.NONE:
        _put(category, "TaxExemptionReasonCode", "VATEX-EU-O")
        _put(category, "TaxExemptionReason", _NO_VAT_WORDS)
    _put(_group(category, "TaxScheme"), "ID", "VAT")


def _line(root: ET.Element, line: _Line, position: int, *, credit: bool) -> None:
    """Write a line. Its price is for all of it, so that no penny is lost to a price of one."""
    unit = _UNITS.get(line.unit, _ONE)
    row = _group(root, "CreditNoteLine" if credit else "InvoiceLine")
    _put(row, "ID", str(position))
    quantity = "CreditedQuantity" if credit else "InvoicedQuantity"
    _put(row, quantity, str(line.quantity), unitCode=unit)
    _put_money(row, "LineExtensionAmount", line.net)
    item = _group(row, "Item")
    _put(item, "Name", clean(line.text) or "Support")
    category = _category(item, "ClassifiedTaxCategory", line.treatment)
    _put(_group(category, "TaxScheme"), "ID", "VAT")
    price = _group(row, "Price")
    _put_money(price, "PriceAmount", line.net)
    _put(price, "BaseQuantity", str(line.quantity), unitCode=unit)


def _category(parent: ET.Element, name: str, treatment: Treatment) -> ET.Element:
    category = _group(parent, name)
    _put(category, "ID", _CODES[treatment.kind])
    if treatment.kind is not LineVat.NONE:
        _put(category, "Percent", rate_words(treatment.rate))
    return category


def _outside(invoice: _Paper) -> bool:
    """Tell whether no VAT is shown at all: then no number may be shown, either."""
    return any(line.treatment.kind is LineVat.NONE for line in invoice.lines)


def _group(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, f"cac:{name}")


def _put(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, f"cbc:{name}", attributes).text = clean(text)


def _put_money(parent: ET.Element, name: str, amount: Money) -> None:
    pounds, pence = divmod(amount.pence, 100)
    _put(parent, name, f"{pounds}.{pence:02}", currencyID="GBP")


def _day(at: datetime) -> str:
    return local_day(at).isoformat()
