"""Statements that are asked at every page: written once, then asked past the expression compiler.

There SQLAlchemy's own way costs several times what the database needs to answer. A ready statement
is written with the same expressions and read by the same types; it is turned into text once for
each kind of database. Only for reading, and without lists that grow.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Dialect, Enum, Select, Uuid
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import CompoundSelect
from sqlalchemy.types import TypeEngine

from marketplace.kernel.postgres import Named, fetch

Row = tuple[Any, ...]
Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")
_Convert = Callable[[Any], Any]


class _Known(dict[Any, Any]):
    """What values mean, found out once for each: those in a column are often the same."""

    __slots__ = ("_convert",)

    def __init__(self, convert: _Convert) -> None:
        self._convert = convert

    def __missing__(self, value: object) -> object:
        meaning = self[value] = self._convert(value)
        return meaning


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as one kind of database is asked it."""

    named: Named
    words: str
    fixed: Mapping[str, Any]
    asked: Sequence[tuple[str, _Convert | None]]
    places: Sequence[str]
    """The values' names in their sequence."""
    read: Sequence[tuple[int, _Convert, _Known | None]]
    """Of each column that has to be read: its place, how, and its words if they are but a few."""

    def given(self, values: Mapping[str, object]) -> tuple[Any, ...]:
        """Return the values in their sequence, as they are written."""
        named = dict(self.fixed)
        for name, convert in self.asked:
            named[name] = values[name] if convert is None else convert(values[name])
        return tuple([named[place] for place in self.places])


class Ready:
    """One statement, ready to be asked."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | CompoundSelect[Any]) -> None:
        self._statement = statement
        self._texts: dict[str, _Text] = {}

    def rows(self, session: Session, **values: object) -> list[Row]:
        """Return all rows, their values as the statement's types read them.

        Equal values in a column are one and the same object: nobody may change it.
        """
        return rows_of_all(session, (self, values))[0]

    def first(self, session: Session, **values: object) -> Row | None:
        """Return the first row, if there is one."""
        return next(iter(self.rows(session, **values)), None)

    def text(self, dialect: Dialect) -> _Text:
        """Return the statement as a kind of database is asked it."""
        return self._texts.get(dialect.name) or self._write(dialect)

    def _write(self, dialect: Dialect) -> _Text:
        kind: Any = type(dialect)
        # PostgreSQL itself numbers the values; the driver that would number them is passed by.
        style = "numeric_dollar" if dialect.name == "postgresql" else dialect.paramstyle
        compiled = self._statement.compile(dialect=kind(paramstyle=style))
        needed = {name for name, bind in compiled.binds.items() if bind.required}
        # Lists that never change are written into the text, which then is the same for ever.
        whole = compiled.construct_expanded_state(dict.fromkeys(needed))
        asked, fixed = [], {}
        for name, value in whole.parameters.items():
            bind = compiled.binds.get(name)
            # What is not among them is one of a list, and lists hold words.
            convert = None if bind is None else _writer(bind.type, dialect)
            if name in needed:
                asked.append((name, convert))
            else:
                fixed[name] = value if convert is None else convert(value)
        read = [
            (place, convert, _Known(convert) if isinstance(column.type, Enum) else None)
            for place, column in enumerate(self._statement.selected_columns)
            if (convert := _reader(column.type, dialect)) is not None
        ]
        places = whole.positiontup or ()
        text = _Text(Named(whole.statement), whole.statement, fixed, asked, places, read)
        self._texts[dialect.name] = text
        return text


Ahead = dict[tuple[bytes, tuple[Any, ...]], list[Row]]
"""Answers that came before they were needed, by a statement's name and its values."""
Asked = tuple[Ready, Mapping[str, object]]
"""A statement and the values that it needs."""


def rows_of_all(session: Session, *asked: Asked) -> list[list[Row]]:
    """Return the rows of several statements, none of which needs another's answer.

    A database on another machine is asked them all before it answers the first.
    """
    texts, found = _ask(session, asked)
    return [_read(rows, text.read) for rows, text in zip(found, texts, strict=True)]


