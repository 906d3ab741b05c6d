"""What somebody may take with them: rows of plain values, named as the tables name them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.kernel.model import Model

Kept = dict[str, object]
"""One row that is kept about somebody, by name."""


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


def rows_of(session: Session, rows: Select[*tuple[Any, ...]]) -> list[Kept]:
    """Return what a statement finds, each row by the names of its columns."""
    return [dict(row) for row in session.execute(rows).mappings()]
