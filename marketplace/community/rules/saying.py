"""How a timetable is said, in the words of a language. Pure.

Whoever asks brings the language along: a function that returns a text of the timetable in it. It is
called ``pgettext``, as translators' tools know it.
"""

from collections.abc import Callable, Mapping, Sequence

Say = Callable[[str, str], str]
"""Says a text of a place, here always ``timetable``, in a language."""


def in_english(_place: str, words: str) -> str:
    """Say words as they stand here."""
    return words


def every_day(every: int, pgettext: Say) -> str:
    """Say that something takes place on every day, or every few days."""
    if every == 1:
        return pgettext("timetable", "Every day")
    return pgettext("timetable", "Every %(n)s days") % {"n": every}


def every_week(every: int, days: Sequence[int], pgettext: Say) -> str:
    """Say on which days of the week, from 0 for Monday, and every how many weeks."""
    lead = {
        1: pgettext("timetable", "Every %(days)s"),
        2: pgettext("timetable", "Every second %(days)s"),
    }.get(every, pgettext("timetable", "Every %(n)s weeks on %(days)s"))
    names = _day_names(pgettext)
    return lead % {"n": every, "days": _and([names[day] for day in days], pgettext)}


def every_month(every: int, places: Sequence[str], day: int, pgettext: Say) -> str:
    """Say which of the days of that name: the first (``1``), the last (``-1``) …."""
    lead = (
        pgettext("timetable", "The %(places)s %(day)s of the month")
        if every == 1
        else pgettext("timetable", "The %(places)s %(day)s of every %(n)s months")
    )
    names = _places(pgettext)
    said = _and([names[place] for place in places], pgettext)
    return lead % {"n": every, "places": said, "day": _day_names(pgettext)[day]}


def now_and_then(often: str, pgettext: Say) -> str:
    """Say how often, where no days are named."""
    if often == "WEEKLY":
        return pgettext("timetable", "Every week")
    if often == "MONTHLY":
        return pgettext("timetable", "Every month")
    return pgettext("timetable", "Now and then")


def on_single_days(pgettext: Say) -> str:
    """Say that no rule says when."""
    return pgettext("timetable", "On single days")


def without_bank_holidays(days: str, pgettext: Say) -> str:
    """Say that it does not take place on bank holidays."""
    return pgettext("timetable", "%(days)s, not on bank holidays") % {"days": days}


def _day_names(pgettext: Say) -> Sequence[str]:
    return (
        pgettext("timetable", "Monday"),
        pgettext("timetable", "Tuesday"),
        pgettext("timetable", "Wednesday"),
        pgettext("timetable", "Thursday"),
        pgettext("timetable", "Friday"),
        pgettext("timetable", "Saturday"),
        pgettext("timetable", "Sunday"),
    )


def _places(pgettext: Say) -> Mapping[str, str]:
    return {
        "1": pgettext("timetable", "first"),
        "2": pgettext("timetable", "second"),
        "3": pgettext("timetable", "third"),
        "4": pgettext("timetable", "fourth"),
        "-1": pgettext("timetable", "last"),
    }


def _and(words: Sequence[str], pgettext: Say) -> str:
    if len(words) == 1:
        return words[0]
    some = ", ".join(words[:-1])
    return pgettext("timetable", "%(some)s and %(last)s") % {"some": some, "last": words[-1]}
