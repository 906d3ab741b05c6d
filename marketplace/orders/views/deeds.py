"""One button, one deed: done and said, or refused and said why; then back to where it was."""

from collections.abc import Callable

from flask import flash
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.database import transaction
from marketplace.kernel.errors import ConflictError, DomainError
from marketplace.orders.errors import BadLineError

Deed = Callable[[Session], object]

REFUSALS: tuple[type[DomainError], ...] = (ConflictError, BadLineError)
"""What is said on the page that the button is on. All else has a page of its own."""


def do(
    deed: Deed,
    said: str,
    back: Callable[[], Response],
    refusals: tuple[type[DomainError], ...] = REFUSALS,
) -> Response:
    """Do a deed in a transaction, say how it went, and go back."""
    try:
        with transaction() as session:
            deed(session)
    except refusals as refusal:
        flash(str(refusal), "warning")
    else:
        flash(said)
    return back()
