"""One statement that both databases spell differently: insert, unless it is there already."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from marketplace.kernel.model import Model


def insert_once(session: Session, model: type[Model], values: Mapping[str, Any]) -> bool:
    """Insert a row unless one of the table's unique keys is taken; tell whether it was inserted.

    ``values`` names columns as the model's attributes do. On PostgreSQL a second insert of the same
    key waits for the first transaction to end, so the answer is never a guess.
    """
    columns = {model.__mapper__.attrs[name].columns[0].name: v for name, v in values.items()}
    # What is the same for every row is put together once: to do so costs more than the insert.
    statement = _statement(model, session.get_bind().dialect.name)
    return session.execute(statement, columns).first() is not None


@cache
def _statement(model: type[Model], dialect: str) -> Executable:
    table = model.__table__
    assert isinstance(table, Table)
    maker = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return maker(table).on_conflict_do_nothing().returning(table.c.id)
