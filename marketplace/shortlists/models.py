"""The tables of lists, of what is on them, and of what is said about it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.shortlists.rules import KeptKind


class Shortlist(Model):
    """A list: a person's own by name, or nobody's, open to whoever has its link."""

    __tablename__ = "shortlists"
    __table_args__ = (
        UniqueConstraint("link_hash"),
        CheckConstraint("(person_id IS NULL) = (link_hash IS NOT NULL)", name="own_or_by_link"),
    )

    person_id: Mapped[UUID | None] = mapped_column(index=True)
    link_hash: Mapped[str | None]
    """A hash of the secret in its address: who reads the database cannot open it."""
    name: Mapped[str]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime] = mapped_column(index=True)


class Thing(Model):
    """Something on a list. Its title is remembered for the day when it is no longer there."""

    __tablename__ = "shortlist_things"
    __table_args__ = (UniqueConstraint("shortlist_id", "kind", "subject_id"),)

    shortlist_id: Mapped[UUID] = mapped_column(ForeignKey(Shortlist.id))
    kind: Mapped[KeptKind]
    subject_id: Mapped[UUID]
    title: Mapped[str]
    added_by_id: Mapped[UUID | None]
    """Nobody, on a list by link."""
    added_at: Mapped[datetime]


class Note(Model):
    """What somebody of a circle says about something on a list."""

    __tablename__ = "shortlist_notes"

    thing_id: Mapped[UUID] = mapped_column(ForeignKey(Thing.id), index=True)
    written_by_id: Mapped[UUID] = mapped_column(index=True)
    words: Mapped[str]
    written_at: Mapped[datetime]
