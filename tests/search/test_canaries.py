"""What was hidden, and what one person pays, stands nowhere: not on the disk, not in memory."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import text

from marketplace.search.adapters import Engine
from marketplace.search.errors import SearchBusyError, SearchRestingError
from marketplace.search.rules import Concept, Entry, Facet, Sort
from tests.search.market import ask, entry

WORD = "zanzibarine"
AGREED = 86_421_37
SECRET = 97_531_46
HIDDEN = UUID("c0ffee00-dead-4bee-8fee-0123456789ab")


@pytest.fixture
def market(finder: Engine) -> list[Entry]:
    """Return what can be found, after something else was hidden and an agreed price was asked."""
    entries = [entry("Choir", price_pence=20_00), entry("Painting", price_pence=30_00)]
    hidden = entry(
        f"{WORD} choir",
        id=HIDDEN,
        by=WORD,
        words=f"A house of {WORD}",
        category=WORD,
        councils=frozenset({WORD}),
        languages=frozenset({WORD}),
        price_pence=SECRET,
    )
    finder.rebuild([*entries, hidden])
    assert ask(finder, WORD).total == 1
    finder.suggest(WORD[:4])
    finder.remove([HIDDEN])
    for sort in Sort:
        ask(finder, "choir", own_prices={entries[0].id: AGREED}, sort=sort)
    return entries


def test_what_is_hidden_is_in_no_answer(finder: Engine, market: list[Entry]) -> None:
    answers = [
        ask(finder),
        ask(finder, WORD),
        ask(finder, f"{WORD[:-1]}a"),
        ask(finder, "choir", council=WORD),
        ask(finder, sort=Sort.PRICE),
        finder.suggest(WORD[:3]),
        finder.suggest("choir zan"),
    ]
    # A word that was typed may be named as one that occurs nowhere.
    said = repr(answers).replace(f"ignored=('{WORD}',)", "").replace(f"('{WORD[:-1]}a',)", "")

    assert WORD not in said
    assert str(HIDDEN) not in said
    assert ask(finder).counts[Facet.CATEGORY] == {}
    assert ask(finder, selected={Facet.CATEGORY: frozenset({WORD})}).total == 0


def test_what_one_person_pays_is_in_nobodys_answer(finder: Engine, market: list[Entry]) -> None:
    own = ask(finder, own_prices={market[0].id: AGREED}, sort=Sort.PRICE)
    others = ask(finder, sort=Sort.PRICE)

    assert [hit.id for hit in own.ids] == [market[1].id, market[0].id]
    assert [hit.id for hit in others.ids] == [market[0].id, market[1].id]
    assert others.counts[Facet.PRICE_BAND] == {"20_30": 1, "over_30": 1}
    assert str(AGREED) not in repr((own, others))


def test_none_of_it_is_in_memory(finder: Engine, market: list[Entry]) -> None:
    finder.rebuild(market)
    ask(finder, "choir", own_prices={market[0].id: AGREED}, sort=Sort.PRICE)

    kept = list(_kept(finder, set()))

    assert "choir" in kept or any(one == 20_00 for one in kept)  # it does look inside
    assert AGREED not in kept
    assert SECRET not in kept
    assert not [one for one in kept if isinstance(one, str) and WORD in one]
    assert not [one for one in kept if isinstance(one, bytes) and WORD.encode() in one]


def test_an_agreed_price_never_touches_the_disk(
    finder: Engine, market: list[Entry], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    assert _found(_disk(finder, tmp_path, request), [*_written(AGREED)]) == []


def test_what_was_hidden_leaves_the_disk_when_the_index_is_made_anew(
    finder: Engine, market: list[Entry], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    finder.rebuild(market)
    disk = _disk(finder, tmp_path, request)

    assert _found(disk, [market[0].id.bytes, str(market[0].id).encode(), b"choir"])  # it looks
    assert finder.suggest(WORD[:4]) == ()
    hidden = [WORD[:8].encode(), HIDDEN.bytes, HIDDEN.hex.encode(), str(HIDDEN).encode()]
    assert _found(disk, [*hidden, *_written(SECRET)]) == []


@pytest.mark.parametrize("error", [SearchBusyError(), SearchRestingError()])
def test_errors_say_nothing_of_what_was_looked_for(error: Exception) -> None:
    assert not any(letter.isdigit() for letter in str(error))


def _written(pence: int) -> Iterator[bytes]:
    """Give an amount as it may stand in a file."""
    yield str(pence).encode()
    yield f"{pence / 100:.2f}".encode()
    for form in ("<i", ">i", "<q", ">q"):
        yield struct.pack(form, pence)


def _found(disk: bytes, needles: list[bytes]) -> list[bytes]:
    return [needle for needle in needles if needle in disk]


def _disk(finder: Engine, folder: Path, request: pytest.FixtureRequest) -> bytes:
    """Return every octet that an engine has written."""
    files = b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    if type(finder).__name__ != "PostgresEngine":
        return files
    database: Database = request.getfixturevalue("index_database")
    rows: list[str] = []
    with database.connect() as connection:
        tables = connection.scalars(
            text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        )
        for table in tables.all():
            rows += connection.scalars(text(f'SELECT t::text FROM "{table}" t')).all()
    return "\n".join(rows).encode()


def _kept(thing: Any, seen: set[int]) -> Iterator[Any]:  # noqa: ANN401
    """Give every word, number and octets that can be reached from an engine."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, str | bytes | int | float | UUID):
        yield thing
    elif isinstance(thing, np.ndarray):
        yield from thing.ravel().tolist()
    else:
        for inner in _inside(thing):
            yield from _kept(inner, seen)


def _inside(thing: Any) -> Iterator[Any]:  # noqa: ANN401
    if isinstance(thing, Concept):
        return  # what was typed, by whomever
    if isinstance(thing, dict):
        yield from thing.keys()
        yield from thing.values()
    elif isinstance(thing, list | tuple | set | frozenset):
        yield from thing
    elif type(thing).__module__.startswith("marketplace."):
        yield from getattr(thing, "__dict__", {}).values()
        for owner in type(thing).__mro__:
            for name in getattr(owner, "__slots__", ()):
                yield getattr(thing, name, None)
