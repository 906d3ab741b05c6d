"""The councils' tables."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Enum, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.councils.rules import FamilyCarers
from marketplace.kernel.model import Model


class Council(Model):
    """A council with its own portal at ``/<slug>/``."""

    __tablename__ = "councils"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("auto_confirm_days BETWEEN 1 AND 60", name="auto_confirm_days"),
        CheckConstraint("ask_days BETWEEN 1 AND 60", name="ask_days"),
        CheckConstraint("query_answer_days BETWEEN 1 AND 30", name="query_answer_days"),
        CheckConstraint("query_late_days BETWEEN 0 AND 90", name="query_late_days"),
        CheckConstraint("small_number_threshold BETWEEN 2 AND 100", name="small_number_threshold"),
        CheckConstraint("appeal_days BETWEEN 7 AND 365", name="appeal_days"),
    )

    slug: Mapped[str]
    name: Mapped[str]
    strapline: Mapped[str]
    welcome: Mapped[str]
    brand: Mapped[str]
    """The main colour, ``#rrggbb``; white text on it has a contrast of at least 4.5."""
    accent: Mapped[str]
    email: Mapped[str]
    safeguarding_team: Mapped[str]
    safeguarding_phone: Mapped[str]
    safeguarding_email: Mapped[str] = mapped_column(default="", server_default="")
    """Where that team is told of a worry; empty: at the address for questions."""
    districts: Mapped[list[str]] = mapped_column(JSON)
    """Postcode districts it covers: ``["LS6", "BD1"]``."""
    auto_confirm_days: Mapped[int] = mapped_column(default=7)
    """After so many days of silence a delivery confirms itself."""
    appeal_days: Mapped[int] = mapped_column(default=28)
    """For so many days a provider can appeal against what was decided about it."""
    small_number_threshold: Mapped[int] = mapped_column(default=5)
    """Counts of people below this are not shown."""
    stores_open_unchecked: Mapped[bool] = mapped_column(default=True)
    """May a new store be found before the council has checked it?"""
    family_carers: Mapped[FamilyCarers] = mapped_column(
        Enum(FamilyCarers, native_enum=False, length=32, values_callable=list),
        default=FamilyCarers.ALLOWED,
    )
    """May somebody's family be paid for their support?"""
    ask_days: Mapped[int] = mapped_column(default=7, server_default="7")
    """After so many days without an answer, what somebody asked for is an unmet need."""
    query_answer_days: Mapped[int] = mapped_column(default=5, server_default="5")
    """So many working days each side has to answer when something is wrong with a visit."""
    query_late_days: Mapped[int] = mapped_column(default=14, server_default="14")
    """For so many days after a visit confirmed itself, it can still be said that it was wrong."""
    made_at: Mapped[datetime]


class CouncilPerson(Model):
    """A person whom a council funds, so that its agreed prices are theirs too."""

    __tablename__ = "council_people"
    __table_args__ = (UniqueConstraint("council_id", "person_id"),)

    council_id: Mapped[UUID] = mapped_column(index=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    funded: Mapped[bool]
    """False for a self-funder who only joined through the council's portal."""
    since_at: Mapped[datetime]


class Correction(Model):
    """Somebody says that something kept about them is wrong, and what a council answered."""

    __tablename__ = "council_corrections"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered"),
        Index("ix_council_corrections_council_id", "council_id", "answered_at"),
        Index("ix_council_corrections_person_id", "person_id"),
    )

    council_id: Mapped[UUID] = mapped_column(ForeignKey(Council.id))
    person_id: Mapped[UUID]
    person_name: Mapped[str]
    asked_by_id: Mapped[UUID]
    what: Mapped[str]
    """What is wrong."""
    instead: Mapped[str]
    """What it should say."""
    asked_at: Mapped[datetime]
    answer: Mapped[str]
    answered_by_id: Mapped[UUID | None]
    answered_by_name: Mapped[str]
    answered_at: Mapped[datetime | None]
