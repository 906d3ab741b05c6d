"""Which calendar a page about phones or reminders is about."""

from flask import request

from marketplace.access.rules import Actor
from marketplace.calendars.rules.subjects import Subject, subjects_of
from marketplace.kernel.errors import NotFoundError


def subject_asked_for(actor: Actor) -> Subject:
    """Return the calendar that the address names, or else the nearest one.

    Raises:
        NotFoundError: they may see none, or not this one.
    """
    asked = request.args.get("whose", "")
    for subject in subjects_of(actor):
        if asked in ("", subject.whose.value):
            return subject
    raise NotFoundError
