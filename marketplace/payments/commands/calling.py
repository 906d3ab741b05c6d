"""Noting that somebody rang a provider about changed bank details."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.catalogue.queries import bank_standings
from marketplace.kernel.clock import local_day
from marketplace.kernel.writing import insert_once
from marketplace.payments import queries
from marketplace.payments.errors import NoKnownNumberError
from marketplace.payments.models import BankCall
from marketplace.payments.rules import checked_reason


def note_call(session: Session, change_id: UUID, *, words: str, by: Actor, at: datetime) -> None:
    """Note that a provider said on the telephone that changed bank details are theirs.

    From then on this council pays there; another officer than the one who rang approves it. Said
    again, it changes nothing.

    Raises:
        NoKnownNumberError: no number was known before the change.
        NotFoundError: nobody this council owes money to waits for such a call.
        ReasonMissingError: nothing is said of the call, or very much.
    """
    waiting = queries.held_change(
        session, council_id=by.works_for, change_id=change_id, on=local_day(at)
    )
    standing = bank_standings(session, [waiting.provider_id])[waiting.provider_id]
    if not standing.ring_at_phone:
        raise NoKnownNumberError
    values = {
        "id": uuid4(),
        "change_id": change_id,
        "council_id": by.works_for,
        "words": checked_reason(words),
        "rung_by_id": by.user_id,
        "rung_by_name": by.name,
        "rung_at": at,
    }
    if insert_once(session, BankCall, values):
        record(
            session,
            what="bank-call-noted",
            chain_id=by.works_for,
            subject_id=waiting.provider_id,
            by_user_id=by.user_id,
            at=at,
            details={"words": checked_reason(words)},
        )
