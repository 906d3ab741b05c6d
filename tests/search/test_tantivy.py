"""What only an index made by the optional package can suffer."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.errors import SearchBusyError, SearchRestingError
from marketplace.search.rules import Entry
from marketplace.search.rules.ranking import lot
from tests.search.market import TODAY, ask, entry, write_and_read_at_once

tantivy = pytest.importorskip(
    "marketplace.search.adapters.tantivy",
    reason="NOT TESTED: the optional package tantivy is not installed",
    exc_type=ImportError,
)
files = pytest.importorskip("marketplace.search.adapters.tantivy.files", exc_type=ImportError)
ordering = pytest.importorskip("marketplace.search.adapters.tantivy.ordering", exc_type=ImportError)
columns = pytest.importorskip("marketplace.search.adapters.tantivy.columns", exc_type=ImportError)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of an index with one entry."""
    tantivy.TantivyEngine(tmp_path, everyday_words()).rebuild([entry("Choir")])
    return tmp_path


def _making(folder: Path) -> Path:
    return folder / (folder / "current").read_text()


def _cut_contents(folder: Path) -> None:
    (_making(folder) / "meta.json").write_text("{")


def _delete_contents(folder: Path) -> None:
    (_making(folder) / "meta.json").unlink()


def _delete_segments(folder: Path) -> None:
    for path in _making(folder).glob("*.store"):
        path.unlink()


def _cut_segments(folder: Path) -> None:
    for path in _making(folder).glob("*.term"):
        path.unlink()
        path.write_bytes(b"broken")


def _delete_name(folder: Path) -> None:
    (folder / "current").unlink()


def _name_nothing(folder: Path) -> None:
    (folder / "current").write_text("nothing")


DAMAGES = [
    _cut_contents,
    _delete_contents,
    _delete_segments,
    _cut_segments,
    _delete_name,
    _name_nothing,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_broken_index_rests_until_it_is_filled_again(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder)

    finder = tantivy.TantivyEngine(folder, everyday_words())

    assert (finder.size(), finder.ready(), finder.needs_rebuild()) == (0, False, True)
    assert finder.suggest("choir") == ()
    with pytest.raises(SearchRestingError, match="coming back"):
        ask(finder, "choir")
    finder.rebuild([entry("Choir")])
    assert (ask(finder, "choir").total, finder.needs_rebuild()) == (1, False)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_broken_index_can_be_added_to_and_still_wants_to_be_filled(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder)
    finder = tantivy.TantivyEngine(folder, everyday_words())

    finder.add([entry("Painting")])

    assert (ask(finder, "painting").total, finder.needs_rebuild()) == (1, True)


def test_what_was_made_before_is_taken_away(folder: Path) -> None:
    finder = tantivy.TantivyEngine(folder, everyday_words())
    finder.rebuild([entry("Choir")])
    finder.rebuild([entry("Choir")])

    assert [path for path in folder.iterdir() if path.is_dir()] == [_making(folder)]


def test_a_failed_rebuild_leaves_the_index_as_it_was(folder: Path) -> None:
    finder = tantivy.TantivyEngine(folder, everyday_words())

    with pytest.raises(ZeroDivisionError):
        finder.rebuild(entry("Painting", price_pence=1 // number) for number in (1, 0))

    assert (ask(finder, "choir").total, ask(finder, "painting").total) == (1, 0)
    assert [path for path in folder.iterdir() if path.is_dir()] == [_making(folder)]
    finder.add([entry("Painting")])
    assert finder.size() == 2


def test_readers_go_on_while_the_index_is_made_anew(folder: Path) -> None:
    finder = tantivy.TantivyEngine(folder, everyday_words())

    def entries() -> Iterator[Entry]:
        for _ in range(3):
            with ThreadPoolExecutor(1) as other:
                assert other.submit(ask, finder, "choir").result(timeout=5).total == 1
            yield entry("Choir")

    finder.rebuild(entries())

    assert ask(finder, "choir").total == 3


def test_a_writer_that_never_ends_is_not_waited_for_for_ever(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_LOCK_SECONDS", 0.1)
    finder = tantivy.TantivyEngine(folder, everyday_words())
    other = tantivy.TantivyEngine(folder, everyday_words())

    with other._files._writing():
        with pytest.raises(SearchBusyError, match="Try again"):
            finder.add([entry("Painting")])
        assert ask(finder, "choir").total == 1

    finder.add([entry("Painting")])
    assert finder.size() == 2


def test_a_number_is_not_given_twice(folder: Path) -> None:
    reader = tantivy.TantivyEngine(folder, everyday_words())
    gone, stays = entry("Painting"), entry("Football")
    reader.add([gone])
    assert ask(reader, "painting").total == 1

    other = tantivy.TantivyEngine(folder, everyday_words())
    other.remove([gone.id])
    tantivy.TantivyEngine(folder, everyday_words()).add([stays])

    assert [hit.id for hit in ask(reader, "football").ids] == [stays.id]
    assert ask(reader, "painting").total == 0


def test_writers_and_readers_at_once_lose_nothing(folder: Path) -> None:
    finder = tantivy.TantivyEngine(folder, everyday_words())

    write_and_read_at_once(finder, each=3)

    assert ask(finder, "painting").total == 15


def test_lots_drawn_together_are_the_lots_drawn_alone() -> None:
    ids = [UUID(int=number**9 + number) for number in range(1, 2**10, 7)]
    seeds = columns.Columns().grown({}, columns.bits_of([], 0).astype("int64")).seeds
    assert len(seeds) == 0

    halves = [one.int >> 64 ^ one.int & 2**64 - 1 for one in ids]
    drawn = ordering.lots(columns.np.array(halves, dtype=columns.np.uint64), TODAY)

    assert drawn.tolist() == [lot(one, TODAY) for one in ids]
