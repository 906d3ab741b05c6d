"""Which money pays first, a line split by shares, and what a year brings to the next."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import ChangeLine, NewHolder, Share
from marketplace.budgets.errors import BadLineError, SpendRefusedError
from marketplace.budgets.queries import LineRow
from marketplace.budgets.rules import Funder, Holder, LimitWindow
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.wallet import queries as ledger
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

APRIL = datetime(2026, 4, 1, 9, tzinfo=UTC)
WHY = "We looked at the plan together."


def change(funded: Funded, *, line_id: UUID | None = None) -> ChangeLine:
    """Say which line is changed, and why."""
    return ChangeLine.new(line_id or funded.line_id, WHY)


def lines(session: Session, funded: Funded) -> list[LineRow]:
    """Return somebody's open lines."""
    return queries.lines_of(session, person_id=funded.id, at=PAID_IN)


def books_fit(session: Session) -> None:
    """Assert that lines, holds and ledger fit."""
    assert queries.problems(session) == []
    assert ledger.problems(session) == []


def used(session: Session, funded: Funded) -> dict[UUID, list[Money]]:
    """Return what is used of each limit of somebody's lines."""
    return {row.id: [limit.used for limit in row.limits] for row in lines(session, funded)}


def halve(session: Session, funded: Funded) -> list[UUID]:
    """Split somebody's line into two halves; return the new one."""
    other = Share(percent=50, new=NewHolder(holder=Holder.COUNCIL_MANAGED))
    return commands.split_line(
        session, change(funded), percent=50, others=[other], by=funded.practitioner, at=PAID_IN
    )


def pay(
    session: Session,
    make: Make,
    funded: Funded,
    amount: Money,
    line_id: UUID,
    at: datetime = PAID_IN,
) -> None:
    """Set money of one line aside."""
    spend = make.spend(amount, council_id=funded.council_id, line_ids=[line_id])
    commands.hold(session, spend=spend, person_id=funded.id, by=funded.person, at=at)


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 since 4 March, and the same every four weeks."""
    return make.funded_person(to_spend=Money(100_00))


class TestSequence:
    def test_is_the_persons_own_choice(self, session: Session, make: Make, funded: Funded) -> None:
        second = make.line(
            person=funded.person, practitioner=funded.practitioner, funder=Funder.SHORT_BREAKS
        )

        for _ in range(2):  # the first one has nowhere to go
            commands.move_in_sequence(
                session, line_id=second, up=True, change_id=uuid4(), by=funded.person, at=PAID_IN
            )

        assert [line.id for line in lines(session, funded)] == [second, funded.line_id]

    def test_is_for_supporters_who_plan_alone(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        payer = make.supporter(person=funded.person, scopes={Scope.PAY})
        stranger = make.person()
        for by, error in (
            (payer, NotAllowedError),
            (funded.practitioner, NotAllowedError),
            (stranger, NotFoundError),
        ):
            with pytest.raises(error):
                commands.move_in_sequence(
                    session,
                    line_id=funded.line_id,
                    up=True,
                    change_id=uuid4(),
                    by=by,
                    at=PAID_IN,
                )


class TestSplit:
    def test_shares_to_the_penny(self, session: Session, make: Make) -> None:
        limit = make.limit(Money(20_00))
        funded = make.funded_person(to_spend=Money(100_01), limits=[limit])
        provider = make.provider(name="Moor Edge")
        others = [
            Share(percent=33, new=NewHolder(holder=Holder.ISF, provider_id=provider.works_for)),
            Share(percent=7, new=NewHolder(holder=Holder.COUNCIL_MANAGED)),
        ]
        make.hold(funded, Money(20_00))

        commands.split_line(
            session, change(funded), percent=60, others=others, by=funded.practitioner, at=PAID_IN
        )

        rows = lines(session, funded)
        assert [row.available for row in rows] == [Money(48_01), Money(26_40), Money(5_60)]
        assert sum(row.yearly.pence for row in rows) == 100_01 * 13
        assert [row.holder for row in rows] == [
            Holder.DIRECT_PAYMENT,
            Holder.ISF,
            Holder.COUNCIL_MANAGED,
        ]
        assert all(len(row.limits) == 1 for row in rows)
        commands.pay_due_instalments(session, on=APRIL.date(), at=APRIL)
        paid = sum(row.available.pence for row in lines(session, funded)) - 80_01
        assert abs(paid - 100_01) <= 2  # three lines round by themselves; a year adds up
        books_fit(session)

    def test_goes_on_counting_what_was_spent_under_its_limits(
        self, session: Session, make: Make
    ) -> None:
        windows = (LimitWindow.MONTH, LimitWindow.EVER)
        limits = [make.limit(Money(40_00), window=window) for window in windows]
        funded = make.funded_person(to_spend=Money(200_00), limits=limits)
        before = make.hold(funded, Money(30_00))

        (part_id,) = halve(session, funded)

        assert used(session, funded) == {
            funded.line_id: [Money(30_00)] * 2,
            part_id: [Money(30_00)] * 2,
        }
        with pytest.raises(SpendRefusedError, match=r"£40\.00"):
            pay(session, make, funded, Money(10_01), part_id)
        commands.release(session, order_id=before, key="r", amount=Money(12_00), at=PAID_IN)
        pay(session, make, funded, Money(22_00), part_id)
        assert used(session, funded) == {
            funded.line_id: [Money(18_00)] * 2,
            part_id: [Money(40_00)] * 2,
        }
        books_fit(session)

    def test_counts_what_the_whole_line_paid_under_a_limit_set_later(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person(to_spend=Money(200_00))
        make.hold(funded, Money(30_00))
        (part_id,) = halve(session, funded)
        later = PAID_IN + timedelta(hours=1)
        pay(session, make, funded, Money(9_00), funded.line_id, at=later)

        new = make.limit(Money(40_00), window=LimitWindow.EVER)
        commands.set_limit(session, line_id=part_id, limit=new, by=funded.practitioner, at=later)

        assert used(session, funded)[part_id] == [Money(30_00)]
        books_fit(session)

    @pytest.mark.parametrize("percents", [(60, 30), (100, 0), (110, -10), (50,), (14,) * 7])
    def test_refuses_shares_that_make_no_hundred(
        self, session: Session, funded: Funded, percents: tuple[int, ...]
    ) -> None:
        new = NewHolder(holder=Holder.COUNCIL_MANAGED)
        others = [Share(percent=percent, new=new) for percent in percents[1:]]

        with pytest.raises(BadLineError) as refusal:
            commands.split_line(
                session,
                change(funded),
                percent=percents[0],
                others=others,
                by=funded.practitioner,
                at=PAID_IN,
            )

        assert refusal.value.field == "percent"


class TestCarriedForward:
    def test_shows_what_was_there_when_the_year_began(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        a_year_on = PAID_IN + timedelta(days=380)
        commands.pay_due_instalments(
            session, on=date(2027, 2, 28), at=PAID_IN + timedelta(days=360)
        )
        commands.pay_due_instalments(session, on=a_year_on.date(), at=a_year_on)

        story = queries.line_story(
            session, line_id=funded.line_id, person_id=funded.id, at=a_year_on
        )

        assert story.year_starts_on == date(2027, 3, 4)
        assert story.brought_forward == Money(1_300_00)
