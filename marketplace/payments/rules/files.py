"""Which files banks take, and what a file must say. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class FileFormat(StrEnum):
    """A kind of file that a bank takes."""

    FASTER_PAYMENTS = "faster_payments"
    BACS_XML = "bacs_xml"
    STANDARD_18 = "standard_18"

    @property
    def label(self) -> str:
        """The format in words, as banks call it."""
        return _FORMAT_WORDS[self]

    @property
    def ending(self) -> str:
        """How the name of such a file ends."""
        return "txt" if self is FileFormat.STANDARD_18 else "xml"


_FORMAT_WORDS: Mapping[FileFormat, str] = MappingProxyType(
    {
        FileFormat.FASTER_PAYMENTS: "Faster Payments: paid the same day (ISO 20022 pain.001)",
        FileFormat.BACS_XML: "Bacs: paid in three working days (ISO 20022 pain.001)",
        FileFormat.STANDARD_18: "Bacs: paid in three working days (Standard 18)",
    }
)
