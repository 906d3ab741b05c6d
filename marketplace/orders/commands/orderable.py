"""What is in the way of an order besides money: days of the store and of the offer, its menu."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from marketplace.orders.commands.away import not_away
from marketplace.orders.errors import BadLineError
from marketplace.orders.queries.priced import Priced


def check_orderable(session: Session, found: Sequence[Priced], choices: Sequence[str]) -> None:
    """Refuse days on which the store is away or the offer is over, and what cannot be chosen.

    Raises:
        BadLineError: it cannot be ordered so, and why.
    """
    not_away(session, found)
    for each, choice in zip(found, choices, strict=True):
        refusal = each.why_too_late or each.why_not_chosen(choice)
        if refusal:
            raise BadLineError(refusal)
