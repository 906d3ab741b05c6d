"""What only an index in files can suffer."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from whoosh.filedb.filestore import FileStorage

from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.adapters.whoosh import WhooshEngine, engine, files
from marketplace.search.errors import SearchBusyError, SearchRestingError
from marketplace.search.rules import Entry
from tests.search.market import ask, entry, write_and_read_at_once


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of an index with one entry."""
    WhooshEngine(tmp_path, everyday_words()).rebuild([entry("Choir")])
    return tmp_path


def _cut_segments(folder: Path) -> None:
    for path in folder.glob("*.seg"):
        path.write_bytes(path.read_bytes()[:40])


def _cut_contents(folder: Path) -> None:
    for path in folder.glob("*.toc"):
        path.write_bytes(b"broken")


def _delete_segments(folder: Path) -> None:
    for path in folder.glob("*.seg"):
        path.unlink()


def _delete_all(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


# The library leaves a broken file open for the garbage collector to find.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("damage", [_cut_segments, _cut_contents, _delete_segments, _delete_all])
def test_a_broken_index_is_begun_again_and_wants_to_be_filled(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder)

    finder = WhooshEngine(folder, everyday_words())

    assert (finder.size(), finder.ready(), finder.needs_rebuild()) == (0, False, True)
    finder.rebuild([entry("Choir")])
    assert (ask(finder, "choir").total, finder.needs_rebuild()) == (1, False)
    gc.collect()


def test_an_index_deleted_under_a_reader_is_begun_again(folder: Path) -> None:
    finder = WhooshEngine(folder, everyday_words())
    assert ask(finder, "choir").total == 1

    _delete_all(folder)

    with pytest.raises(SearchRestingError, match="coming back"):
        ask(finder, "choir")
    assert (finder.ready(), finder.needs_rebuild()) == (False, True)
    assert finder.suggest("choir") == ()


def test_a_search_does_not_wait_for_whoever_makes_a_lost_index_anew(folder: Path) -> None:
    finder = WhooshEngine(folder, everyday_words())
    writer = FileStorage(str(folder)).open_index().writer()
    for path in folder.glob("*.toc"):
        path.unlink()

    with pytest.raises(SearchRestingError):
        ask(finder, "choir")

    writer.cancel()
    finder.rebuild([entry("Choir")])
    assert ask(finder, "choir").total == 1


def test_readers_go_on_while_the_index_is_made_anew(folder: Path) -> None:
    finder = WhooshEngine(folder, everyday_words())

    def entries() -> Iterator[Entry]:
        for _ in range(3):
            assert ask(finder, "choir").total == 1
            with ThreadPoolExecutor(1) as other:
                assert other.submit(ask, finder, "choir").result(timeout=5).total == 1
            yield entry("Choir")

    finder.rebuild(entries())

    assert ask(finder, "choir").total == 3


def test_an_index_lost_and_made_anew_elsewhere_is_noticed(folder: Path) -> None:
    finder = WhooshEngine(folder, everyday_words())
    assert ask(finder, "choir").total == 1

    _delete_all(folder)
    WhooshEngine(folder, everyday_words()).rebuild([entry("Painting")])

    assert (ask(finder, "choir").total, ask(finder, "painting").total) == (0, 1)


def test_more_entries_than_it_is_made_for_are_warned_of(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "ENTRIES_MAX", 2)
    finder = WhooshEngine(folder, everyday_words())
    finder.add([entry("Choir")])
    assert finder.advice() is None

    finder.add([entry("Choir")])

    assert finder.advice() in caplog.messages
    assert "3 entries" in str(finder.advice())
    assert "MARKETPLACE_SEARCH" in str(finder.advice())


def test_what_was_lost_stays_known_to_the_next_process(folder: Path) -> None:
    _delete_segments(folder)
    WhooshEngine(folder, everyday_words()).add([entry("Painting")])

    assert WhooshEngine(folder, everyday_words()).needs_rebuild()


def test_a_writer_that_never_ends_is_not_waited_for_for_ever(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_LOCK_SECONDS", 0.1)
    finder = WhooshEngine(folder, everyday_words())
    other = FileStorage(str(folder)).open_index().writer()

    with pytest.raises(SearchBusyError, match="Try again"):
        finder.add([entry("Painting")])

    other.cancel()
    finder.add([entry("Painting")])
    assert finder.size() == 2


def test_a_failed_rebuild_leaves_the_index_as_it_was(folder: Path) -> None:
    finder = WhooshEngine(folder, everyday_words())

    with pytest.raises(ZeroDivisionError):
        finder.rebuild(entry("Painting", price_pence=1 // number) for number in (1, 0))

    assert (ask(finder, "choir").total, ask(finder, "painting").total) == (1, 0)
    finder.add([entry("Painting")])
    assert finder.size() == 2


def test_four_writers_and_four_readers_at_once_lose_nothing(folder: Path) -> None:
    finder = WhooshEngine(folder, everyday_words())

    write_and_read_at_once(finder, each=4)

    assert ask(finder, "painting").total == 20
