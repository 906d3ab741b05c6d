"""Payments by card, as the person, their family and the council's finance officers see them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.councils import queries as councils
from marketplace.councils.queries import CouncilCard
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.payments.errors import LinkEndedError
from marketplace.payments.models import CardEvent, FamilyLink, TopUp
from marketplace.payments.rules import EventOutcome, TopUpState, token_hash

RECENT = 10
LOOKED_FOR = timedelta(days=3)
"""So long we look again at a message about a payment that we do not know."""
AGAIN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUpRow:
    """A payment by card."""

    id: UUID
    person_id: UUID
    council_id: UUID
    amount: Money
    state: TopUpState
    by_family: bool
    giver: str
    asked_at: datetime
    page_url: str | None
    payment: str | None
    regular_id: UUID | None
    paid_at: datetime | None
    refunded: Money
    taken_back: Money
    trouble: str

    @property
    def may_be_finished(self) -> bool:
        """Tell whether a regular payment to which the card said no can be paid on a page."""
        if self.regular_id is None or self.page_url is not None:
            return False
        return self.state is TopUpState.FAILED or (
            self.state is TopUpState.ASKED and self.payment is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyLinkRow:
    """A family link: whose it is, and what is shown to whoever opens it."""

    id: UUID
    person_id: UUID
    council_id: UUID
    shown_name: str
    token_hash: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class TroubleRow:
    """A payment that a finance officer must look at."""

    id: UUID
    person_name: str
    amount: Money
    asked_at: datetime
    trouble: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """A message of the card company that was kept."""

    id: UUID
    event_id: str
    kind: str
    came_at: datetime
    outcome: EventOutcome | None


def markets_of(session: Session, *, person_id: UUID) -> list[CouncilCard]:
    """Return the councils in whose markets somebody buys: those they belong to, or any of all."""
    return councils.councils_of(session, person_id=person_id) or councils.councils(session)


def top_up(session: Session, *, top_up_id: UUID, seen_by: Actor) -> TopUpRow:
    """Return a payment of the person whose affairs these are.

    Raises:
        NotFoundError: they have none with this id.
    """
    return _one(session, TopUp.id == top_up_id, TopUp.person_id == seen_by.buys_for)


def gift(session: Session, *, top_up_id: UUID, token: str) -> TopUpRow:
    """Return a payment that was begun with a family link.

    Raises:
        LinkEndedError: the link was ended, or never was.
        NotFoundError: it was not begun with this link.
    """
    link = family_link(session, token=token)
    return _one(session, TopUp.id == top_up_id, TopUp.link_id == link.id)


def top_ups_of(session: Session, *, person_id: UUID) -> list[TopUpRow]:
    """Return the latest payments by card into a person's wallet, newest first."""
    newest = (
        select(TopUp)
        .where(TopUp.person_id == person_id)
        .order_by(TopUp.asked_at.desc(), TopUp.id)
        .limit(RECENT)
    )
    return [_row(found) for found in session.scalars(newest)]


def family_link(session: Session, *, token: str) -> FamilyLinkRow:
    """Return the link with a secret, if money can be given with it.

    Raises:
        LinkEndedError: it was ended, or never was.
    """
    found = session.scalar(
        select(FamilyLink).where(
            FamilyLink.token_hash == token_hash(token), FamilyLink.ended_at.is_(None)
        )
    )
    if found is None:
        raise LinkEndedError("This link does not work any more. Ask for a new one.")
    return _link(found)


def family_links_of(session: Session, *, person_id: UUID) -> list[FamilyLinkRow]:
    """Return a person's links with which money can be given, newest first."""
    rows = (
        select(FamilyLink)
        .where(FamilyLink.person_id == person_id, FamilyLink.ended_at.is_(None))
        .order_by(FamilyLink.made_at.desc(), FamilyLink.id)
    )
    return [_link(found) for found in session.scalars(rows)]


def troubles(session: Session, *, council_id: UUID) -> list[TroubleRow]:
    """Return the payments that a council's finance officers must look at, oldest first."""
    rows = session.scalars(
        select(TopUp)
        .where(TopUp.council_id == council_id, TopUp.trouble != "")
        .order_by(TopUp.asked_at, TopUp.id)
    ).all()
    names = access.names_of(session, user_ids=[row.person_id for row in rows])
    return [
        TroubleRow(row.id, names[row.person_id], row.amount, row.asked_at, row.trouble)
        for row in rows
    ]


def events_to_do(
    session: Session,
    *,
    since: datetime | None = None,
    event_id: str = "",
    limit: int | None = None,
) -> list[EventRow]:
    """Return kept messages of the card company that nothing has come of yet, oldest first.

    With ``since``, all that came from then on; with ``event_id``, that one, whatever became of it.
    """
    rows = select(CardEvent).order_by(CardEvent.came_at, CardEvent.id).limit(limit)
    if event_id:
        rows = rows.where(CardEvent.event_id == event_id)
    elif since is not None:
        rows = rows.where(CardEvent.came_at >= since)
    else:
        rows = rows.where(CardEvent.outcome.is_(None) | (CardEvent.outcome == EventOutcome.UNKNOWN))
    return [
        EventRow(row.id, row.event_id, row.kind, row.came_at, row.outcome)
        for row in session.scalars(rows)
    ]


def events_overtaken(session: Session, *, at: datetime, limit: int) -> list[UUID]:
    """Return lately kept messages to look at again: perhaps they overtook what they speak of."""
    rows = (
        select(CardEvent.id)
        .where(
            CardEvent.outcome.is_(None) | (CardEvent.outcome == EventOutcome.UNKNOWN),
            CardEvent.came_at > at - LOOKED_FOR,
            CardEvent.came_at < at - AGAIN_AFTER,
            CardEvent.done_at.is_(None) | (CardEvent.done_at < at - AGAIN_AFTER),
        )
        .order_by(CardEvent.came_at, CardEvent.id)
        .limit(limit)
    )
    return list(session.scalars(rows))


def _one(session: Session, *conditions: ColumnElement[bool]) -> TopUpRow:
    found = session.scalar(select(TopUp).where(*conditions))
    if found is None:
        raise NotFoundError
    return _row(found)


def _row(found: TopUp) -> TopUpRow:
    return TopUpRow(**{name: getattr(found, name) for name in TopUpRow.__slots__})


def _link(found: FamilyLink) -> FamilyLinkRow:
    return FamilyLinkRow(**{name: getattr(found, name) for name in FamilyLinkRow.__slots__})
