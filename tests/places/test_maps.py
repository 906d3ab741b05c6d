"""Small maps, as numbers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.places.rules import Marked, Point, sheet
from marketplace.places.rules.maps import MARGIN, TILE

LEEDS, BRADFORD, NORWICH = Point(430_000, 433_500), Point(416_400, 433_000), Point(623_000, 308_500)
LIVERPOOL = Point(334_000, 390_000)
IN_BRITAIN = st.builds(Point, st.integers(150_000, 650_000), st.integers(20_000, 1_100_000))


def marked(*points: Point) -> list[Marked]:
    return [Marked(number, f"Number {number}", at) for number, at in enumerate(points, start=1)]


class TestSheet:
    def test_nothing_to_show_is_no_map(self) -> None:
        assert sheet([], LEEDS) is None

    @settings(max_examples=50)
    @given(points=st.lists(IN_BRITAIN, min_size=1, max_size=20), here=st.none() | IN_BRITAIN)
    def test_everything_is_on_it_and_is_counted_once(
        self, points: list[Point], here: Point | None
    ) -> None:
        drawn = sheet(marked(*points), here)

        assert drawn is not None
        spots = [(pin.x, pin.y) for pin in drawn.pins] + ([drawn.here] if drawn.here else [])
        assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in spots)
        numbers = [number for pin in drawn.pins for number in pin.numbers]
        assert sorted(numbers) == list(range(1, len(points) + 1))

    @settings(max_examples=50)
    @given(points=st.lists(IN_BRITAIN, min_size=1, max_size=5))
    def test_tiles_cover_every_pixel(self, points: list[Point]) -> None:
        drawn = sheet(marked(*points), None)

        assert drawn is not None
        assert min(tile.x for tile in drawn.tiles) <= 0
        assert min(tile.y for tile in drawn.tiles) <= 0
        assert max(tile.x for tile in drawn.tiles) + TILE >= drawn.width
        assert max(tile.y for tile in drawn.tiles) + TILE >= drawn.height

    def test_east_is_right_and_north_is_up(self) -> None:
        drawn = sheet(marked(LIVERPOOL, LEEDS, NORWICH), None)

        assert drawn is not None
        liverpool, leeds, norwich = drawn.pins
        assert liverpool.x < leeds.x < norwich.x
        assert leeds.y < norwich.y
        assert liverpool.x >= MARGIN

    @settings(max_examples=50)
    @given(points=st.lists(IN_BRITAIN, min_size=1, max_size=20))
    def test_no_pin_hides_another(self, points: list[Point]) -> None:
        drawn = sheet(marked(*points), None)

        assert drawn is not None
        pairs = [(a, b) for a in drawn.pins for b in drawn.pins if a is not b]
        assert not any(a.covers(b) for a, b in pairs)

    def test_what_stands_too_close_to_tell_apart_shares_a_pin(self) -> None:
        drawn = sheet(marked(LEEDS, NORWICH, BRADFORD), None)

        assert drawn is not None
        assert [pin.label for pin in drawn.pins] == ["1, 3", "2"]

    def test_what_stands_at_one_place_shares_a_pin(self) -> None:
        drawn = sheet(marked(LEEDS, BRADFORD, LEEDS), None)

        assert drawn is not None
        assert [(pin.numbers, pin.label) for pin in drawn.pins] == [((1, 3), "1, 3"), ((2,), "2")]

    def test_many_at_one_place_are_counted(self) -> None:
        drawn = sheet(marked(*[LEEDS] * 5), None)

        assert drawn is not None
        assert [pin.label for pin in drawn.pins] == ["5 here"]

    def test_the_scale_is_true(self) -> None:
        drawn = sheet(marked(BRADFORD, LEEDS), None)

        assert drawn is not None
        bradford, leeds = drawn.pins
        miles = (leeds.x - bradford.x) / drawn.scale_width * drawn.scale_miles
        assert 8.3 < miles < 8.6
