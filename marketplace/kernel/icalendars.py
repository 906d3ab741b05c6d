"""iCalendar (RFC 5545): the frame that all our calendars share, with London's time zone in it."""

from icalendar import Calendar, Timezone

# Written by hand: the clocks change by one rule, and a rule lasts longer than a list of days.
_LONDON = b"""BEGIN:VTIMEZONE\r
TZID:Europe/London\r
BEGIN:DAYLIGHT\r
DTSTART:19810329T010000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
TZNAME:BST\r
TZOFFSETFROM:+0000\r
TZOFFSETTO:+0100\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
DTSTART:19961027T020000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
TZNAME:GMT\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0000\r
END:STANDARD\r
END:VTIMEZONE\r
"""


def empty_calendar(*, name: str, producer: str, fetch_every: str) -> Calendar:
    """Return a calendar to put events in; ``fetch_every`` is a duration as the RFC writes it."""
    calendar = Calendar()
    calendar.add("prodid", producer)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Europe/London")
    calendar.add("x-published-ttl", fetch_every)
    calendar.add_component(Timezone.from_ical(_LONDON))
    return calendar
