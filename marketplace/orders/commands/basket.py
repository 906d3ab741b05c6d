"""The basket: put in, changed, taken out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import staff_of
from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.budgets.queries import outcomes_of
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.labels import labels
from marketplace.kernel.writing import insert_once
from marketplace.orders.commands.orderable import check_orderable
from marketplace.orders.errors import BadLineError, OwnStoreError
from marketplace.orders.models import BasketLine
from marketplace.orders.queries.payers import council_that_pays
from marketplace.orders.queries.priced import Priced, priced
from marketplace.orders.rules import (
    EVERY_DAYS_MAX,
    NOTE_LENGTH_MAX,
    QUANTITY_MAX,
    VISITS_MAX,
    Wanted,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PutInBasket:
    """A wish for so much of an offer, so many times. Brings the line's id: sent twice is once."""

    line_id: UUID
    offer_id: UUID
    quantity: int = 1
    visits: int = 1
    first_at: datetime | None = None
    every_days: int = 7
    worker_wish: str = ""
    language_wish: str = ""
    gender_wish: str = ""
    choice: str = ""
    """What of the menu of the offer; "" for no choice."""
    outcome_id: UUID | None = None
    note: str = ""

    @property
    def wanted(self) -> Wanted:
        """How much of what, and when."""
        return Wanted(
            offer_id=self.offer_id,
            quantity=self.quantity,
            visits=self.visits,
            first_at=self.first_at,
            every_days=self.every_days,
        )


def put_in_basket(session: Session, wish: PutInBasket, *, by: Actor, at: datetime) -> UUID:
    """Put something in a person's basket and return the line's id.

    Raises:
        NotFoundError: the offer is not on sale.
        NotAllowedError: the supporter may not suggest orders.
        OwnStoreError: the person works for the store.
        BadLineError: too many, too often, in the past, or for an outcome that is not theirs.
    """
    may_suggest(by)
    found, pool_id = _checked(session, wish, by=by, at=at)
    provider_id = found.offer.provider_id
    made = insert_once(
        session,
        BasketLine,
        {
            "id": wish.line_id,
            "person_id": by.buys_for,
            "provider_id": provider_id,
            "order_id": _order_id(session, person_id=by.buys_for, provider_id=provider_id),
            "added_by_id": by.user_id,
            "added_by_name": by.name,
            "added_at": at,
            "pool_id": pool_id,
            **_columns(wish, found),
        },
    )
    if made:
        record_of_basket(session, "put-in-basket", wish.line_id, by, at)
    return wish.line_id


def change_basket_line(session: Session, wish: PutInBasket, *, by: Actor, at: datetime) -> None:
    """Change a line of the basket; its price is looked up again.

    Raises:
        NotFoundError: it is not in this person's basket, or no longer on sale.
        NotAllowedError: the supporter may not suggest orders.
        BadLineError: too many, too often, in the past, or for an outcome that is not theirs.
    """
    may_suggest(by)
    line = _line(session, wish.line_id, by)
    if line.offer_id != wish.offer_id:
        raise NotFoundError
    found, _ = _checked(session, wish, by=by, at=at)
    for name, value in _columns(wish, found).items():
        setattr(line, name, value)
    record_of_basket(session, "basket-changed", line.id, by, at)


def take_out(session: Session, *, line_id: UUID, by: Actor, at: datetime) -> None:
    """Take a line out of the basket.

    Raises:
        NotFoundError: it is not in this person's basket.
    """
    may_suggest(by)
    line = _line(session, line_id, by)
    session.delete(line)
    record_of_basket(session, "taken-out-of-basket", line.id, by, at)


def may_suggest(by: Actor) -> None:
    """Refuse whoever may not even suggest an order.

    Raises:
        NotAllowedError: they may not.
    """
    if not by.may(Permission.PROPOSE_ORDERS):
        raise NotAllowedError("You cannot order for this person.")


def not_their_own(session: Session, *, provider_id: UUID, by: Actor) -> None:
    """Refuse an order from a store that the person works for.

    A supporter's own store is no such refusal: the person themself says yes or no to it.

    Raises:
        OwnStoreError: they do.
    """
    staff = {person.id for person, _ in staff_of(session, organisation_id=provider_id)}
    if by.buys_for not in staff:
        return
    if by.acts_for_another:
        raise OwnStoreError(f"{by.person_name} works for this store, so it cannot be ordered from.")
    raise OwnStoreError("You cannot order from your own store.")


