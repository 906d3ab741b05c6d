"""The days of a standing order that nobody has ordered stand in the calendar, and say why."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session

from marketplace.calendars import commands, queries
from marketplace.calendars.commands import FollowCalendar
from marketplace.calendars.queries import Asked
from marketplace.calendars.queries.feeds import feed_file
from marketplace.calendars.rules.addresses import Words
from marketplace.calendars.rules.entries import Entry, EntryKind, Sureness
from marketplace.calendars.rules.reminders import Wish
from marketplace.calendars.rules.subjects import subjects_of
from marketplace.database import transaction
from marketplace.kernel import clock
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.orders.standing import Going

MONTH = Asked(date(2026, 3, 2), date(2026, 4, 20), PAID_IN)


@pytest.fixture
def going(session: Session, make: Make) -> Going:
    """Return £30.00 every Tuesday for somebody who has £100.00: three weeks are covered."""
    going = Going(make).accepted()
    going.roll()
    return going


class TestNotOrdered:
    def test_says_what_is_not_covered(self, session: Session, going: Going) -> None:
        entries = queries.entries_of_people(session, MONTH, person_ids=[going.funded.id])

        kinds = [(each.on, each.kind, each.status.words) for each in entries]
        assert kinds == [
            (date(2026, 3, 10), EntryKind.VISIT, "Agreed"),
            (date(2026, 3, 17), EntryKind.VISIT, "Agreed"),
            (date(2026, 3, 24), EntryKind.VISIT, "Agreed"),
            (date(2026, 3, 31), EntryKind.NOT_ORDERED, "Not covered"),
        ]
        last = entries[-1]
        assert (last.status.sureness, last.at is not None) == (Sureness.UNSURE, True)

    def test_tells_a_store_and_gives_it_no_reason(self, session: Session, going: Going) -> None:
        entries = queries.entries_of_store(session, MONTH, provider_id=going.provider.works_for)

        assert [each.note for each in entries if each.kind is EntryKind.NOT_ORDERED] == [""]

    def test_is_in_a_phone_as_what_may_come(self, session: Session, going: Going) -> None:
        links: list[EntryKind] = []

        def link_of(entry: Entry) -> str:
            links.append(entry.kind)
            return "https://market.example/"

        written = feed_file(
            session,
            subject=subjects_of(going.person)[0],
            words=Words.FULL,
            by=going.person,
            link_of=link_of,
            domain="market.example",
            at=PAID_IN,
        )

        calendar = Calendar.from_ical(written)
        said = [str(event["STATUS"]) for event in calendar.walk("VEVENT")]
        assert said == ["CONFIRMED", "CONFIRMED", "CONFIRMED", "TENTATIVE"]
        assert links[-1] is EntryKind.NOT_ORDERED

    def test_is_nothing_to_be_reminded_of(self, session: Session, going: Going) -> None:
        reminder_id = subjects_of(going.person)[0].of_user(going.person.user_id)
        commands.choose_reminders(
            session,
            subject=subjects_of(going.person)[0],
            wish=Wish(evening=True),
            by=going.person,
            at=PAID_IN,
        )
        before = datetime(2026, 3, 30, 17, 30, tzinfo=UTC)

        for at in (before, before + timedelta(minutes=1)):
            # Nobody comes on the day after that.
            assert not commands.remind(session, reminder_id=reminder_id, secret_key="k", at=at)


@pytest.mark.parametrize("path", ["/standing/", "/work/standing/"])
def test_the_phone_leads_to_the_standing_order(make: Make, client: FlaskClient, path: str) -> None:
    now = clock.now()
    funded = make.funded_person(starts_on=clock.local_day(now), at=now)
    going = Going(
        make, funded=funded, begins_on=clock.local_day(now) + timedelta(days=1), at=now
    ).accepted(at=now)
    going.roll(at=now)
    by = going.provider if path.startswith("/work") else going.person
    wish = FollowCalendar(subjects_of(by)[-1], Words.FULL)
    key = "only-for-tests"
    with transaction() as session:
        commands.follow(session, wish, secret_key=key, by=by, at=now)
        feeds = queries.feeds_of(
            session, user_id=by.user_id, subjects=[wish.subject], secret_key=key
        )

    calendar = Calendar.from_ical(
        client.get(f"/calendar/feed/{feeds[wish.subject].secret}.ics").get_data()
    )

    links = [str(event["URL"]) for event in calendar.walk("VEVENT")]
    assert any(urlsplit(link).path == f"{path}{going.id}" for link in links)
