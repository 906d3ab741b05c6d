"""A calendar in a phone: opened by its secret address, and by nothing else."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access import queries as access_queries
from marketplace.access.rules import Actor, Role, Scope
from marketplace.calendars import commands, queries
from marketplace.calendars.commands import FollowCalendar
from marketplace.calendars.commands.feeds import FETCHES_MAX
from marketplace.calendars.errors import NoCalendarError, NotFollowedError
from marketplace.calendars.models import Feed
from marketplace.calendars.rules.addresses import Words, hash_of
from marketplace.calendars.rules.subjects import Subject, Whose, subjects_of
from marketplace.database import transaction
from marketplace.home import commands as home
from marketplace.kernel import clock
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.orders import commands as orders
from marketplace.retention import keep_to_rules
from tests.conftest import NOON
from tests.factories import Make
from tests.statements import statements

KEY = "only-for-tests"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def follow(
    session: Session, by: Actor, words: Words = Words.FULL, *, subject: Subject | None = None
) -> str:
    """Put somebody's calendar in their phone; return the secret of its address."""
    subject = subject or subjects_of(by)[0]
    commands.follow(session, FollowCalendar(subject, words), secret_key=KEY, by=by, at=NOON)
    return secret_of(session, by, subject)


def secret_of(session: Session, by: Actor, subject: Subject | None = None) -> str:
    """Return the secret that somebody is shown."""
    subject = subject or subjects_of(by)[0]
    found = queries.feeds_of(session, user_id=by.user_id, subjects=[subject], secret_key=KEY)
    return found[subject].secret


def begun(by: Actor, words: Words = Words.FULL) -> str:
    """Put somebody's calendar in their phone, in a block of its own."""
    with transaction() as session:
        return follow(session, by, words)


def events_of(client: FlaskClient, secret: str) -> list[Any]:
    """Fetch a calendar signed out, have it validated, and return what is in it."""
    answer = client.get(f"/calendar/feed/{secret}.ics")
    assert answer.status_code == 200
    calendar = Calendar.from_ical(answer.get_data())
    assert isinstance(calendar, Calendar)
    calendar.validate()  # type: ignore[no-untyped-call]
    return list(calendar.walk("VEVENT"))


class TestFollow:
    def test_keeps_a_hash_of_the_address_alone(self, session: Session, make: Make) -> None:
        secret = follow(session, make.person())

        row = session.scalars(select(Feed)).one()
        assert row.secret_hash == hash_of(secret)
        assert secret not in str(vars(row))

    def test_twice_is_one_address(self, session: Session, make: Make) -> None:
        person = make.person()

        assert follow(session, person) == follow(session, person)
        assert len(session.scalars(select(Feed)).all()) == 1

    def test_refuses_who_may_not_see_it(self, session: Session, make: Make) -> None:
        person = make.person()
        helper = make.supporter(person=person, scopes=[Scope.PROPOSE])

        for by in (helper, make.person(), make.officer(council_id=make.council())):
            with pytest.raises(NotFoundError):
                follow(session, by, subject=subjects_of(person)[0])

    def test_shows_no_address_once_the_market_has_another_key(
        self, session: Session, make: Make
    ) -> None:
        person = make.person()
        follow(session, person)
        subject = subjects_of(person)[0]

        found = queries.feeds_of(
            session, user_id=person.user_id, subjects=[subject], secret_key="another"
        )

        assert found[subject].secret == ""


class TestChangeAddress:
    def test_makes_the_old_one_open_nothing(self, session: Session, make: Make) -> None:
        person = make.person()
        old = follow(session, person)

        commands.change_address(
            session, subject=subjects_of(person)[0], secret_key=KEY, by=person, at=NOON
        )

        with pytest.raises(NoCalendarError):
            commands.note_fetched(session, secret=old, at=NOON)
        new = secret_of(session, person)
        assert commands.note_fetched(session, secret=new, at=NOON).user_id == person.user_id

    def test_refuses_where_there_is_none(self, session: Session, make: Make) -> None:
        person = make.person()

        with pytest.raises(NotFollowedError):
            commands.change_address(
                session, subject=subjects_of(person)[0], secret_key=KEY, by=person, at=NOON
            )


class TestStopFollowing:
    def test_closes_it_and_twice_is_once(self, session: Session, make: Make) -> None:
        person = make.person()
        secret = follow(session, person)

        for _ in range(2):
            commands.stop_following(session, subject=subjects_of(person)[0], by=person, at=NOON)

        with pytest.raises(NoCalendarError):
            commands.note_fetched(session, secret=secret, at=NOON)


