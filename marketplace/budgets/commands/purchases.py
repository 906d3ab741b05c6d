"""Writing down what was bought outside the market. It has happened: it is never refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.budgets import queries
from marketplace.budgets.commands.elsewhere import give_back_elsewhere, pay_elsewhere
from marketplace.budgets.commands.flowing import lock_beyond
from marketplace.budgets.errors import BadPurchaseError
from marketplace.budgets.models import Outcome, Purchase, PurchasePicture, SpendingLimit
from marketplace.budgets.rules import Pot, Spend
from marketplace.budgets.rules.purchases import (
    CHANGES_FOR,
    NOBODY,
    WHAT_LENGTH_MAX,
    check_amount_spent,
    check_paid_on,
    share_out,
)
from marketplace.kernel.clock import local_day, local_instant
from marketplace.kernel.errors import ConflictError, NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.kernel.pictures import NoPictureError, clean_picture
from marketplace.wallet.commands import lock_accounts

PHOTO_SIDE_MAX = 1600
PHOTO_MEGABYTES_MAX = 6
_MIDDAY = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPurchase:
    """Something bought outside the market. ``purchase_id`` comes from the form: twice is once."""

    purchase_id: UUID
    amount: Money
    what: str
    paid_on: date
    outcome_id: UUID | None = None
    category: str = ""
    line_id: UUID | None = None
    """Which money paid; None for the person's own sequence."""
    photo: bytes = b""


def record_purchase(session: Session, wish: RecordPurchase, *, by: Actor, at: datetime) -> UUID:
    """Write down something bought outside the market; the same id again writes nothing.

    It is paid from what there is. What there is too little for is written as not covered; limits
    count it and are gone past; what it is outside of is said beside it.

    Raises:
        NotAllowedError: they may not spend for this person, or not so much.
        BadPurchaseError: what was typed cannot be right.
    """
    balances = _lock(session, by)
    earlier = session.get(Purchase, wish.purchase_id)
    if earlier is not None:
        return _same(earlier, by)
    return _write(session, wish, None, balances=balances, by=by, at=at)


def correct_purchase(
    session: Session, purchase_id: UUID, wish: RecordPurchase, *, by: Actor, at: datetime
) -> UUID:
    """Put something right that was written down: it goes back, and is written anew.

    Raises:
        NotFoundError: the person has no such purchase.
        NotAllowedError: they may not spend for this person, or not so much.
        ConflictError: it was put right or taken out before, or too long ago to change.
        BadPurchaseError: what was typed cannot be right.
    """
    _lock_to_change(session, purchase_id, by)
    earlier = session.get(Purchase, wish.purchase_id)
    if earlier is not None:
        return _same(earlier, by)
    old = _end(session, purchase_id, by=by, at=at)
    photo_id = old.picture_id if not wish.photo else None
    balances = _lock(session, by)  # as they stand now that the money is back
    return _write(session, wish, old.id, balances=balances, by=by, at=at, picture_id=photo_id)


def remove_purchase(session: Session, *, purchase_id: UUID, by: Actor, at: datetime) -> None:
    """Take something out that was written down by mistake; its money and limits are given back.

    Raises:
        NotFoundError: the person has no such purchase.
        NotAllowedError: they may not spend for this person.
        ConflictError: it was put right before, or too long ago to change.
    """
    _lock_to_change(session, purchase_id, by)
    _check_authority(session, ZERO, by=by, at=at)
    purchase = _own(session, purchase_id, by)
    if purchase.ended_at is not None and purchase.ended_by_id == by.user_id:
        return  # a second click
    _end(session, purchase_id, by=by, at=at)
    _note(session, "purchase-removed", purchase_id, purchase.amount, by=by, at=at)


def _lock(session: Session, by: Actor) -> dict[UUID, Money]:
    # As every spend does: whoever spends this person's money takes turns.
    return lock_accounts(session, queries.account_ids_of(session, person_id=by.buys_for))


def _lock_to_change(session: Session, purchase_id: UUID, by: Actor) -> None:
    """Lock what giving back may change: the purchase, lines its money goes on to, all accounts."""
    held = queries.find_hold(session, order_id=purchase_id, lock=True)
    if held is None or held.person_id != by.buys_for:
        raise NotFoundError
    shares = held.shares
    own = {id_ for share in shares for id_ in (share.available_account_id, share.held_account_id)}
    beyond = lock_beyond(session, {share.line_id for share in shares})
    wallet = queries.account_ids_of(session, person_id=by.buys_for)
    lock_accounts(session, {*own, *beyond, *wallet})


def _same(earlier: Purchase, by: Actor) -> UUID:
    if earlier.person_id != by.buys_for:
        raise NotFoundError
    return earlier.id


def _own(session: Session, purchase_id: UUID, by: Actor) -> Purchase:
    found = session.get(Purchase, purchase_id)
    if found is None or found.person_id != by.buys_for:
        raise NotFoundError
    return found


def _check_authority(session: Session, amount: Money, *, by: Actor, at: datetime) -> None:
    may = access.authority(session, user_id=by.user_id, person_id=by.buys_for, at=at)
    if not may.may_pay:
        raise NotAllowedError(f"{by.person_name} has not asked you to spend for them.")
    if not may.reaches(amount):
        raise NotAllowedError(
            f"This was {amount}, and you may spend up to {may.ceiling} at once. "
            f"Ask {by.person_name} to write it down."
        )


