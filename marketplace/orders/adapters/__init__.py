"""Outside engines of this room, each behind what the room asks of it."""

from typing import Protocol

from marketplace.orders.queries import InvoiceView


class Printer(Protocol):
    """Makes a file for paper out of an invoice."""

    def __call__(self, invoice: InvoiceView) -> bytes:
        """Return the file."""
