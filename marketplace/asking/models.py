"""The tables of asks and answers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.asking.rules import AnswerState, AskState, BudgetPer, Often
from marketplace.catalogue.rules import Unit
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money


class Ask(Model):
    """What somebody needs, in their own words, and how providers see it."""

    __tablename__ = "asking_asks"
    __table_args__ = (
        CheckConstraint("(budget_pence IS NULL) = (budget_per IS NULL)", name="budget"),
        CheckConstraint("budget_pence IS NULL OR budget_pence > 0", name="budget_positive"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(state = 'chosen') = (chosen_answer_id IS NOT NULL)", name="chosen"),
        CheckConstraint("(state = 'taken_down') = (reason <> '')", name="reason"),
        CheckConstraint("answers_until >= asked_on", name="answers_until"),
        Index("ix_asking_asks_person_id", "person_id", "asked_at"),
        Index("ix_asking_asks_council_id", "council_id", "state"),
        Index("ix_asking_asks_state", "state", "look_on"),
        Index("ix_asking_asks_ended_at", "ended_at"),
        Index("ix_asking_asks_asked_by_id", "asked_by_id"),
    )

    person_id: Mapped[UUID]
    asked_by_id: Mapped[UUID]
    asked_by_name: Mapped[str]
    council_id: Mapped[UUID | None]
    """The council of the area: its moderators look after the ask, its commissioner counts it."""
    state: Mapped[AskState]
    title: Mapped[str]
    words: Mapped[str]
    seen_title: Mapped[str]
    """The title as providers see it."""
    seen_words: Mapped[str]
    category: Mapped[str]
    district: Mapped[str]
    """The first half of a postcode. The second half is never kept."""
    place: Mapped[str]
    """The town, where one was named instead; else empty."""
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    """The middle of the district."""
    often: Mapped[Often]
    days: Mapped[list[str]] = mapped_column(JSON)
    times: Mapped[list[str]] = mapped_column(JSON)
    from_on: Mapped[date | None]
    for_whom: Mapped[list[str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    gender: Mapped[str]
    budget: Mapped[Money | None] = mapped_column("budget_pence")
    budget_per: Mapped[BudgetPer | None]
    budget_shown: Mapped[bool]
    asked_on: Mapped[date]
    asked_at: Mapped[datetime]
    answers_until: Mapped[date]
    """The last day on which providers may answer."""
    unmet_on: Mapped[date]
    """The day from which on the need is unmet, unless somebody has answered."""
    unmet_at: Mapped[datetime | None]
    """When it was counted as unmet."""
    reminded_at: Mapped[datetime | None]
    """When they were told that the time for answers is over and one can be chosen."""
    look_on: Mapped[date]
    """The next day on which something may be due for it."""
    told_on: Mapped[date | None]
    """The last day on which providers were told of it."""
    chosen_answer_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str]
    """Why the council took it down."""
    taken_down_by_id: Mapped[UUID | None]


class Telling(Model):
    """A provider was told of an ask, and perhaps said that it is not for them."""

    __tablename__ = "asking_tellings"
    __table_args__ = (
        UniqueConstraint("ask_id", "provider_id"),
        Index("ix_asking_tellings_provider_id", "provider_id", "told_at"),
    )

    ask_id: Mapped[UUID] = mapped_column(ForeignKey(Ask.id))
    provider_id: Mapped[UUID]
    told_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]
    """When they said that it is not for them."""


class Answer(Model):
    """What one provider answers. Nobody reads it but they and whoever asked."""

    __tablename__ = "asking_answers"
    __table_args__ = (
        UniqueConstraint("ask_id", "provider_id"),
        CheckConstraint("(price_pence IS NULL) = (unit IS NULL)", name="price"),
        CheckConstraint("price_pence IS NULL OR price_pence > 0", name="price_positive"),
        CheckConstraint("offer_id IS NOT NULL OR price_pence IS NOT NULL", name="says_a_price"),
        Index("ix_asking_answers_provider_id", "provider_id", "answered_at"),
        Index("ix_asking_answers_answered_by_id", "answered_by_id"),
    )

    ask_id: Mapped[UUID] = mapped_column(ForeignKey(Ask.id))
    provider_id: Mapped[UUID]
    provider_name: Mapped[str]
    state: Mapped[AnswerState]
    words: Mapped[str]
    offer_id: Mapped[UUID | None]
    price: Mapped[Money | None] = mapped_column("price_pence")
    """What they say it costs, where that is not what the offer says."""
    unit: Mapped[Unit | None]
    price_until: Mapped[date | None]
    """The last day on which that price counts; a year after it was chosen where none is said."""
    starts_on: Mapped[date]
    met: Mapped[list[str]] = mapped_column(JSON)
    """Which of the wishes they can meet."""
    answered_by_id: Mapped[UUID]
    answered_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]


class QuietStore(Model):
    """A provider that wants no letters about asks. Its id is the provider's."""

    __tablename__ = "asking_quiet_stores"
    __table_args__ = (Index("ix_asking_quiet_stores_said_by_id", "said_by_id"),)

    said_by_id: Mapped[UUID]
    said_at: Mapped[datetime]


class UnmetNeed(Model):
    """How many people of a district asked for something that nobody offered. No words, no names."""

    __tablename__ = "asking_unmet"
    __table_args__ = (
        UniqueConstraint("day", "council_id", "category", "district"),
        CheckConstraint("people > 0", name="people_positive"),
        Index("ix_asking_unmet_day", "day"),
    )

    day: Mapped[date]
    council_id: Mapped[UUID]
    """All zeros where no council is known."""
    category: Mapped[str]
    district: Mapped[str]
    people: Mapped[int]
