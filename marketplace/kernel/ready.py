"""Statements that are asked at every page: written once, then asked past the expression compiler.

There SQLAlchemy's own way costs several times what the database needs to answer. A ready statement
is written with the same expressions and read by the same types; it is turned into text once for
each kind of database. Only for reading, and without lists that grow.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import CompoundSelect
from sqlalchemy.types import TypeEngine

Row = tuple[Any, ...]
_Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as one kind of database is asked it."""

    words: str
    fixed: Mapping[str, Any]
    asked: Mapping[str, _Convert | None]
    places: Sequence[str] | None
    """The values' names in their sequence, where the driver wants them so."""
    read: Sequence[tuple[int, _Convert]]


class Ready:
    """One statement, ready to be asked."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | CompoundSelect[Any]) -> None:
        self._statement = statement
        self._texts: dict[str, _Text] = {}

    def rows(self, session: Session, **values: object) -> list[Row]:
        """Return all rows, their values as the statement's types read them."""
        connection = session.connection()
        text = self._texts.get(connection.dialect.name) or self._write(connection.dialect)
        named = dict(text.fixed)
        for name, convert in text.asked.items():
            named[name] = values[name] if convert is None else convert(values[name])
        given = named if text.places is None else tuple([named[place] for place in text.places])
        return _read(_fetch(connection, text.words, given), text.read)

    def first(self, session: Session, **values: object) -> Row | None:
        """Return the first row, if there is one."""
        return next(iter(self.rows(session, **values)), None)

    def _write(self, dialect: Dialect) -> _Text:
        compiled = self._statement.compile(dialect=dialect)
        needed = {name for name, bind in compiled.binds.items() if bind.required}
        # Lists that never change are written into the text, which then is the same for ever.
        whole = compiled.construct_expanded_state(dict.fromkeys(needed))
        asked, fixed = {}, {}
        for name, value in whole.parameters.items():
            bind = compiled.binds.get(name)
            # What is not among them is one of a list, and lists hold words.
            convert = None if bind is None else _writer(bind.type, dialect)
            if name in needed:
                asked[name] = convert
            else:
                fixed[name] = value if convert is None else convert(value)
        places = whole.positiontup if compiled.positional else None
        read = [
            (place, convert)
            for place, column in enumerate(self._statement.selected_columns)
            if (convert := _reader(column.type, dialect)) is not None
        ]
        text = _Text(whole.statement, fixed, asked, places, read)
        self._texts[dialect.name] = text
        return text


def _fetch(connection: Connection, words: str, given: Any) -> list[Row]:  # noqa: ANN401
    driver = connection.connection.driver_connection
    assert driver is not None
    cursor = driver.cursor()
    # Whoever listens to what the database is asked hears this as well.
    told = (connection, cursor, words, given, None, False)
    connection.dispatch.before_cursor_execute(*told)
    cursor.execute(words, given)
    found: list[Row] = cursor.fetchall()
    cursor.close()
    return found


def _read(rows: list[Row], read: Sequence[tuple[int, _Convert]]) -> list[Row]:
    if not read:
        return rows
    found = []
    for row in rows:
        values = list(row)
        for place, convert in read:
            values[place] = convert(values[place])
        found.append(tuple(values))
    return found


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
