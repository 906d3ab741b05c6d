"""The figures a provider saved to work out what an hour costs."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.models import PriceSheet
from marketplace.catalogue.rules.unit_price import Figures
from marketplace.kernel.errors import NotFoundError


def saved_figures(session: Session, *, by: Actor) -> Figures | None:
    """Return the figures of the store somebody looks after, if they were ever saved.

    Raises:
        NotFoundError: they look after no store.
    """
    if not by.may(Permission.KEEP_STORE):
        raise NotFoundError
    kept = session.scalar(select(PriceSheet).where(PriceSheet.provider_id == by.works_for))
    return Figures.from_kept(kept.figures) if kept else None
