"""Saying where a provider is paid. A change waits until somebody who was known before agrees."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import owners_of, person
from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.commands.keeping import note, own_store
from marketplace.catalogue.errors import BankChangeOverError
from marketplace.catalogue.models import BankChange, Provider
from marketplace.catalogue.rules import (
    BANK_CHANGE_WAITS_DAYS,
    BankChangeState,
    BankDetails,
    bank_details,
    waits_until,
)
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.sort_codes import Tables
from marketplace.outbox.commands import WriteLetter, write_letter

_ENDS = 3
"""How many of the last digits the trail and letters show."""


def set_bank_details(  # noqa: PLR0913 - three numbers and names, and what judges them
    session: Session,
    *,
    sort_code: str,
    account_number: str,
    account_name: str,
    by: Actor,
    at: datetime,
    tables: Tables | None = None,
) -> None:
    """Say where the provider is paid; a manager may keep the store, but not lead its money away.

    The first details count at once. A change of them waits for some days; all owners are told, and
    the e-mail address that was known before is asked whether it is right, which ends the waiting.

    Raises:
        NotFoundError: the one who asks owns no store.
        BadBankDetailsError: a number has not the right number of digits, or no such account exists.
    """
    if not by.may(Permission.SEE_EARNINGS):
        raise NotFoundError
    provider = own_store(session, by)
    details = bank_details(sort_code, account_number, account_name, tables=tables)
    before = provider.account_number
    if details == BankDetails(provider.sort_code or "", before or "", provider.account_name or ""):
        return
    provider.sort_code = details.sort_code
    provider.account_number = details.account_number
    provider.account_name = details.account_name
    change, token = _note_change(session, provider, before, by, at)
    if token:
        _tell_owners(session, provider, change, at)
        _ask(session, provider, change, token, at)
    # The trail says that it changed, and only the last digits: others read it too.
    note(
        session,
        "bank-details-changed",
        provider_id=provider.id,
        by=by,
        at=at,
        details={"ends_in": change.ends},
    )


def answer_bank_change(session: Session, *, token: str, agrees: bool, at: datetime) -> None:
    """Say, at the address that was known before, whether changed bank details are right.

    Said again, it changes nothing.

    Raises:
        NotFoundError: no change has that link.
        BankChangeOverError: it was answered otherwise, or the details have changed again.
    """
    change = session.scalar(
        select(BankChange)
        .where(BankChange.token_hash == hash_of_token(token))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if change is None:
        raise NotFoundError
    wanted = BankChangeState.CONFIRMED if agrees else BankChangeState.REFUSED
    if change.state is wanted:
        return
    if change.state is not BankChangeState.WAITING:
        raise BankChangeOverError
    change.state, change.answered_at = wanted, at
    provider = session.get_one(Provider, change.provider_id)
    for owner in owners_of(session, organisation_ids=[provider.id]).get(provider.id, ()):
        write_letter(
            session,
            WriteLetter(
                key=f"bank-answered/{change.id}/{owner.id}",
                to=owner.email,
                subject=f"The new bank details of {provider.name}",
                template="bank_change_answered",
                values={"provider": provider.name, "ends": change.ends, "agrees": agrees},
            ),
            at=at,
        )
    note(
        session,
        "bank-details-confirmed" if agrees else "bank-details-refused",
        provider_id=provider.id,
        by=None,
        at=at,
        details={"ends_in": change.ends},
    )


def hash_of_token(token: str) -> str:
    """Return what is kept of a link, so that whoever reads the database cannot open it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _note_change(
    session: Session, provider: Provider, before: str | None, by: Actor, at: datetime
) -> tuple[BankChange, str]:
    """Keep that details have changed; return the link that ends the waiting, if it waits."""
    today = local_day(at)
    known = _known_before(session, provider.id, at)
    email = person(session, user_id=by.user_id).email
    token = secrets.token_urlsafe(32) if before else ""
    change = BankChange(
        id=uuid4(),
        provider_id=provider.id,
        state=BankChangeState.WAITING if before else BankChangeState.FIRST,
        ends=(provider.account_number or "")[-_ENDS:],
        ended_before=(before or "")[-_ENDS:],
        known_email=email,
        known_phone=provider.phone,
        asked_at_email=(known.known_email if known else email) if before else "",
        ring_at_phone=(known.known_phone if known else provider.phone) if before else "",
        token_hash=hash_of_token(token) if token else None,
        changed_by_id=by.user_id,
        changed_by_name=by.name,
        changed_at=at,
        waits_until=waits_until(today) if before else None,
    )
    session.add(change)
    return change, token


def _known_before(session: Session, provider_id: UUID, at: datetime) -> BankChange | None:
    """Return the newest details that were trusted, and let those end that nobody answered for."""
    found: BankChange | None = None
    rows = select(BankChange).where(BankChange.provider_id == provider_id)
    for row in session.scalars(rows.order_by(BankChange.changed_at, BankChange.id)):
        if row.state is BankChangeState.WAITING and _has_waited(row, at):
            row.state = BankChangeState.CONFIRMED
        elif row.state in {BankChangeState.WAITING, BankChangeState.REFUSED}:
            row.state = BankChangeState.REPLACED
        if row.state in {BankChangeState.FIRST, BankChangeState.CONFIRMED}:
            found = row
    return found


def _has_waited(change: BankChange, at: datetime) -> bool:
    return change.waits_until is not None and change.waits_until <= local_day(at)


def _tell_owners(session: Session, provider: Provider, change: BankChange, at: datetime) -> None:
    for owner in owners_of(session, organisation_ids=[provider.id]).get(provider.id, ()):
        write_letter(
            session,
            WriteLetter(
                key=f"bank-changed/{change.id}/{owner.id}",
                to=owner.email,
                subject=f"The bank details of {provider.name} have changed",
                template="bank_details_changed",
                values={
                    "provider": provider.name,
                    "who": change.changed_by_name,
                    "ends": change.ends,
                    "ended_before": change.ended_before,
                    "days": BANK_CHANGE_WAITS_DAYS,
                    "path": "/my-store/bank",
                },
            ),
            at=at,
        )


def _ask(
    session: Session, provider: Provider, change: BankChange, token: str, at: datetime
) -> None:
    write_letter(
        session,
        WriteLetter(
            key=f"bank-asked/{change.id}",
            to=change.asked_at_email,
            subject=f"Are the new bank details of {provider.name} right?",
            template="bank_change_asked",
            values={
                "provider": provider.name,
                "who": change.changed_by_name,
                "ends": change.ends,
                "ended_before": change.ended_before,
                "days": BANK_CHANGE_WAITS_DAYS,
                "path": f"/bank-details/{token}",
            },
        ),
        at=at,
    )
