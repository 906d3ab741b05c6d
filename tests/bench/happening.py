"""How long "what is on" takes where 10,000 entries take place, most of them every week."""

import random
from datetime import date, timedelta

from flask import Flask

from marketplace.community import commands as community
from marketplace.community.commands import PutGroup, PutListing
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.places.adapters.districts import DISTRICTS
from tests.bench.databases import Place, using
from tests.bench.figures import median, milliseconds, print_table
from tests.bench.machine import warn_unless, watching
from tests.statements import statements

ENTRIES, GROUPS, TIMES = 10_000, 500, 9
PAGES = {
    "this week": "/what-is-on?portal=all",
    "the coming month, page 20": "/what-is-on?portal=all&when=month&page=20",
    "free, on Tuesdays, near LS6": "/what-is-on?portal=all&free=yes&day=tue&near=LS6&within=20",
    "the coming two weeks, as news": "/what-is-on/news.rss?portal=all",
}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KINDS = ("company", "meals", "arts-and-music", "sport-and-fitness")


def measure(app: Flask, places: list[Place]) -> bool:
    """Print how long pages take on each engine; tell whether the machine was quiet enough."""
    took: dict[str, list[str]] = {}
    quiet = True
    for place in places:
        with using(app, place), watching() as watch:
            _fill()
            for name, path in PAGES.items():
                took.setdefault(name, []).append(_asked(app, path))
        took.setdefault("  others took", []).append(f"{watch.others:.0%}")
        quiet = quiet and not watch.too_busy
    rows = [(name, *figures) for name, figures in took.items()]
    title = f"What is on, of {ENTRIES:,} entries of {GROUPS:,} groups"
    print_table(title, ("", *(place.engine for place in places)), rows)
    print("  The middle of nine, through the application in this process.")
    warn_unless(quiet=quiet)
    return quiet


def _asked(app: Flask, path: str) -> str:
    client = app.test_client()

    def ask() -> None:
        assert client.get(path).status_code == 200

    ask()
    with statements() as sent:
        ask()
    middle = median([milliseconds(ask) for _ in range(TIMES)])
    return f"{middle:,.0f} ms, {len(sent)} statements"


def _fill() -> None:
    chance, at = random.Random(4), clock.now()
    districts = [line.partition(",")[0] for line in DISTRICTS.read_text().splitlines()[1:]]
    for first in range(0, GROUPS, 50):
        with transaction() as session:
            for number in range(first, first + 50):
                postcode = "LS6" if number % 10 == 0 else districts[number * 5 % len(districts)]
                group = PutGroup(
                    slug=f"group-{number}",
                    name=f"Group {number}",
                    about="Neighbours.",
                    postcode=postcode,
                    email="",
                    council_id=None,
                )
                group_id = community.put_group(session, group, by_user_id=None, at=at)
                for entry in range(ENTRIES // GROUPS):
                    one_day = chance.random() < 0.1
                    on = clock.local_day(at) + timedelta(days=chance.randrange(60))
                    wish = PutListing(
                        group_id=group_id,
                        slug=f"entry-{entry}",
                        title=f"Entry {number} {entry}",
                        category=chance.choice(_KINDS),
                        about="Come along. " * 20,
                        venue="The hall",
                        postcode=postcode,
                        cost=Money(chance.choice([0, 2_50])),
                        cost_words="",
                        for_whom=(),
                        access=(),
                        languages=("english",),
                        rrule="" if one_day else f"FREQ=WEEKLY;BYDAY={chance.choice(_DAYS)}",
                        on_day=_day(on, wanted=one_day),
                        starts=f"{chance.randrange(9, 20):02}:30",
                        minutes=60,
                        contact="",
                    )
                    community.put_listing(session, wish, by_user_id=None, at=at)


def _day(on: date, *, wanted: bool) -> date | None:
    return on if wanted else None
