"""Money that comes back after it was paid."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.audit.commands import record_all
from marketplace.budgets.commands.held_money import (
    deed,
    end_pools,
    give_windows_back,
    is_done,
    lock_money,
    locked_holds,
    note,
    send_home,
    some_of,
)
from marketplace.budgets.commands.refunds import lock_lines_of_who_left, owe_who_left
from marketplace.budgets.errors import RefundTooMuchError
from marketplace.budgets.rules import refund_shares
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger
from marketplace.wallet.commands import move, open_account
from marketplace.wallet.rules import AccountKind, Movement, merged


def refund(  # noqa: PLR0913 - which order, which deed, how much, from whom, by whom, when
    session: Session,
    *,
    order_id: UUID,
    key: str,
    amount: Money,
    provider_id: UUID,
    at: datetime,
    by_user_id: UUID | None = None,
) -> None:
    """Give back what was paid, to the lines that paid it, in the shares they paid.

    What a provider was paid out already is taken off what they earn next.

    Raises:
        NotFoundError: nothing was ever set aside for this order.
        RefundTooMuchError: less was paid.
        KeyReusedError: the key belongs to another deed.
    """
    assert amount >= ZERO
    held = locked_holds(session, [order_id])[order_id]
    earned = open_account(
        session, owner_id=provider_id, kind=AccountKind.EARNED, council_id=held.council_id
    )
    earlier = ledger.find_movements(session, keys=[key])
    if not amount or is_done(earlier, held, key, "refund", amount, [earned]):
        return
    if amount > held.captured - held.refunded:
        raise RefundTooMuchError(left=held.captured - held.refunded, wanted=amount)
    lock_lines_of_who_left(session, person_id=held.person_id)
    lock_money(session, [held], [earned])
    shares = refund_shares(
        amount,
        captured=[share.captured for share in held.shares],
        refunded=[share.refunded for share in held.shares],
    )
    back = some_of(held, shares)
    legs = [(share.available_account_id, part) for share, part in back]
    move(session, Movement(key, "refund", merged([*legs, (earned, -amount)])), at=at)
    note(session, back, "refunded_pence")
    give_windows_back(session, {order_id: back})
    send_home(session, [(key, back)], at=at)
    end_pools(session, [held], at=at)
    owe_who_left(session, person_id=held.person_id, key=key, at=at)
    record_all(session, [deed("money-refunded", held, amount, by_user_id=by_user_id, at=at)])
