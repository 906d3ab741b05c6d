"""Calendars and news feeds, read back by other programs than the one that wrote them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

from marketplace.community.adapters.calendar import CalendarEntry, ics_of
from marketplace.community.adapters.news import NewsItem, rss_of
from marketplace.community.rules import Change, DateChange, Timetable
from tests.conftest import NOON

LONDON = ZoneInfo("Europe/London")
ID = UUID(int=1)
TUESDAYS = Timetable(rule="FREQ=WEEKLY;BYDAY=TU", first_on=date(2026, 3, 3))


def entry(timetable: Timetable, *changes: DateChange, starts: time = time(10, 30)) -> CalendarEntry:
    """Return an entry of an hour."""
    return CalendarEntry(
        id=ID,
        title="Tea; talk, and more",
        about="All are welcome.\nBring a cup.",
        by="The Hall",
        link="https://market.example/activities/1",
        venue="The hall",
        postcode="LS6 2AB",
        online="",
        category="company",
        timetable=timetable,
        starts=starts,
        minutes=60,
        changes=changes,
        made_at=NOON - timedelta(days=300),
        changed_at=NOON - timedelta(days=3),
        sequence=2,
    )


def read(timetable: Timetable, *changes: DateChange) -> list[Any]:
    """Write a calendar, and return its events as icalendar's own reader finds them."""
    calendar = Calendar.from_ical(ics_of([entry(timetable, *changes)], name="All", at=NOON))
    assert isinstance(calendar, Calendar)
    return list(calendar.walk("VEVENT"))


def days_of(  # its values are of thirty types
    event: Any,  # noqa: ANN401
    *,
    first: date,
    days: int,
) -> list[date]:
    """Return the days an event names, worked out by dateutil alone."""
    begins = event["DTSTART"].dt.replace(tzinfo=None)
    found: set[datetime] = {begins}
    if "RRULE" in event:
        text = event["RRULE"].to_ical().decode().replace("Z", "")
        end = datetime.combine(first + timedelta(days=days), time())
        found |= set(rrulestr(text, dtstart=begins).between(begins, end, inc=True))
    for name in ("RDATE", "EXDATE"):
        values = event.get(name, [])
        for group in values if isinstance(values, list) else [values]:
            each = {value.dt.replace(tzinfo=None) for value in group.dts}
            found = found | each if name == "RDATE" else found - each
    last = first + timedelta(days=days)
    return sorted(at.date() for at in found if first <= at.date() < last)


