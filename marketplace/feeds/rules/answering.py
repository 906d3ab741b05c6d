"""What a person can say when something of a source may be here already. Pure."""

from enum import StrEnum


class Answer(StrEnum):
    """What a person says."""

    SAME = "same"
    ANOTHER = "another"
    LEAVE_OUT = "leave_out"

    @property
    def label(self) -> str:
        """The answer in words, as it is chosen."""
        return {
            Answer.SAME: "It is the same: keep one entry",
            Answer.ANOTHER: "It is another one: add it",
            Answer.LEAVE_OUT: "Leave it out",
        }[self]
