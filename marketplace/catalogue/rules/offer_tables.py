"""A table of offers as people send it back: read line by line, each wrong one with its reason.

A column that is not there leaves what an offer says of it as it is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from marketplace.catalogue.rules.states import OfferState, Unit
from marketplace.kernel.days import read_day
from marketplace.kernel.labels import labels
from marketplace.kernel.money import BadAmountError, Money
from marketplace.kernel.tables import (
    BadCellsError,
    BadTableError,
    WrongLine,
    cells_of,
    head_of,
    rows_of,
    shown,
    words_in,
)

LINES_MAX = 300
OFFER, TITLE, KIND, UNIT, PRICE = "offer", "name", "kind of support", "unit", "price"
EVENING, WEEKEND = "price in the evening", "price at the weekend"
BANK_HOLIDAY = "price on a bank holiday"
SUMMARY, ABOUT, INCLUDED, TERMS = "in one sentence", "more about it", "included", "terms"
DAYS, TIMES = "days", "times"
MENU, MUST_CHOOSE = "people choose from", "they have to choose"
NOTICE, LATE = "notice in hours", "late cancellation in per cent"
YOUNGEST, OLDEST, PLACES, STATE = "from age", "to age", "free places", "on sale"
FIRST_DAY, LAST_DAY = "first day on sale", "last day on sale"
HEAD = (
    *(OFFER, TITLE, KIND, UNIT, PRICE, EVENING, WEEKEND, BANK_HOLIDAY),
    *(SUMMARY, ABOUT, INCLUDED, MENU, MUST_CHOOSE),
    *(DAYS, TIMES, YOUNGEST, OLDEST, PLACES, NOTICE, LATE, TERMS, STATE),
    *(FIRST_DAY, LAST_DAY),
)
NEEDED = (TITLE, KIND, UNIT, PRICE)
BETWEEN = "|"
"""Stands between the things that are included or can be chosen, and between days."""

STATES: Mapping[str, OfferState] = MappingProxyType(
    {
        "yes": OfferState.ON_SALE,
        "on sale": OfferState.ON_SALE,
        "no": OfferState.PAUSED,
        "paused": OfferState.PAUSED,
        "draft": OfferState.DRAFT,
    }
)
_INNER = f"\\{BETWEEN}"
_SPLIT = re.compile(rf"(?<!\\)\{BETWEEN}")
_TEXTS = (TITLE, KIND, UNIT, SUMMARY, ABOUT, INCLUDED, MENU, DAYS, TIMES, TERMS)
_YES_NO: Mapping[str, bool] = MappingProxyType({"yes": True, "no": False})
_NUMBERS = (YOUNGEST, OLDEST, PLACES, NOTICE, LATE)
_DIGITS_MAX = 6


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One line of a table: what it says, by column; a column that is not there is left out."""

    number: int
    offer_id: UUID | None
    """None: a new one, or one of this name."""
    title: str
    kind: str
    unit: Unit
    price: Money
    prices: Mapping[str, Money | None]
    texts: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int | None]
    sale_days: Mapping[str, date | None]
    must_choose: bool | None
    """None: it stays; of a new offer nothing has to be chosen."""
    state: OfferState | None
    """None: it stays; a new offer is a draft."""


@dataclass(frozen=True, slots=True)
class OfferTable:
    """What a file says."""

    lines: tuple[OfferLine, ...]
    wrong: tuple[WrongLine, ...]


def joined(parts: Iterable[str]) -> str:
    """Return several things as one cell."""
    return f" {BETWEEN} ".join(part.replace(BETWEEN, _INNER) for part in parts)


def read_offers(text: str) -> OfferTable:
    """Read the lines of a table.

    Raises:
        BadTableError: it has no head, too many lines, or columns that we do not know.
    """
    lines: list[OfferLine] = []
    wrong: list[WrongLine] = []
    seen: dict[UUID | str, int] = {}
    rows = rows_of(text)
    first = next(rows, None)
    head = head_of(first, needed=NEEDED)
    unknown = sorted(head.keys() - set(HEAD))
    if unknown:
        raise BadTableError(f"We do not know the column “{shown(unknown[0])}”. Take it away.")
    columns = len((first and first[1]) or [])
    for count, (number, cells) in enumerate(rows, start=1):
        if count > LINES_MAX:
            raise BadTableError(f"That file has more than {LINES_MAX} lines. Send it in parts.")
        try:
            line = _line(number, cells_of(head, cells, columns=columns))
            key = line.offer_id or line.title.casefold()
            if key in seen:
                raise BadCellsError(f"Line {seen[key]} is about the same offer.")
        except BadCellsError as refusal:
            wrong.append(WrongLine(number, str(refusal)))
            continue
        seen[key] = number
        lines.append(line)
    return OfferTable(tuple(lines), tuple(wrong))


