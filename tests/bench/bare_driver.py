"""What goes straight to the driver: with nothing between the statements and the database."""

import re
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import make_url

from tests.bench.databases import Place

Row = dict[str, Any]


class BareDriver:
    """A connection as durable as the market's own, and statements that both engines know.

    ``{lock}`` and ``{lines}`` in a statement say that rows are locked, on PostgreSQL.
    """

    def __init__(self, place: Place) -> None:
        self.postgres = place.is_postgres
        url = make_url(place.url)
        if self.postgres:
            address = f"host={url.query['host']} user={url.username} dbname={url.database}"
            self._pg = psycopg.connect(address, autocommit=True)
        else:
            self._lite = sqlite3.connect(str(url.database), isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self._lite.execute(f"PRAGMA {pragma}")

    def close(self) -> None:
        """Leave the database."""
        (self._pg if self.postgres else self._lite).close()

    def in_transaction(self, do: Callable[[], int]) -> int:
        """Do something in a transaction."""
        if self.postgres:
            with self._pg.transaction():
                return do()
        self._lite.execute("BEGIN IMMEDIATE")
        answer = do()
        self._lite.execute("COMMIT")
        return answer

    def id(self, number: UUID) -> Any:  # noqa: ANN401 - as the driver wants it
        """Write an id."""
        return number if self.postgres else number.hex

    def instant(self, at: datetime) -> Any:  # noqa: ANN401 - as the driver wants it
        """Write an instant."""
        return at if self.postgres else at.astimezone(UTC).strftime("%F %T.%f")

    def rows(self, statement: str, values: Row, among: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a statement; ``{ids}`` in it are those among which is looked."""
        text = self._spell(statement.replace("{ids}", ", ".join(f"'{each}'" for each in among)))
        if self.postgres:
            return self._pg.execute(text, values or None).fetchall()
        return self._lite.execute(text, values).fetchall()

    def do(self, statement: str, values: Row, among: Sequence[Any]) -> None:
        """Change rows."""
        text = self._spell(statement.replace("{ids}", ", ".join(f"'{each}'" for each in among)))
        (self._pg if self.postgres else self._lite).execute(text, values)

    def many(self, statement: str, rows: Sequence[Row]) -> None:
        """Write many rows."""
        if not rows:
            return
        text = self._spell(statement)
        if self.postgres:
            with self._pg.cursor() as cursor:
                cursor.executemany(text, rows)
            return
        self._lite.executemany(text, rows)

    def _spell(self, statement: str) -> str:
        if not self.postgres:
            return statement.format(lock="", lines="", free="", held="")
        text = statement.format(
            lock="FOR UPDATE",
            lines="FOR NO KEY UPDATE SKIP LOCKED",
            free="FOR UPDATE SKIP LOCKED",
            held="FOR NO KEY UPDATE",
        )
        return re.sub(r"(?<!:):(\w+)", r"%(\1)s", text)