class TestEndFollower:
    def test_is_for_the_person_alone(self, session: Session, make: Make) -> None:
        person = make.person()
        helper = make.supporter(person=person, scopes=[Scope.SEE])
        secret = follow(session, helper)
        feed_id = queries.followers_of(session, person_id=person.buys_for)[0].id

        with pytest.raises(NotAllowedError):
            commands.end_follower(session, feed_id=feed_id, by=helper, at=NOON)
        with pytest.raises(NotFoundError):
            commands.end_follower(session, feed_id=feed_id, by=make.person(), at=NOON)
        commands.end_follower(session, feed_id=feed_id, by=person, at=NOON)

        with pytest.raises(NoCalendarError):
            commands.note_fetched(session, secret=secret, at=NOON)
        with pytest.raises(NotFoundError):
            commands.end_follower(session, feed_id=feed_id, by=person, at=NOON)


class TestForgetting:
    def test_switches_off_what_nobody_has_fetched_for_a_year(
        self, session: Session, make: Make
    ) -> None:
        used, unused = make.person(), make.person()
        secret = follow(session, used)
        follow(session, unused)
        commands.note_fetched(session, secret=secret, at=NOON + 200 * DAY)

        assert commands.forget_unused(session, before=NOON + HOUR) == 1
        assert [row.user_id for row in session.scalars(select(Feed))] == [used.user_id]

    def test_is_kept_to_by_the_daily_job(self, make: Make) -> None:
        begun(make.person())

        keep_to_rules(NOON + 366 * DAY)

        with transaction() as session:
            assert session.scalars(select(Feed)).all() == []

    def test_leaves_nothing_of_who_has_left(self, session: Session, make: Make) -> None:
        person = make.person()
        follow(session, person)
        follow(session, make.supporter(person=person, scopes=[Scope.SEE]))

        home.close_account(session, user_id=person.user_id, at=NOON)

        assert session.scalars(select(Feed)).all() == []


