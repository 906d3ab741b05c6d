"""One statement that both databases spell differently: insert, unless it is there already."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from marketplace.kernel.model import Model


def insert_once(session: Session, model: type[Model], values: Mapping[str, Any]) -> bool:
    """Insert a row unless one of the table's unique keys is taken; tell whether it was inserted.

    ``values`` names columns as the model's attributes do. On PostgreSQL a second insert of the same
    key waits for the first transaction to end, so the answer is never a guess.
    """
    table = model.__table__
    assert isinstance(table, Table)
    columns = {model.__mapper__.attrs[name].columns[0].name: v for name, v in values.items()}
    dialect = session.get_bind().dialect.name
    maker = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = maker(table).values(columns).on_conflict_do_nothing().returning(table.c.id)
    return session.execute(statement).first() is not None
