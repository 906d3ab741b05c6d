"""The tables of calendars that are followed elsewhere, and of reminders."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.calendars.rules.addresses import Words
from marketplace.calendars.rules.reminders import Wish
from marketplace.calendars.rules.subjects import Subject, Whose
from marketplace.kernel.model import Model

_ONE = "(person_id IS NULL) <> (provider_id IS NULL)"


class Feed(Model):
    """A calendar that somebody follows in their phone, by an address only they know.

    Its id is made of theirs and of whose calendar it is: there is one for each.
    """

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        UniqueConstraint("secret_hash"),
        CheckConstraint(_ONE, name="one_subject"),
        Index("ix_calendar_feeds_person_id", "person_id"),
        Index("ix_calendar_feeds_user_id", "user_id"),
        Index("ix_calendar_feeds_used_at", "used_at"),
    )

    user_id: Mapped[UUID]
    """Who follows it."""
    whose: Mapped[Whose]
    person_id: Mapped[UUID | None]
    provider_id: Mapped[UUID | None]
    words: Mapped[Words]
    salt: Mapped[str]
    """What its secret is made of, beside the market's own key."""
    secret_hash: Mapped[str]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    """When its address was made or changed last."""
    fetched_at: Mapped[datetime | None]
    used_at: Mapped[datetime]
    """When it was fetched last, or made."""

    @property
    def subject(self) -> Subject:
        """Whose calendar it is."""
        return _subject(self.whose, self.person_id, self.provider_id)


class Reminder(Model):
    """When somebody wants letters about a calendar. Its id is made as that of a feed is."""

    __tablename__ = "calendar_reminders"
    __table_args__ = (
        CheckConstraint(_ONE, name="one_subject"),
        Index("ix_calendar_reminders_next_look_at", "next_look_at"),
        Index("ix_calendar_reminders_user_id", "user_id"),
        Index("ix_calendar_reminders_person_id", "person_id"),
    )

    user_id: Mapped[UUID]
    whose: Mapped[Whose]
    person_id: Mapped[UUID | None]
    provider_id: Mapped[UUID | None]
    evening: Mapped[bool]
    morning: Mapped[bool]
    weekly: Mapped[bool]
    chosen_at: Mapped[datetime]
    week_on: Mapped[date | None]
    """The Monday of the week whose sheet was written last."""
    next_look_at: Mapped[datetime | None]
    """When the worker looks whether there is something to write."""

    @property
    def subject(self) -> Subject:
        """Whose calendar it is."""
        return _subject(self.whose, self.person_id, self.provider_id)

    @property
    def wish(self) -> Wish:
        """When they want letters."""
        return Wish(evening=self.evening, morning=self.morning, weekly=self.weekly)


class Told(Model):
    """One visit of which somebody was told: for which day, and how it stood then."""

    __tablename__ = "calendar_told"
    __table_args__ = (
        UniqueConstraint("reminder_id", "key"),
        Index("ix_calendar_told_told_at", "told_at"),
    )

    reminder_id: Mapped[UUID] = mapped_column(ForeignKey(Reminder.id))
    key: Mapped[str]
    """Which visit."""
    what: Mapped[str]
    """What it was called in the letter."""
    begins_at: Mapped[datetime]
    """When it was to begin, as it was told last."""
    is_off: Mapped[bool]
    """They were told that it does not take place."""
    evening_on: Mapped[date | None]
    """For which day the letter of the evening before was written."""
    morning_on: Mapped[date | None]
    """For which day the letter of the morning was written."""
    told_at: Mapped[datetime]


def _subject(whose: Whose, person_id: UUID | None, provider_id: UUID | None) -> Subject:
    found = person_id or provider_id
    assert found is not None, "every calendar is somebody's"
    return Subject(whose, found)
