"""Letters that remind: each visit once for each kind, told again if it changes, stopped at once."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access import queries as access_queries
from marketplace.access.models import User
from marketplace.access.rules import Actor, Role, Scope
from marketplace.calendars import commands, queries
from marketplace.calendars.adapters.links import stop_token
from marketplace.calendars.models import Reminder, Told
from marketplace.calendars.rules.reminders import Wish
from marketplace.calendars.rules.subjects import Subject, Whose, subjects_of
from marketplace.calendars.tasks import remind
from marketplace.database import transaction
from marketplace.home import commands as home
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.orders import commands as orders
from marketplace.orders.models import Visit
from marketplace.outbox.models import Letter
from marketplace.outbox.tasks import send_letters
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.orders import TOMORROW, Deal

KEY = "only-for-tests"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVENING = datetime(2026, 3, 4, 18, tzinfo=UTC)
"""The evening before the visit of TOMORROW: Thursday 5 March, 10am."""
MORNING = datetime(2026, 3, 5, 7, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 1, 17, tzinfo=UTC)
BOTH = Wish(evening=True, morning=True)
ALL = Wish(evening=True, morning=True, weekly=True)


def choose(
    session: Session,
    by: Actor,
    wish: Wish,
    *,
    subject: Subject | None = None,
    at: datetime = PAID_IN,
) -> None:
    """Choose when to be written to."""
    commands.choose_reminders(
        session, subject=subject or subjects_of(by)[0], wish=wish, by=by, at=at
    )


def work(session: Session, at: datetime) -> list[str]:
    """Do twice what is due at an instant; return the subjects of all letters so far."""
    for _ in range(2):
        for reminder_id in queries.reminders_due(session, at=at):
            commands.remind(session, reminder_id=reminder_id, secret_key=KEY, at=at)
    return [letter.subject for letter in letters(session)]


def letters(session: Session) -> list[Letter]:
    """Return the reminders written so far."""
    rows = select(Letter).where(Letter.template == "calendar_reminder")
    return list(session.scalars(rows.order_by(Letter.written_at, Letter.key)))


@pytest.fixture
def deal(session: Session, make: Make) -> Deal:
    """Return a visit that is agreed for tomorrow at ten."""
    return make.accepted(provider=make.provider(name="Green Hands"))


class TestRemind:
    def test_tells_the_evening_before_and_in_the_morning_once_each(
        self, session: Session, deal: Deal
    ) -> None:
        choose(session, deal.person, BOTH)

        assert work(session, EVENING - HOUR) == []
        assert work(session, EVENING) == ["Tomorrow, Thursday 5 March"]
        assert len(work(session, EVENING + 2 * HOUR)) == 1
        assert work(session, MORNING)[1:] == ["Today, Thursday 5 March"]
        assert len(work(session, MORNING + 12 * HOUR)) == 2
        day = letters(session)[0].values["days"][0]
        assert day == {
            "day": "Thursday 5 March",
            "lines": ["10am: Gardening, 2 hours. Green Hands."],
        }

    def test_is_written_later_on_the_same_day_but_not_on_the_next(
        self, session: Session, deal: Deal
    ) -> None:
        choose(session, deal.person, Wish(evening=True))

        assert work(session, EVENING + 5 * HOUR) == ["Tomorrow, Thursday 5 March"]

    def test_is_not_written_when_the_worker_woke_too_late(
        self, session: Session, deal: Deal
    ) -> None:
        choose(session, deal.person, Wish(evening=True))

        assert work(session, EVENING + 7 * HOUR) == []

    def test_is_not_written_of_a_visit_that_has_begun(self, session: Session, deal: Deal) -> None:
        choose(session, deal.person, Wish(morning=True))

        assert work(session, TOMORROW + HOUR) == []

    def test_is_not_written_of_what_is_called_off_or_waits(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        make.placed(funded=deal.funded)
        orders.cancel_order(session, order_id=deal.order_id, by=deal.person, at=PAID_IN)
        choose(session, deal.person, BOTH)

        assert work(session, EVENING) == []

    def test_tells_of_a_visit_that_came_on_top(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        choose(session, deal.person, Wish(evening=True))
        work(session, EVENING)
        make.accepted(
            make.placed(funded=deal.funded, first_at=TOMORROW + 4 * HOUR, at=EVENING + HOUR),
            at=EVENING + HOUR,
        )

        assert len(work(session, EVENING + 2 * HOUR)) == 2
        assert len(letters(session)[1].values["days"][0]["lines"]) == 1

    def test_tells_that_a_visit_it_told_of_is_off(self, session: Session, deal: Deal) -> None:
        choose(session, deal.person, Wish(evening=True))
        work(session, EVENING)
        orders.cancel_order(
            session,
            order_id=deal.order_id,
            by=deal.person,
            at=EVENING,
            agreed=Money(15_00),
        )

        assert work(session, EVENING + HOUR)[1:] == ["Something has changed"]
        assert letters(session)[1].values["sentences"] == [
            "Gardening, 2 hours on Thursday 5 March does not take place."
        ]
        assert len(work(session, EVENING + 2 * HOUR)) == 2

    def test_tells_that_a_visit_it_told_of_is_at_another_time_and_reminds_of_it_again(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted()
        choose(session, deal.person, Wish(evening=True))
        work(session, EVENING)
        _move(session, deal, TOMORROW + 2 * DAY + HOUR)

        assert work(session, EVENING + HOUR)[1:] == ["Something has changed"]
        (said,) = letters(session)[1].values["sentences"]
        assert said.endswith("is at another time. It is on Saturday 7 March, 11am.")
        assert work(session, EVENING + 2 * DAY)[2:] == ["Tomorrow, Saturday 7 March"]

    def test_writes_the_sheet_of_the_week_on_sunday(self, session: Session, make: Make) -> None:
        early = SUNDAY - 3 * DAY
        funded = make.funded_person(starts_on=early.date(), at=early)
        make.accepted(make.placed(funded=funded, at=early), at=early)
        make.placed(funded=funded, first_at=TOMORROW + DAY, at=early)
        choose(session, funded.person, ALL, at=early)

        assert work(session, SUNDAY) == ["Your week from Monday 2 March"]
        days = letters(session)[0].values["days"]
        assert [each["day"] for each in days] == ["Thursday 5 March", "Friday 6 March"]
        assert days[1]["lines"][0].endswith("Waits for the provider.")
        assert len(work(session, SUNDAY + HOUR)) == 1

    def test_writes_no_sheet_of_a_week_with_nothing_in_it(
        self, session: Session, make: Make
    ) -> None:
        choose(session, make.person(), ALL, at=SUNDAY - DAY)

        assert work(session, SUNDAY) == []

    def test_goes_by_the_clock_on_the_wall_in_summer(self, session: Session, make: Make) -> None:
        at = datetime(2026, 7, 1, 9, tzinfo=UTC)
        funded = make.funded_person(starts_on=at.date(), at=at)
        make.accepted(make.placed(funded=funded, first_at=at + DAY, at=at), at=at)
        choose(session, funded.person, Wish(evening=True), at=at)

        assert work(session, datetime(2026, 7, 1, 16, 59, tzinfo=UTC)) == []
        assert work(session, datetime(2026, 7, 1, 17, tzinfo=UTC)) == ["Tomorrow, Thursday 2 July"]

    def test_tells_a_supporter_whose_it_is_until_they_leave(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person(name="Bea Hollins")
        deal = make.accepted(funded=funded)
        helper = make.supporter(person=deal.person, scopes=[Scope.SEE])
        choose(session, helper, BOTH)

        assert work(session, EVENING) == ["Tomorrow, Thursday 5 March: Bea Hollins"]
        row = access_queries.circle_of(session, person_id=deal.person.buys_for)[0]
        access.end_supporter(session, supporter_row_id=row.id, by=deal.person, at=EVENING)
        assert len(work(session, MORNING)) == 1

    def test_tells_a_worker_of_their_own_visits_and_a_store_of_all(
        self, session: Session, make: Make
    ) -> None:
        store = make.provider()
        make.worker(provider=store, name="Wren Ashby")
        worker = make.staff(
            organisation_id=store.works_for, role=Role.PROVIDER_WORKER, name="Wren Ashby"
        )
        deal = make.accepted(provider=store)
        choose(session, worker, Wish(evening=True))
        choose(
            session,
            store,
            Wish(evening=True),
            subject=Subject(Whose.STORE, store.works_for),
        )

        assert len(work(session, EVENING)) == 1
        assert (
            letters(session)[0].to != access_queries.person(session, user_id=worker.user_id).email
        )
        visit_id = make.order(deal).visits[0].id
        orders.send_worker_to_visit(
            session, visit_id=visit_id, worker="Wren Ashby", by=store, at=EVENING
        )
        choose(session, worker, BOTH, at=EVENING + HOUR)
        assert len(work(session, EVENING + HOUR)) == 2

    def test_writes_to_nobody_of_whom_it_is_not_known_that_they_read_it(
        self, session: Session, deal: Deal
    ) -> None:
        choose(session, deal.person, BOTH)
        session.execute(
            update(User).where(User.id == deal.person.user_id).values(email_confirmed_at=None)
        )

        assert work(session, EVENING) == []

    def test_looks_again_only_when_something_may_be_due(self, session: Session, deal: Deal) -> None:
        choose(session, deal.person, BOTH)
        work(session, EVENING + HOUR)

        assert queries.reminders_due(session, at=EVENING + HOUR + timedelta(minutes=29)) == []
        assert len(queries.reminders_due(session, at=EVENING + HOUR + timedelta(minutes=30))) == 1
        work(session, TOMORROW + HOUR)
        row = session.scalars(select(Reminder)).one()
        assert row.next_look_at == EVENING + DAY


class TestChoose:
    def test_nothing_stops_it_and_forgets_what_was_told(self, session: Session, deal: Deal) -> None:
        choose(session, deal.person, BOTH)
        work(session, EVENING)

        choose(session, deal.person, Wish(), at=EVENING)

        assert session.scalars(select(Reminder)).all() == []
        assert session.scalars(select(Told)).all() == []
        choose(session, deal.person, Wish(), at=EVENING)

    def test_refuses_who_may_not_see_it(self, session: Session, make: Make) -> None:
        person = make.person()

        with pytest.raises(NotFoundError):
            choose(session, make.person(), BOTH, subject=subjects_of(person)[0])

    def test_the_same_again_changes_nothing(self, session: Session, deal: Deal) -> None:
        choose(session, deal.person, BOTH)
        work(session, EVENING)

        choose(session, deal.person, BOTH, at=EVENING + HOUR)

        assert len(work(session, EVENING + HOUR)) == 1


class TestForgetting:
    def test_leaves_nothing_of_who_has_left(self, session: Session, make: Make) -> None:
        person = make.person()
        choose(session, person, BOTH)
        choose(session, make.supporter(person=person, scopes=[Scope.SEE]), BOTH)

        home.close_account(session, user_id=person.user_id, at=PAID_IN)

        assert session.scalars(select(Reminder)).all() == []

    def test_takes_away_what_was_told_long_ago(self, session: Session, deal: Deal) -> None:
        choose(session, deal.person, BOTH)
        work(session, EVENING)

        assert commands.forget_told(session, before=EVENING) == 0
        assert commands.forget_told(session, before=EVENING + HOUR) == 1


class TestPages:
    def test_are_chosen_and_shown_again(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.person())

        browser.submit(browser.get("calendars.reminders"), "Save", evening="y", weekly="y")

        page = browser.follow()
        assert "We write to you when you chose." in page.text
        ticked = [box["name"] for box in page.soup.select("main input[checked]")]
        assert ticked == ["evening", "weekly"]
        browser.submit(page, "Save", evening=None, weekly=None)
        assert "We do not remind you." in browser.follow().text

    def test_are_written_by_the_job_and_stopped_without_signing_in(
        self, make: Make, browser: Browser, app: Flask
    ) -> None:
        deal = make.accepted()
        with transaction() as session:
            choose(session, deal.person, BOTH)

        with app.app_context():
            assert remind(EVENING) == 1
            assert remind(EVENING) == 0
            assert send_letters(EVENING) > 0
        with transaction() as session:
            path = letters(session)[0].values["stop_path"]
        page = browser.get(path)
        assert page.heading == "Stop these e-mails"
        browser.submit(page, "Stop reminding me")
        assert browser.follow().heading == "We do not remind you any more"
        assert browser.get(path).status == 200
        with app.app_context():
            assert remind(MORNING) == 0

    def test_refuse_a_link_that_is_not_whole(self, make: Make, browser: Browser) -> None:
        token = stop_token("another key", make.person().user_id)

        for each in (token, "x", token[:-2]):
            page = browser.get("calendars.stop", token=each)
            assert page.status == 409
            assert "A part of this link is missing." in page.text


def _move(session: Session, deal: Deal, planned_at: datetime) -> None:
    """Let the visit be at another time, as it is after a talk about what went wrong."""
    session.execute(
        update(Visit).where(Visit.order_id == deal.order_id).values(planned_at=planned_at)
    )
