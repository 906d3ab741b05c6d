"""Letters about money that is paid in regularly by card."""

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.payments.models import Regular, TopUp

REGULARS_PATH = "/wallet/regular"
_PROVE = frozenset({"authentication_required", "requires_action"})
_WHY = MappingProxyType(
    {
        "insufficient_funds": "There was not enough money in its account.",
        "expired_card": "The card is too old.",
        "lost_card": "The card is lost.",
        "stolen_card": "The card is lost.",
    }
)


def tell_begun(session: Session, regular: Regular, at: datetime) -> None:
    """Tell the person to what they said yes, and how to stop it."""
    _write(
        session,
        regular,
        key=f"regular/{regular.id}/begun",
        subject=f"{regular.amount} {regular.every.label} from your card",
        sentences=[
            "Your card is kept by Stripe, a payment company. You said yes to this:",
            f"“{regular.consent}”",
            "We write to you each time that money came in. You can stop it with one tap.",
        ],
        path=REGULARS_PATH,
        at=at,
    )


def tell_no(session: Session, top_up: TopUp, why: str, at: datetime) -> None:
    """Tell the person that a card said no, or that its bank wants to hear from them."""
    path, person = f"/wallet/top-ups/{top_up.id}", top_up.person_id
    if why in _PROVE:
        subject = f"Your bank wants you to say yes to {top_up.amount}"
        sentences = [
            f"We asked your card for {top_up.amount}. Its bank wants to know that it is you.",
            "Nothing was paid in yet. Open the page below, and finish on Stripe’s own page.",
        ]
    else:
        subject = f"Your card said no to {top_up.amount}"
        said = f"We asked your card for {top_up.amount}. The card said no. {_WHY.get(why, '')}"
        sentences = [
            said.strip(),
            "Nothing was paid in. You can pay it with another card on the page below, or leave it.",
        ]
    _write_to(
        session,
        person,
        WriteLetter(
            key=f"taking/{top_up.id}/no",
            to="",
            subject=subject,
            template="money_changed",
            values={"sentences": sentences, "path": path},
        ),
        at,
    )


def tell_stopped(session: Session, regular: Regular, at: datetime) -> None:
    """Tell the person that we ask their card no more, and why."""
    _write(
        session,
        regular,
        key=f"regular/{regular.id}/stopped",
        subject=f"We do not take {regular.amount} {regular.every.label} any more",
        sentences=[
            regular.stopped_why,
            "Nothing more is taken from the card. You can begin again with another card.",
        ],
        path=REGULARS_PATH,
        at=at,
    )


def _write(  # noqa: PLR0913 - private: all that a letter is made of
    session: Session,
    regular: Regular,
    *,
    key: str,
    subject: str,
    sentences: list[str],
    path: str,
    at: datetime,
) -> None:
    wish = WriteLetter(
        key=key,
        to="",
        subject=subject,
        template="money_changed",
        values={"sentences": sentences, "path": path},
    )
    _write_to(session, regular.person_id, wish, at)


def _write_to(session: Session, person_id: UUID, wish: WriteLetter, at: datetime) -> None:
    if access.is_closed(session, user_id=person_id):
        return
    person = access.person(session, user_id=person_id)
    values = {**wish.values, "name": person.name}
    write_letter(session, replace(wish, to=person.email, values=values), at=at)
