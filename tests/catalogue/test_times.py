"""When a store is there, where it comes to, and when it has room."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadAreaError, BadTimesError
from marketplace.catalogue.rules import (
    AnswersWithin,
    OpenDay,
    OpenDays,
    Room,
    open_days,
    weeks_of_room,
)
from marketplace.kernel.clock import local_day
from tests.conftest import NOON
from tests.factories import Make

TODAY = local_day(NOON)


class TestOpeningTimes:
    def test_are_kept_in_the_order_of_the_week(self, session: Session, make: Make) -> None:
        owner = make.provider()

        commands.set_opening(
            session,
            opening=[OpenDay("fri", "09:00", "17:00"), OpenDay("mon", "09:00", "17:00")],
            words="Closed on bank holidays.",
            answers_within=AnswersWithin.NEXT_DAY,
            by=owner,
            at=NOON,
        )

        shown = queries.storefront(session, provider_id=owner.works_for)
        assert [span.day for span in shown.opening] == ["mon", "fri"]
        assert shown.answers_within is AnswersWithin.NEXT_DAY
        assert shown.opening_words == "Closed on bank holidays."

    def test_that_are_alike_are_drawn_together(self) -> None:
        week = [OpenDay(day, "09:00", "17:00") for day in ("mon", "tue", "wed", "fri")]

        drawn = open_days([*week, OpenDay("sat", "10:00", "12:00")])

        assert drawn == (
            OpenDays("mon", "wed", "09:00", "17:00"),
            OpenDays("fri", "fri", "09:00", "17:00"),
            OpenDays("sat", "sat", "10:00", "12:00"),
        )

    @pytest.mark.parametrize(
        "opening",
        [
            [OpenDay("mon", "17:00", "09:00")],
            [OpenDay("mon", "09:00", "12:00"), OpenDay("mon", "13:00", "17:00")],
            [OpenDay("someday", "09:00", "17:00")],
        ],
    )
    def test_that_cannot_be_are_refused(
        self, session: Session, make: Make, opening: list[OpenDay]
    ) -> None:
        with pytest.raises(BadTimesError):
            commands.set_opening(session, opening=opening, by=make.provider(), at=NOON)


class TestArea:
    def test_names_districts_and_whole_councils(self, session: Session, make: Make) -> None:
        owner = make.provider(postcode="LS6 2AB")
        council_id = make.council(name="Ashdale", districts=("BD1", "BD2"))

        commands.set_area(
            session,
            districts=["ls7", "LS8 1AB", "LS7"],
            council_ids=[council_id],
            by=owner,
            at=NOON,
        )

        area = queries.storefront(session, provider_id=owner.works_for).area
        assert (area.districts, area.council_names) == (("LS7", "LS8"), ("Ashdale",))
        (store,) = queries.findable_providers(session, [owner.works_for])
        assert store.covers == {"LS7", "LS8", "BD1", "BD2"}
        assert {offer.covers for offer in queries.findable_offers(session)} == {store.covers}

    def test_that_is_nowhere_is_refused(self, session: Session, make: Make) -> None:
        with pytest.raises(BadAreaError, match="We do not know QQ99"):
            commands.set_area(
                session, districts=["QQ99"], council_ids=[], by=make.provider(), at=NOON
            )

    def test_of_a_council_that_is_not_there_is_refused(self, session: Session, make: Make) -> None:
        owner = make.provider()

        with pytest.raises(BadAreaError, match="from the list"):
            commands.set_area(session, districts=[], council_ids=[owner.user_id], by=owner, at=NOON)

    def test_has_an_end_to_its_districts(self, session: Session, make: Make) -> None:
        many = [f"BD{number}" for number in range(1, 19)] + [
            f"LS{number}" for number in range(1, 30)
        ]
        many += [f"NR{number}" for number in range(1, 21)]

        with pytest.raises(BadAreaError, match="at most 60"):
            commands.set_area(session, districts=many, council_ids=[], by=make.provider(), at=NOON)


class TestRoom:
    def say(self, session: Session, owner: Actor, *, full_until: date | None = None) -> None:
        commands.set_room(
            session,
            usual=["tue-evening", "mon-morning"],
            full_weeks=[],
            full_until=full_until,
            by=owner,
            at=NOON,
        )

    def test_is_shown_in_the_next_weeks(self) -> None:
        monday = date(2026, 3, 2)
        room = Room(
            usual=("mon-morning", "sun-evening"),
            full_weeks=(monday + timedelta(weeks=1),),
            full_until=monday,
        )

        first, second, third, _ = weeks_of_room(room, on=monday)

        assert (first.free, second.free) == (("sun-evening",), ())
        assert third.free == ("mon-morning", "sun-evening")

    def test_until_a_day_hides_that_an_offer_has_space_until_it_has_passed(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider()
        self.say(session, owner, full_until=TODAY)

        def offers_with_space() -> set[bool]:
            return {offer.has_space for offer in queries.findable_offers(session)}

        assert offers_with_space() == {False}
        assert not queries.some_no_longer_full(session, at=NOON)

        tomorrow = NOON + timedelta(days=1)
        assert queries.some_no_longer_full(session, at=tomorrow)
        assert commands.end_full_times(session, at=tomorrow) == 1
        assert offers_with_space() == {True}

    def test_says_its_parts_in_the_order_of_the_week(self, session: Session, make: Make) -> None:
        owner = make.provider()

        self.say(session, owner)

        room = queries.storefront(session, provider_id=owner.works_for).room
        assert (room.usual, room.said_at) == (("mon-morning", "tue-evening"), NOON)
        assert room.is_said()

    def test_until_a_day_that_has_passed_is_refused(self, session: Session, make: Make) -> None:
        with pytest.raises(BadTimesError, match="has passed"):
            self.say(session, make.provider(), full_until=TODAY - timedelta(days=1))

    def test_in_a_part_that_is_none_is_refused(self, session: Session, make: Make) -> None:
        with pytest.raises(BadTimesError, match="from the page"):
            commands.set_room(
                session,
                usual=["mon-teatime"],
                full_weeks=[],
                full_until=None,
                by=make.provider(),
                at=NOON,
            )