class TestFeed:
    def test_tells_a_phone_what_is_agreed(self, make: Make, client: FlaskClient) -> None:
        at = clock.now()
        funded = make.funded_person(starts_on=clock.local_day(at), at=at)
        deal = make.accepted(
            make.placed(
                funded=funded,
                provider=make.provider(name="Green Hands"),
                first_at=at + 2 * DAY,
                at=at,
            ),
            at=at,
        )
        secret = begun(deal.person)

        event = events_of(client, secret)[0]

        assert event["SUMMARY"] == "Gardening, 2 hours – Green Hands"
        assert event["URL"].endswith(f"/orders/{deal.order_id}")
        assert event["STATUS"] == "CONFIRMED"
        was = event["SEQUENCE"]
        with transaction() as session:
            orders.cancel_order(session, order_id=deal.order_id, by=deal.person, at=at)
        now = events_of(client, secret)[0]
        assert (now["UID"], now["STATUS"]) == (event["UID"], "CANCELLED")
        assert now["SEQUENCE"] > was

    def test_tells_a_worker_their_own_and_a_store_all(
        self, make: Make, client: FlaskClient
    ) -> None:
        at = clock.now()
        store = make.provider()
        make.worker(provider=store, name="Wren Ashby")
        worker = make.staff(
            organisation_id=store.works_for, role=Role.PROVIDER_WORKER, name="Wren Ashby"
        )
        funded = make.funded_person(name="Bea Hollins", starts_on=clock.local_day(at), at=at)
        for name in ("Wren Ashby", ""):
            deal = make.accepted(
                make.placed(funded=funded, provider=store, first_at=at + 2 * DAY, at=at), at=at
            )
            if name:
                visit_id = make.order(deal, at=at).visits[0].id
                with transaction() as session:
                    orders.send_worker_to_visit(
                        session, visit_id=visit_id, worker=name, by=store, at=at
                    )
        with transaction() as session:
            own = follow(session, worker)
            all_ = follow(session, store, subject=Subject(Whose.STORE, store.works_for))

        assert len(events_of(client, own)) == 1
        assert len(events_of(client, all_)) == 2
        assert "Bea Hollins" in events_of(client, own)[0]["SUMMARY"]

    def test_says_nothing_but_busy_to_who_chose_that(self, make: Make, client: FlaskClient) -> None:
        at = clock.now()
        funded = make.funded_person(name="Bea Hollins", starts_on=clock.local_day(at), at=at)
        deal = make.placed(funded=funded, first_at=at + 2 * DAY, at=at)
        secret = begun(deal.person, Words.BUSY)

        told = client.get(f"/calendar/feed/{secret}.ics").get_data(as_text=True)

        assert "SUMMARY:Busy" in told
        for word in ("Bea", "Hollins", "Gardening", str(deal.order_id)):
            assert word not in told

    def test_is_not_sent_again_to_who_has_it(self, make: Make, client: FlaskClient) -> None:
        secret = begun(make.person())
        path = f"/calendar/feed/{secret}.ics"
        first = client.get(path)

        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

        assert (first.status_code, again.status_code) == (200, 304)
        assert first.headers["Cache-Control"] == "private, max-age=900"
        assert first.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert first.headers["Referrer-Policy"] == "no-referrer"
        assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert "Set-Cookie" not in first.headers
        assert client.head(path).status_code == 200

    def test_is_in_no_log(
        self, make: Make, client: FlaskClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        secret = begun(make.person())
        log = logging.getLogger("marketplace.requests")
        log.addHandler(caplog.handler)

        with caplog.at_level(logging.INFO, log.name):
            client.get(f"/calendar/feed/{secret}.ics")
        log.removeHandler(caplog.handler)

        told = [vars(record) for record in caplog.records]
        assert [each["fields"]["endpoint"] for each in told] == ["calendars.feed"]
        assert secret not in str(told)
        assert "Disallow: /calendar" in client.get("/robots.txt").get_data(as_text=True)

    @pytest.mark.parametrize("secret", ["x", "x" * 43, "%00", "é", "x" * 3000])
    def test_is_not_found_for_who_guesses(self, client: FlaskClient, secret: str) -> None:
        assert client.get(f"/calendar/feed/{secret}.ics").status_code == 404

    def test_is_not_found_once_the_account_is_closed(self, make: Make, client: FlaskClient) -> None:
        person = make.person()
        secret = begun(person)
        with transaction() as session:
            home.close_account(session, user_id=person.user_id, at=NOON)

        assert client.get(f"/calendar/feed/{secret}.ics").status_code == 404

    def test_is_not_found_once_a_supporter_has_left_the_circle(
        self, make: Make, client: FlaskClient
    ) -> None:
        person = make.person()
        helper = make.supporter(person=person, scopes=[Scope.SEE])
        secret = begun(helper)
        assert client.get(f"/calendar/feed/{secret}.ics").status_code == 200
        with transaction() as session:
            row = access_queries.circle_of(session, person_id=person.buys_for)[0]
            access.end_supporter(session, supporter_row_id=row.id, by=person, at=NOON)

        assert client.get(f"/calendar/feed/{secret}.ics").status_code == 404

    def test_is_not_found_once_somebody_has_stopped_working_there(
        self, make: Make, client: FlaskClient
    ) -> None:
        store = make.provider()
        worker = make.staff(organisation_id=store.works_for, role=Role.PROVIDER_WORKER)
        secret = begun(worker)
        assert client.get(f"/calendar/feed/{secret}.ics").status_code == 200
        with transaction() as session:
            access.close_account(
                session, user_id=worker.user_id, by_user_id=worker.user_id, at=NOON
            )

        assert client.get(f"/calendar/feed/{secret}.ics").status_code == 404

    @pytest.mark.usefixtures("one_window")
    def test_is_refused_for_a_while_to_a_phone_that_asks_without_end(
        self, make: Make, client: FlaskClient
    ) -> None:
        secret = begun(make.person())
        with transaction() as session:
            at = clock.now()
            for _ in range(FETCHES_MAX):
                commands.note_fetched(session, secret=secret, at=at)

        answer = client.get(f"/calendar/feed/{secret}.ics")

        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0

    def test_asks_as_often_for_many_visits_as_for_one(
        self, make: Make, client: FlaskClient
    ) -> None:
        at = clock.now()
        funded = make.funded_person(starts_on=clock.local_day(at), at=at)
        secret = begun(funded.person)
        counts = []
        for visits in (1, 2):
            make.accepted(
                make.placed(funded=funded, visits=visits, quantity=1, first_at=at + 2 * DAY, at=at),
                at=at,
            )
            with statements() as sent:
                client.get(f"/calendar/feed/{secret}.ics")
            counts.append(len(sent))

        assert counts[0] == counts[1] <= 20
