"""What people of a council look for and do not find. Nobody can be found in it.

Words are shown only if at least as many people as the council's threshold looked for them and
found next to nothing; and if the rest of a category would give a smaller group away, the smallest
of its words is left out too.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import BigInteger, ColumnElement, cast, func, select
from sqlalchemy.orm import Session

from marketplace.reports.queries import asked
from marketplace.reports.queries.market import category_names
from marketplace.reports.rules import (
    Row,
    Scope,
    ShownRow,
    Table,
    hidden_last,
    protect,
    share,
    table_of,
    without_giveaways,
)
from marketplace.search.models import SearchCount, SearchEmptied

WORDS_SHOWN = 50
_NOT_KNOWN = "The words do not say"
_STEPS = (
    ("ordered", "Placed an order"),
    ("kept", "Put something aside"),
    ("opened", "Opened something they found"),
    ("again", "Looked for something else"),
)
_WHO = (
    "Each visitor is counted once for the same words. A search counts for the council to which the "
    "place belongs that was asked for, or else for the portal it was made in."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Everything on the page."""

    scope: Scope
    categories: Mapping[str, str]
    tables: Mapping[str, Table]


def demand(session: Session, scope: Scope) -> Demand:
    """Return what people of a council look for and do not find."""
    return Demand(
        scope=scope,
        categories=category_names(session),
        tables=MappingProxyType({key: make(session, scope) for key, make in TABLES.items()}),
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was typed alike: the words if they are kept, what it is about, who found little."""

    words: str | None
    kind: str
    people: int
    fewest: int


def _counted(session: Session, scope: Scope) -> list[_Counted]:
    names = category_names(session)
    few = _sum(SearchCount.few)
    rows = session.execute(
        select(
            func.max(SearchCount.words),
            func.max(SearchCount.category),
            few,
            func.min(SearchCount.results),
        )
        .where(*_chosen(scope))
        .group_by(SearchCount.fingerprint)
        .having(few > 0)
    )
    return [
        _Counted(words, names.get(slug, _NOT_KNOWN), int(people), fewest)
        for words, slug, people, fewest in rows
    ]


def _words(session: Session, scope: Scope) -> Table:
    found = _counted(session, scope)
    told = without_giveaways(
        [(each.words, each.kind, each.people) for each in found], threshold=scope.threshold
    )
    fewest = {each.words: each.fewest for each in found}
    rows = [
        ShownRow(words, (people, kind, fewest[words])) for words, kind, people in told[:WORDS_SHOWN]
    ]
    about = (
        f"Searches that found fewer than three things. {_WHO} Words that fewer than "
        f"{scope.threshold} people share are not shown."
    )
    head = ("Words", "People", "Kind of support", "Fewest found")
    return table_of(scope, "looked-for", "Looked for and not found", about, head, rows)


def _categories(session: Session, scope: Scope) -> Table:
    people: Counter[str] = Counter()
    for each in _counted(session, scope):
        people[each.kind] += each.people
    rows = [Row(kind, count, ()) for kind, count in people.most_common()]
    shown = protect(rows, threshold=scope.threshold)
    about = f"What searches that found fewer than three things were about. {_WHO}"
    head = ("Kind of support", "People")
    title = "By kind of support"
    return table_of(scope, "looked-for-kinds", title, about, head, hidden_last(shown))


def _emptied(session: Session, scope: Scope) -> Table:
    times = _sum(SearchEmptied.times)
    rows = session.execute(
        select(SearchEmptied.filters, times)
        .where(
            SearchEmptied.council_id == scope.council_id,
            SearchEmptied.day >= scope.period.starts_on,
            SearchEmptied.day < scope.period.ends_before,
        )
        .group_by(SearchEmptied.filters)
        .order_by(times.desc(), SearchEmptied.filters)
    )
    shown = protect(
        [Row(filters, int(people), ()) for filters, people in rows], threshold=scope.threshold
    )
    about = (
        "There was something until this was chosen. Then there was nothing. What fewer than "
        f"{scope.threshold} people chose is not named: many choices together may tell who made "
        "them."
    )
    head = ("What was chosen", "People")
    title = "Choices that left nothing"
    named = [row for row in shown if row.hidden is None]
    return table_of(scope, "emptied", title, about, head, named)


def _next(session: Session, scope: Scope) -> Table:
    columns = [_sum(getattr(SearchCount, name)) for name, _ in _STEPS]
    all_, *done = session.execute(
        select(_sum(SearchCount.times), *columns).where(*_chosen(scope))
    ).one()
    whole = int(all_ or 0)
    counted = [int(number or 0) for number in done]
    rows = [
        *((words, number) for (_, words), number in zip(_STEPS, counted, strict=True)),
        ("Left", whole - sum(counted)),
    ]
    shown = protect(
        [Row(words, people, (share(people, whole),)) for words, people in rows],
        threshold=scope.threshold,
    )
    about = "How far people went within an hour of a search, in the same visit. Each counts once."
    head = ("What they did", "People", "Share")
    return table_of(scope, "did-next", "What they did next", about, head, shown if whole else ())


def _chosen(scope: Scope) -> list[ColumnElement[bool]]:
    chosen = [
        SearchCount.council_id == scope.council_id,
        SearchCount.day >= scope.period.starts_on,
        SearchCount.day < scope.period.ends_before,
    ]
    if scope.category:
        chosen.append(SearchCount.category == scope.category)
    return chosen


def _sum(column: ColumnElement[int] | object) -> ColumnElement[int]:
    return cast(func.sum(column), BigInteger)


TABLES: Mapping[str, Callable[[Session, Scope], Table]] = MappingProxyType(
    {
        "looked-for": _words,
        "looked-for-kinds": _categories,
        "emptied": _emptied,
        "did-next": _next,
        **asked.TABLES,
    }
)
