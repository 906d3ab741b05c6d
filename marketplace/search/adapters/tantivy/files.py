"""The index on disk: opened, written by one at a time, and put in place of an older one at once.

The folder has one folder for each making of the index, and a file that names the one that
counts. A new making is written beside the old one, then named: readers go on all the while.
"""

import logging
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from pathlib import Path
from threading import Lock, RLock
from typing import NamedTuple
from uuid import uuid4

import tantivy

from marketplace.search.adapters.tantivy.choosing import Tags
from marketplace.search.adapters.tantivy.columns import Columns, Numbers
from marketplace.search.adapters.tantivy.reading import Fit, field_of, grown
from marketplace.search.errors import SearchBusyError
from marketplace.search.rules.ranking import PLACES

_log = logging.getLogger(__name__)

BROKEN = (OSError, ValueError, KeyError, IndexError, TypeError)
"""What a damaged file makes the library raise, or us when we read what it gives."""

_CURRENT = "current"
_RECIPE = "recipe"
_NEXT = "next"
_META = "meta.json"
_LOCK_SECONDS = 10.0
_LOCK_PAUSE_SECONDS = 0.02
_OPEN_PAUSES_SECONDS = (0.02, 0.1, 0.0)
_HEAP_OCTETS = 32_000_000

Signs = tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class State:
    """One state of the index: a reader of words, and the columns that go with it.

    ``fits`` keeps which entries have an idea and how well, and ``having`` how many have ideas, for
    as long as the state lasts.
    """

    signs: Signs
    searcher: tantivy.Searcher
    columns: Columns
    tags: Tags
    fits: dict[object, Fit] = field(default_factory=dict)
    having: dict[object, int] = field(default_factory=dict)
    lots: dict[object, Numbers] = field(default_factory=dict)


class Document(NamedTuple):
    """What is written of one entry: its id, its tokens in each place, its words, its row."""

    id: str
    tokens: Mapping[str, frozenset[str]]
    words: str
    row: bytes


def schema() -> tantivy.Schema:
    """Return the fields of an index."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    for name in ("tokens", *map(field_of, PLACES), "words"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_unsigned_field("number", indexed=True, fast=True)
    builder.add_bytes_field("row", stored=True)
    return builder.build()


@contextmanager
def no_panic() -> Iterator[None]:
    """Turn the panic that the library falls into over some damages into an error.

    It has no name that could be imported, and is no `Exception`.
    """
    try:
        yield
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":
            raise
        raise OSError(str(panic)) from panic


class Files:
    """The folder of an index."""

    def __init__(self, folder: Path, recipe: str) -> None:
        """Look at the index, which need not be there."""
        self.lock = RLock()
        self._turns = Lock()
        self._folder = folder
        # To put paths together costs more than to look at what is there, at every search.
        self._current = folder / _CURRENT
        self._metas: dict[str, Path] = {}
        self._made_by = recipe
        self._state: State | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def read(self) -> State | None:
        """Return the newest state; none if there is no index, or a broken one."""
        with self.lock:
            for pause in _OPEN_PAUSES_SECONDS:
                try:
                    with no_panic():
                        return self._newest()
                except FileNotFoundError:
                    if not (self._folder / _CURRENT).exists():
                        break
                except BROKEN as broken:
                    _log.warning("The search index in %s does not open: %s", self._folder, broken)
                # A writer may just have taken the making before away.
                time.sleep(pause)
            self._state = None
            return None

    def needs_filling(self) -> bool:
        """Return whether what the index has is not what it should have."""
        if self.read() is None:
            return True
        try:
            recipe = (self._making() / _RECIPE).read_text(encoding="ascii")
        except OSError:
            return True
        return recipe != self._made_by

    def distrust(self) -> None:
        """Remember that the index is damaged, so that it is made anew."""
        with self.lock:
            self._state = None
        (self._folder / _CURRENT).unlink(missing_ok=True)

    def replace(self, documents: Iterable[Document]) -> None:
        """Write a whole new index; until it is done the old one answers."""
        with self._writing():
            making = self._begin()
            try:
                _write(making, documents, (), first=0)
            except BaseException:
                shutil.rmtree(making, ignore_errors=True)
                raise
            (making / _RECIPE).write_text(self._made_by, encoding="ascii")
            self._name(making)

    def change(self, documents: Iterable[Document], gone: Iterable[str]) -> None:
        """Take some entries out and put some in."""
        with self._writing():
            if self.read() is None:
                making = self._begin()
                _write(making, (), (), first=0)
                self._name(making)
            making = self._making()
            _write(making, documents, gone, first=_next(making))

    def _newest(self) -> State:
        signs = self._signs()
        before = self._state
        if before is not None and before.signs == signs:
            return before
        searcher = tantivy.Index.open(str(self._folder / signs[0])).searcher()
        same = before is not None and before.signs[0] == signs[0]
        columns = grown(before.columns if before and same else Columns(), searcher)
        self._state = State(signs, searcher, columns, Tags.of(columns))
        return self._state

    def _signs(self) -> Signs:
        """Return what differs after every writing, and costs next to nothing to look at."""
        name = self._current.read_text(encoding="ascii")
        if name not in self._metas:
            self._metas = {name: self._folder / name / _META}
        written = self._metas[name].stat()
        return (name, written.st_mtime_ns, written.st_ino, written.st_size)

    def _making(self) -> Path:
        return self._folder / (self._folder / _CURRENT).read_text(encoding="ascii")

    def _begin(self) -> Path:
        making = self._folder / uuid4().hex
        making.mkdir()
        tantivy.Index(schema(), path=str(making))
        return making

    def _name(self, making: Path) -> None:
        """Let a making be the one that counts, and take all others away."""
        new = self._folder / f"{_CURRENT}.new"
        new.write_text(making.name, encoding="ascii")
        new.replace(self._folder / _CURRENT)
        for other in self._folder.iterdir():
            if other.is_dir() and other != making:
                shutil.rmtree(other, ignore_errors=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Let one thread of one process write at a time."""
        until = time.monotonic() + _LOCK_SECONDS
        if not self._turns.acquire(timeout=_LOCK_SECONDS):
            raise SearchBusyError
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / "lock").open("w") as file:
                while not _locked(file.fileno()):
                    if time.monotonic() > until:
                        raise SearchBusyError
                    time.sleep(_LOCK_PAUSE_SECONDS)
                try:
                    yield
                finally:
                    flock(file, LOCK_UN)
        finally:
            self._turns.release()


def _locked(file: int) -> bool:
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _next(making: Path) -> int:
    return int((making / _NEXT).read_text(encoding="ascii"))


def _write(making: Path, documents: Iterable[Document], gone: Iterable[str], *, first: int) -> None:
    number = first
    with tantivy.Index.open(str(making)).writer(_HEAP_OCTETS, num_threads=1) as writer:
        for entry_id in gone:
            writer.delete_documents_by_term("id", entry_id)
        for number, document in enumerate(documents, first + 1):
            written = tantivy.Document()
            written.add_text("id", document.id)
            written.add_text("tokens", " ".join(frozenset().union(*document.tokens.values())))
            for place, tokens in document.tokens.items():
                written.add_text(field_of(place), " ".join(tokens))
            written.add_text("words", document.words)
            written.add_unsigned("number", number - 1)
            written.add_bytes("row", document.row)
            writer.add_document(written)
        # Before the commit: a number that was given is never given again.
        (making / _NEXT).write_text(str(number), encoding="ascii")
        writer.commit()
        writer.wait_merging_threads()
