"""Fills one side of the world with what is on its way to providers' banks."""

from datetime import datetime

from sqlalchemy import select

from marketplace.catalogue import commands as catalogue
from marketplace.outbox.models import Letter
from tests.factories import Make
from tests.house.access.side import Side


def fill_paying_out(make: Make, side: Side, *, at: datetime) -> None:
    """Make a store whose bank details have changed."""
    owner = make.provider(at=at)
    with make.block() as session:
        catalogue.set_bank_details(
            session,
            sort_code="000000",
            account_number="12345678",
            account_name="Somebody",
            by=owner,
            at=at,
        )
    email = make.email_of(owner)
    with make.block() as session:
        letter = session.scalars(
            select(Letter).where(Letter.to == email, Letter.template == "bank_change_asked")
        ).one()
    side.objects["bank_change"] = {"token": str(letter.values["path"]).split("/")[-1]}
