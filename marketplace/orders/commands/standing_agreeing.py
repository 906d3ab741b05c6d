"""A yes or a no to what a standing order costs: of the person, or of each member of a pool."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.budgets.rules import first_name
from marketplace.kernel.money import Money
from marketplace.orders.commands.standing_letters import (
    tell_members_of,
    tell_person_of,
    tell_provider_of,
)
from marketplace.orders.commands.standing_locked import record_standing
from marketplace.orders.commands.standing_pool_ends import end_after_ordered
from marketplace.orders.models import StandingOrder, StandingRise, StandingYes
from marketplace.orders.queries.standing_together import rise_missing
from marketplace.orders.rules import day_words
from marketplace.orders.rules.standing import Reply


def agree_as_member(
    session: Session,
    standing: StandingOrder,
    rise: StandingRise,
    seen: Money,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Note a member's yes to a higher price; with that of the last one it is taken."""
    note_yes(session, standing, agrees=True, amount=seen, rise_id=rise.id, by=by, at=at)
    if not rise_missing(session, standing, rise.id):
        take_price(session, standing, rise, by=by, at=at)


def note_yes(  # noqa: PLR0913 - to what, at which price, whose
    session: Session,
    standing: StandingOrder,
    *,
    agrees: bool,
    amount: Money,
    rise_id: UUID | None,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what a member of the pool says, in their own trail."""
    session.add(
        StandingYes(
            id=uuid4(),
            standing_id=standing.id,
            rise_id=rise_id,
            person_id=by.buys_for,
            agrees=agrees,
            amount=amount,
            by_user_id=by.user_id,
            at=at,
        )
    )
    session.flush()  # who said yes is counted from here
    record(
        session,
        what="pool-agreed" if agrees else "pool-turned-down",
        chain_id=by.buys_for,
        subject_id=standing.id,
        by_user_id=by.user_id,
        for_person_id=by.buys_for,
        at=at,
        details={"pence": amount.pence},
    )


def take_price(
    session: Session,
    standing: StandingOrder,
    rise: StandingRise,
    *,
    by: Actor | None,
    at: datetime,
) -> None:
    """Take a higher price as agreed to; nobody as ``by``: whoever was missing has left."""
    standing.agree_to(rise.bands)
    standing.next_look_at = at
    _answer(rise, Reply.YES, by=by, at=at)
    words = f"The new price of {rise.price} is agreed to."
    if by is not None and standing.pool_id is None:
        words = f"{by.name} says yes to the new price of {rise.price}."
    key = f"price-answer/{rise.id}"
    tell_provider_of(session, standing, "Yes to your new price", [words], key=key, at=at)
    if standing.pool_id is not None:
        tell_person_of(
            session, standing, "Everybody said yes to the new price", [words], key=key, at=at
        )
    record_standing(session, standing, "price-rise-agreed", by=by, at=at, pence=rise.price.pence)


def end_over_price(
    session: Session, standing: StandingOrder, rise: StandingRise, *, by: Actor, at: datetime
) -> None:
    """End a standing order because somebody who has a say in it says no to its new price."""
    _answer(rise, Reply.NO, by=by, at=at)
    last_on = end_after_ordered(session, standing, at=at)
    mine = by.person_id == standing.person_id
    # That a pool pays, and who is in it, is not for the provider.
    standing.ended_by_id, standing.ended_by_name = by.user_id, by.name if mine else ""
    standing.end_reason = "The price went up."
    rest = (
        f"What is ordered at the old price still happens, the last time on {day_words(last_on)}. "
        "Then the standing order ends."
    )
    who = f"{by.name} says" if mine else "They say"
    words = f"{who} no to the new price of {rise.price}. {rest}"
    key = f"price-answer/{rise.id}"
    tell_provider_of(session, standing, "No to your new price", [words], key=key, at=at)
    said = [f"{first_name(by.person_name)} says no to the new price of {rise.price}. {rest}"]
    tell = tell_members_of if mine else tell_person_of
    tell(session, standing, "Somebody said no to the new price", said, key=key, at=at)
    record_standing(session, standing, "price-rise-turned-down", by=by, at=at)


def _answer(rise: StandingRise, reply: Reply, *, by: Actor | None, at: datetime) -> None:
    rise.answer, rise.answered_at = reply, at
    if by is not None:
        rise.answered_by_id, rise.answered_by_name = by.user_id, by.name
