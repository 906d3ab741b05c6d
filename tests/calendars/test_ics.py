"""What phones read: written by us, read back and validated by the icalendar library's reader."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from marketplace.calendars.adapters.ics import Written, ics_of
from marketplace.calendars.rules.addresses import Words
from marketplace.calendars.rules.entries import (
    AGREED,
    Entry,
    EntryKind,
    Status,
    Sureness,
)
from marketplace.kernel.clock import LONDON, local_day

LINK = "https://market.example/orders/1"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
OFF = Status("Called off", "quiet", Sureness.OFF)
MAYBE = Status("Waits for the provider", "info", Sureness.UNSURE)


def written(
    at: datetime = NOON,
    *,
    hours: int = 2,
    what: str = "Gardening, 2 hours",
    timed: bool = True,
    status: Status = AGREED,
    changes: int = 3,
) -> Written:
    """Return a visit with what is known of its changes."""
    entry = Entry(
        kind=EntryKind.VISIT,
        key=f"visit-{at.timestamp():.0f}",
        on=local_day(at),
        planned_at=at,
        timed=timed,
        ends_at=at + timedelta(hours=hours) if timed and hours else None,
        what=what,
        who="Green Hands",
        worker="Wren Ashby",
        status=status,
        place="The hall",
        note="Ring twice.",
    )
    return Written(entry, changes, NOON - timedelta(days=1), LINK)


def read(*each: Written, words: Words = Words.FULL) -> list[Any]:
    """Write a calendar, have it validated, and return its events as another program finds them."""
    calendar = Calendar.from_ical(
        ics_of(each, name="My support", words=words, domain="market.example")
    )
    assert isinstance(calendar, Calendar)
    calendar.validate()  # type: ignore[no-untyped-call]
    assert calendar.get_missing_tzids() == set()
    events = list(calendar.walk("VEVENT"))
    assert [event.errors for event in events] == [[] for _ in events]
    return events


class TestIcsOf:
    def test_says_when_what_and_who(self) -> None:
        event = read(written())[0]

        assert event["UID"] == "visit-1772625600@market.example"
        assert event["SUMMARY"] == "Gardening, 2 hours – Green Hands"
        assert event["STATUS"] == "CONFIRMED"
        assert event["SEQUENCE"] == 3
        assert event["DTSTART"].dt == NOON
        assert event["DTEND"].dt == NOON + timedelta(hours=2)
        assert event["DTSTART"].params["TZID"] == "Europe/London"
        assert "Who comes: Wren Ashby" in event["DESCRIPTION"]
        assert event["LOCATION"] == "The hall"
        assert event["URL"] == LINK

    def test_says_only_when_to_who_chose_that(self) -> None:
        file = ics_of(
            [written()], name="Support for Bea", words=Words.BUSY, domain="market.example"
        ).decode()

        for told in ("Gardening", "Green", "Wren", "hall", "Ring", "orders", "Bea"):
            assert told not in file
        event = read(written(), words=Words.BUSY)[0]
        assert (event["SUMMARY"], event["CLASS"]) == ("Busy", "PRIVATE")
        assert event["DTSTART"].dt == NOON

    def test_gives_a_day_to_what_has_no_time(self) -> None:
        event = read(written(timed=False))[0]

        assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 3, 4), date(2026, 3, 5))
        assert event["TRANSP"] == "TRANSPARENT"

    @pytest.mark.parametrize(
        ("status", "said"), [(AGREED, "CONFIRMED"), (MAYBE, "TENTATIVE"), (OFF, "CANCELLED")]
    )
    def test_says_whether_it_takes_place(self, status: Status, said: str) -> None:
        event = read(written(status=status))[0]

        assert event["STATUS"] == said
        assert event["TRANSP"] == ("TRANSPARENT" if status is OFF else "OPAQUE")

    def test_is_the_same_bytes_for_the_same_entries(self) -> None:
        files = {
            ics_of([written()], name="My support", words=Words.FULL, domain="market.example")
            for _ in range(2)
        }

        assert len(files) == 1

    def test_keeps_its_clock_when_the_clocks_change(self) -> None:
        before, after = (datetime(2026, 3, day, 9, tzinfo=LONDON) for day in (28, 30))

        events = read(written(before.astimezone(UTC)), written(after.astimezone(UTC)))

        walls = [event["DTSTART"].dt.replace(tzinfo=None) for event in events]
        assert walls == [datetime(2026, 3, 28, 9), datetime(2026, 3, 30, 9)]  # noqa: DTZ001 - walls
        assert {str(event["DTSTART"].params["TZID"]) for event in events} == {"Europe/London"}

    def test_tells_the_second_of_two_equal_times_from_the_first(self) -> None:
        # On the night of 25 October 1:30 comes twice: at 0:30 and at 1:30 of UTC.
        first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        second = first + timedelta(hours=1)

        events = read(written(first, hours=1), written(second, hours=1))

        assert [event["DTSTART"].dt.astimezone(UTC) for event in events] == [first, second]
        assert [event["DTEND"].dt.astimezone(UTC) for event in events] == [
            second,
            second + timedelta(hours=1),
        ]

    @given(
        st.lists(
            st.tuples(
                st.datetimes(
                    datetime(2020, 1, 1),  # noqa: DTZ001 - given its zone beside it
                    datetime(2099, 12, 31),  # noqa: DTZ001 - given its zone beside it
                    timezones=st.just(UTC),
                ).map(lambda at: at.replace(second=0, microsecond=0)),
                st.integers(0, 30),
                st.booleans(),
                st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120),
                st.sampled_from([AGREED, MAYBE, OFF]),
                st.integers(0, 9_999),
            ),
            max_size=6,
        )
    )
    def test_is_read_back_as_it_was_meant(
        self, meant: list[tuple[datetime, int, bool, str, Status, int]]
    ) -> None:
        each = [
            written(at, hours=hours, timed=timed, what=what, status=status, changes=changes)
            for at, hours, timed, what, status, changes in meant
        ]

        events = read(*each)

        assert len(events) == len(each)
        for event, one in zip(events, each, strict=True):
            entry = one.entry
            assert str(event["SUMMARY"]) == f"{entry.what} – {entry.who}"
            assert event["SEQUENCE"] == one.changes
            if entry.at is None:
                assert event["DTSTART"].dt == entry.on
            else:
                assert event["DTSTART"].dt.astimezone(UTC) == entry.at
            if entry.ends_at is not None:
                assert event["DTEND"].dt.astimezone(UTC) == entry.ends_at

    @given(st.text(max_size=300))
    def test_never_has_a_line_that_is_too_long(self, what: str) -> None:
        file = ics_of(
            [written(what=f"x{what}")], name="My support", words=Words.FULL, domain="m.example"
        )

        assert max(map(len, file.split(b"\r\n"))) <= 75

    def test_names_london_s_rule_for_the_clocks(self) -> None:
        file = ics_of([], name="My support", words=Words.FULL, domain="m.example").decode()

        assert "BEGIN:VTIMEZONE\r\nTZID:Europe/London" in file
        calendar = Calendar.from_ical(file)
        assert isinstance(calendar, Calendar)
        zone = calendar.timezones[0].to_tz()
        london = ZoneInfo("Europe/London")
        for month in range(1, 13):
            at = datetime(2031, month, 28, 12)  # noqa: DTZ001 - given both zones
            assert at.replace(tzinfo=zone).utcoffset() == at.replace(tzinfo=london).utcoffset()
