"""What a provider's book-keeper needs of a time: papers, payments, and that it all adds up. Pure.

Two layouts of the same facts: one that any spreadsheet reads, and the columns in which Xero takes
in sales (dates as day/month/year, prices with VAT in them, a credit note below nothing).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.kernel.money import Money, total
from marketplace.orders.rules import InvoiceKind, LineVat, Treatment

LINES_HEAD = (
    *("Date", "Type", "Number", "Who pays", "For whom", "Order", "What", "Net", "VAT", "With VAT"),
    *("VAT treatment", "Promised by", "Reference", "Changes what you are owed by"),
)
XERO_HEAD = (
    *("*ContactName", "EmailAddress", "POAddressLine1", "POAddressLine2", "POAddressLine3"),
    *("POAddressLine4", "POCity", "PORegion", "POPostalCode", "POCountry", "*InvoiceNumber"),
    *("Reference", "*InvoiceDate", "*DueDate", "InventoryItemCode", "*Description", "*Quantity"),
    *("*UnitAmount", "Discount", "*AccountCode", "*TaxType", "TrackingName1", "TrackingOption1"),
    *("TrackingName2", "TrackingOption2", "Currency"),
)
XERO_SALES = "200"
"""The account for sales in the chart that Xero begins with."""
_XERO_TAX = {LineVat.NONE: "No VAT", LineVat.EXEMPT: "Exempt Income"}


class Moved(StrEnum):
    """What happened to a payment."""

    PAID = "payment"
    CAME_BACK = "payment that came back"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of a paper; of a credit note the amounts are below nothing."""

    text: str
    quantity: int
    amount: Money
    vat: Money
    treatment: Treatment


@dataclass(frozen=True, slots=True)
class Paper:
    """An invoice or a credit note."""

    number: int
    kind: InvoiceKind
    on: date
    promised_on: date
    payer: str
    person: str
    order_number: int
    lines: tuple[PaperLine, ...]

    @property
    def amount(self) -> Money:
        """What it changes of what is owed."""
        return total(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that went to the provider, or came back from its bank."""

    on: date
    what: Moved
    payer: str
    reference: str
    amount: Money
    """Always above nothing."""

    @property
    def change(self) -> Money:
        """What it changes of what is owed."""
        return -self.amount if self.what is Moved.PAID else self.amount


@dataclass(frozen=True, slots=True)
class Accounts:
    """A provider's papers and payments from one day to another."""

    from_on: date
    last_on: date
    owed_before: Money
    papers: tuple[Paper, ...]
    payments: tuple[Payment, ...]

    @property
    def invoiced(self) -> Money:
        """What the invoices come to."""
        return total(each.amount for each in self.papers if each.kind is InvoiceKind.INVOICE)

    @property
    def credited(self) -> Money:
        """What the credit notes take back."""
        return -total(each.amount for each in self.papers if each.kind is InvoiceKind.CREDIT_NOTE)

    @property
    def vat(self) -> Money:
        """The VAT in it: that of invoices, less that of credit notes."""
        return total(line.vat for each in self.papers for line in each.lines)

    @property
    def paid(self) -> Money:
        """What was paid."""
        return total(each.amount for each in self.payments if each.what is Moved.PAID)

    @property
    def came_back(self) -> Money:
        """What the provider's bank sent back."""
        return total(each.amount for each in self.payments if each.what is Moved.CAME_BACK)

    @property
    def owed_after(self) -> Money:
        """What is owed at the end of it."""
        return self.owed_before + self.invoiced - self.credited - self.paid + self.came_back


def lines_of(accounts: Accounts) -> Iterator[tuple[object, ...]]:
    """Give a row for each line of a paper and each payment, by the day.

    The last column of all of them comes to what is owed at the end less what was owed before.
    """
    rows = [*_papers(accounts.papers), *_payments(accounts.payments)]
    for _, row in sorted(rows, key=lambda each: each[0]):
        yield row


def xero_lines_of(accounts: Accounts) -> Iterator[tuple[object, ...]]:
    """Give a row for each line of a paper in the columns of Xero."""
    for paper in accounts.papers:
        for line in paper.lines:
            yield (
                *(paper.payer, "", "", "", "", "", "", "", "", ""),
                *(paper.number, f"Order {paper.order_number}"),
                *(f"{paper.on:%d/%m/%Y}", f"{paper.promised_on:%d/%m/%Y}", ""),
                *(f"{line.text} ({paper.person})" if paper.person else line.text, 1, line.amount),
                *("", XERO_SALES, _xero_tax(line.treatment), "", "", "", "", "GBP"),
            )


_Sorted = tuple[tuple[date, int, int, int], tuple[object, ...]]


def _papers(papers: Sequence[Paper]) -> Iterator[_Sorted]:
    for paper in papers:
        for place, line in enumerate(paper.lines):
            row = (
                *(paper.on.isoformat(), paper.kind.label, paper.number, paper.payer),
                *(paper.person, paper.order_number, line.text),
                *(line.amount - line.vat, line.vat, line.amount, line.treatment.label),
                *(paper.promised_on.isoformat(), "", line.amount),
            )
            yield (paper.on, 0, paper.number, place), row


def _payments(payments: Sequence[Payment]) -> Iterator[_Sorted]:
    for place, each in enumerate(payments):
        row = (
            *(each.on.isoformat(), each.what.value.capitalize(), "", each.payer, "", ""),
            *("", "", "", "", "", "", each.reference, each.change),
        )
        yield (each.on, 1, 0, place), row


def _xero_tax(treatment: Treatment) -> str:
    if treatment.kind in _XERO_TAX:
        return _XERO_TAX[treatment.kind]
    whole, part = divmod(treatment.rate, 100)
    rate = f"{whole}.{part:02}".rstrip("0") if part else str(whole)
    return f"{rate}% (VAT on Income)"
