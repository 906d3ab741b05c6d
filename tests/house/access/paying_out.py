"""Fills one side of the world with what is on its way to providers' banks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from marketplace.access.rules import Actor, Role
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.queries import bank_standings
from marketplace.outbox.models import Letter
from marketplace.payments import commands, queries
from marketplace.payments.rules import FileFormat
from tests.factories import Make
from tests.house.access.side import Side


def fill_paying_out(make: Make, side: Side, *, at: datetime) -> None:
    """Make a run that was sent with its file, and a store whose bank details have changed."""
    officer = make.staff(organisation_id=side.council_id, role=Role.FINANCE_OFFICER)
    for kind, of_run in (("sent_item", "sent_run"), ("planned_item", "proposed_run")):
        run_id = UUID(str(side.objects[of_run]["run_id"]))
        with make.block() as session:
            run = queries.run_for(session, run_id=run_id, seen_by=officer)
        side.objects[kind] = {"item_id": run.items[0].id}
    _confirmed(make, side, at=at)
    filed = make.approved_run(by=officer, at=at)
    with make.block() as session:
        commands.mark_sent(
            session, filed, file_format=FileFormat.FASTER_PAYMENTS, by=officer, at=at
        )
    side.objects["filed_run"] = {"run_id": filed}
    owner = _confirmed(make, side, at=at)
    _change_bank(make, owner, at=at)
    email = make.email_of(owner)
    with make.block() as session:
        letter = session.scalars(
            select(Letter).where(Letter.to == email, Letter.template == "bank_change_asked")
        ).one()
        standing = bank_standings(session, [owner.works_for])[owner.works_for]
    side.objects["bank_change"] = {"token": str(letter.values["path"]).split("/")[-1]}
    side.objects["held_change"] = {"change_id": standing.change_id}
    fill_settling(make, side, at=at)


def fill_settling(make: Make, side: Side, *, at: datetime) -> None:
    """Make a payment that the bank has made, one that came in, and a line nobody knows."""
    officer = make.staff(organisation_id=side.council_id, role=Role.FINANCE_OFFICER)
    _confirmed(make, side, at=at)
    run_id = make.sent_run(by=officer, at=at)
    with make.block() as session:
        item = queries.run_for(session, run_id=run_id, seen_by=officer).items[0]
    amount = f"{item.amount.pence // 100}.{item.amount.pence % 100:02}"
    reference, day = make.pay_reference(side.funded, at=at), at.strftime("%Y-%m-%d")
    content = (
        "Date,Amount,Reference\n"
        f"{day},-{amount},{item.reference}\n{day},-9.99,{side.names.district}\n"
        f"{day},4.00,{reference}\n"
    )
    statement_id = make.statement(content.encode(), by=officer, at=at, taken_in=True)
    with make.block() as session:
        for line_id in queries.lines_to_post(session, limit=10, statement_id=statement_id):
            commands.post_line(session, line_id=line_id, at=at)
        for line_id in queries.out_lines_to_post(session, limit=10, statement_id=statement_id):
            commands.post_out_line(session, line_id=line_id, at=at)
        settled, unknown = queries.out_lines(session, statement_id=statement_id)
        (came,) = queries.statement_for(session, statement_id=statement_id, seen_by=officer).lines
    side.objects["settled_line"] = {"line_id": settled.id}
    side.objects["out_line"] = {"line_id": unknown.id}
    side.objects["posted_line"] = {"line_id": came.id}


def _confirmed(make: Make, side: Side, *, at: datetime) -> Actor:
    """Let another provider be owed something; return its owner."""
    deal = make.accepted(make.placed(funded=side.funded, first_at=at, at=at), at=at)
    make.confirmed(deal, at=at)
    return deal.provider


def _change_bank(make: Make, owner: Actor, *, at: datetime) -> None:
    with make.block() as session:
        catalogue.set_bank_details(
            session,
            sort_code="000000",
            account_number="12345678",
            account_name="Somebody",
            by=owner,
            at=at,
        )
