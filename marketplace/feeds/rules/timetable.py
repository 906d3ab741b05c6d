"""Recurrence rules as the standard's schedules say them, and back. Pure."""

from datetime import date, datetime, time, timedelta

from marketplace.feeds.rules.published import Slot

_WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def slot_of_rule(
    rule: str, *, first_on: date | None, opens: time, minutes: int, words: str
) -> Slot:
    """Return a timetable as a schedule; a daily one is a weekly one on every day."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    often, every = parts.get("FREQ", ""), int(parts.get("INTERVAL", "1"))
    days = tuple(code for code in parts.get("BYDAY", "").split(",") if code)
    if often == "DAILY" and every == 1:
        often, days = "WEEKLY", days or _WEEK
    if often == "MONTHLY" and "BYSETPOS" in parts:
        days = tuple(f"{parts['BYSETPOS']}{code}" for code in days)
    until = _until(parts.get("UNTIL", ""))
    return Slot(
        starts_on=first_on,
        ends_on=until,
        freq=often,
        interval=every,
        days=days,
        month_days=tuple(int(each) for each in parts.get("BYMONTHDAY", "").split(",") if each),
        until=until,
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
        rule=rule,
        opens=opens,
        closes=closing(opens, minutes),
        words=words,
    )


def slot_of_day(on: date, *, opens: time, minutes: int) -> Slot:
    """Return a one-off as a schedule."""
    return Slot(starts_on=on, ends_on=on, opens=opens, closes=closing(opens, minutes))


def closing(opens: time, minutes: int) -> time:
    """Return when something ends; past midnight it is the small hours."""
    ends = datetime.combine(date(2000, 1, 1), opens) + timedelta(minutes=minutes)
    return ends.time()


def _until(text: str) -> date | None:
    digits = text[:8]
    if len(digits) != 8 or not digits.isdigit():  # noqa: PLR2004 - 20261231
        return None
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
