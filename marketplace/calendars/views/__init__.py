"""The pages of calendars, and the calendars that phones fetch."""

from marketplace.calendars.views import (
    feed,
    people,
    person,
    phone,
    reminders,
    words,
    work,
)
from marketplace.calendars.views.blueprint import calendars

__all__ = ["calendars", "feed", "people", "person", "phone", "reminders", "words", "work"]
