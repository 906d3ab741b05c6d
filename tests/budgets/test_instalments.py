"""Calendars: what comes when, to the penny; and paying it into many lines at once."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit import queries as audit
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import OpenLine
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.rules import Calendar, Funder, Holder, Schedule
from marketplace.database import db, reading, transaction
from marketplace.kernel.money import ZERO, Money, total
from marketplace.wallet import queries as ledger
from tests.factories import Make
from tests.factories.money import PAID_IN, STARTS_ON
from tests.statements import statements

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
YEARLY = st.integers(1, 10_000_000_00).map(Money)


def wish(person: Actor, **changes: object) -> OpenLine:
    """Say that a person is to have £1,800.00 a year from 4 March 2026."""
    fields = {
        "line_id": uuid4(),
        "person_id": person.buys_for,
        "funder": Funder.ADULT_SOCIAL_CARE,
        "yearly": Money(1_800_00),
        "holder": Holder.DIRECT_PAYMENT,
        "starts_on": STARTS_ON,
    }
    return OpenLine(**(fields | changes))  # type: ignore[arg-type]


class TestSchedule:
    def test_pays_on_the_last_day_of_months_that_are_too_short(self) -> None:
        schedule = Schedule(Calendar.MONTHLY, date(2027, 10, 31))

        days = [schedule.due_on(number) for number in range(6)]

        assert days == [
            date(2027, 10, 31),
            date(2027, 11, 30),
            date(2027, 12, 31),
            date(2028, 1, 31),
            date(2028, 2, 29),
            date(2028, 3, 31),
        ]

    def test_of_29_february_pays_on_the_28th_in_other_years(self) -> None:
        schedule = Schedule(Calendar.MONTHLY, date(2028, 2, 29))

        assert schedule.due_on(12) == date(2029, 2, 28)
        assert schedule.due_on(13) == date(2029, 3, 29)

    @pytest.mark.parametrize(
        ("calendar", "parts"),
        [(Calendar.FOUR_WEEKLY, 13), (Calendar.MONTHLY, 12), (Calendar.ONE_OFF, 1)],
    )
    @given(yearly=YEARLY, starts_on=DAYS, first=st.integers(0, 30))
    def test_adds_up_to_the_penny_over_any_year(
        self, calendar: Calendar, parts: int, yearly: Money, starts_on: date, first: int
    ) -> None:
        schedule = Schedule(calendar, starts_on)
        first = 0 if parts == 1 else first

        days = [schedule.due_on(first + number) for number in range(parts)]
        amounts = [schedule.amount(yearly, day) for day in days]

        assert total(amounts) == yearly
        assert max(amounts).pence - min(amounts).pence <= 1

    @given(
        calendar=st.sampled_from([Calendar.FOUR_WEEKLY, Calendar.MONTHLY]),
        starts_on=DAYS,
        number=st.integers(0, 200),
    )
    def test_knows_the_number_of_each_day(
        self, calendar: Calendar, starts_on: date, number: int
    ) -> None:
        schedule = Schedule(calendar, starts_on)

        due_on = schedule.due_on(number)

        assert schedule.number_of(due_on) == number
        assert schedule.after(due_on) == schedule.due_on(number + 1) > due_on

    def test_ends_in_the_middle(self) -> None:
        schedule = Schedule(Calendar.MONTHLY, date(2026, 1, 31), date(2026, 3, 31))

        days = list(schedule.due_by(date(2027, 1, 1), first_due_on=schedule.first_due_on))

        assert days == [date(2026, 1, 31), date(2026, 2, 28)]

    def test_once_is_once(self) -> None:
        schedule = Schedule(Calendar.ONE_OFF, STARTS_ON)

        assert list(schedule.due_by(date(2030, 1, 1), first_due_on=STARTS_ON)) == [STARTS_ON]
        assert schedule.amount(Money(99), STARTS_ON) == Money(99)

    def test_has_no_days_when_it_comes_as_it_comes(self) -> None:
        assert Schedule(Calendar.AS_IT_COMES, STARTS_ON).first_due_on is None

    def test_counts_the_first_day_and_the_day_itself(self) -> None:
        schedule = Schedule(Calendar.FOUR_WEEKLY, date(2026, 3, 4))

        days = schedule.due_by(date(2026, 4, 1), first_due_on=date(2026, 3, 4))

        assert list(days) == [date(2026, 3, 4), date(2026, 4, 1)]


class TestOpenLine:
    @pytest.mark.parametrize(
        ("calendar", "first", "next_on"),
        [
            (Calendar.FOUR_WEEKLY, Money(138_47), date(2026, 4, 1)),
            (Calendar.MONTHLY, Money(150_00), date(2026, 4, 4)),
            (Calendar.ONE_OFF, Money(1_800_00), None),
        ],
    )
    def test_pays_as_the_calendar_says(
        self,
        session: Session,
        make: Make,
        calendar: Calendar,
        first: Money,
        next_on: date | None,
    ) -> None:
        person = make.person()

        commands.open_line(
            session, wish(person, calendar=calendar), by=make.practitioner(), at=PAID_IN
        )

        line = queries.lines_of(session, person_id=person.buys_for, at=PAID_IN)[0]
        assert (line.available, line.next_instalment_on) == (first, next_on)

    def test_may_wait_for_somebody_to_pay_in(self, session: Session, make: Make) -> None:
        person = make.person()
        as_it_comes = wish(
            person, calendar=Calendar.AS_IT_COMES, yearly=ZERO, funder=Funder.OWN_MONEY
        )

        commands.open_line(session, as_it_comes, by=make.practitioner(), at=PAID_IN)

        line = queries.lines_of(session, person_id=person.buys_for, at=PAID_IN)[0]
        assert (line.available, line.next_instalment_on) == (ZERO, None)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"calendar": Calendar.AS_IT_COMES}, "yearly"),
            ({"calendar": Calendar.MONTHLY, "yearly": ZERO}, "yearly"),
            ({"yearly": Money(-1)}, "yearly"),
            ({"yearly": Money(10_000_000_01)}, "yearly"),
            ({"only_for": ("no-such-thing",)}, "only_for"),
            (
                {"funder": Funder.INDEPENDENT_LIVING_FUND, "holder": Holder.COUNCIL_MANAGED},
                "holder",
            ),
        ],
    )
    def test_refuses_what_does_not_fit(
        self, session: Session, make: Make, changes: dict[str, object], field: str
    ) -> None:
        with pytest.raises(BadLineError) as refusal:
            commands.open_line(
                session, wish(make.person(), **changes), by=make.practitioner(), at=PAID_IN
            )

        assert refusal.value.field == field


class TestPayDueInstalments:
    def test_catches_up_with_several_at_once(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(100_00))
        june = datetime(2026, 6, 1, 9, tzinfo=UTC)

        paid = commands.pay_due_instalments(session, on=june.date(), at=june)

        assert paid == 1
        assert make.lines(funded)[0].available == Money(400_00)
        assert make.lines(funded)[0].next_instalment_on == date(2026, 6, 24)
        assert queries.problems(session) == []
        assert ledger.problems(session) == []
        assert list(audit.broken_chains(session)) == []

    def test_pays_a_monthly_line_across_the_clock_change(
        self, session: Session, make: Make
    ) -> None:
        person = make.person()
        monthly = wish(person, calendar=Calendar.MONTHLY, starts_on=date(2026, 2, 28))
        commands.open_line(session, monthly, by=make.practitioner(), at=PAID_IN)
        just_before = datetime(2026, 3, 27, 23, 59, tzinfo=UTC)
        just_after = datetime(2026, 4, 27, 23, 1, tzinfo=UTC)  # 00:01 on the 28th in London

        early = commands.pay_due_instalments(session, on=date(2026, 3, 27), at=just_before)
        commands.pay_due_instalments(session, on=date(2026, 4, 28), at=just_after)

        line = queries.lines_of(session, person_id=person.buys_for, at=just_after)[0]
        assert early == 0
        assert (line.available, line.next_instalment_on) == (Money(450_00), date(2026, 5, 28))

    def test_shows_what_is_late(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(100_00))
        april = datetime(2026, 4, 3, 9, tzinfo=UTC)

        late = queries.late_instalments(session, on=april.date())

        assert [(row.line_id, row.due_on, row.amount, row.days) for row in late] == [
            (funded.line_id, date(2026, 4, 1), Money(100_00), 2)
        ]
        assert queries.late_instalments(session, on=date(2026, 4, 1)) == []


class KilledError(Exception):
    """What stops a job in the middle."""


@pytest.mark.usefixtures("app")
def test_a_job_stopped_at_any_statement_goes_on_where_it_was(make: Make) -> None:
    council_id = make.council()
    people = [make.funded_person(council_id=council_id, to_spend=Money(10_00)) for _ in range(7)]
    june = datetime(2026, 6, 1, 9, tzinfo=UTC)
    stops = 0
    while not _finished(june, after=stops):
        stops += 1

    assert stops > 5
    with reading(of_one_instant=True) as session:
        for person in people:
            wallet = queries.wallet(session, person_id=person.id, at=june)
            assert wallet.available == Money(40_00)
        assert queries.problems(session) == []
        assert ledger.problems(session) == []
        assert list(audit.broken_chains(session)) == []


def _finished(at: datetime, *, after: int) -> bool:
    """Pay three lines at a time until a statement is one too many; tell whether all was paid."""
    left = after + 3

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise KilledError

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        while _batch(at):
            pass
    except KilledError:
        return False
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return True


def _batch(at: datetime) -> int:
    with transaction() as session:
        return commands.pay_due_instalments(session, on=at.date(), at=at, limit=3)


def test_the_number_of_statements_does_not_grow_with_the_lines(
    session: Session, make: Make
) -> None:
    council_id = make.council()
    for _ in range(12):
        make.funded_person(council_id=council_id)
    april = datetime(2026, 4, 1, 9, tzinfo=UTC)

    with statements() as few:
        commands.pay_due_instalments(session, on=april.date(), at=april, limit=2)
    with statements() as many:
        commands.pay_due_instalments(session, on=april.date(), at=april, limit=10)

    assert len(many) == len(few)
