"""Reads ``seed/*.toml``."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent.parent / "seed"

Row = Mapping[str, Any]
"""One table of a file. What may stand in it is said in ``seed/README.md``."""


def rows(file: str, table: str) -> list[Row]:
    """Return the tables of one name in a file, in their order."""
    content = tomllib.loads((FOLDER / f"{file}.toml").read_text(encoding="utf-8"))
    found: list[Row] = content[table]
    return found
