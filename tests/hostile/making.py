"""Makes what nobody honest would send. Each is spoilt at random, then so that it cannot be good.

So nothing of it may ever move money: the books before and after must be the same.
"""

import io
import json
import random
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from tests.payments import hostile
from tests.payments.bank_files import Paid, as_csv, as_xml
from tests.stripe_double import event, signed

Sent = tuple[bytes, str]
"""A message and its signature."""

NO_AMOUNTS: tuple[object, ...] = (
    *(-1, 0, 10**18, 2**63, 10**400, 2500.0, -2500.5, 999_999_99),
    *("2500", "NaN", "", None, True, [], {}, [[2500]], float("inf"), float("nan")),
)
NO_PRICES = (
    *(
        "nan",
        "-5",
        "1e9",
        "=1+1",
        "12,5O",
        "9" * 30,
        "inf",
        "£",
        "0x10",
        "--1",
        "+SUM(A1)",
        "1.234",
    ),
)
KINDS = (
    *("checkout.session.completed", "checkout.session.async_payment_succeeded"),
    *("charge.refunded", "refund.created", "refund.updated", "refund.failed"),
    *("charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"),
    *("charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated"),
    *("payment_intent.succeeded", "payment_intent.payment_failed", "transfer.reversed"),
)
"""All kinds that can move money."""


def message(chance: random.Random, good: Mapping[str, Any]) -> Sent:
    """Return a message that moves nothing, and its signature; a few are badly signed."""
    told: Any = event(chance.choice(KINDS), dict(good))
    for _ in range(chance.randint(0, 2)):
        told = hostile.message(chance, told)
    told = chance.choice(_FATAL)(chance, told)
    content, signature = signed(hostile.body(told))
    return chance.choice(_SENDING)(chance, content, signature)


def _no_amount(chance: random.Random, told: Any) -> Any:  # noqa: ANN401
    thing, amount = hostile.object_of(told), chance.choice(NO_AMOUNTS)
    for name in ("amount", "amount_total", "amount_refunded", "amount_received", "amount_reversed"):
        thing[name] = amount
    return told


def _no_pounds(chance: random.Random, told: Any) -> Any:  # noqa: ANN401
    hostile.object_of(told)["currency"] = chance.choice(["eur", "GBP ", "", None, 826, ["gbp"]])
    return told


def _other_sort(_chance: random.Random, told: Any) -> Any:  # noqa: ANN401
    if isinstance(told, dict):
        told["livemode"] = True
    return told


def _nothing_there(chance: random.Random, told: Any) -> Any:  # noqa: ANN401
    if isinstance(told, dict):
        told["data"] = chance.choice([None, [], {}, {"object": None}, {"object": ["x"]}, "x"])
    return told


def _deep(chance: random.Random, told: Any) -> Any:  # noqa: ANN401
    deep: Any = told
    for _ in range(chance.choice([10, 100, 300])):
        deep = {"data": {"object": deep}} if chance.random() < 0.5 else [deep]
    return deep


_FATAL: tuple[Callable[[random.Random, Any], Any], ...] = (
    *(_no_amount, _no_amount, _no_amount, _no_pounds, _no_pounds),
    *(_other_sort, _nothing_there, _deep),
)


def _as_it_is(_chance: random.Random, content: bytes, signature: str) -> Sent:
    return content, signature


def _cut(chance: random.Random, content: bytes, signature: str) -> Sent:
    return content[: chance.randrange(len(content))], signature


def _signed_by_others(chance: random.Random, content: bytes, _signature: str) -> Sent:
    text = content.decode()
    ways = (
        lambda: signed(text, secret="whsec_other")[1],
        lambda: signed(text, ago=chance.choice([301, 86_400, 365 * 86_400]))[1],
        lambda: "",
        lambda: "t=,v1=",
        lambda: f"t=1{'0' * 30},v1={'0' * 64}",
        lambda: "v1=" + "é" * 50,
    )
    return content, chance.choice(ways)()


def _not_json(chance: random.Random, _content: bytes, _signature: str) -> Sent:
    words = ("", "null", "[]", "7", "{", '{"id":}', "[" * 100_000, "\ufeff{}", "<xml/>", "NaN")
    return signed(chance.choice(words))


def _huge(_chance: random.Random, content: bytes, _signature: str) -> Sent:
    return signed(content.decode() + " " * (513 * 1024))


_SENDING: tuple[Callable[[random.Random, bytes, str], Sent], ...] = (
    *(_as_it_is,) * 12,
    *(_cut, _signed_by_others, _signed_by_others, _not_json, _huge),
)


def statement(chance: random.Random, reference: str) -> bytes:
    """Return a bank file in which nothing is ours to book."""
    if chance.random() < 0.5:
        return hostile.bank_file(chance, reference)
    return chance.choice(_STATEMENTS)(chance, reference)


def _bomb(chance: random.Random, reference: str) -> bytes:
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boom"}">'
        for n in range(chance.randint(2, 9))
    )
    return f"<?xml version='1.0'?><!DOCTYPE d [{entities}]>".encode() + _xml(reference)


def _outside(chance: random.Random, reference: str) -> bytes:
    where = chance.choice(["file:///etc/passwd", "http://127.0.0.1:9/", "/dev/zero"])
    return f'<!DOCTYPE d [<!ENTITY e SYSTEM "{where}">]>'.encode() + _xml(reference).replace(
        b"M Payer", b"&e;"
    )


