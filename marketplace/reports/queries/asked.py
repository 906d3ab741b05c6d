"""What people of a council asked providers for and nobody offered. Nobody can be found in it.

What they wrote is not kept with the numbers: only the kind of support and the postcode district.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.asking.models import UnmetNeed
from marketplace.reports.queries.market import category_names
from marketplace.reports.rules import Row, Scope, Table, hidden_last, protect, table_of

_WHO = (
    "People who asked providers for help and had no answer in the council’s days. Each is counted "
    "once a month for the same kind of support and district. Their words are not kept here."
)


def _kinds(session: Session, scope: Scope) -> Table:
    names = category_names(session)
    people = _people(session, scope, UnmetNeed.category)
    rows = [Row(names.get(slug, slug), count, ()) for slug, count in people.most_common()]
    shown = hidden_last(protect(rows, threshold=scope.threshold))
    head = ("Kind of support", "People")
    return table_of(scope, "unanswered-kinds", "Asked for and not offered", _WHO, head, shown)


def _districts(session: Session, scope: Scope) -> Table:
    people = _people(session, scope, UnmetNeed.district)
    rows = [Row(district, count, ()) for district, count in people.most_common()]
    shown = hidden_last(protect(rows, threshold=scope.threshold))
    head = ("Postcode district", "People")
    title = "Asked for and not offered, by area"
    return table_of(scope, "unanswered-districts", title, _WHO, head, shown)


def _people(session: Session, scope: Scope, by: InstrumentedAttribute[str]) -> Counter[str]:
    rows = select(by, cast(func.sum(UnmetNeed.people), BigInteger)).where(
        UnmetNeed.council_id == scope.council_id,
        UnmetNeed.day >= scope.period.starts_on,
        UnmetNeed.day < scope.period.ends_before,
    )
    if scope.category:
        rows = rows.where(UnmetNeed.category == scope.category)
    found = session.execute(rows.group_by(by).order_by(by))
    return Counter({label: int(people) for label, people in found})


TABLES: Mapping[str, Callable[[Session, Scope], Table]] = MappingProxyType(
    {"unanswered-kinds": _kinds, "unanswered-districts": _districts}
)
