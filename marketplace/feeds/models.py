"""Where entries of other catalogues come from, what they said last, and what is asked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.feeds.rules.answering import Answer
from marketplace.feeds.rules.planning import EntryState, Part
from marketplace.feeds.rules.sources import SourceKind
from marketplace.kernel.model import Model


class Source(Model):
    """Another catalogue that the market takes entries over from."""

    __tablename__ = "feeds_sources"
    __table_args__ = (UniqueConstraint("address"),)

    kind: Mapped[SourceKind]
    name: Mapped[str]
    address: Mapped[str]
    """Where it is read from; for files a name that stays the same."""
    website: Mapped[str]
    """Where people can look it up."""
    licence: Mapped[str]
    council_id: Mapped[UUID | None] = mapped_column(index=True)
    """The council whose people answer what it leaves open; None: those of any council."""
    mapping: Mapped[dict[str, str]] = mapped_column(JSON)
    """Of a plain table: the name of each column, and what it says."""
    made_at: Mapped[datetime]


class Reading(Model):
    """One time a source was read, and what came of it."""

    __tablename__ = "feeds_readings"
    __table_args__ = (Index("ix_feeds_readings_source_id_at", "source_id", "at"),)

    source_id: Mapped[UUID] = mapped_column(ForeignKey(Source.id))
    at: Mapped[datetime]
    taken_over: Mapped[bool]
    """False for a preview."""
    complete: Mapped[bool]
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    lines: Mapped[list[str]] = mapped_column(JSON)
    """What would change, as far as it fits on a page."""
    remarks: Mapped[list[str]] = mapped_column(JSON)
    """What was refused or cleaned, and why."""


class SourceEntry(Model):
    """One thing of a source, and what became of it here."""

    __tablename__ = "feeds_entries"
    __table_args__ = (
        UniqueConstraint("source_id", "part", "key"),
        CheckConstraint("missing_times >= 0", name="missing_times_not_negative"),
        CheckConstraint("state <> 'taken' OR target_id IS NOT NULL", name="taken_has_target"),
        Index("ix_feeds_entries_target_id", "target_id"),
    )

    source_id: Mapped[UUID] = mapped_column(ForeignKey(Source.id))
    part: Mapped[Part]
    key: Mapped[str]
    """What the source calls it."""
    organisation_key: Mapped[str]
    title: Mapped[str]
    state: Mapped[EntryState]
    target_kind: Mapped[str]
    """``group``, ``listing`` or ``provider``; empty while there is none."""
    target_id: Mapped[UUID | None]
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    """All that it says now, cleaned."""
    taken: Mapped[dict[str, Any]] = mapped_column("taken_values", JSON)
    """What of it was taken over last: only what still stands so here may be changed by it."""
    digest: Mapped[str]
    missing_times: Mapped[int]
    seen_at: Mapped[datetime]


class Question(Model):
    """Is what a source has the same as what is here? A person says so."""

    __tablename__ = "feeds_questions"
    __table_args__ = (
        UniqueConstraint("entry_id"),
        CheckConstraint("likeness BETWEEN 0 AND 100", name="likeness_of_a_hundred"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        Index("ix_feeds_questions_source_id_answer", "source_id", "answer"),
    )

    source_id: Mapped[UUID] = mapped_column(ForeignKey(Source.id))
    entry_id: Mapped[UUID] = mapped_column(ForeignKey(SourceEntry.id))
    here_kind: Mapped[str]
    here_id: Mapped[UUID]
    likeness: Mapped[int]
    asked_at: Mapped[datetime]
    answer: Mapped[Answer | None]
    answered_at: Mapped[datetime | None]
