"""Statements sent to SQLite as they are written, past the expression compiler: for hot paths only.

An expression costs twice what the statement itself does there. PostgreSQL's hot paths are functions
of its own, so this knows one dialect and says so.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.kernel.money import Money

Values = Mapping[str, object]


class DriverSql:
    """One statement of SQLite's, with ``:names`` for its values."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def rows(self, session: Session, values: Values) -> Sequence[Any]:
        """Return the rows it finds, each in the driver's own values."""
        return session.connection().exec_driver_sql(self._text, _written(values)).fetchall()

    def change(self, session: Session, values: Values) -> int:
        """Change what it names and return how many rows that were."""
        return session.connection().exec_driver_sql(self._text, _written(values)).rowcount

    def change_all(self, session: Session, rows: Sequence[Values]) -> int:
        """Change what it names for each of some values; return how many rows that were."""
        written = [_written(values) for values in rows]
        return session.connection().exec_driver_sql(self._text, written).rowcount


def is_sqlite(session: Session) -> bool:
    """Tell whether a session talks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def _written(values: Values) -> dict[str, object]:
    return {name: _WRITE.get(type(value), _as_it_is)(value) for name, value in values.items()}


def _as_it_is(value: Any) -> object:  # noqa: ANN401 - whatever the driver knows itself
    return value.value if isinstance(value, StrEnum) else value


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _id(value: UUID) -> str:
    return value.hex


def _pence(value: Money) -> int:
    return value.pence


_WRITE: dict[type, Any] = {
    UUID: _id,
    Money: _pence,
    datetime: _instant,
    date: date.isoformat,
}
