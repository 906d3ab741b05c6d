"""The index on disk: opened, written by one at a time, and begun again when it is broken."""

import logging
import pickle
import struct
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, RLock
from typing import NamedTuple

from whoosh import fields, index
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import IndexReader
from whoosh.searching import Searcher
from whoosh.writing import CLEAR, IndexWriter, LockError

from marketplace.search.adapters.bits import bits_of
from marketplace.search.adapters.whoosh.columns import Columns, Piece, Placed, Row
from marketplace.search.adapters.whoosh.ordering import Days
from marketplace.search.errors import SearchBusyError, SearchRestingError
from marketplace.search.rules import Concept

_log = logging.getLogger(__name__)

DAMAGED = (OSError, EOFError, struct.error, pickle.UnpicklingError)
"""What a damaged file makes the library raise while it looks words up."""

_BROKEN = (
    *DAMAGED,
    index.IndexError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    AssertionError,
)
"""What it makes the library raise while it opens an index: there is no one error for it."""

_NOTE = "fill-again"
_RECIPE = "recipe"
_LOCK = "MAIN_WRITELOCK"
"""The name is the library's."""

_LOCK_SECONDS = 10.0
_LOCK_PAUSE_SECONDS = 0.05
_REST_SECONDS = 0.5
"""So long a search waits for whoever writes the index anew."""
_OPEN_PAUSES_SECONDS = (0.05, 0.2, 0.0)


Generation = tuple[int, int, int]
"""The number of a state, and the file that says what belongs to it: a lost one begins at 1 anew."""


@dataclass(frozen=True, slots=True)
class State:
    """One generation of the index: a reader of words, and the columns that go with it.

    ``having`` keeps which entries have a token, and ``fits`` how well entries fit an idea, for
    as long as the state lasts.
    """

    generation: Generation
    searcher: Searcher
    columns: Columns
    days: Days
    having: dict[str, int] = field(default_factory=dict)
    fits: dict[Concept, Mapping[int, float]] = field(default_factory=dict)


class Document(NamedTuple):
    """What is written of one entry: its id, all its tokens, and what is kept beside them."""

    id: str
    tokens: str
    row: Row