def ask_ahead(session: Session, asked: Asked, *ahead: Asked) -> list[Row]:
    """Return the rows of a statement, and ask others with it that will be asked in this visit.

    Who then asks one of those, with the same values, is given the answer there is.
    """
    texts, found = _ask(session, (asked, *ahead))
    answers: Ahead | None = getattr(session, "ahead", None)
    if answers is not None:
        for text, (_, values), rows in zip(texts[1:], ahead, found[1:], strict=True):
            answers[text.named.name, text.given(values)] = rows
    return _read(found[0], texts[0].read)


class Kept(Generic[Key, Made]):
    """What is made of answers, kept while the database answers the same: it cannot go stale.

    To make it of the key and the rows may take longer than to ask. Nobody may change what is made.
    """

    def __init__(self, make: Callable[[Key, Sequence[list[Row]]], Made], *, most: int) -> None:
        self._make = make
        self._most = most
        self._kept: dict[Key, tuple[list[list[Row]], Made]] = {}

    def of(self, session: Session, key: Key, *asked: Asked) -> Made:
        """Return what is made of a key and the rows of some statements, asked now."""
        texts, found = _ask(session, asked)
        kept = self._kept.pop(key, None)
        if kept is None or kept[0] != found:
            read = [_read(rows, text.read) for rows, text in zip(found, texts, strict=True)]
            kept = (found, self._make(key, read))
        self._kept[key] = kept  # as the newest: the oldest goes first
        while len(self._kept) > self._most:
            with suppress(KeyError, StopIteration, RuntimeError):  # another thread was faster
                del self._kept[next(iter(self._kept))]
        return kept[1]


def _ask(session: Session, asked: Sequence[Asked]) -> tuple[list[_Text], list[list[Row]]]:
    """Return each statement as this database is asked it, and its rows as they come."""
    connection = session.connection()
    dialect = connection.dialect
    texts = [each.text(dialect) for each, _ in asked]
    given = [text.given(values) for text, (_, values) in zip(texts, asked, strict=True)]
    if ahead := getattr(session, "ahead", None):
        answers = [
            ahead.get((text.named.name, values)) for text, values in zip(texts, given, strict=True)
        ]
        if None not in answers:
            return texts, answers
    # Whoever listens to what the database is asked hears this as well.
    for text, values in zip(texts, given, strict=True):
        told = (connection, None, text.words, values, None, False)
        connection.dispatch.before_cursor_execute(*told)
    try:
        if dialect.name == "postgresql":
            named = [text.named for text in texts]
            found = list(fetch(connection, list(zip(named, given, strict=True))))
        else:
            driver: Any = connection.connection.driver_connection
            found = [
                driver.execute(text.words, values).fetchall()
                for text, values in zip(texts, given, strict=True)
            ]
    except dialect.loaded_dbapi.Error as failure:
        _leave_if_gone(connection, failure)
        raise
    return texts, found


def _leave_if_gone(connection: Connection, failure: Exception) -> None:
    """Let nobody else be given a connection whose other end is gone."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.is_disconnect(failure, driver, None):  # type: ignore[arg-type]
        connection.invalidate(failure)


def _read(rows: list[Row], read: Sequence[tuple[int, _Convert, _Known | None]]) -> list[Row]:
    if not rows or not read:
        return rows
    columns: list[Any] = list(zip(*rows, strict=True))
    for place, convert, known in read:
        meanings = _Known(convert) if known is None else known
        columns[place] = map(meanings.__getitem__, columns[place])
    return list(zip(*columns, strict=True))


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    convert: _Convert | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return _uuid if convert is not None and type(kind) is Uuid and kind.as_uuid else convert


def _uuid(digits: str | None) -> UUID | None:
    """Read an id: SQLite keeps its 32 digits, which need no looking for braces and hyphens."""
    return None if digits is None else UUID(int=int(digits, 16))
