"""What people have searched for, some of it in vain."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from marketplace.kernel.clock import local_day
from marketplace.places.queries import locate
from marketplace.places.rules import parse_postcode
from marketplace.search.commands import SearchMade, count_search
from marketplace.search.rules import Query, Results
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
                results=results,
                secret=secret,
            )
            count_search(session, made, at=cast.ago(days=1 + 3 * time))


def _results(search: Search, cast: Cast, row: Row, slug: str | None) -> int:
    query = Query(
        on=local_day(cast.now),
        text=row["text"],
        near=locate(row["outcode"]).point,
        within_metres=40_000,
        council=slug,
    )
    found = search(query)
    return 0 if found.widened else found.total


def _councils() -> Callable[[str], str | None]:
    slugs = {
        outcode: row["slug"] for row in rows("councils", "council") for outcode in row["outcodes"]
    }
    return slugs.get