class TestIcsOf:
    @pytest.mark.parametrize(
        "timetable",
        [
            TUESDAYS,
            Timetable(rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", first_on=date(2026, 2, 27)),
            Timetable(rule="FREQ=MONTHLY;BYDAY=-1SU"),
            Timetable(rule="FREQ=MONTHLY;BYDAY=2WE", last_on=date(2026, 7, 1)),
            Timetable(rule="FREQ=WEEKLY;BYDAY=MO", not_bank_holidays=True),
            Timetable(
                rule="FREQ=WEEKLY;BYDAY=TH",
                breaks=((date(2026, 4, 1), date(2026, 4, 17)),),
            ),
            Timetable(also_on=(date(2026, 3, 9), date(2026, 3, 20), date(2026, 5, 1))),
            Timetable(
                rule="FREQ=WEEKLY;BYDAY=TU",
                first_on=date(2026, 5, 5),
                also_on=(date(2026, 3, 10), date(2026, 5, 6)),
            ),
            Timetable(rule="FREQ=WEEKLY;BYDAY=TU;UNTIL=20260501"),
            Timetable(rule="FREQ=DAILY;COUNT=30", first_on=date(2026, 3, 1)),
        ],
        ids=str,
    )
    def test_says_the_same_days_as_the_page(self, timetable: Timetable) -> None:
        event = read(timetable)[0]

        said = days_of(event, first=date(2026, 3, 4), days=200)

        assert said == timetable.days(first=date(2026, 3, 4), days=200)

    def test_keeps_the_clock_of_the_people_when_the_clocks_change(self) -> None:
        event = read(TUESDAYS)[0]

        assert event["DTSTART"].dt == datetime(2026, 3, 3, 10, 30, tzinfo=LONDON)
        assert event["DTSTART"].params["TZID"] == "Europe/London"
        assert days_of(event, first=date(2026, 3, 31), days=1) == [date(2026, 3, 31)]

    def test_carries_the_rule_of_the_zone_with_it(self) -> None:
        written = ics_of([entry(TUESDAYS)], name="All", at=NOON).decode()

        assert "BEGIN:VTIMEZONE\r\nTZID:Europe/London" in written
        # In spring the clocks go forward at one, in autumn back at two.
        assert "DTSTART:19810329T010000" in written
        assert "DTSTART:19961027T020000" in written

    def test_leaves_out_a_day_that_was_cancelled(self) -> None:
        cancelled = DateChange(
            on_day=date(2026, 3, 10), what=Change.CANCELLED, words="The hall is closed."
        )

        event = read(TUESDAYS, cancelled)[0]

        assert days_of(event, first=date(2026, 3, 4), days=14) == [date(2026, 3, 17)]
        assert "Cancelled: Tuesday 10 March. The hall is closed." in event["DESCRIPTION"]

    def test_moves_a_day_by_an_event_of_its_own(self) -> None:
        moved = DateChange(
            on_day=date(2026, 3, 31),
            what=Change.MOVED,
            moved_on=date(2026, 4, 1),
            moved_starts="14:00",
            moved_venue="The church",
        )

        first, second = read(TUESDAYS, moved)

        assert (first["UID"], second["UID"]) == (str(ID), str(ID))
        assert second["RECURRENCE-ID"].dt == datetime(2026, 3, 31, 10, 30, tzinfo=LONDON)
        assert second["DTSTART"].dt == datetime(2026, 4, 1, 14, 0, tzinfo=LONDON)
        assert second["LOCATION"] == "The church"

    def test_says_that_a_one_off_is_cancelled(self) -> None:
        on_day = date(2026, 3, 20)
        event = read(Timetable(on_day=on_day), DateChange(on_day=on_day, what=Change.CANCELLED))[0]

        assert event["STATUS"] == "CANCELLED"
        assert "RRULE" not in event

    def test_ends_a_rule_at_an_instant(self) -> None:
        event = read(Timetable(rule="FREQ=WEEKLY;BYDAY=TU", last_on=date(2026, 6, 30)))[0]

        # Summer time: the last second of the day is an hour earlier in UTC.
        assert event["RRULE"]["UNTIL"] == [datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC)]

    def test_is_the_same_bytes_all_month_long(self) -> None:
        listing = entry(TUESDAYS)

        assert ics_of([listing], name="All", at=NOON) == ics_of(
            [listing], name="All", at=NOON + timedelta(days=20)
        )

    def test_stamps_what_was_changed_not_when_it_was_asked_for(self) -> None:
        event = read(TUESDAYS)[0]

        assert event["DTSTAMP"].dt == NOON - timedelta(days=3)
        assert event["SEQUENCE"] == 2


class TestRssOf:
    def test_is_well_formed_whatever_people_write(self) -> None:
        item = NewsItem(
            id="1",
            title="<script>alert('&')</script>\x00\x0b ]]> \ud800".encode(
                "utf-8", "replace"
            ).decode(),
            link="https://market.example/?a=1&b=2",
            words="Tea & cake < talk",
            at=NOON,
        )

        written = rss_of([item], title="A & B", link="l", self_link="s", words="w")

        root = ET.fromstring(written)
        assert root.findtext("channel/title") == "A & B"
        assert "<script>" in str(root.findtext("channel/item/title"))
        assert b"<script>" not in written
        assert root.findtext("channel/item/pubDate") == "Wed, 04 Mar 2026 12:00:00 +0000"
