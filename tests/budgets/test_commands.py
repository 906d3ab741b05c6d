"""Opening lines, paying instalments, setting limits, adding outcomes and people."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Role, Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import AddPerson, NewLimit, OpenLine
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.rules import Funder, Holder, LimitWindow
from marketplace.councils import queries as councils
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger
from marketplace.wallet.rules import AccountKind
from tests.factories import Make
from tests.factories.money import PAID_IN, STARTS_ON


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


def available(session: Session, person: Actor) -> Money:
    """Return what somebody has to spend."""
    return queries.wallet(session, person_id=person.buys_for, at=PAID_IN).available


class TestOpenLine:
    def test_pays_the_first_instalment_from_the_funder(self, session: Session, make: Make) -> None:
        practitioner, person = make.practitioner(), make.person(name="Maya Singh")

        commands.open_line(session, wish(person), by=practitioner, at=PAID_IN)

        line = queries.lines_of(session, person_id=person.buys_for, at=PAID_IN)[0]
        assert (line.available, line.next_instalment_on, line.instalment) == (
            Money(138_47),
            date(2026, 4, 1),
            Money(138_47),
        )
        assert line.holder_name == "Maya Singh"
        council_id = practitioner.works_for
        funder = ledger.balances(session, owner_ids=[council_id], kind=AccountKind.FUNDER)
        assert funder[council_id] == Money(-138_47)
        assert council_id in councils.funding_councils(session, person_id=person.buys_for)

    def test_pays_what_fell_due_since_it_began(self, session: Session, make: Make) -> None:
        person = make.person()
        year_ago = wish(person, starts_on=STARTS_ON - timedelta(weeks=48))

        commands.open_line(session, year_ago, by=make.practitioner(), at=PAID_IN)

        assert available(session, person) == Money(1_800_00)

    def test_pays_nothing_before_it_begins(self, session: Session, make: Make) -> None:
        person = make.person()
        tomorrow = wish(person, starts_on=STARTS_ON + timedelta(days=1))

        commands.open_line(session, tomorrow, by=make.practitioner(), at=PAID_IN)

        assert available(session, person) == ZERO

    def test_twice_is_one_line(self, session: Session, make: Make) -> None:
        practitioner, person = make.practitioner(), make.person()
        once = wish(person)

        first = commands.open_line(session, once, by=practitioner, at=PAID_IN)
        second = commands.open_line(session, once, by=practitioner, at=PAID_IN)

        assert first == second
        assert available(session, person) == Money(138_47)

    def test_does_not_make_ones_own_money_the_councils(self, session: Session, make: Make) -> None:
        person = make.person()

        commands.open_line(
            session, wish(person, funder=Funder.OWN_MONEY), by=make.practitioner(), at=PAID_IN
        )

        assert councils.funding_councils(session, person_id=person.buys_for) == frozenset()

    def test_names_the_council_that_holds_the_money(self, session: Session, make: Make) -> None:
        person = make.person()

        commands.open_line(
            session, wish(person, holder=Holder.COUNCIL_MANAGED), by=make.practitioner(), at=PAID_IN
        )

        line = queries.lines_of(session, person_id=person.buys_for, at=PAID_IN)[0]
        assert line.holder_name == "Ashdale Council"

    def test_refuses_another_councils_line_id(self, session: Session, make: Make) -> None:
        person = make.person()
        once = wish(person)
        commands.open_line(session, once, by=make.practitioner(), at=PAID_IN)

        with pytest.raises(NotFoundError):
            commands.open_line(session, once, by=make.practitioner(), at=PAID_IN)

    def test_refuses_who_is_no_practitioner(self, session: Session, make: Make) -> None:
        person = make.person()
        officer = make.staff(organisation_id=make.council(), role=Role.FINANCE_OFFICER)

        with pytest.raises(NotAllowedError):
            commands.open_line(session, wish(person), by=officer, at=PAID_IN)

    def test_refuses_nobody(self, session: Session, make: Make) -> None:
        with pytest.raises(NotFoundError):
            commands.open_line(
                session,
                wish(make.person(), person_id=uuid4()),
                by=make.practitioner(),
                at=PAID_IN,
            )

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"yearly": ZERO}, "yearly"),
            ({"starts_on": date(2020, 1, 1)}, "starts_on"),
            ({"ends_before": STARTS_ON}, "ends_before"),
            ({"holder": Holder.TRUST}, "holder_name"),
            ({"outcomes": ("",)}, "outcomes"),
        ],
    )
    def test_refuses_what_a_line_cannot_be(
        self, session: Session, make: Make, change: dict[str, object], field: str
    ) -> None:
        with pytest.raises(BadLineError) as refused:
            commands.open_line(
                session, wish(make.person(), **change), by=make.practitioner(), at=PAID_IN
            )

        assert refused.value.field == field


class TestPayDueInstalments:
    def test_pays_each_line_once_for_each_day(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(100_00))
        on = date(2026, 4, 29)

        paid = commands.pay_due_instalments(session, on=on, at=PAID_IN)
        again = commands.pay_due_instalments(session, on=on, at=PAID_IN)

        assert (paid, again) == (1, 0)
        assert available(session, funded.person) == Money(300_00)
        assert queries.problems(session) == []
        assert ledger.problems(session) == []

    def test_goes_on_where_a_batch_ended(self, session: Session, make: Make) -> None:
        people = [make.funded_person(to_spend=Money(100_00)) for _ in range(3)]
        on = date(2026, 4, 1)

        paid = [commands.pay_due_instalments(session, on=on, at=PAID_IN, limit=2) for _ in range(3)]

        assert paid == [2, 1, 0]
        assert [available(session, each.person) for each in people] == [Money(200_00)] * 3

    def test_pays_nothing_after_the_end(self, session: Session, make: Make) -> None:
        practitioner, person = make.practitioner(), make.person()
        make.line(person=person, practitioner=practitioner, ends_before=date(2026, 4, 1))

        assert commands.pay_due_instalments(session, on=date(2027, 1, 1), at=PAID_IN) == 0

    def test_pays_nothing_twice_even_if_the_line_says_it_is_due(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person(to_spend=Money(100_00))
        session.execute(text("UPDATE budget_lines SET next_due_on = starts_on"))
        session.expire_all()

        commands.pay_due_instalments(session, on=STARTS_ON, at=PAID_IN)

        assert available(session, funded.person) == Money(100_00)

    def test_passes_over_parts_of_nothing(self, session: Session, make: Make) -> None:
        person = make.person()
        commands.open_line(
            session, wish(person, yearly=Money(3)), by=make.practitioner(), at=PAID_IN
        )

        commands.pay_due_instalments(session, on=STARTS_ON + timedelta(weeks=48), at=PAID_IN)

        assert available(session, person) == Money(3)


class TestLimits:
    def test_count_what_was_spent_in_their_window_already(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person(to_spend=Money(100_00))
        make.hold(funded, Money(25_00))
        make.hold(funded, Money(5_00), at=PAID_IN + timedelta(days=1))
        windows = [LimitWindow.DAY, LimitWindow.WEEK, LimitWindow.EVER]

        for window in windows:
            commands.set_limit(
                session,
                line_id=funded.line_id,
                limit=make.limit(Money(50_00), window=window),
                by=funded.practitioner,
                at=PAID_IN,
            )

        limits = {limit.window: limit.used for limit in make.lines(funded)[0].limits}
        assert limits == {
            LimitWindow.DAY: Money(25_00),
            LimitWindow.WEEK: Money(30_00),
            LimitWindow.EVER: Money(30_00),
        }
        assert queries.problems(session) == []

    def test_count_from_now_on_too(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        order_id = make.hold(funded, Money(25_00))
        limit = make.limit(Money(50_00), window=LimitWindow.WEEK)
        commands.set_limit(
            session, line_id=funded.line_id, limit=limit, by=funded.practitioner, at=PAID_IN
        )

        make.hold(funded, Money(10_00))
        commands.release(session, order_id=order_id, key="r", amount=Money(20_00), at=PAID_IN)

        assert make.lines(funded)[0].limits[0].used == Money(15_00)
        assert queries.problems(session) == []

    def test_twice_is_one_limit(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        limit = make.limit()

        for _ in range(2):
            commands.set_limit(
                session, line_id=funded.line_id, limit=limit, by=funded.practitioner, at=PAID_IN
            )

        assert len(make.lines(funded)[0].limits) == 1

    def test_end_once_and_for_all(self, session: Session, make: Make) -> None:
        funded = make.funded_person(limits=[make.limit(Money(30_00))])
        limit_id = make.lines(funded)[0].limits[0].id

        for _ in range(2):
            commands.end_limit(session, limit_id=limit_id, by=funded.practitioner, at=PAID_IN)

        assert make.lines(funded)[0].limits == ()
        make.hold(funded, Money(90_00))

    def test_are_refused_to_other_councils_and_other_hats(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person(limits=[make.limit()])
        limit_id = make.lines(funded)[0].limits[0].id
        stranger = make.practitioner()
        set_ = {"line_id": funded.line_id, "limit": make.limit(), "at": PAID_IN}

        with pytest.raises(NotFoundError):
            commands.set_limit(session, by=stranger, **set_)  # type: ignore[arg-type]
        with pytest.raises(NotFoundError):
            commands.end_limit(session, limit_id=limit_id, by=stranger, at=PAID_IN)
        with pytest.raises(NotFoundError):
            commands.end_limit(session, limit_id=uuid4(), by=stranger, at=PAID_IN)
        only_sees = make.supporter(person=funded.person, scopes=[Scope.SEE])
        with pytest.raises(NotAllowedError):
            commands.set_limit(session, by=only_sees, **set_)  # type: ignore[arg-type]
        with pytest.raises(NotFoundError):
            commands.set_limit(session, by=make.person(), **set_)  # type: ignore[arg-type]

    def test_refuse_the_id_of_a_limit_elsewhere(self, session: Session, make: Make) -> None:
        limit = make.limit()
        make.funded_person(limits=[limit])
        other = make.funded_person()

        with pytest.raises(NotFoundError):
            commands.set_limit(
                session, line_id=other.line_id, limit=limit, by=other.practitioner, at=PAID_IN
            )

    @pytest.mark.parametrize(
        "limit",
        [
            NewLimit(window=LimitWindow.DAY, amount=ZERO, reason="Because."),
            NewLimit(window=LimitWindow.DAY, amount=Money(1), reason=" "),
        ],
    )
    def test_refuse_no_amount_and_no_reason(
        self, session: Session, make: Make, limit: NewLimit
    ) -> None:
        funded = make.funded_person()

        with pytest.raises(BadLineError):
            commands.set_limit(
                session, line_id=funded.line_id, limit=limit, by=funded.practitioner, at=PAID_IN
            )


def add(session: Session, person_id: UUID, by: Actor, sentence: str = "I sing.") -> None:
    """Add an outcome."""
    commands.add_outcome(session, person_id=person_id, sentence=sentence, by=by, at=PAID_IN)


class TestAddOutcome:
    def test_is_for_the_person_their_planner_and_their_practitioner(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person(outcomes=["I sing."])
        planner = make.supporter(person=funded.person, scopes=[Scope.PLAN])

        add(session, funded.id, funded.person, " i  SING. ")
        add(session, funded.id, planner, "I swim.")
        add(session, funded.id, funded.practitioner, "I cook.")

        outcomes = queries.outcomes_of(session, person_id=funded.id)
        assert [row.sentence for row in outcomes] == ["I sing.", "I swim.", "I cook."]
        of_line = queries.outcomes_of_line(session, line_id=funded.line_id)
        assert [row.sentence for row in of_line] == ["I sing."]

    def test_is_for_nobody_else(self, session: Session, make: Make) -> None:
        funded = make.funded_person()

        with pytest.raises(NotFoundError):
            add(session, funded.id, make.person())
        with pytest.raises(NotFoundError):
            add(session, funded.id, make.practitioner())
        with pytest.raises(NotAllowedError):
            add(session, funded.id, make.supporter(person=funded.person, scopes=[Scope.PAY]))

    def test_has_an_end(self, session: Session, make: Make) -> None:
        person = make.person()
        for number in range(20):
            add(session, person.buys_for, person, f"I sing {number} songs.")

        with pytest.raises(BadLineError, match="at most 20"):
            add(session, person.buys_for, person, "I dance.")


class TestAddPerson:
    def test_makes_an_account_and_writes_a_letter(self, session: Session, make: Make) -> None:
        practitioner = make.practitioner()
        wanted = AddPerson(name="Joe Bloom", email="Joe@Mail.example")

        person_id = commands.add_person(session, wanted, by=practitioner, at=PAID_IN)
        again = commands.add_person(session, wanted, by=practitioner, at=PAID_IN)

        assert person_id == again
        assert access.person(session, user_id=person_id).email == "joe@mail.example"
        people = queries.people_of_council(session, council_id=practitioner.works_for)
        assert [(row.name, row.lines) for row in people.rows] == [("Joe Bloom", 0)]
        assert not councils.funding_councils(session, person_id=person_id)

    def test_refuses_who_is_no_practitioner(self, session: Session, make: Make) -> None:
        with pytest.raises(NotAllowedError):
            commands.add_person(
                session, AddPerson(name="J", email="j@mail.example"), by=make.person(), at=PAID_IN
            )
