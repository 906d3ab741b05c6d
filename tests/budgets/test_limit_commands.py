"""Setting limits, on whose money, about what; and ending them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role, Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import NewLimit
from marketplace.budgets.errors import BadLineError, SecondLookError, SpendRefusedError
from marketplace.budgets.models import SpendingLimit
from marketplace.budgets.rules import Funder, LimitKind, LimitWindow, Measure, Narrowing, Spend
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import PENCE_MAX, Money
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

DAY = timedelta(days=1)


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £500.00, in a market of four kinds of support."""
    for slug in ("company", "meals", "getting-around", "holidays"):
        make.category(slug)
    return make.funded_person(to_spend=Money(500_00))


def a_limit(**more: object) -> NewLimit:
    """Say what limit to set: £30.00 for one week."""
    values: dict[str, object] = {
        "window": LimitWindow.WEEK,
        "amount": Money(30_00),
        "reason": "It is to last.",
    }
    return NewLimit(**(values | more))  # type: ignore[arg-type]


def about(narrowed: Narrowing, *named: object, **more: object) -> NewLimit:
    """Say what limit to set on some things alone."""
    return a_limit(narrowed=narrowed, narrowed_to=tuple(map(str, named)), **more)


def set_on(session: Session, funded: Funded, wish: NewLimit, **more: object) -> UUID:
    """Set a limit as the practitioner, if nobody else is named."""
    values: dict[str, object] = {"by": funded.practitioner, "at": PAID_IN} | more
    return commands.set_limit(session, line_id=funded.line_id, limit=wish, **values)  # type: ignore[arg-type]


def buy(
    session: Session, funded: Funded, amount: Money, category: str = "company", **more: object
) -> UUID:
    """Set money aside for an order of one category."""
    values: dict[str, object] = {"provider_id": uuid4(), "order_id": uuid4()} | more
    at = values.pop("at", PAID_IN)
    spend = Spend.of(amount, council_id=funded.council_id, category=category, **values)  # type: ignore[arg-type]
    commands.hold(session, spend=spend, person_id=funded.id, by=funded.person, at=at)  # type: ignore[arg-type]
    return spend.order_id


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
        council = {"organisation_id": funded.council_id, "organisation_name": "Ashdale"}
        not_theirs = [
            make.supporter(person=funded.person, scopes=[Scope.SEE, Scope.PLAN, Scope.PAY]),
            make.staff(role=Role.FINANCE_OFFICER, **council),
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
        commands.set_limit(session, by=funded.person, **values)  # type: ignore[arg-type]

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


class TestSecondLook:
    def test_is_asked_for_before_food_is_cut_off(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        wish = about(Narrowing.CATEGORY, "meals", amount=Money(0))

        with pytest.raises(SecondLookError, match="It stops what is bought for meals"):
            set_on(session, funded, wish)

    def test_is_kept_with_its_reason(self, session: Session, make: Make, funded: Funded) -> None:
        buy(session, funded, Money(40_00), "meals")
        wish = a_limit(amount=Money(39_99), second_look="Her sister cooks from now on.")

        limit_id = set_on(session, funded, wish)

        assert session.get_one(SpendingLimit, limit_id).second_look == (
            "Her sister cooks from now on."
        )

    def test_leaves_no_reason_where_none_was_needed(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        limit_id = set_on(session, funded, a_limit(second_look="I looked all the same."))

        assert session.get_one(SpendingLimit, limit_id).second_look == ""

    def test_looks_back_eight_weeks(self, session: Session, make: Make, funded: Funded) -> None:
        order_id = buy(session, funded, Money(40_00), "meals")
        commands.capture(
            session,
            order_id=order_id,
            key="c",
            amount=Money(40_00),
            provider_id=uuid4(),
            at=PAID_IN,
        )

        set_on(session, funded, a_limit(), at=PAID_IN + timedelta(weeks=8, days=1))
        with pytest.raises(SecondLookError):
            set_on(session, funded, a_limit(), at=PAID_IN + timedelta(weeks=8) - DAY)


class TestPreview:
    def test_tries_the_limit_on_the_last_year(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        kitchen = make.provider(name="Kettle Kitchen").works_for
        for day in range(3):
            at = PAID_IN + day * DAY
            buy(session, funded, Money(14_00), "company", provider_id=kitchen, at=at)
        gone = buy(session, funded, Money(99_00), at=PAID_IN)
        commands.release(session, order_id=gone, key="r", amount=Money(99_00), at=PAID_IN)

        at = PAID_IN + 4 * DAY
        limit = commands.as_it_would_be(
            session, line_id=funded.line_id, wish=a_limit(), by=funded.practitioner, at=at
        )
        found = queries.preview(session, line_id=funded.line_id, limit=limit, at=at)

        assert (found.trial.orders, found.trial.spent) == (3, Money(42_00))
        assert [one.amount for one in found.trial.stopped] == [Money(14_00)]
        words = queries.what_was_bought(session, found.trial.stopped)
        assert list(words.values()) == ["Company, Kettle Kitchen"]

    @pytest.mark.parametrize(
        ("on_sunday", "on_monday"),
        [
            # The clocks go forward on 29 March 2026, and back on 25 October.
            (datetime(2026, 3, 29, 22, 59, tzinfo=UTC), datetime(2026, 3, 29, 23, 1, tzinfo=UTC)),
            (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), datetime(2026, 10, 26, 0, 1, tzinfo=UTC)),
        ],
    )
    def test_keeps_the_clock_of_the_people(
        self,
        session: Session,
        make: Make,
        funded: Funded,
        on_sunday: datetime,
        on_monday: datetime,
    ) -> None:
        limit_id = set_on(session, funded, a_limit(), at=PAID_IN)
        buy(session, funded, Money(20_00), at=on_sunday)
        with pytest.raises(SpendRefusedError):
            buy(session, funded, Money(20_00), at=on_sunday)
        buy(session, funded, Money(20_00), at=on_monday)

        at = on_monday + DAY
        commands.end_limit(session, limit_id=limit_id, by=funded.practitioner, at=at)
        limit = commands.as_it_would_be(
            session, line_id=funded.line_id, wish=a_limit(), by=funded.practitioner, at=at
        )

        assert not queries.preview(
            session, line_id=funded.line_id, limit=limit, at=at
        ).trial.stopped

    def test_tells_of_limits_that_do_not_fit(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        set_on(session, funded, a_limit())

        wish = a_limit(window=LimitWindow.DAY, amount=Money(40_00))
        limit = commands.as_it_would_be(
            session, line_id=funded.line_id, wish=wish, by=funded.person, at=PAID_IN
        )
        found = queries.preview(session, line_id=funded.line_id, limit=limit, at=PAID_IN)
        set_on(session, funded, wish, by=funded.person)

        assert [clash.sentence for clash in found.clashes] == make.lines(funded)[0].clashes
        assert len(found.clashes) == 1

    def test_says_what_is_left_after_an_order(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        set_on(session, funded, a_limit())
        order_id = buy(session, funded, Money(18_00))

        left = queries.limits_after_order(session, order_id=order_id, at=PAID_IN)
        later = queries.limits_after_order(
            session, order_id=order_id, at=PAID_IN + timedelta(weeks=1)
        )

        assert [(one.label, one.remaining) for one in left] == [("£30.00 for one week", "£12.00")]
        assert later == []


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
