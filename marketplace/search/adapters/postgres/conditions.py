"""A search as conditions and orders of SQL."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Numeric,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    true,
)
from sqlalchemy import Integer as Int
from sqlalchemy.dialects.postgresql import ARRAY, REAL, TSQUERY, array

from marketplace.places.rules import Point
from marketplace.search.adapters.postgres.tables import ENTRIES
from marketplace.search.rules import Concept, Facet, Query, Selections, Sort
from marketplace.search.rules.ranking import (
    DISTANCE_NUDGE,
    FAR_METRES,
    MIDDLE_RATING_TENTHS,
    RATING_NUDGE,
    RATING_SPAN_TENTHS,
)

_WEIGHTS = (0.1, 0.3, 0.6, 1.0)
"""Of a word nowhere in particular, in the text, in the name, in the title."""

_DECIMALS = 2

entry = ENTRIES.c


def tag(facet: Facet, value: str) -> str:
    """Return how one value of one facet is kept."""
    return f"{facet.value}={value}"


def has(concept: Concept) -> ColumnElement[bool]:
    """Return the condition that an entry has an idea."""
    return entry.tokens.op("@@", is_comparison=True)(_asked(_expression(concept)))


def has_all(concepts: Iterable[Concept]) -> ColumnElement[bool]:
    """Return the condition that an entry has every one of some ideas."""
    return and_(true(), *map(has, concepts))


def has_any(concepts: Sequence[Concept]) -> ColumnElement[bool]:
    """Return the condition that an entry has at least one of some ideas."""
    asked = _asked(" | ".join(f"({_expression(concept)})" for concept in concepts))
    return entry.tokens.op("@@", is_comparison=True)(asked)


def shown_in(council: str | None) -> ColumnElement[bool]:
    """Return the condition that a council's portal shows an entry."""
    if council is None:
        return true()
    return or_(
        func.cardinality(entry.councils) == 0,
        entry.councils.op("@>", is_comparison=True)(_texts([council])),
    )


def near_enough(query: Query) -> ColumnElement[bool]:
    """Return the condition that an entry is near enough, or comes to where the person is."""
    if query.near is None or query.within_metres is None:
        return true()
    # Distances are rounded down, so something is within 5 metres until it is 6 metres away.
    limit = func.greatest(query.within_metres, func.coalesce(entry.reach_metres, 0)) + 1
    wide = cast(limit, BigInteger)
    return or_(entry.easting.is_(None), _squared(query.near) < wide * wide)


def chosen(selections: Selections, *, but: Facet | None = None) -> ColumnElement[bool]:
    """Return the condition that an entry fits the choices in all facets, or all but one."""
    return and_(
        true(),
        *(
            entry.tags.op("&&", is_comparison=True)(_texts([tag(facet, value) for value in values]))
            for facet, values in selections.items()
            if facet is not but
        ),
    )


def order(query: Query, concepts: Sequence[Concept]) -> tuple[ColumnElement[Any], ...]:
    """Return what the answers are ordered by."""
    drawn = func.md5(func.concat(cast(entry.id, Text), query.on.isoformat()))
    best = (entry.comes_last, *_fit(query, concepts), drawn)
    if query.sort is Sort.NEAREST and query.near is not None:
        return (_squared(query.near).asc().nulls_last(), *best)
    if query.sort is Sort.PRICE:
        return (entry.price_pence.asc().nulls_last(), *best)
    if query.sort is Sort.RATING:
        return (entry.rating_tenths.desc().nulls_last(), entry.rating_count.desc(), *best)
    return best


def _fit(query: Query, concepts: Sequence[Concept]) -> tuple[ColumnElement[Any], ...]:
    nudge = literal(1.0) + func.coalesce(
        cast(entry.rating_tenths - MIDDLE_RATING_TENTHS, Float)
        * (RATING_NUDGE / RATING_SPAN_TENTHS),
        0.0,
    )
    if query.near is not None:
        away = func.least(func.sqrt(cast(_squared(query.near), Float)), float(FAR_METRES))
        nudge += func.coalesce(DISTANCE_NUDGE * (1 - away / FAR_METRES), 0.0)
    if not concepts:
        return (_rounded(nudge),)
    ideas = sum((case((has(concept), 1), else_=0) for concept in concepts), literal(0, Int))
    asked = _asked(" | ".join(f"({_expression(concept)})" for concept in concepts))
    weights = cast(array(_WEIGHTS), ARRAY(REAL))
    score = cast(func.ts_rank(weights, entry.tokens, asked), Float)
    return (ideas.desc(), _rounded(score * nudge))


def _rounded(score: ColumnElement[float]) -> ColumnElement[Any]:
    return func.round(cast(score, Numeric), _DECIMALS).desc()


def _squared(near: Point) -> ColumnElement[int]:
    east = cast(entry.easting - near.easting, BigInteger)
    north = cast(entry.northing - near.northing, BigInteger)
    return east * east + north * north


def _expression(concept: Concept) -> str:
    """Return an idea as PostgreSQL writes it. Tokens are letters, digits, "_" and "~" only."""
    said = [_quoted(token) for token in sorted(concept.tokens)]
    if concept.parts:
        said.append("(" + " & ".join(_quoted(part) for part in sorted(concept.parts)) + ")")
    return " | ".join(said)


def _quoted(token: str) -> str:
    return f"'{token}'"


def _asked(expression: str) -> ColumnElement[Any]:
    return cast(literal(expression), TSQUERY)


def _texts(values: Sequence[str]) -> ColumnElement[Any]:
    return cast(list(values), ARRAY(Text)) if values else cast(null(), ARRAY(Text))
