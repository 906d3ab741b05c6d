"""The outside world of the catalogue: files of public registers, and pictures people send."""

from collections.abc import Mapping
from typing import Protocol

from marketplace.catalogue.rules import RegisterEntry


class Register(Protocol):
    """One public register of care services, as a CSV file."""

    name: str
    """``cqc`` or ``rqia``."""

    def reads(self, header: list[str]) -> bool:
        """Tell whether this is the header of this register's file."""
        ...

    def entry(self, row: Mapping[str, str]) -> RegisterEntry | None:
        """Read one row; None if it is not care and support.

        Raises:
            BadRegisterError: the row lacks what every service has.
        """
        ...
