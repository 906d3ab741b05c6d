"""An entry that was taken over, its source's new words, and what its owner made of it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Value = Any

TOGETHER = (
    ("kind", "rrule", "on_day", "first_on", "last_on", "starts", "minutes"),
    ("cost_pence", "cost_words", "cost_known"),
    ("youngest", "oldest"),
    ("venue", "postcode"),
)
"""Fields that say one thing: half of an owner's timetable and half of a source's would be none."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What an entry is to say, what changes by that, and what its owner's words keep."""

    values: dict[str, Value]
    changed: tuple[str, ...]
    kept: tuple[str, ...]


def merge(
    last: Mapping[str, Value] | None, now: Mapping[str, Value], new: Mapping[str, Value]
) -> Merged:
    """Return an entry with a source's new words, but for the fields that somebody changed here.

    ``last`` is what the source said when it was taken over last; None if it never was, and then
    only what is empty here is filled.
    """
    values = dict(now)
    changed: list[str] = []
    kept: list[str] = []
    for names in _bundles(new):
        wanted, here = _pick(new, names), _pick(now, names)
        if here == wanted:
            continue
        before = None if last is None else _pick(last, names)
        ours = any(map(_is_filled, here)) if before is None else here != before
        if not ours:
            values |= dict(zip(names, wanted, strict=True))
            changed += names
        elif before != wanted:
            kept += names
    return Merged(values, tuple(changed), tuple(kept))


def _bundles(new: Mapping[str, Value]) -> Iterator[tuple[str, ...]]:
    bundled = {name: names for names in TOGETHER if set(names) <= new.keys() for name in names}
    yield from dict.fromkeys(bundled.get(name, (name,)) for name in new)


def _pick(values: Mapping[str, Value], names: tuple[str, ...]) -> list[Value]:
    return [values.get(name) for name in names]


def _is_filled(value: Value) -> bool:
    return value not in (None, "", [])
