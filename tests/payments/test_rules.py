"""What is owed to whom, the life of a run, and how fast it was."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.money import Money, total
from marketplace.payments.errors import PaidOnError, WrongItemStateError, WrongRunStateError
from marketplace.payments.rules import (
    Due,
    ItemState,
    RunState,
    WhyNot,
    by_provider,
    checked_paid_on,
    next_item_state,
    next_state,
    performance,
    reference,
)

ANN, BO = uuid4(), uuid4()


def due(provider_id: UUID, pence: int, *, on: int = 10, number: int = 1) -> Due:
    """Say that a provider is owed something, promised for a day in March."""
    return Due(
        invoice_id=uuid4(),
        provider_id=provider_id,
        provider_name="Ann" if provider_id == ANN else "Bo",
        number=number,
        total=Money(pence),
        promised_on=date(2026, 3, on),
        confirmed_on=date(2026, 3, on - 5),
    )


class TestByProvider:
    def test_adds_up_and_puts_the_one_promised_soonest_first(self) -> None:
        dues = [due(ANN, 10_00, on=12), due(BO, 30_00, on=11), due(ANN, 5_00, on=20)]

        owed = by_provider(dues, with_bank=frozenset({ANN, BO}))

        assert [(each.provider_name, each.total) for each in owed] == [
            ("Bo", Money(30_00)),
            ("Ann", Money(15_00)),
        ]
        assert owed[1].promised_on == date(2026, 3, 12)

    def test_takes_credit_notes_off(self) -> None:
        (owed,) = by_provider([due(ANN, 10_00), due(ANN, -4_00)], with_bank=frozenset({ANN}))

        assert (owed.total, owed.why_not) == (Money(6_00), None)

    def test_names_who_has_no_bank_details(self) -> None:
        (owed,) = by_provider([due(ANN, 10_00)], with_bank=frozenset())

        assert owed.why_not is WhyNot.NO_BANK_DETAILS

    @pytest.mark.parametrize("credit", [-10_00, -12_00])
    def test_names_who_is_owed_nothing(self, credit: int) -> None:
        (owed,) = by_provider([due(ANN, 10_00), due(ANN, credit)], with_bank=frozenset({ANN}))

        assert owed.why_not is WhyNot.NOTHING_OWED

    @given(
        st.lists(
            st.tuples(st.sampled_from([ANN, BO]), st.integers(-50_00, 50_00).filter(bool)),
            max_size=12,
        )
    )
    def test_never_loses_a_penny_nor_pays_less_than_one(
        self, pence: list[tuple[UUID, int]]
    ) -> None:
        dues = [due(provider_id, amount) for provider_id, amount in pence]

        owed = by_provider(dues, with_bank=frozenset({ANN}))

        assert total(each.total for each in owed) == total(each.total for each in dues)
        assert all(each.total > Money(0) for each in owed if each.why_not is None)


class TestNextState:
    def test_goes_from_proposed_to_approved_to_the_bank_to_paid(self) -> None:
        assert next_state(RunState.PROPOSED, RunState.APPROVED) is RunState.APPROVED
        assert next_state(RunState.APPROVED, RunState.SENT) is RunState.SENT
        assert next_state(RunState.SENT, RunState.PAID) is RunState.PAID

    @pytest.mark.parametrize(
        ("now", "wanted"),
        [
            (RunState.PROPOSED, RunState.SENT),
            (RunState.APPROVED, RunState.PAID),
            (RunState.SENT, RunState.CANCELLED),
            (RunState.PAID, RunState.CANCELLED),
            (RunState.CANCELLED, RunState.APPROVED),
        ],
    )
    def test_refuses_short_cuts_and_ways_back(self, now: RunState, wanted: RunState) -> None:
        with pytest.raises(WrongRunStateError):
            next_state(now, wanted)


class TestNextItemState:
    def test_goes_to_the_bank_is_paid_and_may_come_back(self) -> None:
        assert next_item_state(ItemState.PLANNED, ItemState.SENT) is ItemState.SENT
        assert next_item_state(ItemState.SENT, ItemState.SETTLED) is ItemState.SETTLED
        assert next_item_state(ItemState.SETTLED, ItemState.BOUNCED) is ItemState.BOUNCED

    @pytest.mark.parametrize(
        ("now", "wanted"),
        [
            (ItemState.PLANNED, ItemState.SETTLED),
            (ItemState.PLANNED, ItemState.BOUNCED),
            (ItemState.TAKEN_OUT, ItemState.SENT),
            (ItemState.SENT, ItemState.TAKEN_OUT),
            (ItemState.BOUNCED, ItemState.SETTLED),
            (ItemState.SETTLED, ItemState.TAKEN_OUT),
        ],
    )
    def test_refuses_everything_else_with_a_sentence(
        self, now: ItemState, wanted: ItemState
    ) -> None:
        with pytest.raises(WrongItemStateError, match=r"^This payment .*\.$|^The bank .*\.$"):
            next_item_state(now, wanted)


class TestPaidOn:
    def test_may_be_the_day_of_the_approval(self) -> None:
        day = date(2026, 3, 6)

        assert checked_paid_on(day, approved_on=day, today=day) == day

    @pytest.mark.parametrize("day", [date(2026, 3, 5), date(2026, 3, 8)])
    def test_is_neither_before_the_approval_nor_in_the_future(self, day: date) -> None:
        with pytest.raises(PaidOnError):
            checked_paid_on(day, approved_on=date(2026, 3, 6), today=date(2026, 3, 7))


class TestPerformance:
    def test_says_nothing_of_nothing(self) -> None:
        assert performance([]).percent is None

    def test_takes_the_middle_invoice_and_the_slowest(self) -> None:
        # Three in two days, one in five, one in nine: the middle of five took two days.
        found = performance([(9, 1, 0), (2, 3, 3), (5, 1, 1)])

        assert (found.paid, found.in_time, found.percent) == (5, 4, 80)
        assert (found.median_days, found.slowest_days) == (2, 9)


def test_a_reference_fits_on_a_bank_statement() -> None:
    assert reference(12, 3) == "SUPPORT 12-3"
    assert reference(12_345, 10_000) == "12345-10000"
    assert len(reference(99_999, 9_999)) <= 18
    assert len(reference(999_999, 10_000)) <= 18


def test_every_state_and_reason_has_its_words() -> None:
    assert all(state.label and state.tone for state in RunState)
    assert all(state.label and state.tone for state in ItemState)
    assert all(why.label for why in WhyNot)
