"""How soon the results stand on a slow phone: largest paint, and what was sent for it.

A real Chromium on the profile that is usual for this: a screen of 360 by 800, 150 ms to the server
and back, 1.6 Mbit a second, and a processor slowed down to a quarter.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.request import urlopen

from flask import Flask
from playwright.sync_api import CDPSession, Page, sync_playwright

from marketplace.config import ROOT
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.seeding import councils as portals
from marketplace.seeding import shops
from marketplace.seeding.cast import Cast
from tests.bench.databases import Place, using
from tests.bench.figures import median, print_table
from tests.bench.machine import OTHERS_MAX, watching

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
VISITS = 5
SEARCHES = ("/find?q=company", "/find?q=&near=BD8", "/airemoor/find?q=help+getting+washed")
SLOW_DOWN = 4
LATENCY_MS, DOWN_BYTES, UP_BYTES = 150, 1_600_000 / 8, 750_000 / 8
PAINT_MAX_MS, SENT_MAX = 1_000, 100_000
START_SECONDS = 30
HEAD = ("", "largest paint ms", "slowest", "sent kB", "requests")

_PAINT = """() => new Promise((tell) => new PerformanceObserver((seen) =>
    tell(seen.getEntries().at(-1).startTime)
).observe({ type: "largest-contentful-paint", buffered: true }))"""


def measure(app: Flask, places: list[Place]) -> bool:
    """Print how soon each page stands; tell whether it is soon enough, and was quiet."""
    rows: list[tuple[object, ...]] = []
    good = True
    with using(app, places[0]):
        _seed()
        with _serving(places[0]) as base, watching() as watch:
            for path in SEARCHES:
                paints, sent, requests = _visits(f"{base}{path}")
                good = good and median(paints) <= PAINT_MAX_MS and sent <= SENT_MAX
                kilobytes = f"{sent / 1000:.0f}"
                rows.append(
                    (path, f"{median(paints):.0f}", f"{max(paints):.0f}", kilobytes, requests)
                )
    rows.append((f"  others took {watch.others:.0%}", *[""] * (len(HEAD) - 1)))
    print_table("The results on a slow phone, first visit, nothing in its memory", HEAD, rows)
    print("  The browser and the server share this machine's processor, so others may be both.")
    if not good:
        print(f"  *** LATER THAN {PAINT_MAX_MS} ms, OR MORE THAN {SENT_MAX // 1000} kB ***")
    return good and watch.others <= OTHERS_MAX


def _seed() -> None:
    with transaction() as session:
        cast = Cast(clock.now())
        portals.add_categories(session)
        portals.add_councils(session, cast)
        shops.add_providers(session, cast)
        shops.add_groups(session, cast)


@contextmanager
def _serving(place: Place) -> Iterator[str]:
    """Serve the market of a place by the server that production uses; give its address."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "wsgi:app"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": place.url, "MARKETPLACE_VAR": str(place.var)},
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(base)
        yield base
    finally:
        server.terminate()
        server.wait()


def _wait_for(base: str) -> None:
    ends = time.monotonic() + START_SECONDS
    while True:
        try:
            with urlopen(f"{base}/find"):  # makes the index too
                return
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)


def _visits(address: str) -> tuple[list[float], int, int]:
    paints = []
    sent = requests = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for _ in range(VISITS):
            context = browser.new_context(viewport={"width": 360, "height": 800}, is_mobile=True)
            page = context.new_page()
            sizes = _slow(context.new_cdp_session(page))
            page.goto(address, wait_until="load")
            paints.append(_largest_paint(page))
            sent, requests = sum(sizes), len(sizes)
            context.close()
        browser.close()
    return paints, sent, requests


def _largest_paint(page: Page) -> float:
    paint: float = page.evaluate(_PAINT)
    return paint


def _slow(devtools: CDPSession) -> list[int]:
    """Make a page's phone slow; return the list that its answers' sizes will be put into."""
    sizes: list[int] = []
    devtools.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    devtools.send("Network.enable")
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": DOWN_BYTES,
            "uploadThroughput": UP_BYTES,
        },
    )
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_DOWN})
    return sizes
