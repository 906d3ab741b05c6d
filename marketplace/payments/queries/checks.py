"""Whether what came in, what was paid out and the ledger say the same."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.money import ZERO, Money
from marketplace.payments.models import BankStatementLine, TopUp
from marketplace.payments.queries import paid_out
from marketplace.payments.rules import LineState, TopUpState
from marketplace.wallet import queries as ledger

AT_ONCE = 1_000


def problems(session: Session) -> list[str]:
    """Return a sentence for each payment that came in and is not in the ledger as it came."""
    return [
        *(
            f"{what} of {amount} should have moved {key} by that, and moved {moved}."
            for what, key, amount in _expected(session)
            if (moved := _moved(session, key)) != amount
        ),
        *paid_out.problems(session),
    ]


def _expected(session: Session) -> Iterator[tuple[str, str, Money]]:
    cards = select(TopUp.id, TopUp.amount, TopUp.state).execution_options(yield_per=AT_ONCE)
    for top_up_id, amount, state in session.execute(cards):
        paid = state is TopUpState.PAID
        yield "A card payment", f"top-up/{top_up_id}", amount if paid else ZERO
    lines = select(BankStatementLine).execution_options(yield_per=AT_ONCE)
    for line in session.scalars(lines):
        posted = line.state is LineState.POSTED
        yield "A bank payment", line.ledger_key, line.amount if posted else ZERO
        for earlier in range(line.undone):
            key = f"bank/{line.id}/{earlier}" if earlier else f"bank/{line.id}"
            yield "A bank payment that was undone", f"bank-undone/{key}", line.amount


def _moved(session: Session, key: str) -> Money:
    found = ledger.find_movement(session, key=key)
    return ZERO if found is None else max(leg.amount for leg in found[1].legs)
