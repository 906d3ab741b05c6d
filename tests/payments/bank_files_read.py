"""Reads a Standard 18 file from its positions, as the published layout gives them.

No validator of this format that somebody else wrote is to be had, so this is one: it shares no
code with the writer, takes each field from its position, and says what is wrong with a file. The
layout is that of the banks' public guides to Bacs Standard 18 (VOL1, HDR1, HDR2, UHL1, payments,
contra, EOF1, EOF2, UTL1), for files whose records carry their own processing day.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_CHARACTERS = re.compile(r"[A-Z0-9 .&/-]*")
_DAY = re.compile(r" \d{5}")


@dataclass(frozen=True, slots=True)
class Credit:
    """One payment as the bank reads it."""

    sort_code: str
    account: str
    pence: int
    name: str
    reference: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What the bank reads from a file."""

    credits: tuple[Credit, ...]
    processed_on: date
    service_user: str
    paid_from: str
    pence: int


def field(line: str, first: int, last: int) -> str:
    """Return what stands from one position to another, counted from 1."""
    return line[first - 1 : last]


def read(content: bytes) -> Submission:
    """Read a file; an assertion says what is wrong with it."""
    text = content.decode("ascii")
    assert text.endswith("\r\n")
    lines = text.split("\r\n")[:-1]
    vol, hdr1, hdr2, uhl, *records, eof1, eof2, utl = lines
    assert [len(line) for line in (vol, hdr1, hdr2, uhl, eof1, eof2, utl)] == [80] * 7
    assert [len(line) for line in records] == [106] * len(records)
    serial, user = _volume(vol)
    made, kept = _header(hdr1, "HDR1", serial, user)
    assert made < kept
    _second(hdr2, "HDR2")
    assert (field(eof1, 1, 4), eof1[4:]) == ("EOF1", hdr1[4:]), "EOF1 repeats HDR1"
    assert (field(eof2, 1, 4), eof2[4:]) == ("EOF2", hdr2[4:]), "EOF2 repeats HDR2"
    processed_on = _user_header(uhl)
    assert processed_on.weekday() < 5, "Bacs works on weekdays"
    assert made <= processed_on < kept
    *payments, contra = records
    found = tuple(_credit(line, processed_on) for line in payments)
    paid_from, pence = _contra(contra, processed_on)
    assert {field(line, 18, 31) for line in payments} == {paid_from}
    assert pence == sum(credit.pence for credit in found), "the contra takes what the credits give"
    _totals(utl, found)
    return Submission(found, processed_on, user, paid_from, pence)


def _volume(line: str) -> tuple[str, str]:
    assert field(line, 1, 4) == "VOL1"
    serial, user = field(line, 5, 10), field(line, 42, 47)
    assert serial.isdigit()
    assert serial != "000000"
    assert field(line, 11, 11) in " 0"
    assert _is_blank(line, {(12, 31), (32, 37), (38, 41), (48, 51), (52, 79)})
    assert re.fullmatch(r"\d{6}", user)
    assert field(line, 80, 80) == "1"
    return serial, user


def _header(line: str, name: str, serial: str, user: str) -> tuple[date, date]:
    assert field(line, 1, 4) == name
    assert field(line, 5, 12) == f"A{user}S"
    assert field(line, 15, 21) == f"1{user}"
    assert field(line, 22, 27) == serial, "the set is the volume's"
    assert (field(line, 28, 31), field(line, 32, 35)) == ("0001", "0001")
    assert _is_blank(line, {(36, 39), (40, 41), (61, 73), (74, 80)})
    assert field(line, 54, 54) in " 0"
    assert field(line, 55, 60) == "000000"
    return _day(field(line, 42, 47)), _day(field(line, 48, 53))


def _second(line: str, name: str) -> None:
    assert field(line, 1, 4) == name
    assert field(line, 5, 5) == "F"
    block, record = int(field(line, 6, 10)), int(field(line, 11, 15))
    assert (record, block % record) == (106, 0)
    assert field(line, 51, 52) == "00"
    assert _is_blank(line, {(16, 50), (53, 80)})


def _user_header(line: str) -> date:
    assert field(line, 1, 4) == "UHL1"
    assert field(line, 11, 20) == "999999    "
    assert (field(line, 21, 22), field(line, 23, 28)) == ("00", "000000"), "pounds, United Kingdom"
    assert field(line, 29, 37) == "4 MULTI  "
    assert field(line, 38, 40) == "001"
    return _day(field(line, 5, 10))


def _credit(line: str, processed_on: date) -> Credit:
    assert field(line, 15, 17) == "099", "a credit by bank giro"
    assert re.fullmatch(r"\d{14}", field(line, 1, 14))
    assert field(line, 32, 35) == "    "
    assert re.fullmatch(r"\d{11}", field(line, 36, 46))
    assert _CHARACTERS.fullmatch(field(line, 47, 100))
    assert field(line, 83, 83) != " ", "the account has a name"
    assert _day(field(line, 101, 106)) == processed_on
    return Credit(
        sort_code=field(line, 1, 6),
        account=field(line, 7, 14),
        pence=int(field(line, 36, 46)),
        name=field(line, 83, 100).rstrip(),
        reference=field(line, 65, 82).rstrip(),
    )


def _contra(line: str, processed_on: date) -> tuple[str, int]:
    assert field(line, 15, 17) == "017", "a debit that balances credits"
    assert field(line, 1, 14) == field(line, 18, 31), "from the council's own account"
    assert field(line, 32, 35) == "    "
    assert field(line, 65, 82) == "CONTRA            "
    assert field(line, 83, 83) != " "
    assert _day(field(line, 101, 106)) == processed_on
    return field(line, 1, 14), int(field(line, 36, 46))


def _totals(line: str, found: tuple[Credit, ...]) -> None:
    pence = sum(credit.pence for credit in found)
    said: Mapping[str, int] = {
        "debits": int(field(line, 5, 17)),
        "credits": int(field(line, 18, 30)),
        "count of debits": int(field(line, 31, 37)),
        "count of credits": int(field(line, 38, 44)),
    }
    assert field(line, 1, 4) == "UTL1"
    assert said == {
        "debits": pence,
        "credits": pence,
        "count of debits": 1,
        "count of credits": len(found),
    }
    assert _is_blank(line, {(45, 80)})


def _day(text: str) -> date:
    assert _DAY.fullmatch(text), f"{text!r} is no day"
    return date(2000 + int(text[1:3]), 1, 1) + timedelta(days=int(text[3:]) - 1)


def _is_blank(line: str, spans: set[tuple[int, int]]) -> bool:
    return all(not field(line, *span).strip() for span in spans)
