"""A line of a public register, as the market reads it."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from marketplace.kernel.ages import ANY_AGE, Ages


class ImportResult(StrEnum):
    """What an import did with one line."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """One service from a public register, before anybody looks after its store."""

    source: str
    """``cqc`` or ``rqia``, or ``feed`` for what other catalogues have."""
    key: str
    """What makes it the same service in the next edition of the register."""
    name: str
    about: str
    postcode: str
    phone: str = ""
    website: str = ""
    cqc_id: str = ""
    categories: tuple[str, ...] = ()
    for_whom: tuple[str, ...] = ()
    ages: Ages = ANY_AGE
    regulated: bool = True
    source_words: str = ""
    """The catalogue it comes from, with its licence, where it is no register."""
    source_url: str = ""

    @property
    def source_key(self) -> str:
        """The key, with the register it belongs to."""
        return f"{self.source}/{self.key}"


def key_of_words(*parts: str) -> str:
    """Return a key for a register that numbers nothing, from what names a service."""
    even = "\n".join(" ".join(part.split()).casefold() for part in parts)
    return hashlib.sha256(even.encode()).hexdigest()[:32]
