"""What people searched for, counted so that nobody can be found in it."""

from datetime import date, datetime
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
    few: Mapped[int] = mapped_column(default=0)
    """How many of these searches found next to nothing."""
    category: Mapped[str] = mapped_column(default="")
    """What kind of support the last of them was about, as far as that is known."""
    opened: Mapped[int] = mapped_column(default=0)
    """How many went on to open something they found, and no further."""
    kept: Mapped[int] = mapped_column(default=0)
    """How many went on to put something aside, and no further."""
    ordered: Mapped[int] = mapped_column(default=0)
    """How many went on to order."""
    again: Mapped[int] = mapped_column(default=0)
    """How many opened nothing and looked for something else. The others left."""


class SearchEmptied(Model):
    """How often some filters left nothing of a list that had something on it."""

    __tablename__ = "search_emptied"
    __table_args__ = (
        UniqueConstraint("day", "council_id", "filters"),
        CheckConstraint("times > 0", name="times_positive"),
    )

    day: Mapped[date] = mapped_column(index=True)
    council_id: Mapped[UUID] = mapped_column(index=True)
    filters: Mapped[str]
    """In the words of the page: only what it offers to choose."""
    times: Mapped[int]


class SearchCall(Model):
    """How often somebody asked the public interface within one minute."""

    __tablename__ = "search_calls"
    __table_args__ = (UniqueConstraint("caller", "minute"),)

    caller: Mapped[str]
    """A keyed hash of the network address and the minute: gone with the minute."""
    minute: Mapped[datetime] = mapped_column(index=True)
    taken: Mapped[int]
