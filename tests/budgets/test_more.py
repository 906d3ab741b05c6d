"""Holding more, rolling on, paying a little more than was held, and giving parts back."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import NewLimit, Terms
from marketplace.budgets.errors import CaptureTooMuchError, PriceRiseError, SpendRefusedError
from marketplace.budgets.rules import Holder, LimitWindow, Measure, Narrowing, Part, Spend
from marketplace.catalogue.rules import ProviderKind
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

PROVIDER = UUID(int=7)
WEEK = timedelta(days=7)
RIDE = Part("getting-around", None, Money(30_00))
LUNCH = Part("meals", None, Money(20_00))


def spend_on(funded: Funded, *parts: Part) -> Spend:
    """Return a wish to buy some parts from one provider."""
    return Spend(
        order_id=uuid4(), council_id=funded.council_id, provider_id=PROVIDER, parts=tuple(parts)
    )


def hold(session: Session, funded: Funded, *parts: Part, terms: Terms = commands.NO_TERMS) -> UUID:
    """Set money aside for some parts and return the order's id."""
    spend = spend_on(funded, *parts)
    commands.hold(
        session, spend=spend, person_id=funded.id, by=funded.person, at=PAID_IN, terms=terms
    )
    return spend.order_id


def more(session: Session, order_id: UUID, *parts: Part, key: str = "more") -> None:
    """Set more aside for an order."""
    commands.hold_more(session, order_id=order_id, key=key, parts=parts, by=None, at=PAID_IN)


def narrowed(make: Make, to: str, amount: Money, window: LimitWindow) -> NewLimit:
    """Say that there is a limit for one category alone."""
    of_all = make.limit(amount, window=window)
    return replace(of_all, narrowed=Narrowing.CATEGORY, narrowed_to=(to,), about=to)


def left(session: Session, funded: Funded) -> list[str]:
    """Return what is left under each limit, in words."""
    line = queries.lines_of(session, person_id=funded.id, at=PAID_IN)[0]
    return [limit.left for limit in line.limits]


