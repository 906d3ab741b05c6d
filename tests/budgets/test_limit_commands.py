"""Setting limits, on whose money, about what; and ending them."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role, Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import NewLimit
from marketplace.budgets.errors import BadLineError, SpendRefusedError
from marketplace.budgets.models import SpendingLimit
from marketplace.budgets.rules import Funder, LimitKind, LimitWindow, Measure, Narrowing
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import PENCE_MAX, Money
from tests.budgets.limiting import a_limit, about, buy, set_on
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £500.00, in a market of four kinds of support."""
    for slug in ("company", "meals", "getting-around", "holidays"):
        make.category(slug)
    return make.funded_person(to_spend=Money(500_00))


def far_away(make: Make) -> Actor:
    """Make a provider whom another council alone has checked."""
    birchdale = make.council(name="Birchdale Council", districts=("BD1",))
    provider = make.provider(name="Far Away Help", postcode="BD1 1AA")
    make.standing(provider=provider, council_id=birchdale)
    return provider


class TestSetting:
    def test_is_for_the_person_too(self, session: Session, make: Make, funded: Funded) -> None:
        helper = make.supporter(person=funded.person, scopes=[Scope.MANAGE_CIRCLE])

        for by in (funded.person, helper):
            set_on(session, funded, a_limit(), by=by)

        names = {row.set_by_name for row in make.lines(funded)[0].limits}
        assert names == {funded.person.name, helper.name}

    def test_is_for_nobody_else(self, session: Session, make: Make, funded: Funded) -> None:
        not_theirs = [
            make.supporter(person=funded.person, scopes=[Scope.SEE, Scope.PLAN, Scope.PAY]),
            make.staff(organisation_id=funded.council_id, role=Role.FINANCE_OFFICER),
        ]

        for by in not_theirs:
            with pytest.raises(NotAllowedError):
                set_on(session, funded, a_limit(), by=by)
        for by in (make.person(), make.practitioner()):
            with pytest.raises(NotFoundError):
                set_on(session, funded, a_limit(), by=by)

    def test_on_own_money_is_the_persons_alone(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        line_id = commands.own_line(
            session,
            person_id=funded.id,
            council_id=funded.council_id,
            funder=Funder.OWN_MONEY,
            by_user_id=funded.id,
            at=PAID_IN,
        )
        values = {"line_id": line_id, "limit": a_limit(), "at": PAID_IN}

        with pytest.raises(NotAllowedError, match="Only they can set a limit"):
            commands.set_limit(session, by=funded.practitioner, **values)  # type: ignore[arg-type]
        limit_id = commands.set_limit(session, by=funded.person, **values)  # type: ignore[arg-type]
        with pytest.raises(NotAllowedError, match="Only they can end"):
            commands.end_limit(
                session, limit_id=limit_id, reason="No.", by=funded.practitioner, at=PAID_IN
            )

    def test_counts_orders(self, session: Session, make: Make, funded: Funded) -> None:
        buy(session, funded, Money(5_00))
        set_on(session, funded, a_limit(measure=Measure.COUNT, count_max=2, amount=Money(0)))

        buy(session, funded, Money(5_00))
        with pytest.raises(SpendRefusedError, match="2 orders for one week"):
            buy(session, funded, Money(5_00))

    def test_says_what_it_is_about_in_words(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        kitchen = make.provider(name="Kettle Kitchen", reach_metres=None).works_for
        outcome = queries.outcomes_of(session, person_id=funded.id)[0].id

        set_on(session, funded, about(Narrowing.CATEGORY, "getting-around", "company"))
        set_on(session, funded, about(Narrowing.PROVIDER, kitchen))
        set_on(session, funded, about(Narrowing.OUTCOME, outcome, amount=Money(0), others=True))

        assert {row.label for row in make.lines(funded)[0].limits} == {
            "£30.00 for one week on getting around and company",
            "£30.00 for one week on Kettle Kitchen",
            "only I see my friends",
        }

    def test_says_as_much_as_there_is_room_for(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        slugs = [make.category(f"kind-{number}", name=f"{number}{'x' * 59}") for number in range(5)]

        set_on(session, funded, about(Narrowing.CATEGORY, *slugs))

        assert make.lines(funded)[0].limits[0].label.endswith("xxx and 2 more")

    def test_counts_what_it_is_about_alone(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        buy(session, funded, Money(20_00), "holidays")
        buy(session, funded, Money(5_00), "company")

        set_on(session, funded, about(Narrowing.CATEGORY, "company"))

        assert make.lines(funded)[0].limits[0].used == Money(5_00)

    @pytest.mark.parametrize(
        ("wish", "field"),
        [
            (a_limit(amount=Money(-1)), "amount"),
            (a_limit(amount=Money(0)), "amount"),
            (a_limit(amount=Money(PENCE_MAX + 1)), "amount"),
            (a_limit(measure=Measure.COUNT, amount=Money(0), count_max=-1), "count_max"),
            (a_limit(measure=Measure.COUNT, amount=Money(0), count_max=1001), "count_max"),
            (a_limit(measure=Measure.COUNT, count_max=1), "count_max"),
            (
                a_limit(
                    measure=Measure.COUNT, window=LimitWindow.ORDER, amount=Money(0), count_max=1
                ),
                "window",
            ),
            (a_limit(reason=" "), "reason"),
            (a_limit(reason="x" * 301), "reason"),
            (a_limit(asks_id=uuid4()), "asks"),
            (a_limit(narrowed_to=("meals",)), "narrowed_to"),
            (about(Narrowing.CATEGORY), "narrowed_to"),
            (about(Narrowing.CATEGORY, "gold"), "narrowed_to"),
            (about(Narrowing.CATEGORY, amount=Money(-1)), "amount"),
            (about(Narrowing.CATEGORY, "company", amount=Money(PENCE_MAX + 1)), "amount"),
            (about(Narrowing.OUTCOME, uuid4()), "narrowed_to"),
            (about(Narrowing.PROVIDER, "not an id"), "narrowed_to"),
            (about(Narrowing.PROVIDER, uuid4()), "narrowed_to"),
            (about(Narrowing.PROVIDER, *(uuid4() for _ in range(200))), "narrowed_to"),
        ],
    )
    def test_refuses_what_cannot_be(
        self, session: Session, funded: Funded, wish: NewLimit, field: str
    ) -> None:
        with pytest.raises(BadLineError) as refusal:
            set_on(session, funded, wish)

        assert refusal.value.field == field

    def test_refuses_a_provider_of_another_council(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        elsewhere = far_away(make)

        with pytest.raises(BadLineError, match="Far Away Help does not sell to people of"):
            set_on(session, funded, about(Narrowing.PROVIDER, elsewhere.works_for))

    def test_takes_a_provider_that_has_sold_to_them_from_elsewhere(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        elsewhere = far_away(make)
        buy(session, funded, Money(1_00), provider_id=elsewhere.works_for)

        set_on(session, funded, about(Narrowing.PROVIDER, elsewhere.works_for))

    def test_names_who_is_asked(self, session: Session, make: Make, funded: Funded) -> None:
        colleague = make.practitioner(council_id=funded.council_id, name="Omar Quill")
        uncle = make.supporter(person=funded.person, scopes=[Scope.APPROVE])
        make.supporter(person=funded.person, scopes=[Scope.PAY])

        may = queries.who_may_be_asked(
            session, line_id=funded.line_id, by=funded.practitioner, at=PAID_IN
        )
        set_on(session, funded, a_limit(asks_id=uncle.user_id, kind=LimitKind.ASK))

        assert {one.id for one in may} == {colleague.user_id, uncle.user_id}
        assert make.lines(funded)[0].limits[0].limit.answerer == uncle.name

    def test_offers_a_person_the_practitioners_they_know(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        make.practitioner(council_id=funded.council_id, name="Omar Quill")

        may = queries.who_may_be_asked(
            session, line_id=funded.line_id, by=funded.person, at=PAID_IN
        )

        assert [one.id for one in may] == [funded.practitioner.user_id]


class TestEnding:
    def test_of_ones_own_needs_no_reason(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        helper = make.supporter(person=funded.person, scopes=[Scope.MANAGE_CIRCLE])

        for by in (funded.person, funded.practitioner, helper):
            limit_id = set_on(session, funded, a_limit(), by=by)
            commands.end_limit(session, limit_id=limit_id, by=by, at=PAID_IN)

        assert make.lines(funded)[0].limits == ()

    def test_of_the_councils_is_not_for_the_person(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        limit_id = set_on(session, funded, a_limit())

        with pytest.raises(NotAllowedError, match="Ask them to end it"):
            commands.end_limit(session, limit_id=limit_id, by=funded.person, at=PAID_IN)

    def test_by_a_colleague_says_why(self, session: Session, make: Make, funded: Funded) -> None:
        colleague = make.practitioner(council_id=funded.council_id)
        limit_id = set_on(session, funded, a_limit(), by=funded.person)

        with pytest.raises(BadLineError, match="Say why"):
            commands.end_limit(session, limit_id=limit_id, by=colleague, at=PAID_IN)
        commands.end_limit(
            session, limit_id=limit_id, reason="It came between.", by=colleague, at=PAID_IN
        )

        ended = session.get_one(SpendingLimit, limit_id)
        assert (ended.ended_by_name, ended.ended_reason) == (
            f"{colleague.name} (Ashdale Council)",
            "It came between.",
        )

    def test_of_the_circles_is_for_the_person_and_its_author(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        helper, other = (
            make.supporter(person=funded.person, scopes=[Scope.MANAGE_CIRCLE]) for _ in range(2)
        )
        limit_id = set_on(session, funded, a_limit(), by=helper)

        with pytest.raises(NotAllowedError, match="Only they can end it"):
            commands.end_limit(session, limit_id=limit_id, by=other, at=PAID_IN)
        commands.end_limit(session, limit_id=limit_id, by=funded.person, at=PAID_IN)

    def test_is_refused_to_strangers(self, session: Session, make: Make, funded: Funded) -> None:
        limit_id = set_on(session, funded, a_limit())

        for by in (make.person(), make.practitioner()):
            with pytest.raises(NotFoundError):
                commands.end_limit(session, limit_id=limit_id, by=by, at=PAID_IN)
        officer = make.staff(organisation_id=funded.council_id, role=Role.FINANCE_OFFICER)
        with pytest.raises(NotAllowedError):
            commands.end_limit(session, limit_id=limit_id, by=officer, at=PAID_IN)
