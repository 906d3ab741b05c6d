"""A run as a Bacs Standard 18 file: labels of 80 characters around payments of 106.

The records carry their own processing day (a "multi processing day" file, which is why they have
106 characters and not 100). One contra record takes the sum from the council's account. Lines end
with CR LF, as banks' uploads take them.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.payments.rules import FileHead, FilePayment, plain

NAME_LENGTH = 18
RECORD_LENGTH = 106
LABEL_LENGTH = 80
_CREDIT, _CONTRA_DEBIT = "99", "17"
_KEPT_DAYS = 7
_END = "\r\n"


def write(head: FileHead, payments: Iterable[FilePayment]) -> Iterator[bytes]:
    """Give a file piece by piece."""
    serial = f"{head.run_number % 1_000_000:06}"
    user = head.payer.service_user
    for label in (
        f"VOL1{serial}{'':27}{'':4}{user}{'':4}{'':28}1",
        _label_one("HDR1", head, serial),
        _label_two("HDR2"),
        f"UHL1{_day(head.pay_on)}999999{'':4}00000000{'4 MULTI':9}001{'':40}",
    ):
        yield _line(label, LABEL_LENGTH)
    for payment in payments:
        yield _line(_record(head, payment), RECORD_LENGTH)
    yield _line(_contra(head), RECORD_LENGTH)
    for label in (_label_one("EOF1", head, serial), _label_two("EOF2"), _totals(head)):
        yield _line(label, LABEL_LENGTH)


def _record(head: FileHead, payment: FilePayment) -> str:
    payer = head.payer
    return (
        f"{payment.sort_code}{payment.account_number}0{_CREDIT}"
        f"{payer.sort_code}{payer.account_number}{'':4}{payment.amount.pence:011}"
        f"{_words(payer.account_name)}{_words(payment.reference)}{_words(payment.account_name)}"
        f"{_day(head.pay_on)}"
    )


def _contra(head: FileHead) -> str:
    payer = head.payer
    own = f"{payer.sort_code}{payer.account_number}"
    return (
        f"{own}0{_CONTRA_DEBIT}{own}{'':4}{head.total.pence:011}"
        f"{_words(f'RUN {head.run_number}')}{'CONTRA':18}{_words(payer.account_name)}"
        f"{_day(head.pay_on)}"
    )


def _label_one(name: str, head: FileHead, serial: str) -> str:
    user = head.payer.service_user
    made = local_day(head.made_at)
    kept = date.fromordinal(max(made, head.pay_on).toordinal() + _KEPT_DAYS)
    return (
        f"{name}A{user}S{'':2}1{user}{serial}00010001{'':6}{_day(made)}{_day(kept)}"
        f" 000000{'':13}{'':7}"
    )


def _label_two(name: str) -> str:
    block = RECORD_LENGTH * 20
    return f"{name}F{block:05}{RECORD_LENGTH:05}{'':35}00{'':28}"


def _totals(head: FileHead) -> str:
    amount = _thirteen(head.total)
    return f"UTL1{amount}{amount}{1:07}{head.payments:07}{'':36}"


def _thirteen(amount: Money) -> str:
    return f"{amount.pence:013}"


def _words(words: str) -> str:
    return f"{plain(words, NAME_LENGTH).upper():<{NAME_LENGTH}}"


def _day(day: date) -> str:
    """Write a day as Bacs does: a space, the year, the number of the day in it."""
    return f" {day:%y%j}"


def _line(text: str, length: int) -> bytes:
    assert len(text) == length, f"{text[:4]} has {len(text)} characters"
    return f"{text}{_END}".encode("ascii")
