"""What people searched for, counted so that nobody can be found in it."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model


class SearchCount(Model):
    """How often the same words were searched for on one day in one portal."""

    __tablename__ = "search_counts"
    __table_args__ = (
        UniqueConstraint("day", "council_id", "fingerprint"),
        CheckConstraint("times > 0", name="times_positive"),
    )

    day: Mapped[date] = mapped_column(index=True)
    council_id: Mapped[UUID] = mapped_column(index=True)
    """The council whose portal it was; all zeros for the market as a whole."""
    fingerprint: Mapped[str] = mapped_column(index=True)
    """A keyed hash of the words: equal words are counted together without being kept."""
    words: Mapped[str | None]
    """The words themselves, kept once enough people have searched for them."""
    results: Mapped[int]
    """How much the last of these searches found."""
    times: Mapped[int]
