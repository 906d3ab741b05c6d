"""What can be said of a visit and what it costs, and months added up: without a database."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.rules import Unit
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.errors import BadLineError
from marketplace.orders.rules import (
    Agreed,
    HowMuch,
    NoteKind,
    VisitState,
    choices,
    note_due,
    part_due,
    parts,
    read_how_much,
)
from marketplace.orders.rules.planned import OneVisit, add_up_delivered, month_beside, month_of

TEN = datetime(2026, 3, 5, 10, tzinfo=UTC)
"""A Thursday."""


def agreed(**other: object) -> Agreed:
    """Return two hours for £30.00 on Thursday at 10am: half of it if cancelled within a day."""
    facts = {
        "unit": Unit.HOUR,
        "quantity": 2,
        "amount": Money(30_00),
        "planned_at": TEN,
        "notice_hours": 24,
        "late_percent": 50,
    }
    return Agreed(**(facts | other))  # type: ignore[arg-type]


class TestChoices:
    def test_say_what_was_agreed_before_anything_is_sent(self) -> None:
        said = {each.kind: (each.words, each.sentence) for each in choices(agreed())}

        assert said[NoteKind.FULL] == ("Done as agreed", "£30.00 is to be paid.")
        assert said[NoteKind.CANCELLED_LATE] == (
            "They cancelled late, after Wednesday 4 March 2026, 10am",
            "£15.00 is to be paid: 50% of £30.00, as agreed in the order.",
        )
        assert said[NoteKind.CANCELLED_IN_TIME][1].startswith("Nothing is to be paid.")
        assert said.keys() == set(NoteKind)

    def test_of_terms_that_ask_nothing_say_so(self) -> None:
        said = {each.kind: each for each in choices(agreed(notice_hours=0, late_percent=0))}

        late = said[NoteKind.CANCELLED_LATE]
        assert late.words == "They cancelled late"
        assert late.sentence.startswith("Nothing is to be paid, as agreed in the order.")

    @given(
        st.integers(1, 500),
        st.integers(0, 5_000_00),
        st.sampled_from(list(Unit)),
        st.integers(0, 100),
    )
    def test_parts_are_less_than_all_of_it(
        self, quantity: int, pence: int, unit: Unit, late: int
    ) -> None:
        terms = agreed(unit=unit, quantity=quantity, amount=Money(pence), late_percent=late)

        found = list(parts(terms))

        assert 0 < len(found) < 500
        for value, words in found:
            comes_to = note_due(terms, NoteKind.PART, read_how_much(value))
            assert ZERO <= comes_to <= terms.amount
            assert words.endswith(str(comes_to))


class TestHowMuch:
    @pytest.mark.parametrize(
        ("typed", "read"),
        [
            ("45", HowMuch(minutes=45)),
            (" 45 minutes ", HowMuch(minutes=45)),
            ("1 minute", HowMuch(minutes=1)),
            ("45MIN", HowMuch(minutes=45)),
            ("50%", HowMuch(percent=50)),
            ("50 %", HowMuch(percent=50)),
        ],
    )
    def test_is_read_as_people_write_it(self, typed: str, read: HowMuch) -> None:
        assert read_how_much(typed) == read

    @pytest.mark.parametrize(
        "typed", ["", "half", "-5", "4.5", "1e3", "\uff19", "1 hour", "999999"]
    )
    def test_is_asked_again_for_anything_else(self, typed: str) -> None:
        with pytest.raises(BadLineError, match="like 45 minutes or 50%"):
            read_how_much(typed)

    def test_odd_parts_of_a_penny_are_for_who_pays(self) -> None:
        assert part_due(agreed(amount=Money(10_00)), HowMuch(minutes=50)) == Money(4_16)

    @pytest.mark.parametrize(
        ("terms", "part", "reason"),
        [
            (agreed(), HowMuch(), "Choose how much"),
            (agreed(), HowMuch(minutes=121), "more than was ordered, which is 2 hours"),
            (agreed(), HowMuch(percent=101), "more than was ordered"),
            (agreed(), HowMuch(minutes=120), "That is all of it"),
            (agreed(), HowMuch(percent=100), "That is all of it"),
            (agreed(unit=Unit.SESSION), HowMuch(minutes=30), "not ordered by the hour"),
        ],
    )
    def test_of_a_part_is_refused_if_it_is_none(
        self, terms: Agreed, part: HowMuch, reason: str
    ) -> None:
        with pytest.raises(BadLineError, match=reason):
            note_due(terms, NoteKind.PART, part)


def one(kind: NoteKind | None, due: Money | None = None, **other: object) -> OneVisit:
    """Return a visit of two hours for £30.00."""
    facts = {
        "amount": Money(30_00),
        "due": due,
        "state": VisitState.NOTED if kind else VisitState.PLANNED,
        "note_kind": kind,
        "by_silence": False,
        "minutes_planned": 120,
        "minutes": None,
        "worker": "",
    }
    return OneVisit(**(facts | other))  # type: ignore[arg-type]


class TestMonth:
    def test_adds_up_what_was_planned_and_what_came(self) -> None:
        month = add_up_delivered(
            [
                one(NoteKind.FULL, Money(30_00), by_silence=True),
                one(NoteKind.PART, Money(7_50), minutes=30),
                one(NoteKind.PART, Money(15_00)),
                one(NoteKind.MISSED, ZERO),
                one(None),
            ]
        )

        assert (month.planned, month.full, month.part, month.missed, month.to_come) == (
            5,
            1,
            2,
            1,
            1,
        )
        assert (month.planned_for, month.to_pay) == (Money(150_00), Money(52_50))
        assert month.hours == "3 hours 30 minutes of 10 hours"
        assert month.by_silence == 1

    def test_of_what_is_free_and_of_nothing_is_nothing(self) -> None:
        free = one(NoteKind.PART, ZERO, amount=ZERO)

        assert add_up_delivered([free]).minutes_delivered == 0
        assert add_up_delivered([]).hours == ""
        assert add_up_delivered([one(None)]).hours == "none of 2 hours"

    @pytest.mark.parametrize(
        "typed",
        [None, "", "March", "2026-13", "2026-1", "0000-01", "2026-03-04", "0001-01", "9999-12"],
    )
    def test_that_is_none_is_this_one(self, typed: str | None) -> None:
        assert month_of(typed, today=date(2026, 3, 4)) == date(2026, 3, 1)

    def test_is_between_two_others(self) -> None:
        january = month_of("2026-01", today=date(2026, 3, 4))

        assert month_beside(january, -1) == date(2025, 12, 1)
        assert month_beside(january, 12) == date(2027, 1, 1)
