"""Changing a line in the middle of the year: plan, history and money stay."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import ChangeLine, NewHolder
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.queries import LineRow
from marketplace.budgets.rules import Funder, Holder, LineChange
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.outbox.models import Letter
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


def letters(session: Session) -> list[str]:
    """Return what was written to whom."""
    rows = session.query(Letter).order_by(Letter.to)
    return [" ".join(letter.values["sentences"]) for letter in rows if "sentences" in letter.values]


def books_fit(session: Session) -> None:
    """Assert that lines, holds and ledger fit."""
    assert queries.problems(session) == []
    assert ledger.problems(session) == []


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 since 4 March, and the same every four weeks."""
    return make.funded_person(to_spend=Money(100_00))


class TestChangeAmount:
    def test_counts_from_the_next_instalment_on(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        make.hold(funded, Money(30_00))

        commands.change_amount(
            session,
            change(funded),
            yearly=Money(2_600_00),
            by=funded.practitioner,
            at=PAID_IN,
        )

        assert lines(session, funded)[0].available == Money(70_00)
        commands.pay_due_instalments(session, on=APRIL.date(), at=APRIL)
        assert lines(session, funded)[0].available == Money(270_00)
        row = queries.changes_of_line(session, line_id=funded.line_id)[0]
        assert (row.what, row.before, row.after, row.reason, row.effective_on) == (
            LineChange.AMOUNT,
            "£1,300.00 for a year",
            "£2,600.00 for a year",
            WHY,
            date(2026, 4, 1),
        )
        assert "From Wednesday 1 April you have £2,600.00 for a year." in letters(session)[0]
        books_fit(session)

    @pytest.mark.parametrize("pence", [0, -1, 10_000_000_01])
    def test_refuses_what_is_no_amount(self, session: Session, funded: Funded, pence: int) -> None:
        with pytest.raises(BadLineError) as refusal:
            commands.change_amount(
                session, change(funded), yearly=Money(pence), by=funded.practitioner, at=PAID_IN
            )

        assert refusal.value.field == "yearly"

    def test_refuses_what_it_is_already(self, session: Session, funded: Funded) -> None:
        with pytest.raises(BadLineError, match="That is how it is now"):
            commands.change_amount(
                session, change(funded), yearly=Money(1_300_00), by=funded.practitioner, at=PAID_IN
            )

    def test_refuses_to_do_it_without_a_reason(self, session: Session, funded: Funded) -> None:
        with pytest.raises(BadLineError, match="Say why"):
            commands.change_amount(
                session,
                ChangeLine.new(funded.line_id, "  "),
                yearly=Money(5),
                by=funded.practitioner,
                at=PAID_IN,
            )

    def test_sent_twice_is_one_change(self, session: Session, funded: Funded) -> None:
        wish = change(funded)
        for _ in range(2):
            commands.change_amount(
                session, wish, yearly=Money(5), by=funded.practitioner, at=PAID_IN
            )

        assert len(queries.changes_of_line(session, line_id=funded.line_id)) == 1

    def test_is_not_for_another_council_nor_for_the_person(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        for by, error in ((make.practitioner(), NotFoundError), (funded.person, NotAllowedError)):
            with pytest.raises(error):
                commands.change_amount(session, change(funded), yearly=Money(5), by=by, at=PAID_IN)


class TestChangeFunder:
    def test_keeps_everything_else(self, session: Session, make: Make, funded: Funded) -> None:
        make.hold(funded, Money(30_00))
        before = lines(session, funded)[0]

        commands.change_funder(
            session,
            change(funded),
            funder=Funder.PERSONAL_HEALTH_BUDGET,
            by=funded.practitioner,
            at=PAID_IN,
        )

        after = lines(session, funded)[0]
        assert after.funder is Funder.PERSONAL_HEALTH_BUDGET
        assert (after.available, after.held, after.yearly, after.limits) == (
            before.available,
            before.held,
            before.yearly,
            before.limits,
        )
        assert [row.sentence for row in queries.outcomes_of_line(session, line_id=after.id)] == [
            "I see my friends."
        ]

    def test_keeps_own_money_apart(self, session: Session, funded: Funded) -> None:
        with pytest.raises(BadLineError, match="own money"):
            commands.change_funder(
                session,
                change(funded),
                funder=Funder.OWN_MONEY,
                by=funded.practitioner,
                at=PAID_IN,
            )

    def test_asks_the_new_funders_rules(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        new = NewHolder(holder=Holder.COUNCIL_MANAGED)
        commands.change_holder(session, change(funded), new=new, by=funded.practitioner, at=PAID_IN)

        with pytest.raises(BadLineError) as refusal:
            commands.change_funder(
                session,
                change(funded),
                funder=Funder.INDEPENDENT_LIVING_FUND,
                by=funded.practitioner,
                at=PAID_IN,
            )

        assert refusal.value.field == "holder"
        assert str(refusal.value) == (
            "The council cannot look after this money (Independent Living Fund). "
            "These can: the person, family or a friend, a trust, a broker or organisation."
        )


class TestChangeHolder:
    def test_leaves_open_orders_and_their_money(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        order_id = make.hold(funded, Money(30_00))
        new = NewHolder(holder=Holder.TRUST, name="Maya's circle")

        commands.change_holder(session, change(funded), new=new, by=funded.practitioner, at=PAID_IN)
        provider_id = uuid4()
        commands.capture(
            session,
            order_id=order_id,
            key="k",
            amount=Money(30_00),
            provider_id=provider_id,
            at=PAID_IN,
        )

        line = lines(session, funded)[0]
        assert (line.holder_name, line.available, line.held) == (
            "Maya's circle",
            Money(70_00),
            ZERO,
        )
        row = queries.changes_of_line(session, line_id=line.id)[0]
        assert (row.after, row.moved) == ("Maya's circle (a trust)", Money(100_00))
        books_fit(session)

    def test_needs_a_name(self, session: Session, funded: Funded) -> None:
        with pytest.raises(BadLineError) as refusal:
            commands.change_holder(
                session,
                change(funded),
                new=NewHolder(holder=Holder.THIRD_PARTY),
                by=funded.practitioner,
                at=PAID_IN,
            )

        assert refusal.value.field == "holder_name"

    def test_refuses_the_same_holder(self, session: Session, funded: Funded) -> None:
        new = NewHolder(holder=Holder.TRUST, name="A trust")
        commands.change_holder(session, change(funded), new=new, by=funded.practitioner, at=PAID_IN)

        with pytest.raises(BadLineError, match="That is how it is now"):
            commands.change_holder(
                session, change(funded), new=new, by=funded.practitioner, at=PAID_IN
            )


class TestIndividualServiceFund:
    def test_moves_with_all_its_money_and_everybody_is_told(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        first, second = make.provider(name="Moor Edge"), make.provider(name="Hill Foot")
        to_first = NewHolder(holder=Holder.ISF, provider_id=first.works_for)
        commands.change_holder(
            session, change(funded), new=to_first, by=funded.practitioner, at=PAID_IN
        )
        make.hold(funded, Money(30_00))

        commands.move_isf(
            session,
            change(funded),
            provider_id=second.works_for,
            by=funded.practitioner,
            at=APRIL,
        )

        line = lines(session, funded)[0]
        assert (line.holder_name, line.available, line.held) == (
            "Hill Foot",
            Money(70_00),
            Money(30_00),
        )
        row = queries.changes_of_line(session, line_id=line.id)[0]
        assert row.moved == Money(100_00)
        said = " ".join(letters(session))
        name = funded.person.name
        assert f"From Wednesday 1 April you no longer keep the money of {name}: £100.00." in said
        assert f"From Wednesday 1 April you keep money for {name}: £100.00." in said

    def test_does_not_let_the_provider_spend(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        provider = make.provider()
        new = NewHolder(holder=Holder.ISF, provider_id=provider.works_for)
        commands.change_holder(session, change(funded), new=new, by=funded.practitioner, at=PAID_IN)
        spend = make.spend(Money(1), council_id=funded.council_id)

        with pytest.raises(NotAllowedError):
            commands.hold(session, spend=spend, person_id=funded.id, by=provider, at=PAID_IN)

    def test_moves_only_where_a_provider_keeps_it(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        with pytest.raises(BadLineError, match="No provider keeps this money"):
            commands.move_isf(
                session,
                change(funded),
                provider_id=make.provider().works_for,
                by=funded.practitioner,
                at=PAID_IN,
            )


class TestChangeEnd:
    def test_stops_instalments_and_new_orders_but_takes_nothing(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        commands.change_end(
            session,
            change(funded),
            ends_before=date(2026, 4, 1),
            by=funded.practitioner,
            at=PAID_IN,
        )
        spend = make.spend(Money(1_00), council_id=funded.council_id)

        answer = queries.may_buy(session, person_id=funded.id, spends=[spend], at=APRIL)[0]

        assert commands.pay_due_instalments(session, on=date(2027, 1, 1), at=APRIL) == 0
        assert not answer.yes
        story = queries.line_story(session, line_id=funded.line_id, person_id=funded.id, at=APRIL)
        assert story.is_over
        assert story.line.available == Money(100_00)
        assert "stays here for next year" in story.left_over

    def test_may_be_taken_back(self, session: Session, funded: Funded) -> None:
        for ends_before in (date(2026, 3, 20), None):
            commands.change_end(
                session, change(funded), ends_before=ends_before, by=funded.practitioner, at=PAID_IN
            )

        assert lines(session, funded)[0].next_instalment_on == date(2026, 4, 1)

    @pytest.mark.parametrize("ends_before", [date(2026, 3, 4), date(2026, 2, 1), date(2190, 1, 1)])
    def test_refuses_a_day_that_cannot_be(
        self, session: Session, funded: Funded, ends_before: date
    ) -> None:
        with pytest.raises(BadLineError) as refusal:
            commands.change_end(
                session, change(funded), ends_before=ends_before, by=funded.practitioner, at=PAID_IN
            )

        assert refusal.value.field == "ends_before"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE budget_line_changes SET after = '{}'",
        "UPDATE budget_line_changes SET moved_pence = 1",
        "DELETE FROM budget_line_changes",
    ],
)
def test_what_was_changed_stays_written(session: Session, funded: Funded, statement: str) -> None:
    commands.change_cost_code(
        session, change(funded), cost_code="A 12", by=funded.practitioner, at=PAID_IN
    )

    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(statement))


def test_a_finance_officer_changes_no_line(session: Session, make: Make, funded: Funded) -> None:
    officer: Actor = make.staff(organisation_id=funded.council_id, role=Role.FINANCE_OFFICER)

    with pytest.raises(NotAllowedError):
        commands.change_cost_code(session, change(funded), cost_code="1", by=officer, at=PAID_IN)
