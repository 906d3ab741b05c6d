"""What every engine does alike with choices, places and orders."""

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from marketplace.kernel.ages import ANY_AGE, Ages
from marketplace.places.rules import Point
from marketplace.search.adapters import Engine
from marketplace.search.rules import SHOWN_FACETS, EntryKind, Facet, Hit, Query, Sort
from tests.search.market import LEEDS, TODAY, any_query, ask, entry, everything, market, titles


def at(metres_east: int) -> dict[str, Any]:
    """Return the place so far east of the middle of Leeds."""
    return {"easting": LEEDS.easting + metres_east, "northing": LEEDS.northing}


class TestFacets:
    def test_choices_in_one_facet_widen(self, finder: Engine) -> None:
        finder.add([entry(days=frozenset({day})) for day in ("mon", "tue", "sun")])

        assert ask(finder, selected={Facet.DAY: frozenset({"mon", "tue"})}).total == 2

    def test_choices_in_two_facets_narrow(self, finder: Engine) -> None:
        finder.add([entry(checked=True, has_space=True), entry(checked=True), entry()])
        yes = frozenset({"yes"})

        assert ask(finder, selected={Facet.CHECKED: yes, Facet.SPACE: yes}).total == 1

    def test_a_facet_without_a_choice_does_not_narrow(self, finder: Engine) -> None:
        finder.add([entry(), entry()])

        assert ask(finder, selected={Facet.CATEGORY: frozenset()}).total == 2

    def test_counts_of_a_facet_keep_the_choices_of_all_others(self, finder: Engine) -> None:
        finder.add(
            [
                entry(category="meals", checked=True),
                entry(category="meals"),
                entry(category="garden", checked=True),
                entry(category="out"),
            ]
        )
        chosen = {Facet.CATEGORY: frozenset({"meals"}), Facet.CHECKED: frozenset({"yes"})}

        results = ask(finder, selected=chosen)

        assert results.total == 1
        assert results.counts[Facet.CATEGORY] == {"meals": 1, "garden": 1}
        assert results.counts[Facet.CHECKED] == {"yes": 1}

    def test_prices_fall_into_bands_and_free_is_also_a_choice(self, finder: Engine) -> None:
        pence = [0, 9_99, 10_00, 15_00, 20_00, 30_00, None]
        finder.add([entry(price_pence=price) for price in pence] + [entry(free=True)])

        counts = ask(finder).counts

        assert counts[Facet.PRICE_BAND] == {
            "free": 2,
            "under_10": 1,
            "10_15": 1,
            "15_20": 1,
            "20_30": 1,
            "over_30": 1,
        }
        assert counts[Facet.FREE] == {"yes": 2}

    def test_ages_are_bands_of_which_an_entry_may_have_several(self, finder: Engine) -> None:
        finder.add(
            [
                entry("Toddlers", ages=Ages(None, 4).bands, days=frozenset({"mon"})),
                entry("Youth club", ages=Ages(14, 25).bands, days=frozenset({"mon"})),
                entry("Over fifties", ages=Ages(50, None).bands, days=frozenset({"tue"})),
                entry("Library", ages=ANY_AGE.bands, days=frozenset({"tue"})),
            ]
        )

        young = ask(finder, selected={Facet.AGE: frozenset({"young"})})
        either = ask(finder, selected={Facet.AGE: frozenset({"young", "older"})})
        mondays = ask(finder, selected={Facet.DAY: frozenset({"mon"})})

        assert (young.total, either.total) == (2, 3)
        assert young.counts[Facet.AGE] == {"children": 2, "young": 2, "adults": 3, "older": 2}
        assert young.counts[Facet.DAY] == {"mon": 1, "tue": 1}
        assert mondays.counts[Facet.AGE] == {"children": 1, "young": 1, "adults": 1}

    def test_kinds_stand_side_by_side_in_one_list(self, finder: Engine) -> None:
        finder.add([entry(kind=kind) for kind in EntryKind])

        results = ask(finder)

        assert {hit.kind for hit in results.ids} == set(EntryKind)
        assert results.counts[Facet.KIND] == dict.fromkeys(EntryKind, 1)

    def test_every_facet_is_counted(self, finder: Engine) -> None:
        finder.add([entry()])

        assert set(ask(finder).counts) == set(SHOWN_FACETS)


