"""Sets of entries as long numbers: a bit for every entry's slot that is in the set.

To AND, OR and count such numbers takes microseconds for a hundred thousand entries.
"""

from collections.abc import Iterable, Sequence
from itertools import compress

_FLAGS = bytes.maketrans(b"01", b"\x00\x01")


def bits_of(slots: Iterable[int], width: int) -> int:
    """Return the set of some slots below a width."""
    octets = bytearray((width >> 3) + 1)
    for slot in slots:
        octets[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(octets, "little")


def flags_of(bits: int, width: int) -> bytes:
    """Return a nought or a one for every slot below a width."""
    return f"{bits:0{width}b}".encode().translate(_FLAGS)[::-1][:width]


def slots_of(bits: int, width: int) -> Sequence[int]:
    """Return the slots of a set, in order."""
    if not bits:
        return ()
    return list(compress(range(width), flags_of(bits, width)))
