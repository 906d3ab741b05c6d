"""One statement that both databases spell differently: insert, or see to what is there already."""

from collections.abc import Collection, Mapping
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from marketplace.kernel.model import Model


def insert_once(session: Session, model: type[Model], values: Mapping[str, Any]) -> bool:
    """Insert a row unless one of the table's unique keys is taken; tell whether it was inserted.

    ``values`` names columns as the model's attributes do. On PostgreSQL a second insert of the same
    key waits for the first transaction to end, so the answer is never a guess.
    """
    columns = {_column_of(model, name): v for name, v in values.items()}
    # What is the same for every row is put together once: to do so costs more than the insert.
    statement = _statement(model, session.get_bind().dialect.name)
    return session.execute(statement, columns).first() is not None


def insert_or_change(
    session: Session,
    model: type[Model],
    values: Mapping[str, Any],
    *,
    key: Collection[str],
    changes: Mapping[str, Any],
) -> UUID:
    """Insert a row, or change the one that has its key; return the row's id.

    All three name columns as the model's attributes do; a change may be an expression over them.
    """
    table, named = _table(model), partial(_column_of, model)
    maker = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        maker(table)
        .values({named(name): value for name, value in values.items()})
        .on_conflict_do_update(
            index_elements=[named(name) for name in key],
            set_={named(name): value for name, value in changes.items()},
        )
        .returning(table.c.id)
    )
    found: UUID = session.execute(statement).scalar_one()
    return found


def _column_of(model: type[Model], name: str) -> str:
    column: str = model.__mapper__.attrs[name].columns[0].name
    return column


def _table(model: type[Model]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


@cache
def _statement(model: type[Model], dialect: str) -> Executable:
    table = _table(model)
    maker = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return maker(table).on_conflict_do_nothing().returning(table.c.id)
