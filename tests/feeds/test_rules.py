"""Reading other people's values: dates, days, prices, names, places."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.feeds.rules import sorting
from marketplace.feeds.rules.areas import town_of
from marketplace.feeds.rules.asking import read_question
from marketplace.feeds.rules.cleaning import Cleaner, plain_text
from marketplace.feeds.rules.columns import recognised, record_of
from marketplace.feeds.rules.reading import read_services
from marketplace.feeds.rules.said import (
    organisation_from,
    service_from,
    to_json,
)
from marketplace.feeds.rules.shaping import email_address, pruned, web_address
from marketplace.feeds.rules.sources import SourceKind, attribution, usual_name
from marketplace.feeds.rules.times import Times, times_of
from marketplace.feeds.rules.timetable import slot_of_rule
from tests.feeds.records import at, organisation, said, service


def times(*rows: dict[str, Any]) -> Times:
    """Return when something with some schedules takes place."""
    return times_of(rows, Cleaner("here"))


class TestTimesOf:
    @pytest.mark.parametrize(
        ("row", "rule"),
        [
            ({"freq": "WEEKLY", "byday": "TU, TH"}, "FREQ=WEEKLY;BYDAY=TU,TH"),
            ({"freq": "DAILY"}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"),
            ({"freq": "weekly", "byday": "MO", "interval": 2}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
            ({"freq": "WEEKLY", "byday": "MO", "interval": 99}, "FREQ=WEEKLY;BYDAY=MO"),
            ({"freq": "MONTHLY", "byday": "2TU"}, "FREQ=MONTHLY;BYDAY=2TU"),
            ({"freq": "MONTHLY", "byday": "+1TU,-1FR"}, "FREQ=MONTHLY;BYDAY=1TU,-1FR"),
            ({"freq": "MONTHLY", "byday": "TU"}, "FREQ=MONTHLY;BYDAY=1TU"),
            ({"freq": "MONTHLY", "bymonthday": "1, 15, x"}, "FREQ=MONTHLY;BYMONTHDAY=1,15"),
            ({"weekday": "3"}, "FREQ=WEEKLY;BYDAY=WE"),
            ({"weekday": "Wednesday"}, "FREQ=WEEKLY;BYDAY=WE"),
            ({"freq": "MONTHLY"}, ""),
            ({"freq": "YEARLY", "byday": "MO"}, ""),
            ({"freq": "WEEKLY", "byday": "someday"}, ""),
        ],
    )
    def test_reads_how_often(self, row: dict[str, Any], rule: str) -> None:
        assert times({**row, "opens_at": "10:00"}).rrule == rule

    def test_rows_at_the_same_time_are_one_timetable(self) -> None:
        rows = [
            {"freq": "WEEKLY", "byday": day, "opens_at": "09:00", "closes_at": "17:00"}
            for day in ("FR", "MO")
        ]
        later = {"freq": "WEEKLY", "byday": "SA", "opens_at": "10:00", "closes_at": "12:00"}

        found = times(*rows, later)

        assert (found.rrule, found.minutes) == ("FREQ=WEEKLY;BYDAY=MO,FR", 480)
        assert found.words == "Saturday 10:00 to 12:00"

    def test_one_day_is_a_day(self) -> None:
        found = times({"dtstart": "2026-04-01", "valid_to": "2026-04-01", "opens_at": "10:00"})

        assert (found.on_day, found.starts, found.minutes) == (date(2026, 4, 1), "10:00", 60)

    def test_a_span_of_days_is_only_words(self) -> None:
        found = times(
            {"valid_from": "2026-04-01", "valid_to": "2026-05-01", "opens_at": "10:00"},
            {"description": "Ring first"},
        )

        assert found == Times(words="10:00; Ring first")

    def test_a_night_goes_past_midnight(self) -> None:
        found = times({"freq": "WEEKLY", "byday": "MO", "opens_at": "22:00", "closes_at": "06:00"})

        assert found.minutes == 480

    def test_keeps_first_and_last_days_of_a_rule(self) -> None:
        row = {"freq": "WEEKLY", "byday": "MO", "opens_at": "9.30", "valid_from": "2026-01-05"}
        found = times({**row, "until": "2026-12-28T00:00:00Z"})

        assert (found.first_on, found.last_on) == (date(2026, 1, 5), date(2026, 12, 28))


class TestSlotOfRule:
    @pytest.mark.parametrize(
        ("rule", "freq", "days", "until"),
        [
            ("FREQ=DAILY", "WEEKLY", 7, None),
            ("FREQ=DAILY;INTERVAL=3", "DAILY", 0, None),
            ("FREQ=MONTHLY;BYSETPOS=2;BYDAY=TU", "MONTHLY", 1, None),
            ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20261231T235959Z", "WEEKLY", 1, date(2026, 12, 31)),
            ("FREQ=WEEKLY;BYDAY=MO;COUNT=4", "WEEKLY", 1, None),
            ("FREQ=MONTHLY;BYMONTHDAY=1,15", "MONTHLY", 0, None),
        ],
    )
    def test_says_a_rule_as_the_standard_does(
        self, rule: str, freq: str, days: int, until: date | None
    ) -> None:
        slot = slot_of_rule(rule, first_on=None, opens=time(10), minutes=60, words="")

        assert (slot.freq, len(slot.days), slot.until, slot.rule) == (freq, days, until, rule)
        assert slot.count == (4 if "COUNT" in rule else None)


class TestCleaner:
    def test_reads_values_of_many_shapes(self) -> None:
        cleaner = Cleaner("here")

        assert cleaner.number({"n": "2.5"}, "n") == 2.5
        assert cleaner.number({"n": True}, "n") is cleaner.number({"n": "x"}, "n") is None
        assert cleaner.postcode({"p": "nowhere"}, "p") == ""
        assert cleaner.number({}, "n") is None
        assert cleaner.moment({"at": "2026-03-04T12:00:00"}, "at") == datetime(
            2026, 3, 4, 12, tzinfo=UTC
        )
        assert cleaner.moment({"at": "1066-10-14T09:00:00Z"}, "at") is None
        assert cleaner.moment({"at": "soon"}, "at") is None
        assert cleaner.day({"on": "soon"}, "on") is None
        assert cleaner.key({"id": 17}) == "17"
        assert cleaner.key({"id": True}) == cleaner.key({"id": "a\nb"}) == ""
        assert cleaner.text({"t": 17}, "t") == "17"
        assert cleaner.text({"t": True}, "t") == ""
        assert list(cleaner.parts({"x": [{"a": 1}, 2]}, "y", "x")) == [{"a": 1}]
        assert cleaner.point({"latitude": 53.8, "longitude": -1.55}) is not None
        assert cleaner.point({"latitude": 53.8}) is None
        assert cleaner.postcode({"p": "ls62ab"}, "p") == "LS6 2AB"
        assert [remark.why for remark in cleaner.remarks] == [
            "n is no number and was left out.",
            "n is no number and was left out.",
            "p “nowhere” is not written like a postcode and was left out.",
            "at is no instant and was left out.",
            "on is no day and was left out.",
            "t is not a text and was left out.",
            "x holds something that is no record; it was left out.",
        ]

    @given(st.text(max_size=200))
    def test_no_text_keeps_markup(self, typed: str) -> None:
        found = plain_text(f"<p>{typed}</p><script>alert(1)</script>")

        assert "<script" not in found
        assert "alert(1)" not in found.replace(typed, "") or "alert(1)" in typed
        assert plain_text(found) == plain_text(plain_text(found))

    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=9),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            "id",
                            "name",
                            "organization",
                            "schedules",
                            "cost_options",
                            "amount",
                            "service_at_locations",
                            "location",
                            "addresses",
                            "postal_code",
                            "byday",
                            "opens_at",
                            "latitude",
                            "longitude",
                            "attributes",
                        ]
                    ),
                    inner,
                    max_size=5,
                )
            ),
            max_leaves=12,
        )
    )
    def test_no_record_breaks_the_reader(self, value: object) -> None:
        feed = read_services(
            [value, {"id": "a", "name": "A", "schedules": value}], on=date(2026, 3, 4)
        )

        assert len(feed.services) <= 2


class TestSorting:
    def test_a_term_of_ours_counts_first(self) -> None:
        assert sorting.categories_of(["meals", "Garden club"], "Yoga", "")[0] == "meals"
        assert sorting.categories_of([], "Chair yoga", "") == ("sport-and-fitness",)
        assert sorting.categories_of([], "Party party", "Nothing of ours") == ()

    def test_a_word_must_begin_so(self) -> None:
        assert sorting.categories_of([], "A party for all", "") == ()
        assert sorting.categories_of([], "party art", "") == ("arts-and-music",)

    def test_reads_whom_and_languages(self) -> None:
        assert sorting.for_whom("young-people", "For autistic adults") == (
            "young-people",
            "autism",
        )
        assert sorting.languages(["Cymraeg", "en", "Klingon"]) == ("english", "welsh")
        assert sorting.languages([]) == ("english",)

    def test_knows_volunteering_and_care(self) -> None:
        (volunteer,) = said([service(name="Volunteering with us", schedules=[])]).services
        (home,) = said([service(name="Lark care home", schedules=[])]).services

        assert volunteer.kind == "volunteering"
        assert home.is_care


class TestReading:
    @pytest.mark.parametrize(
        ("changes", "pence", "words"),
        [
            ({"fees": "No charge"}, 0, "No charge"),
            ({"fees": "£3 a week"}, 0, "£3 a week"),
            ({"fees": ""}, 0, "Ask them what it costs"),
            ({"fees": "", "cost_options": [{"option": "Members"}]}, 0, "Members"),
            ({"cost_options": [{"amount": 0}]}, 0, "Free"),
            (
                {"cost_options": [{"amount": 5, "option": "Adults"}, {"amount": 0}]},
                0,
                "£5.00 (Adults); Free",
            ),
            ({"cost_options": [{"amount": 2.5, "amount_description": "£2.50"}]}, 250, "£2.50"),
        ],
    )
    def test_reads_what_it_costs(self, changes: dict[str, Any], pence: int, words: str) -> None:
        (found,) = said([service(name="Meeting", **changes)]).services

        assert (found.cost_pence, found.cost_words) == (pence, words)

    def test_a_place_with_a_postcode_counts_first(self) -> None:
        places = [{"location": {"name": "Online"}}, at("Hall", "LS6 2AB")]

        (found,) = said([service(service_at_locations=places)]).services

        assert (found.venue, found.postcode) == ("Hall, Leeds", "LS6 2AB")

    def test_a_place_without_a_postcode_is_in_the_nearest_district(self) -> None:
        places = [{"location": {"name": "Hall", "latitude": 53.819, "longitude": -1.571}}]
        found = read_services(
            [service(service_at_locations=places)],
            on=date(2026, 3, 4),
            district_at=lambda point: f"LS{point.northing // 100_000}",
        ).services[0]

        assert (found.venue, found.postcode) == ("Hall", "LS4")

    def test_the_first_of_several_places_without_a_postcode_counts(self) -> None:
        places = [
            {"location": {"name": "Hall", "latitude": 53.8, "longitude": -1.5}},
            {"location": {"name": "Barn"}},
        ]

        (found,) = said([service(service_at_locations=places)]).services

        assert (found.venue, found.postcode) == ("Hall", "")

    @pytest.mark.parametrize(
        ("ages", "limits"),
        [
            ({"minimum_age": 18}, (18, None)),
            ({"maximum_age": 25.0}, (None, 25)),
            ({"minimum_age": "5", "maximum_age": "11"}, (5, 11)),
            ({"minimum_age": 0, "maximum_age": 120}, (None, None)),
            ({"minimum_age": 0.5, "maximum_age": 4.5}, (None, 5)),
            ({"minimum_age": 12, "maximum_age": 100}, (12, None)),
            ({"eligibilitys": [{"minimum_age": 16, "maximum_age": 24}]}, (16, 24)),
            ({"minimum_age": 60, "eligibilitys": [{"minimum_age": 16}]}, (60, None)),
            ({"eligibility": "adults"}, (None, None)),
        ],
    )
    def test_reads_for_which_ages_it_is(
        self, ages: dict[str, Any], limits: tuple[int | None, int | None]
    ) -> None:
        feed = said([service(**ages)])

        (found,) = feed.services
        assert (found.youngest, found.oldest) == limits
        assert feed.remarks == ()

    @pytest.mark.parametrize(
        ("ages", "why"),
        [
            ({"minimum_age": 30, "maximum_age": 20}, "its ages are from 30 to 20"),
            ({"minimum_age": -1}, "minimum_age is -1, which is no age"),
            ({"minimum_age": 500}, "minimum_age is 500, which is no age"),
            ({"maximum_age": "old"}, "maximum_age is no number"),
        ],
    )
    def test_leaves_out_ages_that_cannot_be_and_says_so(
        self, ages: dict[str, Any], why: str
    ) -> None:
        feed = said([service(**ages)])

        (found,) = feed.services
        assert (found.youngest, found.oldest) == (None, None)
        assert [why in remark.why for remark in feed.remarks] == [True]

    @pytest.mark.parametrize(
        ("fees", "known"), [("", False), ("Ring us", False), ("Free", True), ("£3", False)]
    )
    def test_what_says_no_price_is_not_free(self, fees: str, *, known: bool) -> None:
        (found,) = said([service(fees=fees, cost_options=[])]).services

        assert (found.cost_pence, found.cost_known) == (0, known)

    def test_a_service_without_an_organisation_is_its_own(self) -> None:
        feed = said([service(organization=None)])

        (own,) = feed.organisations.values()
        assert (own.key, own.name) == ("of/s1", "Tea s1")

    def test_a_phone_is_found_where_it_is(self) -> None:
        contact = {"name": "Alma", "phones": [{"number": "0113 496 0000"}]}

        (found,) = said([service(contacts=[contact], email="a@b.example")]).services

        assert found.contact == "Alma, 0113 496 0000, a@b.example"

    def test_what_was_said_can_be_kept(self) -> None:
        dated = [{"dtstart": "2026-04-01", "opens_at": "10:00"}]
        feed = said([service(schedules=dated, last_modified="2026-03-01T00:00:00Z")])

        (one,) = feed.services
        (group,) = feed.organisations.values()
        assert service_from(to_json(one)) == one
        assert organisation_from(to_json(group)) == group


def test_writes_addresses_that_every_reader_takes() -> None:
    assert web_address("www.lark.example/a b?c=ä") == "https://www.lark.example/a%20b?c=%C3%A4"
    assert web_address("http://lark.example:8080") == "http://lark.example:8080"
    assert web_address("https://müller.example") == "https://xn--mller-kva.example"
    bad = ("javascript:alert(1)", "x", "http://[::1", "http://a.b:x", "", "ftp://a.example")
    assert [web_address(each) for each in bad] == [""] * 6
    assert email_address("a@b") == email_address("nobody") == ""
    assert pruned({"a": [{"b": None}], "c": 0, "d": {"e": ""}}) == {"c": 0}


def test_knows_towns_and_names_sources() -> None:
    assert town_of("LS6 2AB") == ("Leeds", "England")
    assert town_of("E1 6AN") == ("London", "England")
    assert town_of("ZZ1") == ("", "")
    assert attribution("Airemoor", "") == "Airemoor"
    assert usual_name("https://a.example/oruk") == "a.example"
    assert usual_name("file:pages/") == "file:pages"
    assert SourceKind.ORUK.label == "Open Referral UK feed"


def test_a_plus_sign_that_was_not_quoted_is_one() -> None:
    question = read_question({"modified_after": "2026-03-04T12:00:00 01:00", "taxonomy_id": ""})

    assert question.modified_after == datetime(2026, 3, 4, 11, tzinfo=UTC)


def test_a_row_says_what_its_columns_are() -> None:
    record = record_of({"Was": "Tee"}, {"name": "Was"})

    assert record["organization"]["name"] == "Tee"
    assert organisation()["name"] == "Larkfield Neighbours"


@pytest.mark.parametrize(
    ("written", "limits"),
    [
        ("18+", ("18", "")),
        ("18 and over", ("18", "")),
        ("5-11", ("5", "11")),
        ("from 14 to 25 years", ("14", "25")),
        ("up to 16", ("", "16")),
        ("Under 5", ("", "4")),
        ("everybody", ("", "")),
    ],
)
def test_a_column_of_ages_is_read_as_people_write_them(
    written: str, limits: tuple[str, str]
) -> None:
    record = record_of({"Name": "Tea", "Ages": written}, {"name": "Name", "ages": "Ages"})

    assert (record["minimum_age"], record["maximum_age"]) == limits


def test_columns_for_the_youngest_and_the_oldest_count_first() -> None:
    row = {"Name": "Tea", "Min age": "50", "Max age": "70", "Ages": "18+"}
    mapping = recognised(list(row), said={}, remembered={})

    record = record_of(row, mapping)

    assert (record["minimum_age"], record["maximum_age"]) == ("50", "70")
