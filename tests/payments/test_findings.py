"""Unusual amounts, and the same visit on two invoices."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.money import Money
from marketplace.payments.rules import FindingKind, InvoicedVisit, duplicates, unusual

FRIDAY = date(2026, 3, 6)


class TestUnusual:
    def test_a_first_payment_is_if_it_is_more_than_a_thousand_pounds(self) -> None:
        assert unusual(Money(1_000_00), past=[]) is None
        found = unusual(Money(1_000_01), past=[])
        assert found is not None
        assert found.words == "This is the first payment to them, and it is more than £1,000.00."

    def test_a_payment_is_if_it_is_more_than_three_times_the_middle_one(self) -> None:
        past = [Money(90_00), Money(100_00), Money(500_00)]

        assert unusual(Money(300_00), past=past) is None
        found = unusual(Money(300_01), past=past)
        assert found is not None
        assert found.kind is FindingKind.UNUSUAL
        assert "usually paid about £100.00" in found.words

    def test_a_small_payment_never_is(self) -> None:
        assert unusual(Money(209_99), past=[Money(10_00)]) is None
        assert unusual(Money(210_00), past=[Money(10_00)]) is not None

    @given(st.lists(st.integers(1, 10_000_00).map(Money), min_size=1, max_size=6))
    def test_what_was_paid_before_is_usual(self, past: list[Money]) -> None:
        assert unusual(min(past), past=past) is None


class TestDuplicates:
    PROVIDER, PERSON = uuid4(), uuid4()

    def visit(self, number: int, **more: object) -> InvoicedVisit:
        values = {
            "invoice_id": UUID(int=number),
            "number": number,
            "provider_id": self.PROVIDER,
            "person_id": self.PERSON,
            "on": FRIDAY,
            "amount": Money(30_00),
        }
        return InvoicedVisit(**{**values, **more})  # type: ignore[arg-type]

    def test_two_invoices_for_one_visit_are_named(self) -> None:
        found = duplicates([self.visit(1), self.visit(2)], in_run=frozenset({UUID(int=2)}))

        (finding,) = found[self.PROVIDER]
        assert finding.words == (
            "Invoices 1 and 2 are for the same person, the same day (6 March 2026) "
            "and the same amount, £30.00."
        )

    @pytest.mark.parametrize(
        "more",
        [
            {"amount": Money(30_01)},
            {"person_id": uuid4()},
            {"provider_id": uuid4()},
            {"on": date(2026, 3, 7)},
            {"invoice_id": UUID(int=1)},
        ],
    )
    def test_anything_that_differs_is_another_visit(self, more: dict[str, object]) -> None:
        run = frozenset({UUID(int=1), UUID(int=2)})

        assert duplicates([self.visit(1), self.visit(2, **more)], in_run=run) == {}

    def test_what_is_not_in_the_run_is_not_its_matter(self) -> None:
        assert duplicates([self.visit(1), self.visit(2)], in_run=frozenset()) == {}


def test_every_kind_has_its_words() -> None:
    assert all(kind.label for kind in FindingKind)
