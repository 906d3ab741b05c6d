"""Evidence that runs out, what is still missing, and which decisions can be appealed."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.rules import (
    REMINDER_DAYS,
    CheckState,
    EvidenceKind,
    EvidenceStanding,
    Piece,
    kinds_needed,
    last_day_to_appeal,
    may_appeal,
    reminder_due,
    standings,
)
from marketplace.kernel.clock import LONDON
from tests.conftest import NOON

TODAY = date(2026, 3, 4)


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


class TestReminders:
    @pytest.mark.parametrize(
        ("left", "reminded", "due"),
        [
            (61, None, None),
            (60, None, 60),
            (59, 60, None),
            (30, 60, 30),
            (8, 30, None),
            (7, 30, 7),
            (0, 7, 0),
            (0, 0, None),
            (-1, 0, None),
            (-1, 7, 0),
            (-15, None, None),
        ],
    )
    def test_come_before_the_last_day_and_on_it_each_once(
        self, left: int, reminded: int | None, due: int | None
    ) -> None:
        assert reminder_due(after(left), reminded=reminded, on=TODAY) == due

    @given(st.lists(st.integers(-20, 90), min_size=1, max_size=12))
    def test_are_never_more_than_one_for_each_step_however_often_it_is_looked(
        self, days: list[int]
    ) -> None:
        reminded, sent = None, []
        for left in sorted(days, reverse=True):
            due = reminder_due(after(left), reminded=reminded, on=TODAY)
            if due is not None:
                reminded = due
                sent.append(due)

        assert sent == sorted(set(sent), reverse=True)
        assert set(sent) <= set(REMINDER_DAYS)


class TestWhatIsNeeded:
    def test_is_what_everybody_needs_and_what_their_support_needs(self) -> None:
        needed = {
            "": frozenset({EvidenceKind.INSURANCE}),
            "washing": frozenset({EvidenceKind.DBS, EvidenceKind.TRAINING}),
            "garden": frozenset({EvidenceKind.OTHER}),
        }

        assert kinds_needed(needed, ["washing", "company"]) == {
            EvidenceKind.INSURANCE,
            EvidenceKind.DBS,
            EvidenceKind.TRAINING,
        }
        assert kinds_needed({}, ["washing"]) == frozenset()

    def test_stands_by_the_best_piece_there_is(self) -> None:
        pieces = [
            Piece(EvidenceKind.DBS, after(-1), accepted=True),
            Piece(EvidenceKind.DBS, after(400), accepted=False),
            Piece(EvidenceKind.INSURANCE, after(-1), accepted=True),
            Piece(EvidenceKind.TRAINING, after(60), accepted=True),
            Piece(EvidenceKind.CQC, None, accepted=True),
        ]

        found = standings(set(EvidenceKind), pieces, on=TODAY)

        assert {each.kind: (each.standing, each.accepted) for each in found} == {
            EvidenceKind.DBS: (EvidenceStanding.COUNTS, False),
            EvidenceKind.INSURANCE: (EvidenceStanding.RAN_OUT, True),
            EvidenceKind.REFERENCES: (EvidenceStanding.MISSING, False),
            EvidenceKind.TRAINING: (EvidenceStanding.RUNS_OUT, True),
            EvidenceKind.CQC: (EvidenceStanding.COUNTS, True),
            EvidenceKind.OTHER: (EvidenceStanding.MISSING, False),
        }
        assert [each.kind for each in found if each.is_right] == [EvidenceKind.CQC]

    def test_counts_on_its_last_day(self) -> None:
        (found,) = standings(
            {EvidenceKind.DBS}, [Piece(EvidenceKind.DBS, TODAY, accepted=True)], on=TODAY
        )

        assert found.standing is EvidenceStanding.RUNS_OUT


class TestAppeals:
    def test_are_against_refusals_once_and_in_time(self) -> None:
        def may(state: CheckState, days: int, *, appealed: bool = False) -> bool:
            at = NOON + timedelta(days=days)
            return may_appeal(state, decided_at=NOON, days=28, at=at, appealed=appealed)

        assert may(CheckState.SUSPENDED, 0)
        assert may(CheckState.REJECTED, 28)
        assert not may(CheckState.REJECTED, 29)
        assert not may(CheckState.REJECTED, 1, appealed=True)
        assert not may(CheckState.CHECKED, 1)
        assert not may(CheckState.APPLIED, 1)

    def test_are_in_time_until_the_end_of_their_last_day(self) -> None:
        last = last_day_to_appeal(NOON, days=28)

        def may(on: date, hour: int) -> bool:
            at = datetime(on.year, on.month, on.day, hour, 59, tzinfo=LONDON)
            return may_appeal(CheckState.SUSPENDED, decided_at=NOON, days=28, at=at, appealed=False)

        assert may(last, 23)
        assert not may(last + timedelta(days=1), 0)

    def test_name_their_last_day(self) -> None:
        assert last_day_to_appeal(NOON, days=28) == NOON.date() + timedelta(days=28)
