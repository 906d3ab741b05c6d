"""What somebody may take with them: rows of plain values, named as the tables name them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.kernel.model import Model, MoneyType
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything of one kind that is kept about somebody, oldest first.

    The keys are there when no row is. Money stands under two keys, ``…_pence`` and ``…_pounds``;
    days and instants are written as ISO 8601 says, instants in UTC.
    """

    keys: tuple[str, ...]
    rows: list[dict[str, object]]


def columns_of(model: type[Model], *, without: Collection[str] = ()) -> list[Any]:
    """Return a table's columns but some, so that a new one is told unless somebody decides not to.

    What is left out must be there: a name that went is a mistake.
    """
    names = list(model.__mapper__.column_attrs.keys())
    assert set(without) <= set(names), f"{model.__name__} has no {set(without) - set(names)}"
    found: list[InstrumentedAttribute[Any]] = [
        getattr(model, name) for name in names if name not in without
    ]
    return found


def rows_of(session: Session, rows: Select[*tuple[Any, ...]]) -> Kept:
    """Return what a statement finds, each row by the names of its columns."""
    columns = [
        (str(column["name"]), isinstance(column["type"], MoneyType))
        for column in rows.column_descriptions
    ]
    keys = [key for name, money in columns for key in (_both(name) if money else (name,))]
    found = []
    for row in session.execute(rows):
        values: list[object] = []
        for (_, money), value in zip(columns, row, strict=True):
            values += _amount(value) if money else (_plain(value),)
        found.append(dict(zip(keys, values, strict=True)))
    return Kept(tuple(keys), found)


def _both(name: str) -> tuple[str, str]:
    return f"{name}_pence", f"{name}_pounds"


def _amount(value: Money | None) -> tuple[int | None, Money | None]:
    return (None, None) if value is None else (value.pence, value)


def _plain(value: object) -> object:
    if isinstance(value, date):  # an instant is one too
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
