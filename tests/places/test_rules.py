"""Points, postcodes and distances."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.rules import (
    Point,
    Postcode,
    distance,
    from_irish_grid,
    from_latitude,
    metres,
    miles,
    parse_postcode,
    to_latitude,
)


class TestParsePostcode:
    @pytest.mark.parametrize(
        ("typed", "read"),
        [
            ("sw1a1aa", "SW1A 1AA"),
            ("  SW1A   1aa ", "SW1A 1AA"),
            ("BT9 7AS", "BT9 7AS"),
            ("bt97as", "BT9 7AS"),
            ("M1 1AE", "M1 1AE"),
            ("b33-8th", "B33 8TH"),
            ("LS6", "LS6"),
            ("w1a", "W1A"),
        ],
    )
    def test_does_not_mind_case_and_spaces(self, typed: str, read: str) -> None:
        assert str(parse_postcode(typed)) == read

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "   ",
            "hello",
            "LS",
            "6LS",
            "LS6 3",
            "LS6 3H",
            "LS6 33H",
            "LS6 3CI",
            "١٢٣",
            "LS6\x00",
        ],
    )
    def test_refuses_what_is_not_written_like_one(self, typed: str) -> None:
        with pytest.raises(PlaceNotFoundError):
            parse_postcode(typed)

    def test_a_refusal_says_what_was_typed_and_what_to_do(self) -> None:
        with pytest.raises(PlaceNotFoundError) as refusal:
            parse_postcode("LS6 33H")

        assert str(refusal.value) == (
            "We cannot find the postcode “LS6 33H”. Check it, or type just its first half."
        )

    def test_a_refusal_of_ten_thousand_letters_is_short(self) -> None:
        with pytest.raises(PlaceNotFoundError) as refusal:
            parse_postcode("A" * 10_000)

        assert len(str(refusal.value)) < 100

    def test_a_refusal_of_nothing_asks_for_something(self) -> None:
        with pytest.raises(PlaceNotFoundError, match="Type a postcode"):
            parse_postcode(" ")

    @settings(max_examples=50)
    @given(st.text(max_size=12))
    def test_any_text_is_read_or_refused(self, typed: str) -> None:
        with suppress(PlaceNotFoundError):
            assert isinstance(parse_postcode(typed), Postcode)


class TestDistance:
    def test_is_the_straight_way_in_whole_metres(self) -> None:
        assert distance(Point(400_000, 300_000), Point(400_300, 300_400)) == 500

    def test_is_rounded_down(self) -> None:
        assert distance(Point(0, 0), Point(1, 1)) == 1

    def test_a_mile_is_1609_metres_there_and_back(self) -> None:
        assert (metres(1), metres(10), miles(1_609), miles(16_093), miles(0)) == (
            1_609,
            16_093,
            1.0,
            10.0,
            0.0,
        )

    @settings(max_examples=50)
    @given(*[st.integers(0, 1_300_000)] * 4)
    def test_is_the_same_both_ways(self, a: int, b: int, c: int, d: int) -> None:
        assert distance(Point(a, b), Point(c, d)) == distance(Point(c, d), Point(a, b))


class TestGrid:
    def test_the_known_postcode_sw1a_1aa_is_where_it_should_be(self) -> None:
        assert to_latitude(Point(529_090, 179_645)) == pytest.approx((51.50101, -0.14159), abs=2e-5)
        assert from_latitude(51.501009, -0.141588) == Point(529_090, 179_645)

    def test_the_surveys_own_example_is_met_within_a_few_metres(self) -> None:
        # Caister water tower, from the guide to coordinate systems.
        there = from_latitude(52.657977, 1.716038)

        assert distance(there, Point(651_409, 313_177)) < 10

    def test_an_irish_point_is_carried_over(self) -> None:
        # BT1 5GS on the Irish grid; Belfast city hall is a few steps away.
        latitude, longitude = to_latitude(from_irish_grid(333_832, 374_014))

        assert (latitude, longitude) == pytest.approx((54.5966, -5.9301), abs=1e-3)

    def test_from_belfast_to_stranraer_it_is_67_kilometres(self) -> None:
        belfast, stranraer = from_latitude(54.597, -5.930), from_latitude(54.903, -5.027)

        assert 66_000 < distance(belfast, stranraer) < 69_000

    @settings(max_examples=50)
    @given(st.floats(50.0, 60.5), st.floats(-8.0, 1.7))
    def test_there_and_back_is_the_same_place(self, latitude: float, longitude: float) -> None:
        back = to_latitude(from_latitude(latitude, longitude))

        assert back == pytest.approx((latitude, longitude), abs=3e-5)
