"""What every engine does alike with what nobody should ask: it answers."""

import time
from typing import Any

import pytest

from marketplace.places.rules import Point
from marketplace.search.adapters import Engine
from marketplace.search.rules import SHOWN_FACETS, Query, Sort
from tests.search.market import LEEDS, TODAY, ask, entry

STRANGE = {
    "quotes": "\"painting\" 'painting' \u201cpainting\u201d `painting`",
    "an open quote": '"painting',
    "wildcards": "paint* *ing p?inting %painting% _ainting",
    "a regular expression": "painting (a+)+$ [[:alpha:]]*{1,99999}",
    "many brackets": "painting " + "(" * 2_000 + ")" * 2_000,
    "letters without end": "painting " + "a" * 5_000,
    "words without end": "painting " + "qwxyzzy " * 700,
    "from right to left": "\u202epainting\u202c \u05e6\u05d9\u05d5\u05e8 \u0631\u0633\u0645",
    "pictures": "painting \U0001f3a8\U0001f469\u200d\U0001f9bd\U0001f3f4\U000e0067\U000e007f",
    "nothing at all": "painting\x00\x01\x7f\ufffe\U0010ffff",
    "half a letter": "painting \ud800",
    "the database's language": "painting'; DROP TABLE search_entries; -- ) UNION SELECT 1",
    "PostgreSQL's search": "painting & !choir | (a <-> b):*A \\'",
    "Whoosh's search": "tokens:painting AND NOT id:* ^9 ~2 [a TO z]",
    "Tantivy's search": '+painting -choir number:>0 IN [1 2] tokens:/.*/ "a b"~2',
    "a token of ours": "painting ~person_care _ ~",
    "marks without a letter": "painting " + "\u0301" * 500,
    "letters that grow": "painting \ufdfa\u0149\u1e9e" * 50,
}


FOR_EVER_SECONDS = 60


@pytest.mark.parametrize("what", STRANGE)
def test_an_answer_comes_whatever_is_typed(finder: Engine, what: str) -> None:
    painting = entry("Painting")
    finder.add([painting, entry("Choir")])
    began = time.monotonic()

    results = ask(finder, STRANGE[what])
    offered = finder.suggest(STRANGE[what])

    assert painting.id in {hit.id for hit in results.ids}
    assert len(offered) <= 8
    # What reads it as a pattern takes for ever; a busy machine takes a few seconds.
    assert time.monotonic() - began < FOR_EVER_SECONDS
    assert finder.size() == 2


@pytest.mark.parametrize("value", [*STRANGE.values(), "", "=", "day=mon", "mon,tue", "{}", "NULL"])
def test_an_answer_comes_whatever_is_chosen(finder: Engine, value: str) -> None:
    finder.add([entry("Painting", days=frozenset({"mon"}))])

    for facet in SHOWN_FACETS:
        results = ask(finder, selected={facet: frozenset({value})})
        assert (results.total, results.counts[facet].get(value)) == (0, 0)
    assert ask(finder, council=value).total == 1


@pytest.mark.parametrize("within", [-(10**30), -1, 0, 10**6, 2**31, 2**63, 10**30])
def test_an_answer_comes_however_far_is_asked(finder: Engine, within: int) -> None:
    here = entry(easting=LEEDS.easting, northing=LEEDS.northing)
    there = entry(easting=LEEDS.easting + 99_999, northing=LEEDS.northing)
    finder.add([here, there])

    total = ask(finder, near=LEEDS, within_metres=within, sort=Sort.NEAREST).total

    assert total == (2 if within >= 99_999 else 1)


@pytest.mark.parametrize(
    "point", [Point(0, 0), Point(-(10**9), 10**9), Point(2**31, 2**31), Point(10**30, -(10**30))]
)
@pytest.mark.parametrize("sort", list(Sort))
def test_an_answer_comes_from_places_that_are_nowhere(
    finder: Engine, point: Point, sort: Sort
) -> None:
    finder.add([entry(easting=LEEDS.easting, northing=LEEDS.northing), entry()])

    results = ask(finder, near=point, within_metres=100, sort=sort)

    assert results.total == 1
    assert ask(finder, near=point, sort=sort).total == 2


@pytest.mark.parametrize(
    "wish",
    [
        {"page": -(10**9)},
        {"page": 10**9},
        {"page": 10**30},
        {"page_size": -1},
        {"page_size": 10**9},
        {"page": 10**9, "page_size": 10**9},
        {"within_metres": 5},
        {"sort": Sort.NEAREST},
        {"council": ""},
    ],
)
def test_an_answer_comes_whichever_page_is_asked_for(finder: Engine, wish: dict[str, Any]) -> None:
    finder.add([entry("Painting"), entry("Choir")])

    results = finder.search(Query(on=TODAY, **wish))

    assert results.total == 2
    assert len(results.ids) == (0 if wish.get("page", 1) > 2 else len(results.ids))


@pytest.mark.parametrize("limit", [-1, 0, 1, 10**9])
def test_no_more_ways_to_go_on_than_twenty(finder: Engine, limit: int) -> None:
    finder.add([entry(" ".join(f"qua{letter}{other}" for letter in "abcde" for other in "fghijk"))])

    assert len(finder.suggest("qua", limit)) == min(max(limit, 0), 20)
