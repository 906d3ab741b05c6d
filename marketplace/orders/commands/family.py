"""A council's yes or no to family being paid for support."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access.commands import DecideFamily
from marketplace.access.queries import person
from marketplace.access.rules import Actor
from marketplace.catalogue.queries import provider_name
from marketplace.councils.queries import belongs
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.commands import WriteLetter, write_letter


def decide_on_family(session: Session, wish: DecideFamily, *, by: Actor, at: datetime) -> None:
    """Say whether a person's family may be paid by a store, and tell the person.

    Raises:
        NotFoundError: the person is not one of this council's.
        NotAllowedError: they do not decide for the council.
        DeclarationError: there is no reason.
    """
    if by.organisation_id is None or not belongs(
        session, council_id=by.organisation_id, person_id=wish.person_id
    ):
        raise NotFoundError
    store = provider_name(session, provider_id=wish.provider_id)
    access.decide_on_family(session, wish, by=by, at=at)
    card = person(session, user_id=wish.person_id)
    letter = WriteLetter(
        key=f"family/{wish.person_id}/{wish.provider_id}/{at.isoformat()}",
        to=card.email,
        subject=f"{by.organisation_name} decided whether your family is paid",
        template="family_decided",
        values={
            "name": card.name,
            "council": by.organisation_name,
            "store": store,
            "agreed": wish.agreed,
            "reason": wish.reason.strip(),
        },
    )
    write_letter(session, letter, at=at)
