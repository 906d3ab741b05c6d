"""Every table belongs to one room, and reaches into no other."""

from flask import Flask
from sqlalchemy import Table
from sqlalchemy.orm import Mapper

from marketplace.kernel.model import Model
from tests.house.tree import rooms


def test_every_table_belongs_to_one_room(base_app: Flask) -> None:
    owners = _owners()

    assert {table: room for table, room in owners.items() if room not in rooms()} == {}
    assert sorted(set(Model.metadata.tables) - set(owners)) == [], "tables without a model"


def test_no_relationship_and_no_model_key_crosses_a_room(base_app: Flask) -> None:
    owners = _owners()
    crossing = [
        f"{table.name}.{key.parent.name} -> {key.column.table.name}"
        for table in Model.metadata.tables.values()
        for key in table.foreign_keys
        if owners[table.name] != owners[key.column.table.name]
    ]

    assert crossing == [], "a key to another room's table stands in the migration alone"


def test_money_says_its_unit_in_the_database_and_nothing_counts_in_floats(base_app: Flask) -> None:
    wrong = [
        str(column)
        for table in Model.metadata.tables.values()
        for column in table.columns
        if type(column.type).__name__ == "MoneyType" and not column.name.endswith("_pence")
    ]

    assert wrong == []


def _owners() -> dict[str, str]:
    """Return whose each table is: a room, or the module that should not have it."""
    return {
        mapper.local_table.name: _room(mapper)
        for mapper in Model.registry.mappers
        if isinstance(mapper.local_table, Table)
    }


def _room(mapper: Mapper[Model]) -> str:
    house, room, layer = mapper.class_.__module__.split(".")[:3]
    return room if (house, layer) == ("marketplace", "models") else mapper.class_.__module__
