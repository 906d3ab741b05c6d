"""Makes messages and bank files as nobody honest would, from a seed, so that each can be replayed.

Each begins as a good one and is then spoilt in one to three ways.
"""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

from tests.payments.bank_files import Paid, as_csv, as_xml

_STRANGE: tuple[object, ...] = (
    None,
    "",
    0,
    -1,
    1,
    2**63,
    10**400,
    2500.0,
    "2500",
    True,
    [],
    {},
    [[]],
    "\0",
    "\ud800",
    "é" * 300,
    "'; DROP TABLE wallet_entries; --",
    {"top_up_id": {}},
    "NaN",
    float("inf"),
    "paid",
    "GBP",
    "eur",
)
_KINDS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "charge.refunded",
    "charge.dispute.created",
    "a" * 300,
    "",
)


def message(chance: random.Random, good: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return a message that Stripe might have signed, spoilt."""
    spoilt = copy.deepcopy(good)
    for _ in range(chance.randint(1, 3)):
        spoilt = chance.choice(_WAYS)(chance, spoilt)
    return spoilt


def object_of(told: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what a message is about, if it still is about something."""
    outer = told.get("data") if isinstance(told, dict) else None
    inner = outer.get("object") if isinstance(outer, dict) else None
    return inner if isinstance(inner, dict) else {}


def says_paid(told: Any, top_up_id: object) -> bool:  # noqa: ANN401
    """Say whether a message still says, in every part that matters, that £25.00 was paid."""
    thing = object_of(told)
    named = thing.get("metadata")
    named_id = named.get("top_up_id") if isinstance(named, dict) else None
    return bool(
        thing
        and isinstance(told.get("id"), str)
        and told["id"].startswith("evt_")
        and told.get("type") in _KINDS[:2]
        and told.get("livemode") is not True
        and thing.get("payment_status") == "paid"
        and type(thing.get("amount_total")) is int
        and thing["amount_total"] == 25_00
        and thing.get("currency") == "gbp"
        and thing.get("id") == f"cs_test_{top_up_id}"
        and str(named_id or thing.get("client_reference_id")) == str(top_up_id)
    )


def body(told: Any) -> str:  # noqa: ANN401
    """Write a message as bytes can carry it."""
    try:
        text = json.dumps(told)
        text.encode()
    except UnicodeEncodeError:
        return "{}"
    return text


def bank_file(chance: random.Random, reference: str) -> bytes:
    """Return a bank file, spoilt."""
    payments = [
        Paid(
            words=chance.choice([f"0{reference[1:]}", reference[:-1], "MUM", "", reference[::-1]]),
            amount=chance.choice(["25.00", "-25.00", "1e9", "", "0.00", "999999999999999999.99"]),
            day=chance.choice(["04/03/2026", "31/12/9999", "00/00/0000", "29/02/2025"]),
            currency=chance.choice(["GBP", "GBP", "EUR", ""]),
            out=chance.random() < 0.3,
        )
        for _ in range(chance.randint(0, 4))
    ]
    content = as_csv(payments) if chance.random() < 0.5 else as_xml(payments)
    for _ in range(chance.randint(0, 3)):
        content = chance.choice(_FILE_WAYS)(chance, content)
    return content


def _change_a_fact(chance: random.Random, told: Any) -> Any:  # noqa: ANN401
    thing = object_of(told)
    if thing:
        thing[chance.choice(sorted(thing))] = chance.choice(_STRANGE)
    return told


def _change_the_envelope(chance: random.Random, told: Any) -> Any:  # noqa: ANN401
    if isinstance(told, dict) and told:
        told[chance.choice(sorted(told))] = chance.choice(_STRANGE)
    return told


def _change_the_kind(chance: random.Random, told: Any) -> Any:  # noqa: ANN401
    if isinstance(told, dict):
        told["type"] = chance.choice(_KINDS)
    return told


def _take_out(chance: random.Random, told: Any) -> Any:  # noqa: ANN401
    if isinstance(told, dict) and told:
        told.pop(chance.choice(sorted(told)))
    return told


def _wrap(chance: random.Random, told: Any) -> Any:  # noqa: ANN401
    return chance.choice([[told], {"detail": told}, {"data": told, "specversion": "1"}, told])


_WAYS: tuple[Callable[[random.Random, Any], Any], ...] = (
    _change_a_fact,
    _change_a_fact,
    _change_the_envelope,
    _change_the_kind,
    _take_out,
    _wrap,
)


def _cut(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randint(0, len(content))]


def _flip(chance: random.Random, content: bytes) -> bytes:
    if not content:
        return content
    place = chance.randrange(len(content))
    return content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]


def _double(chance: random.Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join([*lines, *lines[chance.randint(0, 1) :]])


def _declare(_chance: random.Random, content: bytes) -> bytes:
    return b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>' + content


def _blow_up(chance: random.Random, content: bytes) -> bytes:
    return chance.choice(
        [content * 3, b"<a>" * 5_000, b'"' + b"x" * 200_000, b"," * 5_000, b"\xff\xfe" + content]
    )


_FILE_WAYS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _cut,
    _flip,
    _flip,
    _double,
    _declare,
    _blow_up,
)
