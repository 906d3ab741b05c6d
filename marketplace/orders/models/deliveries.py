"""What came with a delivery note: a picture, and the key under which a phone sent it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.orders.models.orders import Visit


class VisitPhoto(Model):
    """A picture that came with a delivery note. A visit has one; a newer one takes its place."""

    __tablename__ = "order_visit_photos"
    __table_args__ = (UniqueConstraint("visit_id"),)

    visit_id: Mapped[UUID] = mapped_column(ForeignKey(Visit.id))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str]
    """What is to be seen, for who cannot see it."""
    added_by_id: Mapped[UUID]
    added_at: Mapped[datetime]


class PhoneDeed(Model):
    """Something a browser sent about a visit, under a key of its own: sent twice is done once."""

    __tablename__ = "order_phone_deeds"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey(Visit.id), index=True)
    what: Mapped[str]
    at: Mapped[datetime]
    said_at: Mapped[datetime | None]
    """When it was written, by the clock of a phone that had no network then."""
