"""Where a postcode is."""

import csv
from pathlib import Path

import brotli
import msgpack
import pytest

from marketplace.places.adapters.districts import Districts
from marketplace.places.adapters.names import NAMES
from marketplace.places.adapters.postcodes import Postcodes, installed_folder
from marketplace.places.errors import NameNotFoundError, PlaceNotFoundError
from marketplace.places.queries import district_at, find_place, find_point, locate
from marketplace.places.rules import Point, Precision, distance, parse_postcode

LEEDS = Point(428_354, 436_064)
EVERY_POSTCODE = pytest.mark.skipif(
    installed_folder() is None, reason="the optional package of postcodes is not installed"
)


class TestLocate:
    def test_a_first_half_is_the_centre_of_its_district(self) -> None:
        place = locate(" ls6 ")

        assert (place.label, place.point, place.precision) == ("LS6", LEEDS, Precision.DISTRICT)

    def test_a_whole_postcode_is_within_its_district(self) -> None:
        assert distance(locate("LS6 3HN").point, LEEDS) < 3_000

    def test_northern_ireland_is_on_the_same_plane(self) -> None:
        # Belfast is nearer to Stranraer than Leeds is.
        belfast, stranraer = locate("BT1").point, locate("DG9").point

        assert distance(belfast, stranraer) < distance(LEEDS, stranraer)

    @pytest.mark.parametrize("typed", ["ZZ1", "ZZ1 1ZZ", "QQ9", "LS0", "hello", "", "'; DROP"])
    def test_refuses_what_there_is_not(self, typed: str) -> None:
        with pytest.raises(PlaceNotFoundError):
            locate(typed)

    @EVERY_POSTCODE
    def test_a_whole_postcode_is_exact_where_postcodes_are_installed(self) -> None:
        place = locate("sw1a1aa")

        assert (place.label, place.point) == ("SW1A 1AA", Point(529_090, 179_645))
        assert place.precision is Precision.POSTCODE

    @EVERY_POSTCODE
    def test_refuses_a_whole_postcode_that_does_not_exist(self) -> None:
        with pytest.raises(PlaceNotFoundError):
            locate("LS6 9ZZ")


class TestFindPlace:
    @pytest.mark.parametrize(
        ("typed", "outcode"),
        [
            ("Keighley", "BD21"),
            ("  keighley ", "BD21"),
            ("KINGS LYNN", "PE30"),
            ("newcastle upon tyne", "NE1"),
            ("Newcastle-Upon-Tyne", "NE1"),
            ("Newport, Shropshire", "TF10"),
            ("Belfast", "BT1"),
            ("LS6", "LS6"),
            ("ls6 3hn", "LS6"),
            ("LS6 3", "LS6"),
            ("ls6 3h ", "LS6"),
        ],
    )
    def test_knows_towns_and_postcodes(self, typed: str, outcode: str) -> None:
        assert find_place(typed).outcode == outcode

    def test_a_town_is_the_middle_of_its_district(self) -> None:
        place = find_place("Keighley")

        assert (place.label, place.precision) == ("Keighley", Precision.TOWN)
        assert place.point == locate("BD21").point

    def test_asks_which_of_several_is_meant(self) -> None:
        with pytest.raises(NameNotFoundError, match="or Newport, Shropshire") as refusal:
            find_place("newport")

        assert "Isle of Wight" in str(refusal.value)

    def test_says_what_was_meant_by_a_wrong_spelling(self) -> None:
        with pytest.raises(NameNotFoundError, match="Did you mean Bradford"):
            find_place("Bradfrod")

    @pytest.mark.parametrize("typed", ["", "  ", "the", "Qzwxy", "\x00", "💐", "a" * 9_000, "ZZ9"])
    def test_refuses_what_there_is_not_in_one_short_sentence(self, typed: str) -> None:
        with pytest.raises(PlaceNotFoundError) as refusal:
            find_place(typed)

        assert len(str(refusal.value)) < 100

    def test_every_name_has_a_district(self) -> None:
        with NAMES.open(encoding="utf-8", newline="") as file:
            names = list(csv.DictReader(file))

        assert len(names) > 400
        for row in names:
            assert find_place(f"{row['name']}, {row['area']}").outcode == row["outcode"]


class TestDistrictAt:
    def test_is_the_one_whose_middle_is_nearest(self) -> None:
        assert district_at(Point(LEEDS.easting + 50, LEEDS.northing - 50)) == "LS6"


class TestFindPoint:
    def test_a_mistaken_second_half_still_has_a_district(self) -> None:
        assert find_point("LS6 9ZZ") == LEEDS

    def test_nothing_like_a_postcode_is_nowhere(self) -> None:
        assert find_point("see website") is None


class TestPostcodes:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        columns = {
            "pcd": ["BT1 5GS", "BT9 7AS", "BT99 1AA", "B33 8TH"],
            "laua": ["N09000003", "N09000003", None, "E08000025"],
            "oseast1m": [333832.0, 332900.0, float("nan"), 414720.0],
            "osnrth1m": [374014.0, 371900.0, None, 286735.0],
        }
        packed = brotli.compress(msgpack.packb({"columns": list(columns), "data": columns}))
        (tmp_path / "postcodes_B.msgpack.br").write_bytes(packed)
        return tmp_path

    def test_finds_a_postcode_in_the_folder(self, folder: Path) -> None:
        assert Postcodes(folder).find(parse_postcode("b33 8th")) == Point(414_720, 286_735)

    def test_carries_the_irish_grid_over(self, folder: Path) -> None:
        found = Postcodes(folder).find(parse_postcode("BT1 5GS"))

        assert found is not None
        assert distance(found, Point(146_239, 529_486)) < 10

    def test_does_not_know_a_postcode_without_a_place(self, folder: Path) -> None:
        assert Postcodes(folder).find(parse_postcode("BT99 1AA")) is None

    def test_knows_nothing_of_letters_that_are_not_there(self, folder: Path) -> None:
        leeds = parse_postcode("LS6 3HN")

        assert Postcodes(folder).find(leeds) is None
        assert not Postcodes(folder).covers(leeds)

    def test_knows_nothing_without_a_folder(self) -> None:
        assert Postcodes(None).find(parse_postcode("B33 8TH")) is None


def test_there_are_2945_districts_and_each_has_a_centre() -> None:
    assert Districts().find(parse_postcode("ZE1")) is not None
    assert len((Path("seed/places/outcodes.csv")).read_text().splitlines()) == 2_946
