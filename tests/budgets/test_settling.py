"""Paying from what is set aside, releasing it, giving it back."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from marketplace.budgets import commands, queries
from marketplace.budgets.errors import CaptureTooMuchError, RefundTooMuchError
from marketplace.budgets.rules import LimitWindow
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.wallet import queries as ledger
from marketplace.wallet.errors import KeyReusedError
from marketplace.wallet.rules import AccountKind
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

PROVIDER = UUID(int=7)
NEXT_MONTH = PAID_IN + timedelta(days=35)


def capture(
    session: Session, order_id: UUID, pence: int, *, key: str = "", provider_id: UUID = PROVIDER
) -> None:
    """Pay the provider."""
    commands.capture(
        session,
        order_id=order_id,
        key=key or f"visit/{uuid4()}",
        amount=Money(pence),
        provider_id=provider_id,
        at=NEXT_MONTH,
    )


def release(session: Session, order_id: UUID, pence: int, *, key: str = "") -> None:
    """Put money back that is not needed."""
    commands.release(
        session,
        order_id=order_id,
        key=key or f"missed/{uuid4()}",
        amount=Money(pence),
        at=NEXT_MONTH,
    )


def refund(session: Session, order_id: UUID, pence: int, *, key: str = "") -> None:
    """Give money back that was paid."""
    commands.refund(
        session,
        order_id=order_id,
        key=key or f"credit/{uuid4()}",
        amount=Money(pence),
        provider_id=PROVIDER,
        at=NEXT_MONTH,
    )


def earned(session: Session) -> Money:
    """Return what the provider has earned."""
    return ledger.balances(session, owner_ids=[PROVIDER], kind=AccountKind.EARNED)[PROVIDER]


def two_lines(make: Make) -> Funded:
    """Make somebody with £30.00 from one line and £100.00 from another."""
    funded = make.funded_person(to_spend=Money(30_00))
    make.line(person=funded.person, practitioner=funded.practitioner, instalment=Money(100_00))
    return funded


def assert_books_balance(session: Session) -> None:
    """Hold the ledger and the counters to what they were made from."""
    assert ledger.problems(session) == []
    assert queries.problems(session) == []


class TestCapture:
    def test_pays_the_provider_from_what_is_held(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        order_id = make.hold(funded, Money(40_00))

        capture(session, order_id, 25_00)

        line = make.lines(funded)[0]
        assert (line.available, line.held, line.spent) == (
            Money(60_00),
            Money(15_00),
            Money(25_00),
        )
        assert earned(session) == Money(25_00)
        assert_books_balance(session)

    def test_takes_from_the_lines_in_sequence(self, session: Session, make: Make) -> None:
        funded = two_lines(make)
        order_id = make.hold(funded, Money(50_00))

        capture(session, order_id, 35_00)

        assert [line.spent for line in make.lines(funded)] == [Money(30_00), Money(5_00)]
        assert_books_balance(session)

    def test_pays_once_for_one_deed(self, session: Session, make: Make) -> None:
        order_id = make.hold(make.funded_person(), Money(40_00))

        capture(session, order_id, 40_00, key="visit/1")
        capture(session, order_id, 40_00, key="visit/1")

        assert earned(session) == Money(40_00)

    def test_refuses_more_than_is_held(self, session: Session, make: Make) -> None:
        order_id = make.hold(make.funded_person(), Money(40_00))
        release(session, order_id, 10_00)

        with pytest.raises(CaptureTooMuchError, match=r"Only £30\.00 is set aside"):
            capture(session, order_id, 30_01)

    def test_refuses_an_order_without_a_hold(self, session: Session) -> None:
        with pytest.raises(NotFoundError):
            capture(session, uuid4(), 1)

    def test_refuses_a_deeds_key_for_another_deed(self, session: Session, make: Make) -> None:
        order_id = make.hold(make.funded_person(), Money(40_00))
        capture(session, order_id, 10_00, key="visit/1")

        with pytest.raises(KeyReusedError):
            capture(session, order_id, 11_00, key="visit/1")
        with pytest.raises(KeyReusedError):
            capture(session, order_id, 10_00, key="visit/1", provider_id=uuid4())
        with pytest.raises(KeyReusedError):
            release(session, order_id, 10_00, key="visit/1")

    def test_of_nothing_does_nothing(self, session: Session, make: Make) -> None:
        order_id = make.hold(make.funded_person(), Money(40_00))

        capture(session, order_id, 0)
        release(session, order_id, 0)
        refund(session, order_id, 0)

        assert earned(session) == ZERO


class TestRelease:
    def test_puts_money_back_to_spend(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        order_id = make.hold(funded, Money(40_00))

        release(session, order_id, 40_00, key="missed/1")
        release(session, order_id, 40_00, key="missed/1")

        assert make.lines(funded)[0].available == Money(100_00)
        assert_books_balance(session)

    def test_leaves_what_a_smaller_order_would_have_taken(
        self, session: Session, make: Make
    ) -> None:
        funded = two_lines(make)
        order_id = make.hold(funded, Money(50_00))

        release(session, order_id, 25_00)

        assert [line.held for line in make.lines(funded)] == [Money(25_00), ZERO]
        assert_books_balance(session)

    def test_refuses_more_than_is_held(self, session: Session, make: Make) -> None:
        order_id = make.hold(make.funded_person(), Money(40_00))

        with pytest.raises(CaptureTooMuchError):
            release(session, order_id, 40_01)

    def test_gives_back_in_every_window_it_was_taken_in(self, session: Session, make: Make) -> None:
        windows = [window for window in LimitWindow if window.adds_up]
        limits = [make.limit(Money(50_00), window=window) for window in windows]
        funded = make.funded_person(limits=limits)
        order_id = make.hold(funded, Money(40_00))

        release(session, order_id, 15_00)  # five weeks later

        assert [limit.used for limit in make.lines(funded)[0].limits] == [Money(25_00)] * 6
        assert_books_balance(session)


class TestRefund:
    def test_goes_back_in_the_shares_it_came_in(self, session: Session, make: Make) -> None:
        funded = two_lines(make)
        order_id = make.hold(funded, Money(40_00))
        capture(session, order_id, 40_00)

        refund(session, order_id, 20_00, key="credit/1")
        refund(session, order_id, 20_00, key="credit/1")

        assert [line.spent for line in make.lines(funded)] == [Money(15_00), Money(5_00)]
        assert earned(session) == Money(20_00)
        assert_books_balance(session)

    def test_refuses_more_than_was_paid(self, session: Session, make: Make) -> None:
        order_id = make.hold(make.funded_person(), Money(40_00))
        capture(session, order_id, 30_00)
        refund(session, order_id, 10_00)

        with pytest.raises(RefundTooMuchError, match=r"Only £20\.00 was paid"):
            refund(session, order_id, 20_01)

    def test_gives_back_under_the_limits_too(self, session: Session, make: Make) -> None:
        funded = make.funded_person(limits=[make.limit(Money(50_00), window=LimitWindow.WEEK)])
        order_id = make.hold(funded, Money(40_00))
        capture(session, order_id, 40_00)

        refund(session, order_id, 15_00)

        assert make.lines(funded)[0].limits[0].used == Money(25_00)
        assert_books_balance(session)


@settings(max_examples=15)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([capture, release, refund]), st.integers(1, 60_00)), max_size=6
    )
)
def test_no_sequence_of_deeds_breaks_the_books(session: Session, make: Make, steps: list) -> None:  # type: ignore[type-arg]
    limits = [make.limit(Money(500_00), window=LimitWindow.FOUR_WEEKS)]
    funded = make.funded_person(to_spend=Money(30_01), limits=limits)
    make.line(person=funded.person, practitioner=funded.practitioner, instalment=Money(100_00))
    order_id = make.hold(funded, Money(77_77))

    for deed, pence in steps:
        try:
            deed(session, order_id, pence)
        except (CaptureTooMuchError, RefundTooMuchError):
            continue

    hold = queries.find_hold(session, order_id=order_id)
    assert hold is not None
    lines = make.lines(funded)
    assert (
        sum(line.available.pence for line in lines)
        == 130_01 - 77_77 + (hold.released + hold.refunded).pence
    )
    assert_books_balance(session)


@settings(max_examples=15)
@given(parts=st.lists(st.integers(1, 40_00), min_size=1, max_size=5))
def test_refunds_in_any_order_end_with_every_penny_where_it_came_from(
    session: Session, make: Make, parts: list[int]
) -> None:
    funded = make.funded_person(to_spend=Money(33_33))
    make.line(person=funded.person, practitioner=funded.practitioner, instalment=Money(11_11))
    make.line(person=funded.person, practitioner=funded.practitioner, instalment=Money(400_00))
    order_id = make.hold(funded, Money(sum(parts) + 44_44))
    capture(session, order_id, sum(parts) + 44_44)

    for pence in parts:
        refund(session, order_id, pence)
    refund(session, order_id, 44_44)

    assert [line.available for line in make.lines(funded)] == [
        Money(33_33),
        Money(11_11),
        Money(400_00),
    ]
    assert_books_balance(session)