class TestCouncils:
    def test_a_portal_shows_its_own_and_what_is_everywhere(self, finder: Engine) -> None:
        entries = [
            entry("Everywhere"),
            entry("North", councils=frozenset({"north"})),
            entry("South", councils=frozenset({"south"})),
        ]
        finder.add(entries)

        assert sorted(titles(finder, entries, council="north")) == ["Everywhere", "North"]
        assert titles(finder, entries, council="nowhere") == ["Everywhere"]
        assert len(titles(finder, entries)) == 3

    def test_ideas_in_another_councils_entries_do_not_stop_the_search_from_widening(
        self, finder: Engine
    ) -> None:
        finder.add(
            [
                entry("Painting choir", councils=frozenset({"south"})),
                entry("Painting", councils=frozenset({"north"})),
            ]
        )

        results = ask(finder, "painting choir", council="north")

        assert (results.total, results.widened) == (1, True)


class TestPlaces:
    def test_says_how_far_away_in_whole_metres(self, finder: Engine) -> None:
        there = entry(easting=LEEDS.easting + 300, northing=LEEDS.northing + 400)
        finder.add([there])

        assert ask(finder, near=LEEDS).ids == (Hit(there.id, EntryKind.OFFER, 500),)

    def test_says_nothing_of_distance_where_no_place_is_given(self, finder: Engine) -> None:
        there = entry(**at(300))
        finder.add([there])

        assert ask(finder).ids == (Hit(there.id, EntryKind.OFFER, None),)

    def test_who_comes_to_the_district_is_near_however_far_away(self, finder: Engine) -> None:
        far, north = LEEDS.easting + 90_000, LEEDS.northing
        comes = frozenset({"LS6", "LS7"})
        finder.add(
            [
                entry("Comes here", covers=comes, easting=far, northing=north),
                entry("Stays there", easting=far, northing=north),
            ]
        )

        assert ask(finder, near=LEEDS, within_metres=1_000, district="LS6").total == 1
        assert ask(finder, near=LEEDS, within_metres=1_000, district="LS8").total == 0
        assert ask(finder, near=LEEDS, within_metres=1_000).total == 0

    def test_within_means_up_to_and_with(self, finder: Engine) -> None:
        finder.add([entry(**at(1_000)), entry(**at(1_001))])

        assert ask(finder, near=LEEDS, within_metres=1_000).total == 1

    def test_whoever_travels_so_far_is_near_enough(self, finder: Engine) -> None:
        finder.add(
            [
                entry("comes", **at(5_000), reach_metres=5_000),
                entry("does not", **at(5_001), reach_metres=5_000),
            ]
        )

        assert ask(finder, near=LEEDS, within_metres=1_000).total == 1

    def test_what_has_no_place_is_near_everywhere(self, finder: Engine) -> None:
        finder.add([entry("On the telephone")])

        results = ask(finder, near=LEEDS, within_metres=0)

        assert [hit.distance_metres for hit in results.ids] == [None]

    def test_without_a_place_within_means_nothing(self, finder: Engine) -> None:
        finder.add([entry(**at(90_000))])

        assert ask(finder, within_metres=10).total == 1

    def test_counts_are_of_what_is_near(self, finder: Engine) -> None:
        finder.add([entry(category="meals", **at(10)), entry(category="garden", **at(90_000))])

        results = ask(finder, near=LEEDS, within_metres=1_000)

        assert results.counts[Facet.CATEGORY] == {"meals": 1}


