"""Changes of a line in the middle of the year: its plan, its history and its money stay."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.budgets.commands.copying import keep_shares_alike
from marketplace.budgets.commands.instalments import next_due
from marketplace.budgets.commands.lines import holder_named
from marketplace.budgets.commands.noting import (
    Changed,
    ChangeLine,
    check_is_councils,
    line_to_change,
    note_change,
    reason_of,
    tell_person,
    tell_store,
)
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.models import FundingLine
from marketplace.budgets.rules import (
    Funder,
    Holder,
    LineChange,
    check_amount,
    check_holder,
    check_new_end,
    day_words,
    last_day,
)
from marketplace.councils.commands import note_person
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.wallet.commands import lock_accounts

COST_CODE_LENGTH_MAX = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHolder:
    """Who is to look after the money: in which way, and who."""

    holder: Holder
    name: str = ""
    provider_id: UUID | None = None
    """The store that keeps it, for an individual service fund."""


def change_amount(
    session: Session, wish: ChangeLine, *, yearly: Money, by: Actor, at: datetime
) -> None:
    """Agree another amount for a year, from the next instalment on. What is there stays.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: their council has no such line.
        BadLineError: the amount cannot be like this, or no instalment is to come.
    """
    line = line_to_change(session, wish, by=by)
    if line is None:
        return
    check_amount("yearly", yearly)
    if line.next_due_on is None:
        raise BadLineError(
            "yearly", "Nothing more is to come into this line. Open another one for new money."
        )
    changed = Changed(
        what=LineChange.AMOUNT,
        before={"yearly_pence": line.yearly.pence},
        after={"yearly_pence": yearly.pence},
        effective_on=line.next_due_on,
    )
    note_change(session, line, wish, changed, by=by, at=at)
    was, line.yearly = line.yearly, yearly
    said = (
        f"{line.funder.label}: you had {was} for a year. "
        f"From {day_words(line.next_due_on)} you have {yearly} for a year. "
        "What you have now stays yours to spend."
    )
    _tell(session, line, wish, said, at=at)


def change_funder(
    session: Session, wish: ChangeLine, *, funder: Funder, by: Actor, at: datetime
) -> None:
    """Let the money of a line come from another fund of the same council.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: their council has no such line.
        BadLineError: it is somebody's own money, or the new funder's rules forbid the holder.
    """
    line = line_to_change(session, wish, by=by)
    if line is None:
        return
    if funder.is_private or line.funder.is_private:
        raise BadLineError("funder", "People's own money stays their own. Open another line.")
    check_holder(line.holder, line.holder_name, funder=funder)
    changed = Changed(
        what=LineChange.FUNDER, before={"funder": line.funder}, after={"funder": funder}
    )
    note_change(session, line, wish, changed, by=by, at=at)
    was, line.funder = line.funder, funder
    keep_shares_alike(session, line)
    note_person(session, council_id=line.council_id, person_id=line.person_id, funded=True, at=at)
    said = (
        f"Your money from {was.label} is now from {funder.label}. "
        "It is the same money, for the same things, with the same limits."
    )
    _tell(session, line, wish, said, at=at)


def change_holder(
    session: Session, wish: ChangeLine, *, new: NewHolder, by: Actor, at: datetime
) -> None:
    """Let somebody else look after the money. All of it goes with them; open orders stay.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: their council has no such line, or there is no such store.
        BadLineError: it is their own money, the funder's rules forbid this holder, or nobody is
            named.
    """
    line = line_to_change(session, wish, by=by)
    if line is None:
        return
    check_is_councils(line, "holder")
    provider_id = new.provider_id if new.holder is Holder.ISF else None
    name = holder_named(
        session,
        holder=new.holder,
        name=new.name,
        provider_id=provider_id,
        own=access.person(session, user_id=line.person_id).name,
        council=by.organisation_name,
    )
    check_holder(new.holder, name if provider_id else new.name, funder=line.funder)
    accounts = (line.available_account_id, line.held_account_id)
    has = lock_accounts(session, accounts)
    free, held = (has[account_id] for account_id in accounts)
    balance = {"available_pence": free.pence, "held_pence": held.pence}
    changed = Changed(
        what=LineChange.HOLDER,
        before=_held_by(line.holder, line.holder_provider_id) | balance,
        after=_held_by(new.holder, provider_id) | balance,
        before_name=line.holder_name,
        after_name=name,
        moved=free + held,
    )
    note_change(session, line, wish, changed, by=by, at=at)
    was, was_with = line.holder_name, line.holder_provider_id
    line.holder, line.holder_name, line.holder_provider_id = new.holder, name, provider_id
    keep_shares_alike(session, line)
    said = (
        f"{line.funder.label}: {was} looked after this money. Now it is {name}. "
        f"There is {free} to spend, and {held} is set aside for orders. All of it goes with it. "
        "You still decide how it is used."
    )
    _tell(session, line, wish, said, at=at)
    for store_id in sorted({each for each in (was_with, provider_id) if each is not None}):
        _tell_keeper(session, line, store_id, key=str(wish.change_id), total=free + held, at=at)


def move_isf(
    session: Session, wish: ChangeLine, *, provider_id: UUID, by: Actor, at: datetime
) -> None:
    """Move an individual service fund to another provider, with all its money, in one deed.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: their council has no such line, or there is no such store.
        BadLineError: no provider keeps this money now, or it is the same one.
    """
    line = line_to_change(session, wish, by=by)
    if line is None:
        return
    if line.holder is not Holder.ISF:
        raise BadLineError("holder", "No provider keeps this money. Change who looks after it.")
    new = NewHolder(holder=Holder.ISF, provider_id=provider_id)
    change_holder(session, wish, new=new, by=by, at=at)


def change_cost_code(
    session: Session, wish: ChangeLine, *, cost_code: str, by: Actor, at: datetime
) -> None:
    """Change under which code the council counts a line.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: their council has no such line.
        BadLineError: it is too long, or the same.
    """
    line = line_to_change(session, wish, by=by)
    if line is None:
        return
    code = " ".join(cost_code.split())
    if len(code) > COST_CODE_LENGTH_MAX:
        raise BadLineError("cost_code", f"Use at most {COST_CODE_LENGTH_MAX} characters.")
    changed = Changed(
        what=LineChange.COST_CODE,
        before={"cost_code": line.cost_code},
        after={"cost_code": code},
    )
    note_change(session, line, wish, changed, by=by, at=at)
    line.cost_code = code
    keep_shares_alike(session, line)


def change_end(
    session: Session, wish: ChangeLine, *, ends_before: date | None, by: Actor, at: datetime
) -> None:
    """Let a line end on another day, or never. What is left on the last day stays where it is.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: their council has no such line.
        BadLineError: it is their own money, the day has passed, or is not after the start.
    """
    line = line_to_change(session, wish, by=by)
    if line is None:
        return
    check_is_councils(line, "ends_before")
    check_new_end(line.starts_on, ends_before, today=local_day(at))
    changed = Changed(
        what=LineChange.END,
        before={"ends_before": line.ends_before and line.ends_before.isoformat()},
        after={"ends_before": ends_before and ends_before.isoformat()},
        effective_on=ends_before,
    )
    note_change(session, line, wish, changed, by=by, at=at)
    line.ends_before = ends_before
    line.next_due_on = next_due(session, line)
    keep_shares_alike(session, line)
    last = last_day(ends_before)
    said = f"The last day is now {day_words(last)}." if last else "There is no last day any more."
    _tell(session, line, wish, f"{line.funder.label}: {said}", at=at)


def _held_by(holder: Holder, provider_id: UUID | None) -> dict[str, str | int | None]:
    return {"holder": holder.value, "provider_id": str(provider_id) if provider_id else None}


def _tell(
    session: Session, line: FundingLine, wish: ChangeLine, said: str, *, at: datetime
) -> None:
    sentences = [said, f"Why: {reason_of(wish)}"]
    tell_person(session, line, key=str(wish.change_id), sentences=sentences, at=at)


def _tell_keeper(
    session: Session,
    line: FundingLine,
    provider_id: UUID,
    *,
    key: str,
    total: Money,
    at: datetime,
) -> None:
    name = access.person(session, user_id=line.person_id).name
    keeps = line.holder_provider_id == provider_id
    said = (
        f"From {day_words(local_day(at))} you keep money for {name}: {total}."
        if keeps
        else f"From {day_words(local_day(at))} you no longer keep the money of {name}: {total}."
    )
    rest = (
        "It is for them alone, and they decide how it is used."
        if keeps
        else "Orders that you have taken on stay as they are, and are paid."
    )
    tell_store(session, provider_id, key=key, sentences=[said, rest], at=at)
