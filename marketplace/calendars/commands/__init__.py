"""Following calendars elsewhere, being reminded, and stopping both."""

from marketplace.calendars.commands.feeds import (
    Fetched,
    FollowCalendar,
    change_address,
    choose_words,
    count_wrong_address,
    end_follower,
    follow,
    note_fetched,
    stop_following,
)
from marketplace.calendars.commands.forgetting import forget_person, forget_told, forget_unused
from marketplace.calendars.commands.reminders import choose_reminders, stop_reminders
from marketplace.calendars.commands.telling import remind

__all__ = [
    "Fetched",
    "FollowCalendar",
    "change_address",
    "choose_reminders",
    "choose_words",
    "count_wrong_address",
    "end_follower",
    "follow",
    "forget_person",
    "forget_told",
    "forget_unused",
    "note_fetched",
    "remind",
    "stop_following",
    "stop_reminders",
]