def _line(number: int, cells: Mapping[str, str]) -> OfferLine:
    texts = {name: words_in(cells[name], column=name) for name in _TEXTS if name in cells}
    title = " ".join(texts[TITLE].split())
    if not title:
        raise BadCellsError("It has no name.")
    return OfferLine(
        number=number,
        offer_id=_offer_id(cells.get(OFFER, "")),
        title=title,
        kind=_needed(texts[KIND], KIND),
        unit=_unit(texts[UNIT]),
        price=_price(_needed(cells[PRICE], PRICE), PRICE),
        prices={
            name: _price(cells[name], name) if cells[name] else None
            for name in (EVENING, WEEKEND, BANK_HOLIDAY)
            if name in cells
        },
        texts={name: texts[name] for name in (SUMMARY, ABOUT, TERMS) if name in texts},
        lists=dict(_lists(texts)),
        numbers={name: _number(cells[name], name) for name in _NUMBERS if name in cells},
        sale_days={
            name: _day(cells[name], name) for name in (FIRST_DAY, LAST_DAY) if name in cells
        },
        must_choose=_must_choose(cells.get(MUST_CHOOSE, "")),
        state=_state(cells.get(STATE, "")),
    )


def _offer_id(typed: str) -> UUID | None:
    if not typed:
        return None
    try:
        return UUID(typed)
    except ValueError:
        raise BadCellsError(
            f"“{shown(typed)}” names no offer. Leave the first column as it is, or empty for a "
            "new offer."
        ) from None


def _needed(typed: str, name: str) -> str:
    if not typed:
        raise BadCellsError(f"It has no {name}.")
    return typed


def _unit(typed: str) -> Unit:
    word = typed.casefold().strip()
    if word not in set(Unit):
        known = ", ".join(unit.value for unit in Unit)
        raise BadCellsError(f"“{shown(typed)}” is none of the units: {known}.")
    return Unit(word)


def _price(typed: str, name: str) -> Money:
    try:
        price = Money.parse(typed)
    except BadAmountError:
        raise BadCellsError(
            f"“{shown(typed)}” under “{name}” is no amount. Write it like 12.50."
        ) from None
    if price.pence <= 0:
        raise BadCellsError(f"The {name} has to be more than nothing.")
    return price


def _lists(texts: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in (INCLUDED, MENU):
        if name in texts:
            yield name, _parts(texts[name])
    for name in (DAYS, TIMES):
        if name in texts:
            yield name, tuple(_slugs(name, _parts(texts[name])))


def _parts(typed: str) -> tuple[str, ...]:
    parts = (part.replace(_INNER, BETWEEN).strip() for part in _SPLIT.split(typed))
    return tuple(part for part in parts if part)


def _slugs(topic: str, typed: tuple[str, ...]) -> Iterator[str]:
    known = {words.casefold(): slug for slug, words in labels(topic).items()}
    known |= {slug: slug for slug in labels(topic)}
    chosen = set()
    for each in typed:
        if each.casefold() not in known:
            names = ", ".join(labels(topic).values())
            raise BadCellsError(f"“{shown(each)}” is none of the {topic}: {names}.")
        chosen.add(known[each.casefold()])
    return (slug for slug in labels(topic) if slug in chosen)


def _number(typed: str, name: str) -> int | None:
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS_MAX):
        raise BadCellsError(f"“{shown(typed)}” under “{name}” is no whole number.")
    return int(typed)


def _day(typed: str, name: str) -> date | None:
    if not typed:
        return None
    try:
        return read_day(typed)
    except ValueError:
        raise BadCellsError(
            f"“{shown(typed)}” under “{name}” is no day. Write the day, the month and the year "
            "with four digits."
        ) from None


def _must_choose(typed: str) -> bool | None:
    if not typed:
        return None
    found = _YES_NO.get(typed.casefold().strip())
    if found is None:
        raise BadCellsError(f"“{shown(typed)}” under “{MUST_CHOOSE}” is not yes or no.")
    return found


def _state(typed: str) -> OfferState | None:
    if not typed:
        return None
    state = STATES.get(" ".join(typed.split()).casefold())
    if state is None:
        raise BadCellsError(f"“{shown(typed)}” under “{STATE}” is none of: {', '.join(STATES)}.")
    return state
