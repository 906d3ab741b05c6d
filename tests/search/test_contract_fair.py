"""What every engine does alike so that nobody stands first for who they are."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from marketplace.search.adapters import Engine
from marketplace.search.rules import EntryKind, Query, Sort
from tests.search.market import TODAY, ask, entry

DAYS = 60


def firsts(finder: Engine, text: str, **wish: Any) -> Counter[Any]:  # noqa: ANN401
    """Return who stood first, and on how many of sixty days."""
    return Counter(
        finder.search(Query(text=text, on=TODAY + timedelta(days=day), **wish)).ids[0].id
        for day in range(DAYS)
    )


@pytest.mark.parametrize("text", ["choir", ""])
@pytest.mark.parametrize("sort", list(Sort))
def test_equals_each_stand_first_on_their_share_of_days(
    finder: Engine, text: str, sort: Sort
) -> None:
    entries = [entry("Choir") for _ in range(3)]
    finder.rebuild(entries)

    first = firsts(finder, text, sort=sort)

    # A fair draw gives each 20 of 60; fewer than 7 or more than 34 is one in ten thousand.
    assert set(first) == {one.id for one in entries}
    assert all(7 <= times <= 34 for times in first.values())


def test_kinds_are_on_equal_terms(finder: Engine) -> None:
    entries = [entry("Choir", kind=kind, by="Somebody") for kind in EntryKind]
    finder.rebuild(entries)

    first = firsts(finder, "choir")

    assert len(first) >= 6
    assert max(first.values()) <= 25


def test_a_chain_is_not_before_a_neighbour(finder: Engine) -> None:
    chain = [entry("Choir", by="Everywhere Care", has_space=True) for _ in range(30)]
    neighbour = entry("Choir", by="Ann Neighbour", has_space=True)
    finder.rebuild([*chain, neighbour])
    places = [[hit.id for hit in ask_on(finder, day)].index(neighbour.id) for day in range(DAYS)]

    # In the middle of 31 on the average of sixty fair days, give or take.
    assert 10 <= sum(places) / DAYS <= 20


def test_no_check_regulator_council_or_price_is_paid_for_with_a_place(finder: Engine) -> None:
    plain = entry("Choir")
    others = [
        entry("Choir", checked=True),
        entry("Choir", regulated=True),
        entry("Choir", price_pence=1),
        entry("Choir", free=True),
        entry("Choir", category="music"),
        entry("Choir", councils=frozenset({"north"})),
        entry("Choir", rating_count=9_000),
    ]
    finder.rebuild([plain, *others])
    before = [hit.id for hit in ask(finder, "choir").ids]

    finder.add([replace(one, id=one.id, checked=not one.checked) for one in (plain, *others)])

    assert [hit.id for hit in ask(finder, "choir").ids] == before
    assert len(firsts(finder, "choir")) >= 6


def ask_on(finder: Engine, day: int) -> tuple[Any, ...]:
    """Return everything that is found some days from today."""
    query = Query(text="choir", on=TODAY + timedelta(days=day), page_size=50)
    return finder.search(query).ids
