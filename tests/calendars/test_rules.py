"""How things stand in a calendar, when a reminder is due, and what a secret address is made of."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.access.rules import Actor, Role, Scope, own_hat
from marketplace.calendars.rules.addresses import hash_of, secret_of
from marketplace.calendars.rules.entries import (
    AGREED,
    TO_CONFIRM,
    Entry,
    EntryKind,
    Sureness,
    by_day,
    visit_status,
)
from marketplace.calendars.rules.reminders import LOOKED_EVERY, Due, Kind, Wish, due, next_look
from marketplace.calendars.rules.subjects import Subject, Whose, subjects_of
from marketplace.calendars.rules.words import changed_words, clock_words, entry_words
from marketplace.orders.rules import NoteKind, OrderState, VisitState

ALL = Wish(evening=True, morning=True, weekly=True)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
WEDNESDAY = date(2026, 3, 4)
DAY = timedelta(days=1)
ID = UUID(int=7)


def entry(at: datetime | None, *, on: date = WEDNESDAY, what: str = "Gardening, 2 hours") -> Entry:
    """Return a visit that is agreed."""
    return Entry(
        kind=EntryKind.VISIT,
        key=f"visit-{what}",
        on=on,
        planned_at=at,
        timed=at is not None,
        ends_at=None,
        what=what,
        who="Green Hands",
        worker="Wren Ashby",
        status=AGREED,
    )


class TestVisitStatus:
    @pytest.mark.parametrize(
        ("order", "visit", "note", "words"),
        [
            (OrderState.PROPOSED, VisitState.PLANNED, None, "Waits for a yes"),
            (OrderState.PLACED, VisitState.PLANNED, None, "Waits for the provider"),
            (OrderState.CHANGE_PROPOSED, VisitState.PLANNED, None, "Another time suggested"),
            (OrderState.ACCEPTED, VisitState.PLANNED, None, "Agreed"),
            (OrderState.ACCEPTED, VisitState.NOTED, NoteKind.FULL, "Did it come?"),
            (OrderState.ACCEPTED, VisitState.QUERIED, NoteKind.FULL, "Something is wrong"),
            (OrderState.COMPLETED, VisitState.CONFIRMED, NoteKind.FULL, "It came"),
            (OrderState.COMPLETED, VisitState.CONFIRMED, NoteKind.PART, "Part of it came"),
            (OrderState.ACCEPTED, VisitState.CONFIRMED, NoteKind.PERSON_NOT_IN, "Nobody was in"),
            (
                OrderState.CANCELLED,
                VisitState.CONFIRMED,
                NoteKind.CANCELLED_LATE,
                "Called off late",
            ),
            (OrderState.ACCEPTED, VisitState.RELEASED, NoteKind.MISSED, "It was missed"),
            (OrderState.CANCELLED, VisitState.RELEASED, None, "Called off"),
            (OrderState.DECLINED, VisitState.RELEASED, None, "They said no"),
            (OrderState.REFUSED, VisitState.PLANNED, None, "Not agreed to"),
            (OrderState.CANCELLED, VisitState.PLANNED, None, "Called off"),
        ],
    )
    def test_says_how_a_visit_stands(
        self, order: OrderState, visit: VisitState, note: NoteKind | None, words: str
    ) -> None:
        assert visit_status(order, visit, note, passed=False).words == words

    def test_says_of_a_day_that_is_over_that_nobody_has_said_anything(self) -> None:
        status = visit_status(OrderState.ACCEPTED, VisitState.PLANNED, None, passed=True)

        assert status.words == "Nobody has said yet what happened"

    def test_has_words_for_everything_that_can_be(self) -> None:
        for order, visit, note in product(OrderState, VisitState, [None, *NoteKind]):
            status = visit_status(order, visit, note, passed=False)
            assert status.words
            assert (status is TO_CONFIRM) == (visit is VisitState.NOTED)


class TestByDay:
    def test_puts_what_has_no_time_first_and_the_rest_in_order(self) -> None:
        at = datetime(2026, 3, 4, 14, tzinfo=UTC)
        entries = [
            entry(at, what="B"),
            entry(None, what="C"),
            entry(at - timedelta(hours=3), what="A"),
            entry(at, on=WEDNESDAY + 7 * DAY, what="Not this week"),
        ]

        days = by_day(entries, [WEDNESDAY, WEDNESDAY + DAY])

        assert [[each.what for each in day.entries] for day in days] == [["C", "A", "B"], []]
        assert sum(not each.is_off for each in days[0].entries) == 3


class TestDue:
    @pytest.mark.parametrize(
        ("hour", "kinds"),
        [
            (6, []),
            (7, [Kind.MORNING]),
            (17, [Kind.MORNING]),
            (18, [Kind.MORNING, Kind.EVENING]),
            (23, [Kind.MORNING, Kind.EVENING]),
        ],
    )
    def test_is_of_the_hour_on_the_wall(self, hour: int, kinds: list[Kind]) -> None:
        summer = datetime(2026, 7, 1, hour, tzinfo=UTC) - timedelta(hours=1)

        assert [each.kind for each in due(ALL, summer)] == kinds

    def test_is_about_tomorrow_in_the_evening_and_about_the_coming_week_on_sunday(self) -> None:
        sunday = datetime(2026, 3, 8, 18, 30, tzinfo=UTC)

        assert due(ALL, sunday) == [
            Due(Kind.MORNING, date(2026, 3, 8), date(2026, 3, 9)),
            Due(Kind.EVENING, date(2026, 3, 9), date(2026, 3, 10)),
            Due(Kind.WEEK, date(2026, 3, 9), date(2026, 3, 16)),
        ]

    def test_is_nothing_for_who_wants_nothing(self) -> None:
        sunday = datetime(2026, 3, 8, 18, 30, tzinfo=UTC)

        assert due(Wish(), sunday) == []
        assert next_look(Wish(), told_ahead=True, at=sunday) is None

    @given(
        st.integers(0, 365 * 24 * 60).map(lambda n: NEW_YEAR + timedelta(minutes=n)),
        st.sampled_from([Wish(evening=True), Wish(morning=True), Wish(weekly=True), ALL]),
    )
    def test_is_looked_for_again_before_anything_else_is_due(
        self, at: datetime, wish: Wish
    ) -> None:
        then = next_look(wish, told_ahead=False, at=at)

        assert then is not None
        assert at < then <= at + timedelta(days=7, hours=1)
        between = [at + (then - at) * n / 5 for n in range(5)]
        kinds = {each.kind for each in due(wish, at)}
        # Nothing begins to be due before that look: only what is due now may end meanwhile.
        for moment in between:
            assert {each.kind for each in due(wish, moment)} <= kinds
        assert due(wish, then)

    def test_is_looked_for_soon_while_something_told_is_to_come(self) -> None:
        at = datetime(2026, 3, 4, 19, tzinfo=UTC)

        assert next_look(ALL, told_ahead=True, at=at) == at + LOOKED_EVERY


class TestSecret:
    @given(st.uuids(), st.text(max_size=32), st.text(max_size=32))
    def test_is_another_for_each_feed_key_and_salt(self, feed: UUID, key: str, salt: str) -> None:
        secret = secret_of(key, feed, salt)

        assert secret == secret_of(key, feed, salt)
        assert len(secret) == 43
        assert secret != secret_of(key, feed, f"{salt}x")
        assert secret != secret_of(f"{key}x", feed, salt)
        assert secret != secret_of(key, uuid4(), salt)
        assert secret not in hash_of(secret)


class TestSubjects:
    def test_are_those_of_the_hat(self) -> None:
        person = own_hat(ID, "Bea")
        sees = Actor(user_id=ID, name="Sam", role=Role.SUPPORTER, person_id=UUID(int=8))

        assert subjects_of(person) == (Subject(Whose.PERSON, ID),)
        assert subjects_of(sees) == ()

    def test_of_a_supporter_who_may_see_are_the_person(self) -> None:
        sees = Actor(
            user_id=ID,
            name="Sam",
            role=Role.SUPPORTER,
            person_id=UUID(int=8),
            scopes=frozenset({Scope.SEE}),
        )

        assert subjects_of(sees) == (Subject(Whose.PERSON, UUID(int=8)),)

    def test_of_staff_are_their_own_and_the_stores(self) -> None:
        worker = Actor(
            user_id=ID, name="Wren", role=Role.PROVIDER_WORKER, organisation_id=UUID(int=9)
        )
        officer = Actor(
            user_id=ID, name="Fay", role=Role.FINANCE_OFFICER, organisation_id=UUID(int=9)
        )

        assert [each.whose for each in subjects_of(worker)] == [Whose.WORKER, Whose.STORE]
        assert subjects_of(officer) == ()


class TestWords:
    def test_say_what_comes(self) -> None:
        at = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)

        assert entry_words(entry(at)) == (
            "10:30am: Gardening, 2 hours. Green Hands. Wren Ashby comes."
        )
        assert entry_words(entry(None)) == "Gardening, 2 hours. Green Hands. Wren Ashby comes."

    @pytest.mark.parametrize(
        ("hour", "words"), [(0, "midnight"), (12, "midday"), (14, "2pm"), (9, "9am")]
    )
    def test_write_the_clock(self, hour: int, words: str) -> None:
        assert clock_words(datetime(2026, 1, 5, hour, tzinfo=UTC)) == words

    def test_say_what_changed(self) -> None:
        began = datetime(2026, 3, 4, 14, tzinfo=UTC)
        moved = entry(began + DAY, on=WEDNESDAY + DAY)

        assert changed_words("Gardening", began, moved) == (
            "Gardening on Wednesday 4 March is at another time. It is on Thursday 5 March, 2pm."
        )
        assert changed_words("Gardening", began, entry(None, on=WEDNESDAY + DAY)).endswith(
            "It is on Thursday 5 March."
        )
        assert changed_words("Gardening", began, None) == (
            "Gardening on Wednesday 4 March is not on that day any more."
        )


def test_only_what_is_off_is_off() -> None:
    off = visit_status(OrderState.CANCELLED, VisitState.RELEASED, None, passed=False)

    assert off.sureness is Sureness.OFF
