"""Whether what came in, what was paid out and the ledger say the same."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets.queries import owed_by_card
from marketplace.kernel.money import ZERO, Money
from marketplace.payments.models import BankStatementLine, CardDispute, CardRefund, TopUp
from marketplace.payments.queries import paid_out
from marketplace.payments.rules import CardRefundState, LineState, TopUpState
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
        *_wrong_refunds(session),
        *_wrong_disputes(session),
        *paid_out.problems(session),
    ]


def _wrong_refunds(session: Session) -> Iterator[str]:
    """Yield a sentence for each refund to a card that what is owed does not say as well."""
    owed = owed_by_card(session)
    paid = dict(session.execute(select(TopUp.id, TopUp.amount)).all())
    counted: dict[UUID, Money] = {}
    for refund in session.scalars(select(CardRefund).execution_options(yield_per=AT_ONCE)):
        done = refund.state is CardRefundState.DONE
        due = (refund.amount, done) if refund.state.is_alive else None
        if owed.pop(refund.owed_id, None) != due:
            yield (
                f"A refund of {refund.amount} to a card is {refund.state}, "
                f"and what is owed under {refund.owed_id} says something else."
            )
        if refund.state.is_alive:
            counted[refund.top_up_id] = counted.get(refund.top_up_id, ZERO) + refund.amount
    for top_up_id, amount in counted.items():
        if amount > paid[top_up_id]:
            yield f"{amount} goes back to a card that paid {paid[top_up_id]}: {top_up_id}."
    for owed_id, (amount, _) in owed.items():
        yield f"{amount} is to go back to a card, and no card is asked: {owed_id}."


def _wrong_disputes(session: Session) -> Iterator[str]:
    """Yield a sentence for each dispute that did not move what it says."""
    for dispute in session.scalars(select(CardDispute).execution_options(yield_per=AT_ONCE)):
        key = f"dispute/{dispute.id}/{dispute.times_held}"
        out, back = _moved(session, key), _moved(session, f"{key}/back")
        due = dispute.held if dispute.is_taken else ZERO
        if out - back != due:
            yield (f"Dispute {dispute.dispute_id} holds {due} back, and moved {out - back}.")


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
