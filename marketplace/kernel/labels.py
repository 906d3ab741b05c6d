"""The words people read for the short names the program uses, from ``seed/words.toml``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).parent.parent.parent / "seed" / "words.toml"


@cache
def labels(topic: str) -> Mapping[str, str]:
    """Return the labels of a topic (``for_whom``, ``access``, ``languages`` …) in their order."""
    return MappingProxyType(
        {slug: label for slug, label in _everything()[topic].items() if isinstance(label, str)}
    )


def label(topic: str, slug: str) -> str:
    """Return the label of one short name; what is not in the list is shown as it is."""
    return labels(topic).get(slug, slug.replace("-", " ").replace("_", " ").capitalize())


@cache
def _everything() -> Mapping[str, Mapping[str, object]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