def _write(  # noqa: PLR0913 - private: what is written, instead of what, with which photo
    session: Session,
    wish: RecordPurchase,
    replaces_id: UUID | None,
    *,
    balances: Mapping[UUID, Money],
    by: Actor,
    at: datetime,
    picture_id: UUID | None = None,
) -> UUID:
    check_amount_spent(wish.amount)
    _check_authority(session, wish.amount, by=by, at=at)
    outcome = _outcome(session, wish.outcome_id, by)
    pots = _pots(session, wish, balances, by=by, at=at)
    open_pots = [pot for pot in pots if pot.is_open(wish.paid_on)]
    spend = Spend.of(
        wish.amount,
        order_id=wish.purchase_id,
        council_id=(open_pots or pots)[0].council_id,
        provider_id=NOBODY,
        category=wish.category,
        outcome_id=wish.outcome_id,
    )
    mine = [pot for pot in open_pots if pot.council_id == spend.council_id]
    found = share_out(spend, mine, known=_limits_set_by(session, mine, wish.paid_on))
    if wish.photo:
        picture_id = _keep_photo(session, wish.photo, by)
    session.add(
        Purchase(
            id=wish.purchase_id,
            person_id=by.buys_for,
            council_id=spend.council_id,
            line_id=wish.line_id,
            amount=wish.amount,
            not_covered=found.not_covered,
            what=_words(wish.what),
            category=wish.category,
            outcome_id=wish.outcome_id,
            outcome=outcome,
            paid_on=wish.paid_on,
            outside=list(found.outside),
            picture_id=picture_id,
            replaces_id=replaces_id,
            recorded_by_id=by.user_id,
            recorded_by_name=by.name,
            recorded_at=at,
            ended_by_name="",
        )
    )
    session.flush()  # the database's own checks, before any money moves
    pay_elsewhere(session, spend, found, person_id=by.buys_for, at=at)
    what = "purchase-corrected" if replaces_id else "purchase-recorded"
    _note(session, what, wish.purchase_id, wish.amount, by=by, at=at)
    return wish.purchase_id


def _pots(
    session: Session,
    wish: RecordPurchase,
    balances: Mapping[UUID, Money],
    *,
    by: Actor,
    at: datetime,
) -> list[Pot]:
    """Return the lines that may have paid, with their limits as on the day it was bought."""
    # Midday is there on every day, whatever the clocks do.
    that_day = local_instant(wish.paid_on, _MIDDAY, 0)
    pots = queries.pots_of(session, person_id=by.buys_for, at=that_day, balances=balances)
    if wish.line_id is not None:
        pots = [pot for pot in pots if pot.id == wish.line_id]
        if not pots:
            raise BadPurchaseError("line_id", "Choose which money paid for it.")
    begins_on = min((pot.starts_on for pot in pots), default=None)
    check_paid_on(wish.paid_on, today=local_day(at), begins_on=begins_on)
    return sorted(pots, key=lambda pot: not pot.available)


def _outcome(session: Session, outcome_id: UUID | None, by: Actor) -> str:
    if outcome_id is None:
        return ""
    found = session.get(Outcome, outcome_id)
    if found is None or found.person_id != by.buys_for:
        raise BadPurchaseError("outcome_id", "Choose what it was for.")
    return found.sentence


def _words(what: str) -> str:
    kept = " ".join(what.split())
    if not kept:
        raise BadPurchaseError("what", "Say what you bought.")
    if len(kept) > WHAT_LENGTH_MAX:
        raise BadPurchaseError("what", f"Use at most {WHAT_LENGTH_MAX} characters.")
    return kept


def _limits_set_by(session: Session, pots: Sequence[Pot], day: date) -> frozenset[UUID]:
    ids = [limit.id for pot in pots for limit in pot.limits]
    rows = session.execute(
        select(SpendingLimit.id, SpendingLimit.set_at).where(SpendingLimit.id.in_(ids))
    )
    return frozenset(limit_id for limit_id, set_at in rows if local_day(set_at) <= day)


def _keep_photo(session: Session, photo: bytes, by: Actor) -> UUID:
    try:
        clean = clean_picture(photo, side_max=PHOTO_SIDE_MAX, megabytes_max=PHOTO_MEGABYTES_MAX)
    except NoPictureError as refusal:
        raise BadPurchaseError("photo", str(refusal)) from refusal
    picture = PurchasePicture(
        id=uuid4(),
        person_id=by.buys_for,
        content=clean.content,
        media_type=clean.media_type,
        width=clean.width,
        height=clean.height,
    )
    session.add(picture)
    session.flush()  # the purchase refers to it
    return picture.id


def _end(session: Session, purchase_id: UUID, *, by: Actor, at: datetime) -> Purchase:
    purchase = _own(session, purchase_id, by)
    if purchase.ended_at is not None:
        raise ConflictError("This was put right or taken out already.")
    if at - purchase.recorded_at > CHANGES_FOR:
        raise ConflictError(
            f"This was written down more than {CHANGES_FOR.days} days ago and stays as it is."
        )
    give_back_elsewhere(session, purchase_id, at=at)
    purchase.ended_at, purchase.ended_by_id, purchase.ended_by_name = at, by.user_id, by.name
    session.flush()  # statements that are not the session's own come next
    return purchase


def _note(
    session: Session, what: str, purchase_id: UUID, amount: Money, *, by: Actor, at: datetime
) -> None:
    record(
        session,
        what=what,
        chain_id=by.buys_for,
        subject_id=purchase_id,
        by_user_id=by.user_id,
        for_person_id=by.buys_for,
        at=at,
        details={"pence": amount.pence},
    )
