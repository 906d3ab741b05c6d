"""Which files banks take, and what a file must say. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from marketplace.kernel.bank_holidays import working_day_after
from marketplace.kernel.money import Money
from marketplace.payments.errors import BadServiceUserError, FileRefusedError

FASTER_PAYMENT_MAX = Money(1_000_000_00)
"""The most that one Faster Payment carries."""
_SERVICE_USER = re.compile(r"[0-9]{6}")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9.&/ -]+")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """The council's account that a file is paid from."""

    sort_code: str
    account_number: str
    account_name: str
    service_user: str = ""
    """The six digits that Bacs knows the council by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHead:
    """Everything a file says once."""

    run_number: int
    made_at: datetime
    pay_on: date
    """The day the bank is asked for; for Standard 18 its processing day."""
    payments: int
    total: Money
    payer: Payer


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePayment:
    """Everything a file says of one payment."""

    sort_code: str
    account_number: str
    account_name: str
    amount: Money
    reference: str


def pay_on(file_format: FileFormat, today: date) -> date:
    """Return the day a file asks the bank for.

    Faster Payments go the same day. A Bacs file is taken in on a working day: today, or the first
    that comes. It is processed on the next one, which is what Standard 18 names, and paid on the
    one after, which ISO 20022 names.
    """
    if file_format is FileFormat.FASTER_PAYMENTS:
        return today
    taken_in = working_day_after(today - timedelta(days=1), 1)
    return working_day_after(taken_in, 1 if file_format is FileFormat.STANDARD_18 else 2)


def check_file(file_format: FileFormat, *, largest: Money, service_user: str) -> None:
    """Refuse a file that the bank would refuse.

    Raises:
        FileRefusedError: a payment is too large for it, or the council cannot send such files.
    """
    if file_format is FileFormat.FASTER_PAYMENTS and largest > FASTER_PAYMENT_MAX:
        raise FileRefusedError(
            f"A Faster Payment carries no more than {FASTER_PAYMENT_MAX}, and one here is "
            f"{largest}. Choose Bacs for this run."
        )
    if file_format is FileFormat.STANDARD_18 and not service_user:
        raise FileRefusedError(
            "Standard 18 needs your Bacs user number. Say it on the page of your bank account."
        )


def checked_service_user(typed: str) -> str:
    """Return a Bacs user number, or nothing if none was typed.

    Raises:
        BadServiceUserError: it is not six digits.
    """
    number = typed.strip()
    if number and not _SERVICE_USER.fullmatch(number):
        raise BadServiceUserError("A Bacs user number has 6 digits, like 123456.")
    return number


def plain(words: str, longest: int) -> str:
    """Return words in the letters that every UK bank takes, no longer than there is room.

    Accents go, and what is left that a bank does not know becomes a space.
    """
    letters = unicodedata.normalize("NFKD", words.replace("’", "").replace("'", ""))
    ascii_only = letters.encode("ascii", "ignore").decode()
    return " ".join(_NOT_PLAIN.sub(" ", ascii_only).split())[:longest].strip()
