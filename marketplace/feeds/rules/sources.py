"""What another catalogue can be, and how it is named on the entries that come from it. Pure."""

from enum import StrEnum
from urllib.parse import urlsplit


class SourceKind(StrEnum):
    """In which form a source is read."""

    ORUK = "oruk"
    PACKAGE = "package"
    TABLE = "table"

    @property
    def label(self) -> str:
        """The form in words."""
        return {
            SourceKind.ORUK: "Open Referral UK feed",
            SourceKind.PACKAGE: "Open Referral data package",
            SourceKind.TABLE: "Table (CSV)",
        }[self]


def attribution(name: str, licence: str) -> str:
    """Return how a source is named beside what comes from it."""
    return f"{name} ({licence})" if licence else name


def usual_name(address: str) -> str:
    """Return what a source is called before anybody names it: its host, or its file."""
    host = urlsplit(address).hostname if "://" in address else ""
    return host or address.rstrip("/").rpartition("/")[2] or address
