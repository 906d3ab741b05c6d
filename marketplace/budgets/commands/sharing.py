"""Splitting a line by shares: a part of the money for each of several holders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.budgets.commands.changes import NewHolder
from marketplace.budgets.commands.copying import copy_line, copy_plan
from marketplace.budgets.commands.counting import go_on_counting
from marketplace.budgets.commands.lines import holder_named
from marketplace.budgets.commands.moving import handover_key
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
from marketplace.budgets.commands.paying_in import note_paid_in
from marketplace.budgets.models import FundingLine
from marketplace.budgets.rules import Holder, LineChange, check_holder, check_shares, in_proportion
from marketplace.kernel.money import Money
from marketplace.wallet.commands import lock_accounts, move
from marketplace.wallet.rules import Leg, Movement


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many percent of a line's money, and who looks after it."""

    percent: int
    new: NewHolder


def split_line(
    session: Session,
    wish: ChangeLine,
    *,
    percent: int,
    others: Sequence[Share],
    by: Actor,
    at: datetime,
) -> list[UUID]:
    """Keep a part of a line as it is, and let others look after the rest; return their lines.

    The yearly amount and what is free are shared out to the penny. What is set aside for orders
    stays where it is. Each new line has the same plan and limits of its own like the old one's,
    and they go on counting what the whole line has spent in their windows.

    Raises:
        NotAllowedError: they are no practitioner.
        NotFoundError: their council has no such line.
        BadLineError: it is their own money, the shares do not make a hundred, or a holder is not
            allowed.
    """
    line = line_to_change(session, wish, by=by)
    ids = [uuid5(wish.change_id, str(number)) for number in range(len(others))]
    if line is None:
        return ids
    check_is_councils(line, "percent")
    percents = [percent, *(share.percent for share in others)]
    check_shares(percents)
    names = [_name(session, line, share.new, by=by) for share in others]
    has = lock_accounts(session, [line.available_account_id, line.held_account_id])
    free = has[line.available_account_id]
    parts = [Money(each) for each in percents]
    yearly, balances = in_proportion(line.yearly, parts), in_proportion(free, parts)
    changed = Changed(
        what=LineChange.SPLIT,
        before={"yearly_pence": line.yearly.pence, "free_pence": free.pence},
        after={
            "percents": percents,
            "yearly_pence": [each.pence for each in yearly],
            "free_pence": [each.pence for each in balances],
            "lines": [str(each) for each in ids],
        },
        moved=free - balances[0],
    )
    note_change(session, line, wish, changed, by=by, at=at)
    line.yearly = yearly[0]
    siblings = [
        _sibling(session, line, line_id, share.new, name, amount, by=by, at=at)
        for line_id, share, name, amount in zip(ids, others, names, yearly[1:], strict=True)
    ]
    _share_out(session, line, siblings, balances[1:], change_id=wish.change_id, at=at)
    _tell(session, line, siblings, wish, at=at)
    return ids


def _name(session: Session, line: FundingLine, new: NewHolder, *, by: Actor) -> str:
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
    return name


def _sibling(  # noqa: PLR0913 - a line has many sides
    session: Session,
    line: FundingLine,
    line_id: UUID,
    new: NewHolder,
    name: str,
    yearly: Money,
    *,
    by: Actor,
    at: datetime,
) -> FundingLine:
    last = session.scalar(
        select(func.max(FundingLine.sequence)).where(FundingLine.person_id == line.person_id)
    )
    sibling = copy_line(
        session,
        line,
        line_id=line_id,
        council_id=line.council_id,
        by=by,
        at=at,
        yearly=yearly,
        holder=new.holder,
        holder_name=name,
        holder_provider_id=new.provider_id if new.holder is Holder.ISF else None,
        part_of_line_id=line.id,
        sequence=(last or 0) + 1,
    )
    copy_plan(session, line, sibling)
    go_on_counting(session, sibling, at)
    return sibling


def _share_out(
    session: Session,
    line: FundingLine,
    siblings: Sequence[FundingLine],
    amounts: Sequence[Money],
    *,
    change_id: UUID,
    at: datetime,
) -> None:
    given = [(sibling, amount) for sibling, amount in zip(siblings, amounts, strict=True) if amount]
    if not given:
        return
    whole = sum((amount for _, amount in given), start=Money(0))
    legs = [Leg(sibling.available_account_id, amount) for sibling, amount in given]
    legs.append(Leg(line.available_account_id, -whole))
    move(session, Movement(handover_key(change_id), "handover", legs), at=at)
    note_paid_in(session, line, -whole)
    for sibling, amount in given:
        note_paid_in(session, sibling, amount)


def _tell(
    session: Session,
    line: FundingLine,
    siblings: Sequence[FundingLine],
    wish: ChangeLine,
    *,
    at: datetime,
) -> None:
    parts = "; ".join(f"{each.holder_name} {each.yearly}" for each in (line, *siblings))
    said = [
        f"{line.funder.label}: this money is now looked after in parts. For a year: {parts}.",
        f"Why: {reason_of(wish)}",
    ]
    tell_person(session, line, key=str(wish.change_id), sentences=said, at=at)
    person = access.person(session, user_id=line.person_id)
    for sibling in siblings:
        if sibling.holder_provider_id is not None:
            tell_store(
                session,
                sibling.holder_provider_id,
                key=f"{wish.change_id}/{sibling.id}",
                sentences=[
                    f"You now keep a part of the money of {person.name}.",
                    f"It is {sibling.yearly} for a year. They decide how it is used.",
                ],
                at=at,
            )