class TestOrder:
    def test_nearest_first_and_without_a_place_last(self, finder: Engine) -> None:
        entries = [entry("none"), entry("far", **at(9_000)), entry("near", **at(10))]
        finder.add(entries)

        assert titles(finder, entries, near=LEEDS, sort=Sort.NEAREST) == ["near", "far", "none"]

    def test_cheapest_first_and_without_a_price_last(self, finder: Engine) -> None:
        entries = [
            entry("none"),
            entry("dear", price_pence=20_00),
            entry("cheap", price_pence=10_00),
            entry("free", free=True),
        ]
        finder.add(entries)

        assert titles(finder, entries, sort=Sort.PRICE) == ["free", "cheap", "dear", "none"]

    def test_best_rated_first_and_unrated_last(self, finder: Engine) -> None:
        entries = [
            entry("none"),
            entry("good", rating_tenths=40, rating_count=1),
            entry("good by many", rating_tenths=40, rating_count=9),
            entry("better", rating_tenths=45, rating_count=2),
        ]
        finder.add(entries)

        assert titles(finder, entries, sort=Sort.RATING) == [
            "better",
            "good by many",
            "good",
            "none",
        ]

    def test_what_nobody_looks_after_comes_last_however_well_it_fits(self, finder: Engine) -> None:
        entries = [
            entry("Painting painting", from_register=True),
            entry("Painting", stale=True),
            entry("Mornings", words="We do some painting now and then, and walk."),
        ]
        finder.add(entries)

        assert titles(finder, entries, "painting")[0] == "Mornings"

    def test_a_good_rating_and_nearness_put_equals_in_order(self, finder: Engine) -> None:
        entries = [
            entry("Choir", **at(30_000)),
            entry("Choir", rating_tenths=48, rating_count=9, **at(30_000)),
            entry("Choir", rating_tenths=48, rating_count=9, **at(100)),
        ]
        finder.add(entries)

        found = [hit.id for hit in ask(finder, "choir", near=LEEDS).ids]

        assert found == [one.id for one in reversed(entries)]

    def test_best_does_not_ask_what_it_costs(self, finder: Engine) -> None:
        entries = [entry("Choir", price_pence=pence) for pence in range(1_00, 40_00, 1_00)]
        finder.add(entries)
        before = [hit.id for hit in ask(finder, "choir", page_size=50).ids]

        finder.add([replace(one, price_pence=50_00) for one in entries[::2]])

        assert [hit.id for hit in ask(finder, "choir", page_size=50).ids] == before

    def test_equals_change_places_every_day_and_stay_for_the_day(self, finder: Engine) -> None:
        finder.add([entry("Choir") for _ in range(20)])
        days = [TODAY.replace(day=day) for day in (4, 4, 5)]

        first, again, tomorrow = ([hit.id for hit in _on(finder, day)] for day in days)

        assert first == again
        assert first != tomorrow
        assert set(first) == set(tomorrow)

    def test_pages_follow_each_other_without_gap_or_repeat(self, finder: Engine) -> None:
        finder.add([entry("Choir") for _ in range(25)])

        pages = [ask(finder, page=page, page_size=10).ids for page in (1, 2, 3)]

        assert [len(page) for page in pages] == [10, 10, 5]
        assert len({hit.id for page in pages for hit in page}) == 25


@pytest.mark.parametrize("seed", range(3))
def test_pages_and_counts_agree_with_each_other(finder: Engine, seed: int) -> None:
    random = Random(seed)
    finder.rebuild(market(120, random))
    for _ in range(10):
        query = any_query(random)
        results = finder.search(query)
        assert len(everything(finder, query)) == results.total
        for facet, counts in results.counts.items():
            for value, count in counts.items():
                chosen = {**query.selected, facet: frozenset({value})}
                assert finder.search(replace(query, selected=chosen)).total == count


def test_a_point_is_where_it_says(finder: Engine) -> None:
    finder.add([entry(**at(0))])

    assert ask(finder, near=Point(0, 0)).ids[0].distance_metres == 610_236


def _on(finder: Engine, day: date) -> tuple[Hit, ...]:
    return finder.search(Query(text="choir", on=day)).ids
