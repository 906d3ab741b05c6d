"""Reading calendars, who follows them, and who is reminded."""

from marketplace.calendars.queries.data import data_of
from marketplace.calendars.queries.entries import (
    Asked,
    entries_of_people,
    entries_of_store,
    open_questions,
    without_day,
)
from marketplace.calendars.queries.feeds import FeedRow, feed_file, feeds_of, followers_of
from marketplace.calendars.queries.hats import hat_for
from marketplace.calendars.queries.reminders import (
    ReminderRow,
    reminder,
    reminders_due,
    reminders_of,
)

__all__ = [
    "Asked",
    "FeedRow",
    "ReminderRow",
    "data_of",
    "entries_of_people",
    "entries_of_store",
    "feed_file",
    "feeds_of",
    "followers_of",
    "hat_for",
    "open_questions",
    "reminder",
    "reminders_due",
    "reminders_of",
    "without_day",
]
