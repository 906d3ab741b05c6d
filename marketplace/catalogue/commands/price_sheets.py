"""What somebody typed to work out what an hour costs: kept because they asked for that."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.commands.keeping import own_store
from marketplace.catalogue.models import PriceSheet
from marketplace.catalogue.rules.unit_price import Figures, unit_price


def save_figures(session: Session, figures: Figures, *, by: Actor, at: datetime) -> None:
    """Keep the figures of one's own store, in place of those that were kept before.

    Raises:
        NotFoundError: they look after no store.
        BadFiguresError: a figure cannot be.
    """
    provider = own_store(session, by)
    unit_price(figures)
    kept = session.scalar(select(PriceSheet).where(PriceSheet.provider_id == provider.id))
    if kept is None:
        kept = PriceSheet(id=uuid4(), provider_id=provider.id)
        session.add(kept)
    kept.figures = figures.to_keep()
    kept.saved_by_id, kept.saved_by_name, kept.saved_at = by.user_id, by.name, at
