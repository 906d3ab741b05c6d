"""What every engine does alike with the prices that one person pays by agreement."""

from dataclasses import replace
from random import Random
from uuid import uuid4

import pytest

from marketplace.search.adapters import Engine
from marketplace.search.rules import Facet, Sort
from tests.search.market import ask, entry, everything, market, priced_query, titles

YES = frozenset({"yes"})


def test_the_price_band_goes_by_what_this_person_pays(finder: Engine) -> None:
    mine, other = entry(price_pence=20_00), entry(price_pence=20_00)
    finder.add([mine, other])
    own = {mine.id: 12_00}

    results = ask(finder, own_prices=own)
    chosen = ask(finder, own_prices=own, selected={Facet.PRICE_BAND: frozenset({"10_15"})})

    assert results.counts[Facet.PRICE_BAND] == {"10_15": 1, "20_30": 1}
    assert [hit.id for hit in chosen.ids] == [mine.id]
    assert chosen.counts[Facet.PRICE_BAND] == {"10_15": 1, "20_30": 1}


def test_what_this_person_gets_for_nothing_is_free(finder: Engine) -> None:
    mine, other = entry(price_pence=20_00), entry(free=True)
    finder.add([mine, other])

    results = ask(finder, own_prices={mine.id: 0}, selected={Facet.FREE: YES})

    assert {hit.id for hit in results.ids} == {mine.id, other.id}
    assert results.counts[Facet.FREE] == {"yes": 2}
    assert results.counts[Facet.PRICE_BAND] == {"free": 2}


def test_what_is_free_to_others_costs_what_was_agreed(finder: Engine) -> None:
    mine = entry(free=True)
    finder.add([mine])

    counts = ask(finder, own_prices={mine.id: 35_00}).counts

    assert counts[Facet.PRICE_BAND] == {"over_30": 1}
    assert counts[Facet.FREE] == {}


def test_what_has_no_public_price_has_the_agreed_one(finder: Engine) -> None:
    mine = entry(price_pence=None)
    finder.add([mine])

    assert ask(finder, own_prices={mine.id: 9_99}).counts[Facet.PRICE_BAND] == {"under_10": 1}


def test_cheapest_first_goes_by_what_this_person_pays(finder: Engine) -> None:
    entries = [
        entry("dear, mine for less", price_pence=40_00),
        entry("middle", price_pence=20_00),
        entry("cheap, mine for more", price_pence=10_00),
        entry("none", price_pence=None),
        entry("none, mine for most", price_pence=None),
    ]
    finder.add(entries)
    own = {entries[0].id: 15_00, entries[2].id: 30_00, entries[4].id: 90_00}

    assert titles(finder, entries, own_prices=own, sort=Sort.PRICE) == [
        "dear, mine for less",
        "middle",
        "cheap, mine for more",
        "none, mine for most",
        "none",
    ]


def test_best_does_not_ask_what_this_person_pays(finder: Engine) -> None:
    entries = [entry("Choir", price_pence=20_00) for _ in range(30)]
    finder.add(entries)
    own = {one.id: pence for pence, one in enumerate(entries[::2])}

    assert ask(finder, "choir", own_prices=own).ids == ask(finder, "choir").ids


@pytest.mark.parametrize("pence", [-1, 0, 2**31, 2**63, 10**30])
def test_strange_prices_and_strange_offers_do_no_harm(finder: Engine, pence: int) -> None:
    mine = entry(price_pence=20_00)
    finder.add([mine, entry()])
    own = {mine.id: pence, uuid4(): 5_00}

    results = ask(finder, own_prices=own, sort=Sort.PRICE)

    assert results.ids[0].id == mine.id
    assert sum(results.counts[Facet.PRICE_BAND].values()) == 1


def test_one_persons_prices_are_forgotten_before_the_next_search(finder: Engine) -> None:
    mine = entry(price_pence=20_00)
    finder.add([mine])
    before = ask(finder, sort=Sort.PRICE)

    ask(finder, own_prices={mine.id: 7_77}, sort=Sort.PRICE)

    assert ask(finder, sort=Sort.PRICE) == before


@pytest.mark.parametrize("seed", range(2))
def test_pages_and_counts_agree_with_own_prices_too(finder: Engine, seed: int) -> None:
    random = Random(seed)
    entries = market(120, random)
    finder.rebuild(entries)
    for _ in range(6):
        query = priced_query(random, entries)
        results = finder.search(query)
        assert len(everything(finder, query)) == results.total
        for value, count in results.counts[Facet.PRICE_BAND].items():
            chosen = {**query.selected, Facet.PRICE_BAND: frozenset({value})}
            assert finder.search(replace(query, selected=chosen)).total == count
