"""Whether payments to providers, their invoices and the ledger say the same."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.money import ZERO, Money, total
from marketplace.payments.models import FreedInvoice, PaymentInvoice, PaymentItem, PaymentRun
from marketplace.payments.rules import ItemState, RunState
from marketplace.wallet import queries as ledger
from marketplace.wallet.rules import AccountKind

AT_ONCE = 500

_LIVE = frozenset({ItemState.PLANNED, ItemState.SENT, ItemState.SETTLED})
_NOT_YET = frozenset({ItemState.PLANNED, ItemState.TAKEN_OUT})


def problems(session: Session) -> list[str]:
    """Return a sentence for each payment to a provider that cannot be as it says."""
    return [*_wrong_payments(session), *_wrong_runs(session), *_wrong_sums(session)]


def _wrong_payments(session: Session) -> Iterator[str]:
    items = (
        select(PaymentItem, PaymentRun.state)
        .join(PaymentRun, PaymentRun.id == PaymentItem.run_id)
        .order_by(PaymentItem.run_id, PaymentItem.position)
        .execution_options(yield_per=AT_ONCE)
    )
    for rows in session.execute(items).partitions(AT_ONCE):
        found = [(item, state) for item, state in rows]
        moved = _moved(session, [item for item, _ in found])
        invoiced = _invoiced(session, [item.id for item, _ in found])
        for item, state in found:
            who = f"Payment {item.reference} of {item.amount} to {item.provider_name}"
            due = item.amount if item.state is ItemState.SETTLED else ZERO
            if moved[item.id] != due:
                yield f"{who} is {item.state}, and moved {moved[item.id]} instead of {due}."
            live = item.state in _LIVE and state is not RunState.CANCELLED
            if invoiced.get((item.id, live), ZERO) != item.amount:
                yield f"{who} is not the sum of its invoices."
            if invoiced.get((item.id, not live)):
                yield f"{who} is {item.state}, and its invoices say something else."


def _moved(session: Session, items: Sequence[PaymentItem]) -> dict[UUID, Money]:
    """Return what the movements of some payments gave to their providers in the end."""
    keys: dict[str, UUID] = {}
    for item in items:
        for time in range(1, item.times_settled + 1):
            key = f"payment/{item.id}" if time == 1 else f"payment/{item.id}/{time}"
            keys[key] = keys[f"unsettle/{key}"] = item.id
        # A payment that was never settled has moved nothing, and that is looked for as well.
        keys[f"payment/{item.id}"] = keys[f"bounce/{item.id}"] = item.id
    found = {item.id: ZERO for item in items}
    for key, amount in ledger.moved_to(session, keys=keys, kind=AccountKind.PAID):
        found[keys[key]] += amount
    return found


def _invoiced(session: Session, item_ids: Sequence[UUID]) -> dict[tuple[UUID, bool], Money]:
    """Return the sums of the invoices in some payments: of those that are, and that were."""
    return {
        (item_id, live): amount
        for table, live in ((PaymentInvoice, True), (FreedInvoice, False))
        for item_id, amount in session.execute(
            select(table.item_id, func.sum(table.total, type_=PaymentItem.amount.type))
            .where(table.item_id.in_(item_ids))
            .group_by(table.item_id)
        )
    }


def _wrong_runs(session: Session) -> Iterator[str]:
    counts = select(
        PaymentItem.run_id,
        PaymentItem.state,
        func.sum(PaymentItem.amount, type_=PaymentItem.amount.type),
    ).group_by(PaymentItem.run_id, PaymentItem.state)
    states: dict[UUID, dict[ItemState, Money]] = {}
    for run_id, item_state, part in session.execute(counts):
        states.setdefault(run_id, {})[item_state] = part
    runs = select(PaymentRun.id, PaymentRun.number, PaymentRun.state, PaymentRun.total)
    for run_id, number, state, amount in session.execute(runs):
        theirs = states.get(run_id, {})
        counted = total(sum_ for each, sum_ in theirs.items() if each is not ItemState.TAKEN_OUT)
        if counted != amount:
            yield f"Run {number} says {amount}, and its payments come to {counted}."
        if not _agrees(state, frozenset(theirs)):
            yield f"Run {number} is {state}, and its payments say something else."


def _agrees(run: RunState, items: frozenset[ItemState]) -> bool:
    """Tell whether a run may be where it is while its payments are where they are."""
    if run is RunState.SENT:
        return ItemState.SENT in items and ItemState.PLANNED not in items
    if run is RunState.PAID:
        return not items & {ItemState.SENT, ItemState.PLANNED}
    return items <= _NOT_YET


def _wrong_sums(session: Session) -> Iterator[str]:
    """Yield a sentence for each provider whose account says other than its payments."""
    paid = dict(
        session.execute(
            select(
                PaymentItem.provider_id,
                func.sum(PaymentItem.amount, type_=PaymentItem.amount.type),
            )
            .where(PaymentItem.state == ItemState.SETTLED)
            .group_by(PaymentItem.provider_id)
        ).all()
    )
    for owner_id, amount in ledger.balances_in(session, kind=AccountKind.PAID).items():
        counted = paid.pop(owner_id, ZERO)
        if counted != amount:
            yield f"Provider {owner_id} was paid {counted}, and its account says {amount}."
    for owner_id, amount in paid.items():
        yield f"Provider {owner_id} was paid {amount}, and its account does not say so."
