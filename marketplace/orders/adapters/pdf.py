"""Invoices as tagged PDF/UA-1 files, set by Typst."""

import json
from functools import cache
from pathlib import Path

import typst

from marketplace.kernel.clock import local_day
from marketplace.orders.queries import InvoiceView
from marketplace.orders.rules import day_words

TEMPLATE = Path(__file__).parents[3] / "templates" / "orders" / "invoice.typ"


def print_invoice(invoice: InvoiceView) -> bytes:
    """Return an invoice as a PDF that screen readers can read."""
    made = typst.compile(
        _template(),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"invoice": json.dumps(_values(invoice))},
        ignore_system_fonts=True,
        timestamp=int(invoice.issued_at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def _values(invoice: InvoiceView) -> dict[str, object]:
    return {
        "kind": invoice.kind.label,
        "number": str(invoice.number),
        "order": str(invoice.order_number),
        "day": day_words(local_day(invoice.issued_at)),
        "promised": "" if invoice.credits_number else day_words(invoice.promised_on),
        "credits": str(invoice.credits_number or ""),
        "seller": _seller(invoice.seller),
        "buyer": invoice.buyer.get("name", ""),
        "payer": invoice.buyer.get("council", ""),
        "lines": [[line.text, str(line.amount)] for line in invoice.lines],
        "total": str(invoice.total),
    }


def _seller(seller: dict[str, str]) -> list[str]:
    return [seller[name] for name in ("name", "district", "phone", "email") if seller.get(name)]