class TestHoldMore:
    def test_adds_to_what_is_set_aside_once_a_key(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        order_id = hold(session, funded, RIDE)

        more(session, order_id, LUNCH)
        more(session, order_id, LUNCH)

        held = queries.find_hold(session, order_id=order_id)
        assert held is not None
        assert [share.held for share in held.shares] == [Money(30_00), Money(20_00)]
        assert make.lines(funded)[0].available == Money(50_00)

    def test_counts_with_the_rest_of_the_order(self, session: Session, make: Make) -> None:
        funded = make.funded_person(limits=[make.limit(Money(45_00))])
        order_id = hold(session, funded, RIDE)

        with pytest.raises(SpendRefusedError, match=r"The rest of this order takes £30\.00 of it"):
            more(session, order_id, LUNCH)

    def test_is_the_same_order_to_a_limit_that_counts(self, session: Session, make: Make) -> None:
        one = NewLimit(
            window=LimitWindow.WEEK, measure=Measure.COUNT, count_max=1, reason="One a week."
        )
        funded = make.funded_person(limits=[one])
        order_id = hold(session, funded, RIDE)

        more(session, order_id, LUNCH)

        assert left(session, funded) == ["0 orders"]
        with pytest.raises(SpendRefusedError, match="1 order for one week"):
            hold(session, funded, LUNCH)

    def test_of_an_order_nobody_knows_is_not_found(self, session: Session) -> None:
        with pytest.raises(NotFoundError):
            more(session, uuid4(), LUNCH)

    def test_is_refused_to_who_may_not_pay(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        helper = make.supporter(person=funded.person, scopes={Scope.SEE})
        order_id = hold(session, funded, RIDE)

        with pytest.raises(NotAllowedError):
            commands.hold_more(
                session, order_id=order_id, key="k", parts=[LUNCH], by=helper, at=PAID_IN
            )


class TestRolling:
    TERMS = Terms(agreed=Money(30_00), covers_until=date(2026, 4, 1))

    def test_holds_the_next_period_once(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        order_id = hold(session, funded, RIDE, terms=self.TERMS)

        for _ in range(2):
            self._roll(session, order_id, RIDE)

        held = queries.find_hold(session, order_id=order_id)
        assert held is not None
        assert (held.held, held.covers_until) == (Money(60_00), date(2026, 4, 29))

    def test_each_period_is_an_order_to_a_limit_for_one_order(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person(limits=[make.limit(Money(30_00))])
        order_id = hold(session, funded, RIDE, terms=self.TERMS)

        self._roll(session, order_id, RIDE)

        assert make.lines(funded)[0].held == Money(60_00)

    def test_waits_for_a_yes_when_the_price_rises(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        order_id = hold(session, funded, RIDE, terms=self.TERMS)
        dearer = replace(RIDE, amount=Money(32_00))

        with pytest.raises(PriceRiseError, match=r"£32\.00, and you agreed to £30\.00"):
            self._roll(session, order_id, dearer)
        commands.agree_to_rise(
            session, order_id=order_id, amount=Money(32_00), by=funded.person, at=PAID_IN
        )
        self._roll(session, order_id, dearer)

        assert make.lines(funded)[0].held == Money(62_00)

    def test_a_stranger_agrees_to_nothing(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        order_id = hold(session, funded, RIDE, terms=self.TERMS)

        with pytest.raises(NotFoundError):
            commands.agree_to_rise(
                session, order_id=order_id, amount=Money(90_00), by=make.person(), at=PAID_IN
            )

    def test_says_early_when_the_money_will_not_last(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(50_00))
        order_id = hold(session, funded, RIDE, terms=self.TERMS)

        with pytest.raises(SpendRefusedError, match=r"There is £20\.00 left"):
            self._roll(session, order_id, RIDE)

    def _roll(self, session: Session, order_id: UUID, part: Part) -> None:
        until = date(2026, 4, 29)
        commands.roll_hold(
            session, order_id=order_id, parts=[part], covers_until=until, by=None, at=PAID_IN
        )


class TestTolerance:
    def test_pays_a_little_more_than_was_held(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        order_id = hold(session, funded, RIDE, terms=Terms(tolerance=Money(3_00)))

        self._capture(session, order_id, Money(32_00))

        line = make.lines(funded)[0]
        assert (line.spent, line.held, line.available) == (Money(32_00), ZERO, Money(68_00))

    def test_pays_no_more_than_was_agreed(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        order_id = hold(session, funded, RIDE, terms=Terms(tolerance=Money(3_00)))

        with pytest.raises(CaptureTooMuchError):
            self._capture(session, order_id, Money(33_01))

        assert make.lines(funded)[0].spent == ZERO

    def test_is_used_up(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        order_id = hold(session, funded, RIDE, terms=Terms(tolerance=Money(3_00)))
        self._capture(session, order_id, Money(32_00))

        with pytest.raises(CaptureTooMuchError):
            self._capture(session, order_id, Money(2_00), key="again")

    def test_does_not_pass_a_limit(self, session: Session, make: Make) -> None:
        funded = make.funded_person(limits=[make.limit(Money(31_00), window=LimitWindow.WEEK)])
        order_id = hold(session, funded, RIDE, terms=Terms(tolerance=Money(3_00)))

        with pytest.raises(SpendRefusedError, match=r"£31\.00 for one week"):
            self._capture(session, order_id, Money(32_00))

    def _capture(self, session: Session, order_id: UUID, amount: Money, key: str = "paid") -> None:
        commands.capture(
            session, order_id=order_id, key=key, amount=amount, provider_id=PROVIDER, at=PAID_IN
        )


class TestParts:
    def test_a_narrowed_limit_sees_its_part_alone(self, session: Session, make: Make) -> None:
        rides = narrowed(make, "getting-around", Money(40_00), LimitWindow.WEEK)
        funded = make.funded_person(limits=[rides])

        hold(session, funded, RIDE, LUNCH)

        assert left(session, funded) == ["£10.00"]

    def test_a_part_that_is_given_back_is_given_back_where_it_counted(
        self, session: Session, make: Make
    ) -> None:
        rides = narrowed(make, "getting-around", Money(40_00), LimitWindow.WEEK)
        funded = make.funded_person(limits=[rides])
        order_id = hold(session, funded, RIDE, LUNCH)

        commands.release(
            session, order_id=order_id, key="lunch", amount=Money(20_00), at=PAID_IN, parts=[LUNCH]
        )
        assert left(session, funded) == ["£10.00"]
        commands.release(
            session, order_id=order_id, key="ride", amount=Money(30_00), at=PAID_IN, parts=[RIDE]
        )

        assert left(session, funded) == ["£40.00"]
        assert make.lines(funded)[0].available == Money(100_00)

    def test_a_limit_on_the_others_is_an_allow_list(self, session: Session, make: Make) -> None:
        only = replace(narrowed(make, "meals", ZERO, LimitWindow.ORDER), others=True)
        funded = make.funded_person(limits=[only])

        hold(session, funded, LUNCH)

        with pytest.raises(SpendRefusedError, match="only meals"):
            hold(session, funded, RIDE)

    def test_an_order_of_which_nothing_is_left_is_none_of_a_limits_orders(
        self, session: Session, make: Make
    ) -> None:
        one = NewLimit(
            window=LimitWindow.WEEK, measure=Measure.COUNT, count_max=1, reason="One a week."
        )
        funded = make.funded_person(limits=[one])
        order_id = hold(session, funded, RIDE)

        commands.release(session, order_id=order_id, key="all", amount=Money(30_00), at=PAID_IN)

        assert left(session, funded) == ["1 order"]
        hold(session, funded, LUNCH)
        assert queries.problems(session) == []


class TestExpiry:
    def test_is_known_until_the_hold_is_kept(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        order_id = hold(session, funded, RIDE, terms=Terms(expires_at=PAID_IN + WEEK))

        assert queries.expired_holds(session, at=PAID_IN + WEEK / 2) == []
        assert queries.expired_holds(session, at=PAID_IN + WEEK) == [order_id]
        commands.keep_hold(session, order_id=order_id)

        assert queries.expired_holds(session, at=PAID_IN + WEEK) == []


def test_more_from_the_council_itself_is_never_paid_with_a_direct_payment(
    session: Session, make: Make
) -> None:
    """The direct payment stands first, has money, and may not buy a council's own service."""
    funded = make.funded_person()
    managed = make.line(
        person=funded.person, practitioner=funded.practitioner, holder=Holder.COUNCIL_MANAGED
    )
    service = make.provider(kind=ProviderKind.COUNCIL_SERVICE).works_for
    spend = Spend.of(
        Money(20_00),
        order_id=uuid4(),
        council_id=funded.council_id,
        provider_id=service,
        category="company",
    )
    commands.hold(
        session,
        spend=replace(spend, from_council=True),
        person_id=funded.id,
        by=funded.person,
        at=PAID_IN,
        terms=commands.Terms(tolerance=Money(5_00)),
    )

    commands.capture(
        session,
        order_id=spend.order_id,
        key="more",
        amount=Money(22_00),
        provider_id=service,
        at=PAID_IN,
    )

    held = queries.find_hold(session, order_id=spend.order_id)
    assert held is not None
    assert {share.line_id for share in held.shares} == {managed}
