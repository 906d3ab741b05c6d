"""What is in the file that people take away. Pure."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).parent.parent.parent / "seed" / "my_data.toml"

FORMAT = "my-data/1"
"""The name of the file's form; it gets a new number if a key changes its meaning."""


@cache
def kinds() -> Mapping[str, str]:
    """Return every kind of thing that is kept about people, and a sentence about each."""
    found: dict[str, str] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["kind"]
    return MappingProxyType(found)
