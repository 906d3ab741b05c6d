"""The way of money from a delivery note to the provider's account, walked as the market does.

Every step looks at where things stand and does what is next, so that whoever comes after a crash
walks the same way again.
"""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from marketplace.access.rules import Actor
from marketplace.database import reading, transaction
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders import commands as orders
from marketplace.orders.models import Invoice
from marketplace.orders.queries import unanswered_orders
from marketplace.orders.rules import NoteKind
from marketplace.payments import commands, queries
from marketplace.payments.commands import UploadStatement
from marketplace.payments.models import PaymentItem, PaymentRun
from marketplace.payments.rules import FileFormat, RunState
from marketplace.wallet.models import Account, Entry
from tests.factories import Make
from tests.factories.orders import TOMORROW
from tests.payments.bank_files import Paid, as_xml
from tests.payments.banks import OURS

CONFIRMED = TOMORROW + timedelta(days=7)
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class World:
    """A council with two officers, to whom deliveries are about to become payments."""

    council_id: UUID
    first: Actor
    second: Actor


def noted_world(make: Make) -> World:
    """Let six deliveries to three people by three providers be noted, and told of twice."""
    funded = make.funded_person()
    council_id = funded.council_id
    people = [funded, *(make.funded_person(council_id=council_id) for _ in range(2))]
    providers = [make.provider() for _ in range(3)]
    kinds = (NoteKind.FULL, NoteKind.PART, NoteKind.PERSON_NOT_IN)
    for number in range(6):
        deal = make.accepted(
            funded=people[number % 3], provider=providers[number // 2], price=Money(4_00)
        )
        make.noted(deal, note=kinds[number % 3], part=60)
    with make.block() as session:
        for days in (4, 6):
            orders.tell_and_confirm_silent(session, at=TOMORROW + timedelta(days=days))
    first, second = (make.officer(council_id=council_id) for _ in range(2))
    with make.block() as session:
        commands.set_bank_account(session, OURS, by=first, at=TOMORROW)
    return World(council_id, first, second)


def walk(world: World) -> None:
    """Invoice, propose, approve, send with a file, and settle from the bank's statement."""
    _invoice()
    with transaction() as session:
        commands.propose_daily(session, council_id=world.council_id, at=CONFIRMED)
    run_id = _run(world).id
    if _run(world).state is RunState.PROPOSED:
        with transaction() as session:
            commands.approve_run(session, run_id, by=world.second, at=_hours(1))
    if _run(world).state is RunState.APPROVED:
        with transaction() as session:
            commands.mark_sent(
                session,
                run_id,
                file_format=FileFormat.FASTER_PAYMENTS,
                by=world.first,
                at=_hours(2),
            )
    _settle(world, run_id)


def _invoice() -> None:
    with reading() as session:
        due = unanswered_orders(session, at=CONFIRMED).to_confirm
    for start in range(0, len(due), AT_ONCE):
        with transaction() as session:
            some = due[start : start + AT_ONCE]
            orders.confirm_silent_orders(session, order_ids=some, at=CONFIRMED)


def _settle(world: World, run_id: UUID) -> None:
    day = local_day(_days(2))
    with reading() as session:
        items = session.scalars(
            select(PaymentItem).where(PaymentItem.run_id == run_id).order_by(PaymentItem.position)
        )
        paid = [
            Paid(
                words=str(item.reference),
                amount=str(item.amount).lstrip("£"),
                day=f"{day:%d/%m/%Y}",
                out=True,
            )
            for item in items
        ]
    wish = UploadStatement(
        statement_id=uuid5(run_id, "statement"), name="march.xml", content=as_xml(paid)
    )
    with transaction() as session:
        commands.upload_statement(session, wish, by=world.first, at=_days(3))
    with transaction() as session:
        commands.take_in_statement(
            session, statement_id=wish.statement_id, by=world.first, at=_days(3)
        )
    with reading() as session:
        lines = queries.out_lines_to_post(session, limit=100)
    for line_id in lines:
        with transaction() as session:
            commands.post_out_line(session, line_id=line_id, at=_days(3))


def file_now(world: World) -> bytes:
    """Return the bytes that the bank gets; nothing if no run was sent yet."""
    with reading(of_one_instant=True) as session:
        run = session.scalars(select(PaymentRun)).one_or_none()
        if run is None or run.file_format is None:
            return b""
        written = io.BytesIO()
        queries.put_file(session, written, run_id=run.id, seen_by=world.first)
    return written.getvalue()


def books(world: World) -> dict[str, Any]:
    """Return who was invoiced for what, who was paid what, and the file of the bank."""
    with reading() as session:
        invoices = session.scalars(select(Invoice)).all()
        items = session.scalars(select(PaymentItem)).all()
        runs = session.scalars(select(PaymentRun)).all()
        moved: dict[tuple[str, str], int] = {}
        rows = select(Account.owner_id, Account.kind, Entry.amount).join(
            Entry, Entry.account_id == Account.id
        )
        for owner_id, kind, amount in session.execute(rows):
            key = (str(owner_id), kind.value)
            moved[key] = moved.get(key, 0) + amount.pence
    return {
        "invoices": sorted(
            (str(each.provider_id), each.number, str(each.order_id), each.total.pence)
            for each in invoices
        ),
        "items": sorted(
            (each.position, str(each.provider_id), each.amount.pence, each.reference, each.state)
            for each in items
        ),
        "runs": [(run.number, run.state, run.total.pence, run.file_digest) for run in runs],
        "accounts": moved,
        "file": file_now(world),
    }


def stage(world: World) -> str:
    """Say how far things are."""
    with reading() as session:
        run = session.scalars(select(PaymentRun)).one_or_none()
        if run is not None:
            return f"run {run.state.value}"
        return f"{len(session.scalars(select(Invoice.id)).all())} invoices"


def _run(world: World) -> PaymentRun:
    with reading() as session:
        return session.scalars(
            select(PaymentRun).where(PaymentRun.council_id == world.council_id)
        ).one()


def _hours(hours: int) -> datetime:
    return CONFIRMED + timedelta(hours=hours)


def _days(days: int) -> datetime:
    return CONFIRMED + timedelta(days=days)