class Files:
    """The folder of an index.

    One that is missing or broken is replaced by an empty one, with a note in the folder that it
    has to be filled again. ``recipe`` is how its words were understood; another one is a reason
    to fill it again too.
    """

    def __init__(self, folder: Path, recipe: str) -> None:
        """Open the index, or begin an empty one."""
        self.lock = RLock()
        self._turns = Lock()
        self._folder = folder
        self._made_by = recipe
        self._index: index.FileIndex | None = None
        self._state: State | None = None
        self._pieces: dict[str, Piece] = {}
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.glob("*.toc")):
            self.begin_again()
        self.read()

    def needs_filling(self) -> bool:
        """Return whether what the index has is not what it should have."""
        recipe = self._folder / _RECIPE
        known = recipe.read_text(encoding="ascii") if recipe.is_file() else ""
        return (self._folder / _NOTE).exists() or known != self._made_by

    def is_lost(self) -> bool:
        """Return whether there was an index, or should be one, and nothing is left of it."""
        return not self.read().columns.size and (self._folder / _NOTE).exists()

    def read(self) -> State:
        """Return the newest state, opened again only if somebody has written."""
        with self.lock:
            for pause in _OPEN_PAUSES_SECONDS:
                try:
                    return self._open()
                except _BROKEN:
                    # A writer may just have taken away the files of the state before.
                    time.sleep(pause)
            try:
                self.begin_again(patience=_REST_SECONDS)
            except SearchBusyError:
                raise SearchRestingError from None
            return self._open()

    def begin_again(
        self, *, though_it_opens: bool = False, patience: float = _LOCK_SECONDS
    ) -> None:
        """Put an empty index in place of a broken one, unless another process just has."""
        with self.lock, self._only_writer(patience):
            self._index = self._state = None
            self._pieces = {}
            if not though_it_opens and self._opens():
                return
            if any(self._folder.glob("*.toc")):
                _log.warning("The search index in %s is broken: beginning again.", self._folder)
            (self._folder / _NOTE).touch()
            for old in self._folder.iterdir():
                if old.name not in {_NOTE, _RECIPE, _LOCK}:
                    old.unlink(missing_ok=True)
            FileStorage(str(self._folder)).create_index(_schema())

    def replace(self, documents: Iterator[Document]) -> None:
        """Write a whole new index; until it is done the old one answers."""
        with self._writing() as writer:
            _put(writer, documents)
            writer.commit(mergetype=CLEAR)
        (self._folder / _RECIPE).write_text(self._made_by, encoding="ascii")
        (self._folder / _NOTE).unlink(missing_ok=True)

    def change(self, documents: Iterator[Document], gone: Iterable[str]) -> None:
        """Take some entries out and put some in."""
        with self._writing() as writer:
            for entry_id in gone:
                writer.delete_by_term("id", entry_id)
            _put(writer, documents)
            writer.commit()

    def _open(self) -> State:
        opened = self._index or FileStorage(str(self._folder)).open_index()
        number = opened.latest_generation()
        if number < 0:
            raise index.EmptyIndexError(self._folder)
        # The library gives the list of what belongs to a state this name.
        contents = (self._folder / f"_MAIN_{number}.toc").stat()
        generation = (number, contents.st_mtime_ns, contents.st_ino)
        if self._state is None or generation != self._state.generation:
            searcher = opened.searcher()
            columns = Columns(self._placed(searcher))
            self._state = State(generation, searcher, columns, Days(columns))
        self._index = opened
        return self._state

    def _placed(self, searcher: Searcher) -> list[Placed]:
        """Return the pieces of the index in memory; only those that are new are read."""
        known, self._pieces = self._pieces, {}
        placed = []
        for reader, first in searcher.reader().leaf_readers():
            segment = reader.segment()
            if segment is None:  # nothing has been written yet
                continue
            name, size = segment.segment_id(), segment.doc_count_all()
            piece = known.get(name) or Piece(_rows(reader, size))
            self._pieces[name] = piece
            gone = bits_of(segment.deleted_docs(), size)
            placed.append(Placed(first, piece, ((1 << size) - 1) & ~gone))
        return placed

    @contextmanager
    def _writing(self) -> Iterator[IndexWriter]:
        # Writers of one process take turns without standing in the way of its readers.
        with self._turns:
            self.read()
            writer = self._writer()
            try:
                yield writer
            except BaseException:
                writer.cancel()
                raise

    def _opens(self) -> bool:
        try:
            self._open()
        except _BROKEN:
            return False
        return True

    @contextmanager
    def _only_writer(self, patience: float) -> Iterator[None]:
        """Hold the lock that writers hold, without opening an index to write to."""
        lock = FileStorage(str(self._folder)).lock(_LOCK)
        until = time.monotonic() + patience
        while not lock.acquire():
            if time.monotonic() > until:
                raise SearchBusyError
            time.sleep(_LOCK_PAUSE_SECONDS)
        try:
            yield
        finally:
            lock.release()

    def _writer(self) -> IndexWriter:
        until = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                return FileStorage(str(self._folder)).open_index().writer(limitmb=64)
            except LockError:
                if time.monotonic() > until:
                    raise SearchBusyError from None
                time.sleep(_LOCK_PAUSE_SECONDS)


def _put(writer: IndexWriter, documents: Iterable[Document]) -> None:
    for document in documents:
        writer.add_document(id=document.id, tokens=document.tokens, row=tuple(document.row))


def _schema() -> fields.Schema:
    return fields.Schema(
        id=fields.ID(unique=True),
        tokens=fields.KEYWORD(scorable=True),
        row=fields.STORED,
    )


def _rows(reader: IndexReader, size: int) -> list[Row | None]:
    rows: list[Row | None] = [None] * size
    for number, stored in reader.iter_docs():
        rows[number] = Row(*stored["row"])
    return rows