def _checked(
    session: Session, wish: PutInBasket, *, by: Actor, at: datetime
) -> tuple[Priced, UUID | None]:
    """Return what the wish costs, and the pool that pays for this provider's things, if any."""
    if not 1 <= wish.quantity <= QUANTITY_MAX:
        raise BadLineError(f"Choose between 1 and {QUANTITY_MAX} each time.")
    if not 1 <= wish.visits <= VISITS_MAX:
        raise BadLineError(f"Choose between 1 and {VISITS_MAX} times.")
    if not 1 <= wish.every_days <= EVERY_DAYS_MAX:
        raise BadLineError("Choose how often from the list.")
    if len(wish.note) > NOTE_LENGTH_MAX or len(wish.worker_wish) > NOTE_LENGTH_MAX:
        raise BadLineError(f"Use no more than {NOTE_LENGTH_MAX:,} characters.")
    _check_wishes(wish)
    if wish.first_at is not None and wish.first_at < at:
        raise BadLineError("That time has gone. Choose a time to come.")
    theirs = {outcome.id for outcome in outcomes_of(session, person_id=by.buys_for)}
    if wish.outcome_id is not None and wish.outcome_id not in theirs:
        raise BadLineError("Choose one of the outcomes in the list.")
    own_council = council_that_pays(session, person_id=by.buys_for, pool_id=None, at=at)
    person_id = by.buys_for
    found = priced(session, wish.wanted, person_id=person_id, council_id=own_council, at=at)
    not_their_own(session, provider_id=found.offer.provider_id, by=by)
    check_orderable(session, [found], [wish.choice])
    # What is put in beside other things of the same provider is paid as they are.
    pool_id = _pool_of(session, person_id=by.buys_for, provider_id=found.offer.provider_id)
    if pool_id is None:
        return found, None
    council_id = council_that_pays(session, person_id=by.buys_for, pool_id=pool_id, at=at)
    return priced(session, wish.wanted, person_id=person_id, council_id=council_id, at=at), pool_id


def _check_wishes(wish: PutInBasket) -> None:
    known = {"", *labels("languages")}, {"", *labels("genders")}
    if wish.language_wish not in known[0] or wish.gender_wish not in known[1]:
        raise BadLineError("Choose one of the languages and people in the lists.")


def _columns(wish: PutInBasket, found: Priced) -> dict[str, object]:
    return {
        "offer_id": wish.offer_id,
        "quantity": wish.quantity,
        "visits": wish.visits,
        "first_at": wish.first_at,
        "every_days": wish.every_days,
        "worker_wish": wish.worker_wish.strip(),
        "language_wish": wish.language_wish,
        "gender_wish": wish.gender_wish,
        "choice": wish.choice,
        "outcome_id": wish.outcome_id,
        "note": wish.note.strip(),
        "seen_total": found.total,
    }


def _order_id(session: Session, *, person_id: UUID, provider_id: UUID) -> UUID:
    waiting = select(BasketLine.order_id).where(
        BasketLine.person_id == person_id, BasketLine.provider_id == provider_id
    )
    return session.scalar(waiting.order_by(BasketLine.added_at, BasketLine.id).limit(1)) or uuid4()


def _pool_of(session: Session, *, person_id: UUID, provider_id: UUID) -> UUID | None:
    waiting = select(BasketLine.pool_id).where(
        BasketLine.person_id == person_id, BasketLine.provider_id == provider_id
    )
    return session.scalar(waiting.order_by(BasketLine.added_at, BasketLine.id).limit(1))


def _line(session: Session, line_id: UUID, by: Actor) -> BasketLine:
    line = session.get(BasketLine, line_id, with_for_update=True)
    if line is None or line.person_id != by.buys_for:
        raise NotFoundError("This is not in the basket any more.")
    return line


def record_of_basket(session: Session, what: str, line_id: UUID, by: Actor, at: datetime) -> None:
    """Write a deed about a basket into the person's trail."""
    record(
        session,
        what=what,
        chain_id=by.buys_for,
        subject_id=line_id,
        by_user_id=by.user_id,
        for_person_id=by.buys_for,
        at=at,
    )
