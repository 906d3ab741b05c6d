"""Who should not be paid now, and why: bank details that wait or cannot be, and suspensions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.queries import bank_standings, suspensions
from marketplace.catalogue.rules import BankStanding
from marketplace.kernel.sort_codes import Tables, Verdict, verdict
from marketplace.orders.rules import day_words
from marketplace.payments.models import BankCall
from marketplace.payments.rules import Held, WhyNot


@dataclass(frozen=True, slots=True)
class Call:
    """A note that an officer rang a provider about changed bank details."""

    words: str
    rung_by_id: UUID
    rung_by_name: str
    rung_on: date


@dataclass(frozen=True, slots=True)
class Standings:
    """Where some providers are paid, and what stands against paying them now."""

    banks: dict[UUID, BankStanding]
    held: dict[UUID, Held]
    calls: dict[UUID, Call]
    """Calls that end the waiting of changed details, by provider."""
    unverified: frozenset[UUID]
    """Providers whose bank has no check digits."""


def standings(
    session: Session,
    *,
    council_id: UUID,
    provider_ids: Collection[UUID],
    on: date,
    tables: Tables | None,
) -> Standings:
    """Return where providers are paid and what stands against it, with a few statements for all."""
    banks = bank_standings(session, provider_ids)
    changed = {
        standing.change_id: provider_id
        for provider_id, standing in banks.items()
        if standing.change_id is not None and standing.is_held(on)
    }
    calls = _calls(session, council_id, changed)
    suspended = suspensions(session, council_id=council_id)
    held: dict[UUID, Held] = {}
    unverified = set()
    for provider_id in set(provider_ids):
        standing = banks.get(provider_id)
        if provider_id in suspended:
            words = f"{WhyNot.SUSPENDED.label}: {suspended[provider_id]}"
            held[provider_id] = Held(why_not=WhyNot.SUSPENDED, words=words)
        elif standing is not None:
            details = standing.details
            said = verdict(tables, details.sort_code, details.account_number)
            if said is Verdict.WRONG:
                held[provider_id] = Held(why_not=WhyNot.BANK_WRONG, words=WhyNot.BANK_WRONG.label)
            elif standing.is_held(on) and provider_id not in calls:
                held[provider_id] = _held(standing)
            elif said is Verdict.NOT_COVERED:
                unverified.add(provider_id)
    return Standings(banks, held, calls, frozenset(unverified))


def _held(standing: BankStanding) -> Held:
    if standing.refused or standing.changed_on is None or standing.waits_until is None:
        why = WhyNot.BANK_REFUSED
        return Held(why_not=why, words=why.label, change_id=standing.change_id)
    words = (
        f"Bank details were changed on {day_words(standing.changed_on)}. They wait until "
        f"{day_words(standing.waits_until)}, or until the provider says that they are right."
    )
    return Held(why_not=WhyNot.BANK_WAITS, words=words, change_id=standing.change_id)


def _calls(session: Session, council_id: UUID, changed: dict[UUID, UUID]) -> dict[UUID, Call]:
    if not changed:
        return {}
    # Few changes wait at any time, whatever the size of a run.
    rows = session.scalars(
        select(BankCall).where(
            BankCall.council_id == council_id, BankCall.change_id.in_(changed.keys())
        )
    )
    return {
        changed[row.change_id]: Call(
            row.words, row.rung_by_id, row.rung_by_name, row.rung_at.date()
        )
        for row in rows
    }
