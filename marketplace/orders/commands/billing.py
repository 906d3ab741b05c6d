"""What an owner says before invoices are made in the provider's name: yes, and their VAT number."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.writing import insert_once
from marketplace.orders.errors import BadVatError, WrongStateError
from marketplace.orders.models import SelfBillingAgreement, VatRegistration
from marketplace.orders.rules import (
    ADDRESS_LENGTH_MAX,
    VERSION,
    WORDS,
    ends_on,
    may_renew,
    next_start,
    vat_number,
)

_YEAR = timedelta(days=366)
_VAT_BEGAN = date(1973, 4, 1)


def agree_to_self_billing(
    session: Session, *, agreement_id: UUID, version: int, by: Actor, at: datetime
) -> date:
    """Let the market make invoices in the provider's name; return the first day. Twice is once.

    Raises:
        NotAllowedError: only an owner can bind the provider.
        WrongStateError: the words have changed since they were shown.
    """
    if not by.may(Permission.SEE_EARNINGS):
        raise NotAllowedError("Only an owner of the store can agree to this.")
    if version != VERSION:
        raise WrongStateError("The words have changed since you read them. Read them again.")
    today = local_day(at)
    last = session.scalar(
        select(SelfBillingAgreement)
        .where(SelfBillingAgreement.provider_id == by.works_for)
        .order_by(SelfBillingAgreement.starts_on.desc())
        .limit(1)
    )
    if last is not None and not may_renew(last.ends_on, on=today):
        return last.starts_on
    starts_on = next_start(last.ends_on if last else None, on=today)
    values = {
        "id": agreement_id,
        "provider_id": by.works_for,
        "version": version,
        "words": WORDS[version],
        "agreed_by_id": by.user_id,
        "agreed_at": at,
        "starts_on": starts_on,
        "ends_on": ends_on(starts_on),
    }
    if insert_once(session, SelfBillingAgreement, values):
        _record(session, "self-billing-agreed", by, at, version=version)
    return starts_on


@dataclass(frozen=True, slots=True, kw_only=True)
class SayVat:
    """What an owner says of VAT. Brings its id: sent twice is once."""

    registration_id: UUID
    registered: bool
    starts_on: date
    number: str = ""
    address: str = ""


def say_vat(session: Session, wish: SayVat, *, by: Actor, at: datetime) -> None:
    """Note that a provider is registered for VAT from a day on, or is not any more.

    Invoices that stand already stay as they are.

    Raises:
        NotAllowedError: only an owner says this.
        BadVatError: the number is none, the address is missing or too long, or the day cannot be.
    """
    if not by.may(Permission.SEE_EARNINGS):
        raise NotAllowedError("Only an owner of the store can say this.")
    number, address = "", ""
    if wish.registered:
        number, address = vat_number(wish.number), wish.address.strip()
        if not address:
            raise BadVatError("address", "Enter the name and address that HMRC knows.")
        if len(address) > ADDRESS_LENGTH_MAX:
            raise BadVatError("address", f"Use no more than {ADDRESS_LENGTH_MAX} letters.")
    if not _VAT_BEGAN <= wish.starts_on <= local_day(at) + _YEAR:
        raise BadVatError("starts_on", "Enter a day that is not more than a year from now.")
    values = {
        "id": wish.registration_id,
        "provider_id": by.works_for,
        "number": number,
        "address": address,
        "starts_on": wish.starts_on,
        "said_by_id": by.user_id,
        "said_at": at,
    }
    if insert_once(session, VatRegistration, values):
        _record(session, "vat-said", by, at, registered=wish.registered)


def _record(session: Session, what: str, by: Actor, at: datetime, **details: int) -> None:
    record(
        session,
        what=what,
        chain_id=by.works_for,
        subject_id=by.works_for,
        by_user_id=by.user_id,
        at=at,
        details=details,
    )
