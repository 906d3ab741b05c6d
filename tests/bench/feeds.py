"""How long 5,000 services of another catalogue take to be taken over, and a page of our feed."""

import json
import random
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask

from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.queries import CategoryRow
from marketplace.database import transaction
from marketplace.places.adapters.districts import DISTRICTS
from tests.bench.databases import Place, using
from tests.bench.figures import median, milliseconds, print_table
from tests.bench.machine import warn_unless, watching

SERVICES, ORGANISATIONS, TIMES = 5_000, 1_500, 7
PAGES = {
    "a page of 50 services": "/oruk/services",
    "a page of 50 whole services": "/oruk/services?full=true",
    "a page of what says a word": "/oruk/services?search=yoga",
    "one service": "/oruk/services/{one}",
}
_FIRST = "Amber Birch Cedar Dale Elm Fern Grove Hazel Ivy Jasper Kestrel Lark Maple North Oak Pine"
_LAST = "Neighbours Friends Club Centre Society Association Circle Project Hub Church Library Forum"
_WHAT = "Tea Choir Walk Lunch Art Yoga Chat Gardening Memory Games Film Reading Dance Craft Swim"


def measure(app: Flask, places: list[Place]) -> bool:
    """Print how long it takes on each engine; tell whether the machine was quiet enough."""
    took: dict[str, list[str]] = {}
    quiet = True
    with tempfile.TemporaryDirectory() as folder:
        feed = Path(folder) / "feed.json"
        feed.write_text(json.dumps(list(_services())), encoding="utf-8")
        for place in places:
            with using(app, place), watching() as watch:
                with transaction() as session:
                    catalogue.put_category(session, CategoryRow("meals", "Meals", "Prydau", 1))
                for name, seconds in _imported(app, feed).items():
                    took.setdefault(name, []).append(f"{seconds:,.1f} s")
                for name, middle in _read(app).items():
                    took.setdefault(name, []).append(f"{middle:,.0f} ms")
            took.setdefault("  others took", []).append(f"{watch.others:.0%}")
            quiet = quiet and not watch.too_busy
    rows = [(name, *figures) for name, figures in took.items()]
    title = f"{SERVICES:,} services of {ORGANISATIONS:,} organisations, taken over and given away"
    print_table(title, ("", *(place.engine for place in places)), rows)
    print(
        "  From a file, so without the network: read, cleaned, planned, written and, on\n"
        "  PostgreSQL, indexed at once. Pages through the application in this process."
    )
    warn_unless(quiet=quiet)
    return quiet


def _imported(app: Flask, feed: Path) -> dict[str, float]:
    runner = app.test_cli_runner()
    found = {}
    for name, done in (("taken over", "new"), ("again, nothing changed", "same")):

        def take(done: str = done) -> None:
            result = runner.invoke(args=["import", "oruk", str(feed), "--go"])
            assert f" {done}." in result.output, result.output

        found[name] = milliseconds(take) / 1000
    return found


def _read(app: Flask) -> dict[str, float]:
    client = app.test_client()
    one = client.get("/oruk/services").get_json()["contents"][0]["id"]
    found = {}
    for name, path in PAGES.items():

        def ask(path: str = path) -> None:
            assert client.get(path.format(one=one)).status_code == 200

        found[name] = median([milliseconds(ask) for _ in range(TIMES)])
    return found


def _services() -> list[dict[str, Any]]:
    chance = random.Random(4)
    districts = [line.partition(",")[0] for line in DISTRICTS.read_text().splitlines()[1:]]
    found: list[dict[str, Any]] = []
    for number in range(SERVICES):
        own = number % ORGANISATIONS
        postcode = f"{districts[own % len(districts)]} {own % 9 + 1}AB"
        found.append(
            {
                "id": f"s{number}",
                "name": f"{_one(chance, _WHAT)} {_one(chance, _WHAT)} {number}",
                "description": "Come along. " * 30,
                "status": "active",
                "organization": {"id": f"o{own}", "name": f"{_name(own)} {own}"},
                "schedules": [
                    {"freq": "WEEKLY", "byday": "TU", "opens_at": "10:00", "closes_at": "12:00"}
                ],
                "service_at_locations": [
                    {"location": {"addresses": [{"address_1": "Hall", "postal_code": postcode}]}}
                ],
                "attributes": [{"taxonomy_term": {"name": "Lunch club"}}],
                "cost_options": [{"amount": 2.5}],
            }
        )
    return found


def _name(number: int) -> str:
    chance = random.Random(number)
    return f"{_one(chance, _FIRST)} {_one(chance, _FIRST)} {_one(chance, _LAST)}"


def _one(chance: random.Random, words: str) -> str:
    return chance.choice(words.split())
