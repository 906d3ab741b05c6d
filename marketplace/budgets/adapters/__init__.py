"""Outside engines of this room, each behind what the room asks of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class Printer(Protocol):
    """Makes a file for paper out of what stands on a statement."""

    def __call__(self, values: Mapping[str, object], *, at: datetime) -> bytes:
        """Return the file, dated ``at``."""
