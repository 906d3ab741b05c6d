"""The real website, a real browser, and one small market for all tests of this folder."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from marketplace.database import db
from marketplace.kernel import clock
from tests.conftest import SignInAs, connect
from tests.crash.serving import Website
from tests.e2e.world import World, build

CHROMIUM = next(
    (found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None
)
NOT_WANTED = (
    "SpareRendererForSitePerProcess",  # a process made ready for each page, for nobody
    *("AimEnabled", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"),
    *("HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter"),
    *("NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch"),
)
"""What Chromium would do beside: the first of these for the sake of speed, the others as ever."""
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--in-process-gpu", "--no-first-run"),
    *("--disable-background-networking", f"--disable-features={','.join(NOT_WANTED)}"),
]
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 800}
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Street:
    """The market as visitors see it."""

    world: World
    website: Website
    chromium: Browser
    sign_in: SignInAs
    app: Flask

    def visitor(
        self, who: str = "stranger", *, javascript: bool = True, workers: bool = True
    ) -> BrowserContext:
        """Open a browser window for somebody, signed in unless they are a stranger.

        Without service workers a test can stand between the page and the server: what a page sends
        through its worker passes a test's `route` by.
        """
        context = self.chromium.new_context(
            base_url=self.website.address,
            viewport=WIDE,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            service_workers="allow" if workers else "block",
        )
        context.set_default_timeout(PATIENCE_MS)
        if who != "stranger":
            with self.app.app_context():
                cookie = self.sign_in(self.world.actors[who]).client.get_cookie("session")
            assert cookie is not None
            url = self.website.address
            context.add_cookies([{"name": "session", "value": cookie.value, "url": url}])
        return context


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def market_street(
    base_app: Flask,
    chromium: Browser,
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Street]:
    """Make the market and open the website on it."""
    var = tmp_path_factory.mktemp("street")
    path = var / "market.sqlite3"
    shutil.copyfile(sqlite_template, path)
    url = f"sqlite:///{path}"
    with base_app.app_context():
        connect(url)
        world = build(clock.now())
        db.engine.dispose()
    secret = base_app.config["SETTINGS"].secret_key
    website = Website(var, url, secret, "whoosh", with_worker=False)
    website.start()
    yield Street(world, website, chromium, SignInAs(base_app), base_app)
    website.kill()


@pytest.fixture
def street(market_street: Street, base_app: Flask) -> Iterator[Street]:
    """Return the market; what a test signs in goes into the market's own database."""
    before = base_app.config["SETTINGS"]
    base_app.config["SETTINGS"] = replace(
        before, var=market_street.website.var, database_url=market_street.website.database_url
    )
    db.connect(market_street.website.database_url)
    yield market_street
    db.engine.dispose()
    base_app.config["SETTINGS"] = before


def open_page(context: BrowserContext, path: str) -> Page:
    """Open a page in a new tab."""
    page = context.new_page()
    page.goto(path)
    return page
