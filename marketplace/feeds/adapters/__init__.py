"""The outside world of the feeds: other catalogues on the web, and files people bring.

All of it is somebody else's and may be wrong, endless or hostile, so each adapter keeps to limits
and says in a line what it refused. What comes out is records of the newest standard, not cleaned
yet.
"""

from dataclasses import dataclass, field
from typing import Any

from marketplace.feeds.rules.said import Remark


@dataclass(slots=True, kw_only=True)
class RawFeed:
    """What was read: records, and lines about what was not."""

    services: list[Any] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    complete: bool = True
    publisher: str = ""
    licence: str = ""

    def cut(self, where: str, why: str) -> None:
        """Note that some of it could not be read, so that nothing counts as gone."""
        self.remarks.append(Remark(where, why))
        self.complete = False