def _nested(chance: random.Random, _reference: str) -> bytes:
    depth = chance.choice([100, 5_000, 20_000])
    return b"<Document>" + b"<Stmt>" * depth + b"</Stmt>" * depth + b"</Document>"


def _strange_money(chance: random.Random, reference: str) -> bytes:
    amounts = (
        "nan",
        "-0",
        "1e400",
        "inf",
        "1,2,3",
        "=1+1",
        "0.001",
        "9" * 40,
        "\u0662\u0665.00",
        "",
    )
    payments = [Paid(words=reference, amount=chance.choice(amounts)) for _ in range(3)]
    return as_csv(payments) if chance.random() < 0.5 else as_xml(payments)


def _other_account(chance: random.Random, reference: str) -> bytes:
    payments = [Paid(words=reference)]
    if chance.random() < 0.5:
        return as_csv(
            payments, account=chance.choice(["00000000", "", "1234567", "=cmd|' /C x'!A0"])
        )
    return as_xml(payments, iban=chance.choice(["GB00NWBK01020300000000", "", "DE1", "'"]))


def _other_money(chance: random.Random, reference: str) -> bytes:
    currency = chance.choice(["EUR", "USD", "XXX", "gbp", ""])
    return as_xml([Paid(words=reference, currency=currency)], currency=currency)


def _other_letters(chance: random.Random, _reference: str) -> bytes:
    text = as_csv([Paid(words="MÜTTER")]).decode()
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: text.encode("utf-16"),
        lambda: text.encode("utf-32"),
        lambda: text.encode("latin-1"),
        lambda: text.replace("MÜTTER", "MUM\0MUM").encode(),
        lambda: b"\x89PNG\r\n\x1a\n" + text.encode(),
        lambda: zipped(text),
    )
    return chance.choice(ways)()


def _swapped(chance: random.Random, _reference: str) -> bytes:
    rows = [line.split(",") for line in as_csv([Paid()] * 3).decode().splitlines()]
    order = list(range(len(rows[0])))
    chance.shuffle(order)
    spoilt = rows[:1] + [[row[place] for place in order] for row in rows[1:]]
    return "\r\n".join(",".join(row) for row in spoilt).encode()


def _formulas(chance: random.Random, _reference: str) -> bytes:
    cell = chance.choice(["=HYPERLINK(1)", "+1+1", "@SUM(A1)", "-2+3", '"=1', "\t=1"])
    return as_csv([Paid(words=cell), Paid(words=cell, day="04/03/2026")])


def _xml(reference: str) -> bytes:
    return as_xml([Paid(words=reference)]).partition(b"?>\n")[2]


_STATEMENTS: tuple[Callable[[random.Random, str], bytes], ...] = (
    *(_bomb, _outside, _nested, _strange_money, _other_account, _other_money),
    *(_other_letters, _swapped, _formulas),
)


def zipped(text: str) -> bytes:
    """Return a text in a ZIP file, as some programs save tables."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table.csv", text * 100)
    return found.getvalue()


def table(
    chance: random.Random, good: list[dict[str, str]], fatal: Mapping[str, tuple[str, ...]]
) -> bytes:
    """Return a table of which no line can be done: in each a needed cell cannot be."""
    rows = []
    for _ in range(chance.randint(1, 4)):
        row = dict(chance.choice(good))
        for _more in range(chance.randint(0, 2)):
            row[chance.choice(list(row))] = chance.choice(_CELLS)
        name = chance.choice(list(fatal))
        row[name] = chance.choice(fatal[name])
        rows.append(row)
    heads = list(rows[0])
    text = "\r\n".join([_line(heads), *(_line(row.values()) for row in rows)]) + "\r\n"
    content = text.encode("utf-8", "surrogatepass")
    for _ in range(chance.randint(0, 2)):
        content = chance.choice(_WAYS)(chance, content)
    # Larger ones are refused before they are read.
    return content[:BYTES_MOST]


BYTES_MOST = 220_000
_CELLS = (
    *("", "=1+1", "@x", "\0", "\u202e", "é" * 300, "'; DROP TABLE visits; --", "<script>"),
    *("9" * 50, "-1", "nan", "31/02/2026", '"', "a\nb", "\ufeff", "yes", "no"),
)


def _line(cells: Any) -> str:  # noqa: ANN401
    return ",".join('"' + str(cell).replace('"', '""') + '"' for cell in cells)


_WAYS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    lambda chance, content: content[: chance.randint(0, len(content))],
    lambda chance, content: content.replace(b'"', b"", chance.randint(1, 9)),
    lambda _chance, content: content.replace(b",", b";"),
    lambda _chance, content: content.decode("utf-8", "replace").encode("utf-16"),
    lambda _chance, content: b"\xff\xfe\x00" + content,
    lambda _chance, content: content.replace(b"\r\n", b"\0\r\n"),
    lambda _chance, content: content * 40,
    lambda _chance, content: content + b"," * 5_000,
    lambda _chance, content: zipped(content.decode("utf-8", "replace")),
    lambda _chance, content: json.dumps(content.decode("utf-8", "replace")).encode(),
)
