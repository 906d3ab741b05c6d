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
