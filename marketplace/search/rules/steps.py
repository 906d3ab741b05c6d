"""What a visitor does after a search, told apart no further than councils need it."""

from enum import StrEnum


class Step(StrEnum):
    """How far somebody went after a search in the same visit. Who did nothing left."""

    AGAIN = "again"
    OPENED = "opened"
    KEPT = "kept"
    ORDERED = "ordered"

    def is_beyond(self, before: "Step | None") -> bool:
        """Tell whether this goes further than what they had done before."""
        order = list(Step)
        return before is None or order.index(self) > order.index(before)
