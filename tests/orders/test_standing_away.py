"""Standing orders while the provider is away: what is not planned, who is told, what comes back."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.calendars import queries as calendars
from marketplace.calendars.queries import Asked
from marketplace.calendars.rules.entries import Sureness
from marketplace.catalogue.commands import TakeBreak
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import ChangeStanding, LeaveOut
from marketplace.orders.commands.away import come_back, take_holiday
from marketplace.orders.queries.away import affected
from marketplace.orders.rules.standing_wishes import Weekly
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.orders.standing import BEGINS_ON, TUESDAYS, Going, held, letters_to
from tests.orders.today import NOW, funded

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
BOTH_DAYS = Weekly(weekdays=frozenset({1, 4}), minutes=(14 * 60,), quantity=2)
AWAY_ON = date(2026, 3, 24)
AWAY = "Rosie is away"


def going(make: Make, **wishes: object) -> Going:
    rich = make.funded_person(to_spend=Money(500_00))
    provider = make.provider(name="Rosie")
    return Going(make, funded=rich, provider=provider, **wishes)  # type: ignore[arg-type]


def away(session: Session, of: Going, first: date, last: date, at: datetime = PAID_IN) -> TakeBreak:
    wish = TakeBreak(break_id=uuid4(), starts_on=first, last_on=last, words="Ring Heath and Home.")
    take_holiday(session, wish, by=of.provider, at=at)
    return wish


def back(session: Session, of: Going, wish: TakeBreak, at: datetime = PAID_IN) -> None:
    come_back(session, break_id=wish.break_id, by=of.provider, at=at)


class TestNotOrderedYet:
    def test_is_not_planned_and_holds_no_money(self, session: Session, make: Make) -> None:
        one = going(make).accepted()
        away(session, one, AWAY_ON, AWAY_ON + 6 * DAY)

        assert one.roll() == 2

        assert one.days() == [
            ("Tue 10 Mar", "Covered"),
            ("Tue 17 Mar", "Covered"),
            ("Tue 24 Mar", AWAY),
            ("Tue 31 Mar", "Covered"),
        ]
        day = one.view().days[2]
        assert (day.amount, day.can_skip) == (Money(0), False)
        assert day.words == "From 24 March to 30 March, back on 31 March."
        assert held(session, one) == "£90.00"

    def test_leaves_the_other_days_of_the_week(self, session: Session, make: Make) -> None:
        one = going(make, weekly=BOTH_DAYS).accepted()
        away(session, one, AWAY_ON, AWAY_ON)

        one.roll()

        assert one.days()[4:6] == [("Tue 24 Mar", AWAY), ("Fri 27 Mar", "Covered")]
        assert held(session, one) == "£210.00"

    def test_is_told_once_with_the_days_and_where_to_look(
        self, session: Session, make: Make
    ) -> None:
        one = going(make).accepted()
        away(session, one, AWAY_ON, AWAY_ON + 6 * DAY)

        for n in range(3):
            one.roll(PAID_IN + n * DAY)

        told = [s for s in letters_to(session, one.person) if s == "Rosie is away for some days"]
        assert len(told) == 1
        (absence,) = one.view().absences
        assert absence.words == "Tuesday 24 March 2026, 2pm"

    def test_far_ahead_is_told_when_it_comes_nearer(self, session: Session, make: Make) -> None:
        one = going(make).accepted()
        away(session, one, AWAY_ON + 20 * WEEK, AWAY_ON + 21 * WEEK)

        one.roll()
        assert "Rosie is away for some days" not in letters_to(session, one.person)
        one.roll(PAID_IN + 12 * WEEK)

        assert "Rosie is away for some days" in letters_to(session, one.person)

    def test_is_not_missing_money(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(60_00))
        provider = make.provider(name="Rosie")
        one = Going(make, funded=funded, provider=provider, ends_before=date(2026, 4, 1)).accepted()
        away(session, one, date(2026, 3, 17), date(2026, 3, 24))

        one.roll()

        assert one.view().not_covered == ()
        assert one.view().lasting.missing_on is None

    def test_who_else_does_the_same_is_shown_to_the_person_alone(
        self, session: Session, make: Make
    ) -> None:
        one = going(make).accepted()
        other = make.provider(name="Heath and Home")
        make.standing(provider=other, council_id=one.funded.council_id)
        make.offer(provider=other, title="Gardening")
        away(session, one, AWAY_ON, AWAY_ON)

        assert {each.card.provider_name for each in one.view().who_else} == {"Heath and Home"}
        assert one.view(by=one.provider).who_else == ()

    def test_who_else_could_come_is_named_once_however_much_they_sell(
        self, session: Session, make: Make
    ) -> None:
        one = going(make).accepted()
        other = make.provider(name="Heath and Home")
        make.standing(provider=other, council_id=one.funded.council_id)
        for title in ("Gardening", "Hedges"):
            make.offer(provider=other, title=title)
        away(session, one, AWAY_ON, AWAY_ON)

        assert [each.card.provider_name for each in one.view().who_else] == ["Heath and Home"]


class TestOrderedAlready:
    def test_stays_and_says_that_they_are_away(self, session: Session, make: Make) -> None:
        one = going(make).accepted()
        one.roll()

        away(session, one, AWAY_ON, AWAY_ON)
        one.roll(PAID_IN + DAY)

        assert held(session, one) == "£120.00"
        day = one.view().days[2]
        assert (day.status, day.amount, day.can_skip) == ("Covered", Money(30_00), True)
        assert day.words.startswith("Rosie is away then. It was ordered before.")
        assert one.view().absences == ()
        hit = affected(
            session,
            provider_id=one.provider.works_for,
            from_on=AWAY_ON,
            last_on=AWAY_ON,
            at=PAID_IN,
        )
        assert (len(hit.visits), hit.standing) == (1, ())

    def test_can_be_left_out(self, session: Session, make: Make) -> None:
        one = going(make).accepted()
        one.roll()
        away(session, one, AWAY_ON, AWAY_ON)

        wish = LeaveOut(standing_id=one.id, from_on=AWAY_ON)
        commands.skip_visit(session, wish, by=one.person, at=PAID_IN)

        assert held(session, one) == "£90.00"
        assert one.days()[2] == ("Tue 24 Mar", "Left out")

    def test_a_change_that_keeps_the_day_keeps_the_visit(
        self, session: Session, make: Make
    ) -> None:
        one = going(make).accepted()
        one.roll()
        away(session, one, AWAY_ON, AWAY_ON)
        wish = ChangeStanding(standing_id=one.id, weekly=BOTH_DAYS, starts_on=BEGINS_ON + WEEK)
        commands.change_standing(session, wish, by=one.person, at=PAID_IN)

        commands.accept_standing_change(session, standing_id=one.id, by=one.provider, at=PAID_IN)
        one.roll()

        days = dict(one.days())
        assert (days["Tue 24 Mar"], days["Fri 27 Mar"]) == ("Covered", "Covered")


class TestBackEarly:
    def test_the_days_come_back_and_are_ordered_once(self, session: Session, make: Make) -> None:
        one = going(make, weekly=BOTH_DAYS).accepted()
        wish = away(session, one, AWAY_ON, AWAY_ON)
        one.roll()

        back(session, one, wish)
        back(session, one, wish)

        assert one.roll() == 1
        assert one.roll() == 0
        assert one.days()[4:6] == [("Tue 24 Mar", "Covered"), ("Fri 27 Mar", "Covered")]
        assert held(session, one) == "£240.00"
        subjects = letters_to(session, one.person)
        assert subjects.count("Rosie is not away after all") == 1
        assert queries.problems(session) == []

    def test_in_the_middle_only_what_is_to_come_comes_back(
        self, session: Session, make: Make
    ) -> None:
        one = going(make).accepted()
        wish = away(session, one, AWAY_ON, AWAY_ON + 13 * DAY)
        one.roll()
        monday = datetime(2026, 3, 30, 9, tzinfo=UTC)

        back(session, one, wish, at=monday)
        one.roll(monday)

        assert one.days(monday)[0] == ("Tue 31 Mar", "Covered")
        assert held(session, one, monday) == "£180.00"  # the 24th is gone

    def test_what_the_person_left_out_meanwhile_stays_left_out(
        self, session: Session, make: Make
    ) -> None:
        one = going(make).accepted()
        wish = away(session, one, AWAY_ON, AWAY_ON)
        leave = LeaveOut(standing_id=one.id, from_on=AWAY_ON)
        commands.skip_visit(session, leave, by=one.person, at=PAID_IN)

        back(session, one, wish)
        one.roll()

        assert one.days()[2] == ("Tue 24 Mar", "Left out")

    def test_another_store_calls_nothing_off(self, session: Session, make: Make) -> None:
        one = going(make).accepted()
        wish = away(session, one, AWAY_ON, AWAY_ON)

        with pytest.raises(NotFoundError):
            come_back(session, break_id=wish.break_id, by=make.provider(), at=PAID_IN)


class TestStarting:
    def test_the_preview_shows_the_days_and_begins_after_them(
        self, session: Session, make: Make
    ) -> None:
        provider = make.provider(name="Rosie")
        offer_id = make.offer(provider=provider)
        someone = make.funded_person(to_spend=Money(500_00))
        for first in (date(2026, 3, 10), date(2026, 3, 24)):
            wish = TakeBreak(break_id=uuid4(), starts_on=first, last_on=first)
            take_holiday(session, wish, by=provider, at=PAID_IN)

        preview = queries.standing_preview(
            session,
            TUESDAYS,
            offer_id=offer_id,
            begins_on=BEGINS_ON,
            ends_before=None,
            person_id=someone.id,
            at=PAID_IN,
        )

        said = [(local_day(day.planned_at).day, day.amount, day.words) for day in preview.days]
        assert said[:2] == [
            (17, Money(30_00), ""),
            (
                24,
                Money(0),
                "Rosie is away. On 24 March, back on 25 March. No money is set aside for it.",
            ),
        ]
        assert preview.four_weeks == Money(90_00)
        one = Going(
            make,
            funded=someone,
            provider=provider,
            offer_id=offer_id,
            seen=preview.four_weeks,
        ).accepted()
        one.roll()
        assert held(session, one) == "£60.00"


def test_it_stands_in_the_calendars_as_off(session: Session, make: Make) -> None:
    one = going(make).accepted()
    away(session, one, AWAY_ON, AWAY_ON)
    one.roll()
    month = Asked(BEGINS_ON, BEGINS_ON + 4 * WEEK, PAID_IN)

    mine = calendars.entries_of_people(session, month, person_ids=[one.funded.id])
    theirs = calendars.entries_of_store(session, month, provider_id=one.provider.works_for)

    for entries in (mine, theirs):
        said = {each.on: (each.status.words, each.status.sureness) for each in entries}
        assert said[AWAY_ON] == (AWAY, Sureness.OFF)


def test_both_sides_read_it_on_their_pages(make: Make, sign_in: SignInAs) -> None:
    soon = local_day(NOW) + 3 * DAY
    provider = make.provider(name="Rosie")
    weekly = Weekly(weekdays=frozenset({soon.weekday()}), minutes=(8 * 60, 18 * 60))
    one = Going(
        make,
        funded=funded(make, to_spend=Money(500_00)),
        provider=provider,
        weekly=weekly,
        begins_on=soon,
        at=NOW,
    ).accepted(NOW)
    at_work, at_home = sign_in(provider), sign_in(one.person)
    page = at_work.get("orders.holidays")
    typed = f"{soon + WEEK:%-d %-m %Y}"
    at_work.submit(page, "Set the holiday", starts_on=typed, last_on=typed, words="Back soon.")

    page = at_work.follow()
    assert "These visits are not planned, and we tell the person" in page.text
    mine = at_home.get("orders.standing_order", standing_id=one.id)
    assert "They write: “Back soon.”" in mine.text
    assert "No money is set aside for this" in mine.text
    assert "Find somebody else" in mine.text
    at_work.submit(page, "Call off this holiday")
    assert "standing orders come back" in at_work.follow().text
    assert "is away" not in at_home.get("orders.standing_order", standing_id=one.id).text
