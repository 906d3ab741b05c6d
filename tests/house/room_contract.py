"""A contract for import-linter: the order inside a room holds for every room there is.

The linter's own layers contract wants its packages named one by one, so a new room could be
forgotten. This one finds them: every package of the house but those said to stand apart.
"""

from typing import Any

from grimp import ImportGraph
from importlinter import ContractCheck, fields
from importlinter.contracts.layers import LayersContract
from importlinter.domain.imports import ModuleExpression


class InsideEveryRoom(LayersContract):
    """Layers inside each package of ``containers``, but for those that stand ``apart``."""

    type_name = "inside-every-room"

    # The linter declares fields on the class and puts plain values on the instance.
    containers: Any = fields.ListField(subfield=fields.StringField())
    apart: Any = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001
        """Find the rooms, then check them as layers are checked."""
        rooms = {
            package
            for house in self.containers
            for package in graph.find_children(house)
            if graph.find_children(package) and package.rpartition(".")[2] not in self.apart
        }
        self.containers = [ModuleExpression(room) for room in sorted(rooms)]
        return super().check(graph, verbose)
