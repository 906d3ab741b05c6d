"""A council's bank account, and the references people write on their transfers."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.catalogue.rules import bank_details
from marketplace.kernel.sort_codes import Tables
from marketplace.kernel.writing import insert_once
from marketplace.payments.models import CouncilBank, PayReference
from marketplace.payments.rules import LENGTH, LETTERS, checked_service_user, new_reference


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBankAccount:
    """The account into which people pay a council's market, as it was typed."""

    sort_code: str
    account_number: str
    account_name: str
    service_user: str = ""
    """The six digits that Bacs knows the council by, if it sends Bacs files."""


def set_bank_account(
    session: Session,
    wish: SetBankAccount,
    *,
    by: Actor,
    at: datetime,
    tables: Tables | None = None,
) -> None:
    """Say into which account people pay, and providers are paid from; the trail keeps who said so.

    Raises:
        BadBankDetailsError: a number has too many or too few digits, the name is missing, or no
            such account can exist.
        BadServiceUserError: a Bacs user number is not six digits.
    """
    details = bank_details(wish.sort_code, wish.account_number, wish.account_name, tables=tables)
    values = {
        "sort_code": details.sort_code,
        "account_number": details.account_number,
        "account_name": details.account_name,
        "service_user": checked_service_user(wish.service_user) or None,
        "set_by_name": by.name,
        "set_at": at,
    }
    if not insert_once(session, CouncilBank, {"id": by.works_for, "columns": {}, **values}):
        bank = session.get_one(
            CouncilBank, by.works_for, with_for_update=True, populate_existing=True
        )
        for name, value in values.items():
            setattr(bank, name, value)
    record(
        session,
        what="bank-account-set",
        chain_id=by.works_for,
        subject_id=by.works_for,
        by_user_id=by.user_id,
        at=at,
        details={"ends": details.account_number[-4:]},
    )


def make_reference(
    session: Session, *, person_id: UUID, council_id: UUID, by_family: bool, at: datetime
) -> str:
    """Return what a person or their family writes on a transfer; made by chance on first use."""
    mine = select(PayReference.reference).where(
        PayReference.person_id == person_id,
        PayReference.council_id == council_id,
        PayReference.by_family == by_family,
    )
    while (found := session.scalar(mine)) is None:
        # Taken by somebody else, or made by ourselves a moment ago: look again.
        insert_once(
            session,
            PayReference,
            {
                "id": uuid4(),
                "person_id": person_id,
                "council_id": council_id,
                "by_family": by_family,
                "reference": new_reference(secrets.randbelow(len(LETTERS) ** (LENGTH - 1))),
                "made_at": at,
            },
        )
    return found
