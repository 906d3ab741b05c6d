"""Owners say yes to invoices in their name, and some say that they are registered for VAT."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.orm import Session

from marketplace.kernel.clock import local_day
from marketplace.orders.commands import SayVat, agree_to_self_billing, say_vat
from marketplace.orders.rules import VERSION
from marketplace.seeding.cast import Cast
from marketplace.seeding.files import rows

_RENEWED_AFTER = timedelta(days=365)


def agree_to_invoices(session: Session, cast: Cast) -> None:
    """Let every owner agree, year by year, but those of whom the file says otherwise."""
    for row in rows("providers", "provider"):
        owner, at = cast.owners[row["slug"]], cast.ago(weeks=row["joined_weeks_ago"])
        if "vat" in row:
            wish = SayVat(
                registration_id=uuid5(NAMESPACE_URL, f"seed:vat/{row['slug']}"),
                registered=True,
                starts_on=local_day(at),
                number=row["vat"]["number"],
                address=row["vat"]["address"],
            )
            say_vat(session, wish, by=owner, at=at)
        while row.get("agrees", True) and at <= cast.now:
            agreement_id = uuid5(NAMESPACE_URL, f"seed:agreement/{row['slug']}/{at:%Y%m%d}")
            agree_to_self_billing(
                session, agreement_id=agreement_id, version=VERSION, by=owner, at=at
            )
            at += _RENEWED_AFTER
