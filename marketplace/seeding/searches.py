"""What people have searched for, some of it in vain."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from marketplace.kernel.clock import local_day
from marketplace.places.queries import locate
from marketplace.places.rules import parse_postcode
from marketplace.search.commands import SearchMade, count_emptied, count_search, note_step
from marketplace.search.queries import kind_looked_for
from marketplace.search.rules import Query, Results
from marketplace.search.rules.steps import Step
from marketplace.seeding.cast import Cast
from marketplace.seeding.files import Row, rows

Search = Callable[[Query], Results]


def add_searches(session: Session, cast: Cast, search: Search, *, secret: str) -> None:
    """Count every search of the file as often as it was made, a day apart."""
    council_of = _councils()
    for row in rows("stories", "search"):
        slug = council_of(parse_postcode(row["outcode"]).outcode)
        results = _results(search, cast, row, slug)
        for time in range(row["times"]):
            made = SearchMade(
                words=row["text"],
                council_id=cast.councils[slug] if slug else None,
                results=0 if results.widened else results.total,
                secret=secret,
                category=kind_looked_for(row["text"], results),
            )
            count_id = count_search(session, made, at=cast.ago(days=1 + 3 * time))
            step = _next_step(time, found=bool(made.results))
            if count_id is not None and step is not None:
                note_step(session, count_id=count_id, step=step, before=None)
    _add_emptied(session, cast, council_of)


def _add_emptied(session: Session, cast: Cast, council_of: Callable[[str], str | None]) -> None:
    for row in rows("stories", "emptied"):
        slug = council_of(parse_postcode(row["outcode"]).outcode)
        for time in range(row["times"]):
            count_emptied(
                session,
                filters=row["filters"],
                council_id=cast.councils[slug] if slug else None,
                at=cast.ago(days=2 + 4 * time),
            )


def _next_step(time: int, *, found: bool) -> Step | None:
    """Return what somebody did next: most who found something opened it, one in ten ordered."""
    steps = _AFTER_FINDING if found else _AFTER_NOTHING
    return steps[time % len(steps)]


_AFTER_NOTHING = (Step.AGAIN, None, None, Step.AGAIN, None)
_AFTER_FINDING = (
    *(Step.OPENED, Step.OPENED, None, Step.AGAIN, Step.KEPT),
    *(Step.OPENED, None, Step.ORDERED, Step.OPENED, None),
)


def _results(search: Search, cast: Cast, row: Row, slug: str | None) -> Results:
    query = Query(
        on=local_day(cast.now),
        text=row["text"],
        near=locate(row["outcode"]).point,
        within_metres=40_000,
        council=slug,
    )
    return search(query)


def _councils() -> Callable[[str], str | None]:
    slugs = {
        outcode: row["slug"] for row in rows("councils", "council") for outcode in row["outcodes"]
    }
    return slugs.get
