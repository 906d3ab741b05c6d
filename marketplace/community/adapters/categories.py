"""The kinds of support there are, from ``seed/categories.toml``: those of offers too."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).parents[3] / "seed" / "categories.toml"


@cache
def category_names() -> Mapping[str, str]:
    """Return the names of the categories by their slugs, in their order."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["category"]
    return MappingProxyType({row["slug"]: row["name"] for row in rows})
