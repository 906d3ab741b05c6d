"""Whom an ask is told: kind, area and wishes decide, and nothing else does."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.asking.rules import (
    TOLD_A_DAY,
    Selling,
    Wanted,
    Wish,
    cannot_do,
    covers_area,
    matches,
    matching,
    told_today,
)
from marketplace.asking.rules.matching import MUST, NEAR_METRES
from marketplace.places.rules import Point

HERE = Point(428_000, 436_000)
DAY = date(2026, 3, 4)
WANTED = Wanted(category="company", district="LS6", point=HERE)
SELLING = Selling(provider_id=UUID(int=1), category="company", point=HERE, reach_metres=5_000)

PROVIDERS = [uuid5(UUID(int=7), str(number)) for number in range(10)]

SOME = st.frozensets(st.sampled_from(["a", "b", "c"]))
POINTS = st.none() | st.builds(Point, st.integers(0, 60_000), st.integers(0, 60_000))
WANTEDS = st.builds(
    Wanted,
    category=st.sampled_from(["company", "garden"]),
    district=st.sampled_from(["LS6", "BD1"]),
    point=POINTS,
    days=SOME,
    times=SOME,
    languages=SOME,
    gender=st.sampled_from(["", "a", "b"]),
    for_whom=SOME,
)
SELLINGS = st.builds(
    Selling,
    provider_id=st.uuids(),
    category=st.sampled_from(["company", "garden"]),
    point=POINTS,
    reach_metres=st.none() | st.integers(0, 60_000),
    covers=st.frozensets(st.sampled_from(["LS6", "BD1"])),
    days=SOME,
    times=SOME,
    languages=SOME,
    genders=SOME,
    for_whom=SOME,
)


def away(metres: int) -> Point:
    return Point(HERE.easting + metres, HERE.northing)


class TestArea:
    @pytest.mark.parametrize(
        ("selling", "told"),
        [
            (replace(SELLING, point=away(5_000)), True),
            (replace(SELLING, point=away(5_001)), False),
            (replace(SELLING, point=away(50_000), covers=frozenset({"LS6"})), True),
            (replace(SELLING, point=away(50_000), covers=frozenset({"BD1"})), False),
            (replace(SELLING, point=away(NEAR_METRES), reach_metres=None), True),
            (replace(SELLING, point=away(NEAR_METRES + 1), reach_metres=None), False),
            (replace(SELLING, point=None), False),
            (replace(SELLING, point=None, covers=frozenset({"LS6"})), True),
            (replace(SELLING, point=HERE, reach_metres=0), True),
        ],
    )
    def test_is_what_they_reach_or_the_districts_they_come_to(
        self, selling: Selling, *, told: bool
    ) -> None:
        assert covers_area(WANTED, selling) is told

    def test_is_nowhere_if_it_is_not_known_where_it_is(self) -> None:
        assert not covers_area(replace(WANTED, point=None), SELLING)


class TestWishes:
    def test_what_somebody_does_not_say_counts_as_maybe(self) -> None:
        wanted = replace(WANTED, languages=frozenset({"urdu"}), gender="woman")

        assert cannot_do(wanted, SELLING) == frozenset()
        assert matches(wanted, SELLING)

    @pytest.mark.parametrize(
        ("wanted", "selling", "wish"),
        [
            (
                {"languages": frozenset({"urdu"})},
                {"languages": frozenset({"welsh"})},
                Wish.LANGUAGE,
            ),
            ({"gender": "woman"}, {"genders": frozenset({"man"})}, Wish.GENDER),
            (
                {"for_whom": frozenset({"autism"})},
                {"for_whom": frozenset({"dementia"})},
                Wish.FOR_WHOM,
            ),
            ({"days": frozenset({"mon"})}, {"days": frozenset({"tue"})}, Wish.DAYS),
            ({"times": frozenset({"night"})}, {"times": frozenset({"morning"})}, Wish.TIMES),
        ],
    )
    def test_who_says_something_else_is_told_only_where_it_can_be_talked_about(
        self, wanted: dict[str, object], selling: dict[str, object], wish: Wish
    ) -> None:
        asks = replace(WANTED, **wanted)  # type: ignore[arg-type]
        says = replace(SELLING, **selling)  # type: ignore[arg-type]

        assert cannot_do(asks, says) == {wish}
        assert matches(asks, says) is (wish not in MUST)

    def test_one_of_several_is_enough(self) -> None:
        wanted = replace(WANTED, languages=frozenset({"urdu", "english"}))
        says = replace(SELLING, languages=frozenset({"english", "welsh"}))

        assert matches(wanted, says)


class TestMatching:
    def test_another_kind_of_support_is_not_told(self) -> None:
        assert not matches(replace(WANTED, category="garden"), SELLING)

    @given(wanted=WANTEDS, offers=st.lists(SELLINGS, max_size=6))
    def test_is_those_of_whom_one_offer_matches(
        self, wanted: Wanted, offers: list[Selling]
    ) -> None:
        found = matching(wanted, offers)

        assert found == {each.provider_id for each in offers if matches(wanted, each)}
        assert matching(wanted, reversed(offers)) == found

    @given(wanted=WANTEDS, selling=SELLINGS)
    def test_whoever_is_told_sells_it_comes_there_and_can_do_what_must_be(
        self, wanted: Wanted, selling: Selling
    ) -> None:
        if matches(wanted, selling):
            assert selling.category == wanted.category
            assert covers_area(wanted, selling)
            assert not cannot_do(wanted, selling) & MUST

    @given(wanted=WANTEDS, selling=SELLINGS)
    def test_saying_less_never_keeps_anybody_out(self, wanted: Wanted, selling: Selling) -> None:
        silent = replace(selling, languages=frozenset(), genders=frozenset(), for_whom=frozenset())

        assert matches(wanted, silent) >= matches(wanted, selling)
        assert matches(replace(wanted, gender=""), selling) >= matches(wanted, selling)


class TestTurns:
    @given(
        providers=st.sets(st.uuids(), max_size=60),
        told=st.sets(st.uuids(), max_size=5),
        on=st.dates(),
    )
    def test_nobody_is_told_twice_and_no_more_than_the_cap(
        self, providers: set[UUID], told: set[UUID], on: date
    ) -> None:
        some = set(list(providers)[::2]) | told

        found = told_today(providers, told=some, on=on)

        assert not some & set(found)
        assert set(found) <= providers
        assert len(found) == len(set(found)) == min(TOLD_A_DAY, len(providers - some))
        assert found == told_today(sorted(providers), told=some, on=on)

    def test_everybody_is_told_after_some_days(self) -> None:
        told: list[UUID] = []
        for number in range(4):
            told += told_today(PROVIDERS, told=told, on=DAY + timedelta(days=number), most=3)

        assert sorted(told) == sorted(PROVIDERS)

    def test_everybody_is_the_first_about_as_often(self) -> None:
        days = [DAY + timedelta(days=number) for number in range(1_000)]
        first = Counter(told_today(PROVIDERS, told=(), on=day, most=1)[0] for day in days)

        assert len(first) == 10
        assert all(60 <= times <= 140 for times in first.values())
