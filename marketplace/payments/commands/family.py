"""Links with which family pays money in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.payments import queries
from marketplace.payments.errors import TopUpRefusedError
from marketplace.payments.models import FamilyLink
from marketplace.payments.rules import NAME_LENGTH_MAX, link_token, token_hash

LINKS_MAX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeFamilyLink:
    """A wish for a link, and the name that is shown to whoever opens it."""

    link_id: UUID
    council_id: UUID
    shown_name: str


def make_family_link(
    session: Session, wish: MakeFamilyLink, *, secret_key: str, by: Actor, at: datetime
) -> UUID:
    """Make a link; the database keeps the hash of its secret alone.

    Raises:
        NotAllowedError: they may not spend the person's money.
        NotFoundError: the person does not buy in that council's market.
        TopUpRefusedError: the name is missing or too long, or there are too many links.
    """
    if not by.may(Permission.PLACE_ORDERS):
        raise NotAllowedError("You may not make a link for this person.")
    markets = queries.markets_of(session, person_id=by.buys_for)
    if wish.council_id not in {market.id for market in markets}:
        raise NotFoundError
    shown = " ".join(wish.shown_name.split())
    if not 0 < len(shown) <= NAME_LENGTH_MAX:
        raise TopUpRefusedError(f"Enter a name of at most {NAME_LENGTH_MAX} characters.")
    open_links = queries.family_links_of(session, person_id=by.buys_for)
    if len(open_links) >= LINKS_MAX and wish.link_id not in {link.id for link in open_links}:
        raise TopUpRefusedError(f"You have {LINKS_MAX} links. End one before you make another.")
    values = {
        "id": wish.link_id,
        "person_id": by.buys_for,
        "council_id": wish.council_id,
        "shown_name": shown,
        "token_hash": token_hash(link_token(secret_key, wish.link_id)),
        "made_by_id": by.user_id,
        "made_at": at,
    }
    if insert_once(session, FamilyLink, values):
        _record(session, "family-link-made", wish.link_id, by, at)
    elif session.get_one(FamilyLink, wish.link_id).person_id != by.buys_for:
        raise NotFoundError
    return wish.link_id


def end_family_link(session: Session, *, link_id: UUID, by: Actor, at: datetime) -> None:
    """End a link: nobody can pay with it any more. Ending it again changes nothing.

    Raises:
        NotFoundError: the person has no such link.
    """
    link = session.get(FamilyLink, link_id, with_for_update=True, populate_existing=True)
    if link is None or link.person_id != by.buys_for:
        raise NotFoundError
    if link.ended_at is None:
        link.ended_at = at
        _record(session, "family-link-ended", link.id, by, at)


def _record(session: Session, what: str, link_id: UUID, by: Actor, at: datetime) -> None:
    record(
        session,
        what=what,
        chain_id=by.buys_for,
        subject_id=link_id,
        by_user_id=by.user_id,
        for_person_id=by.buys_for,
        at=at,
    )
