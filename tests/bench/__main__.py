"""``make bench``: measures holds, search and the dashboard on both engines, and prints tables.

``python -m tests.bench crowds holds`` measures these parts alone, and ``… postgres crowds`` on that
engine alone. Ratios within one run are what counts: rates depend on the machine, and on how fast
its disk says that something is safe. Each table says what it leaves out, and warns if the machine
was busy.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests import postgres
from tests.bench import (
    board,
    crowds,
    feeds,
    finding,
    growth,
    happening,
    holds,
    instalments,
    invoicing,
    judging,
    payouts,
    phone,
    searching,
    wallet_page,
)
from tests.bench.databases import make_app, places

PARTS = {
    "holds": holds.measure,
    "crowds": crowds.measure,
    "growth": growth.measure,
    "instalments": instalments.measure,
    "search": finding.measure,
    "finding": searching.measure,
    "finding-100k": searching.measure_large,
    "judged": judging.measure,
    "phone": phone.measure,
    "invoicing": invoicing.measure,
    "payouts": payouts.measure,
    "dashboard": board.measure,
    "feeds": feeds.measure,
    "happening": happening.measure,
    "wallet": wallet_page.measure,
}


ENGINES = {"sqlite", "postgres"}


def main(wanted: list[str]) -> int:
    """Run the parts that are named, or all; return 1 if a figure is not to be believed."""
    unknown = set(wanted) - set(PARTS) - ENGINES
    if unknown:
        known = ", ".join([*PARTS, *sorted(ENGINES)])
        print(f"There is no {', '.join(sorted(unknown))}. There is: {known}.")
        return 2
    engines = ENGINES & set(wanted) or ENGINES
    parts = [name for name in wanted if name in PARTS] or list(PARTS)
    began, quiet = time.monotonic(), True
    server = postgres.start(durable=True) if postgres.available() else None
    if server is None:
        print("*** PostgreSQL is not installed: only SQLite is measured ***")
    try:
        with tempfile.TemporaryDirectory() as folder:
            app = make_app(Path(folder))
            for name in parts:
                found = places(name, server, Path(folder))
                chosen = [place for place in found if place.engine in engines]
                quiet = PARTS[name](app, chosen) and quiet
    finally:
        if server is not None:
            server.stop()
    print(f"\nMeasured in {time.monotonic() - began:.0f} seconds.")
    return 0 if quiet else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
