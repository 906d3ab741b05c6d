"""Own money that is owed and goes back to the card it came from, instead of by bank transfer.

What is owed is parted: a part that goes to a card is a row of its own, which nobody pays by hand.
If the card says no, even days later, that part is owed again and is paid by bank transfer.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.audit.commands import record
from marketplace.budgets.commands.refunds import OWN_MONEY_PATH, forget_accounts
from marketplace.budgets.models import OwedRefund
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.wallet.commands import move, open_account
from marketplace.wallet.rules import AccountKind, Leg, Movement

CARD_COMPANY = "the card company"
"""Who says that money has gone back to a card."""


@dataclass(frozen=True, slots=True)
class CardPart:
    """How much of what is owed goes to one card, and the id of that part."""

    id: UUID
    amount: Money


def part_to_cards(session: Session, *, owed_id: UUID, wanted: Money) -> Money:
    """Lock own money that is owed; return how much of what is wanted may go to cards."""
    owed = _locked(session, owed_id)
    if owed is None or owed.paid_on is not None or owed.by_card:
        return ZERO
    return min(owed.left, wanted)


def give_to_card(session: Session, *, owed_id: UUID, part: CardPart) -> UUID:
    """Let a part of what is owed, which is locked, go to a card; return the id it is owed under.

    The last part keeps the id of what was owed.
    """
    owed = session.get_one(OwedRefund, owed_id)
    assert not owed.by_card, "it goes to a card already"
    assert part.amount <= owed.left, "no more goes to a card than is owed"
    if part.amount == owed.left:
        owed.by_card = True
        session.flush()
        return owed.id
    owed.parted += part.amount
    session.add(
        OwedRefund(
            id=part.id,
            person_id=owed.person_id,
            council_id=owed.council_id,
            line_id=owed.line_id,
            amount=part.amount,
            owed_at=owed.owed_at,
            account_name=owed.account_name,
            sort_code=owed.sort_code,
            account_number=owed.account_number,
            by_card=True,
            paid_by_name="",
        )
    )
    session.flush()  # what names the part refers to it
    return part.id


def note_card_paid(session: Session, *, owed_id: UUID, at: datetime) -> bool:
    """Note that own money is back on its card: it is owed no more. Tell whether that is news."""
    owed = _locked(session, owed_id)
    if owed is None or owed.paid_on is not None or not owed.by_card:
        return False
    _move(session, owed, key=f"owed/{owed.id}/card", amount=owed.left, at=at)
    owed.paid_on, owed.paid_at, owed.paid_by_name = local_day(at), at, CARD_COMPANY
    _record(session, "own-money-back-on-card", owed, at)
    if access.is_closed(session, user_id=owed.person_id):
        forget_accounts(session, person_id=owed.person_id)
    else:
        _tell(
            session,
            owed,
            key="card",
            subject=f"{owed.left} of your own money is back on your card",
            sentences=[
                f"{owed.left} went back to the card that paid it.",
                "Banks need up to 10 days to show it.",
            ],
            at=at,
        )
    return True


def note_card_refused(session: Session, *, owed_id: UUID, at: datetime) -> bool:
    """Note that a card did not take own money: it is owed, and goes by bank. Tell whether news."""
    owed = _locked(session, owed_id)
    if owed is None or not owed.by_card:
        return False
    if owed.paid_on is not None:
        _move(session, owed, key=f"owed/{owed.id}/card-back", amount=-owed.left, at=at)
        owed.paid_on = owed.paid_at = None
        owed.paid_by_name = ""
    owed.by_card = False
    _record(session, "own-money-card-refused", owed, at)
    if not access.is_closed(session, user_id=owed.person_id):
        _tell(
            session,
            owed,
            key="card-refused",
            subject=f"Your card did not take {owed.left}",
            sentences=[_what_next(owed)],
            at=at,
        )
    return True


def _what_next(owed: OwedRefund) -> str:
    start = f"We tried to give {owed.left} back to the card that paid it. The card did not work."
    if owed.account_number:
        return (
            f"{start} The council pays it into the account ending {owed.account_number[-4:]} "
            "instead. You need do nothing."
        )
    return f"{start} It is still yours. Say into which bank account it is to be paid."


def _locked(session: Session, owed_id: UUID) -> OwedRefund | None:
    return session.scalar(
        select(OwedRefund)
        .where(OwedRefund.id == owed_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _move(session: Session, owed: OwedRefund, *, key: str, amount: Money, at: datetime) -> None:
    goes_from, goes_to = (
        open_account(session, owner_id=owed.council_id, kind=kind, council_id=owed.council_id)
        for kind in (AccountKind.OWED, AccountKind.OUTSIDE)
    )
    legs = (Leg(goes_from, -amount), Leg(goes_to, amount))
    reason = "own-money-paid" if amount > ZERO else "own-money-came-back"
    move(session, Movement(key, reason, legs), at=at)


def _record(session: Session, what: str, owed: OwedRefund, at: datetime) -> None:
    record(
        session,
        what=what,
        chain_id=owed.person_id,
        subject_id=owed.id,
        by_user_id=None,
        for_person_id=owed.person_id,
        at=at,
        details={"pence": owed.left.pence},
    )


def _tell(
    session: Session,
    owed: OwedRefund,
    *,
    key: str,
    subject: str,
    sentences: list[str],
    at: datetime,
) -> None:
    person = access.person(session, user_id=owed.person_id)
    letter = WriteLetter(
        key=f"owed/{owed.id}/{key}",
        to=person.email,
        subject=subject,
        template="money_changed",
        values={"name": person.name, "sentences": sentences, "path": OWN_MONEY_PATH},
    )
    write_letter(session, letter, at=at)
