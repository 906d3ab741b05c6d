"""A price agreed with one person: they and who acts for them see it everywhere, others nowhere."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.access.rules import Role, Scope
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.journeys.ways import choice, day, not_said, said

PUBLIC, AGREED, PROMISED = Money(18_00), Money(16_00), Money(13_37)
NOW = clock.now()


@dataclass(frozen=True)
class Walks:
    """An offer for which one person's council and one person's provider have agreed a price."""

    offer_id: UUID
    council_id: UUID
    funded: Funded
    helper: Browser
    own: Browser

    @property
    def pages(self) -> list[str]:
        """Where the price stands for those it is for."""
        return [
            "/find?q=walks",
            "/ashdale/find?q=walks&sort=price",
            "/find?q=walks&price_band=10_15",
            "/stores/gentle-mornings",
            f"/offers/{self.offer_id}",
            f"/compare?offer={self.offer_id}",
            f"/basket/add?offer_id={self.offer_id}",
        ]


@pytest.fixture
def walks(make: Make, sign_in: SignInAs) -> Walks:
    at = NOW - timedelta(days=2)
    council_id = make.council(name="Ashdale Council", slug="ashdale")
    store = make.provider(name="Gentle Mornings", title="Tea")
    make.standing(provider=store, council_id=council_id)
    offer_id = make.offer(provider=store, title="Walks in the park", price=PUBLIC)
    make.agreed_price(offer_id=offer_id, council_id=council_id, price=AGREED, at=at)
    funded = make.funded_person(
        council_id=council_id, starts_on=clock.local_day(at), at=at, name="Ada Moss"
    )
    make.personal_price(
        offer_id=offer_id, provider=store, person=funded.person, price=PROMISED, at=at
    )
    scopes = (Scope.SEE, Scope.PLAN, Scope.PROPOSE)
    helper = make.supporter(person=funded.person, scopes=scopes)
    return Walks(offer_id, council_id, funded, sign_in(helper), sign_in(funded.person))


def test_the_person_and_who_acts_for_them_see_it_everywhere(walks: Walks) -> None:
    for eyes in (walks.own, walks.helper):
        for path in walks.pages:
            said(eyes.get(path), "£13.37")
    page = walks.own.get(f"/offers/{walks.offer_id}")
    said(page, "Everybody else pays £18.00", "Gentle Mornings has agreed this price with you")
    not_said(page, "Your council")


def test_the_filter_and_the_order_go_by_it(walks: Walks, browser: Browser) -> None:
    said(walks.own.get("/find?q=walks&price_band=10_15"), "1 found")
    not_said(walks.own.get("/find?q=walks&price_band=15_20"), "Walks in the park")
    not_said(browser.get("/find?q=walks&price_band=10_15"), "Walks in the park")


def test_it_is_in_what_they_keep_and_in_their_basket(walks: Walks) -> None:
    page = walks.own.get(f"/offers/{walks.offer_id}")
    walks.own.submit(page, "Keep on a list")
    said(walks.own.click(walks.own.get("/lists"), "My list"), "£13.37")
    page = walks.own.get(f"/basket/add?offer_id={walks.offer_id}")
    page = walks.own.submit(
        page,
        "Put it in the basket",
        on_day=day(1),
        at_time="10am",
        outcome_id=choice(page, "outcome_id", "I see my friends."),
    )
    assert page.errors == []

    said(walks.own.get("/basket"), "£13.37")


def test_nobody_else_sees_it_anywhere(
    walks: Walks, make: Make, sign_in: SignInAs, browser: Browser, app: Flask
) -> None:
    for path in walks.pages:
        walks.own.get(path)  # nothing of it is kept for whoever asks next
    strangers = {
        "anybody": (browser, "£18.00"),
        "a self-funder": (sign_in(make.person()), "£18.00"),
        "another of the council": (
            sign_in(make.funded_person(council_id=walks.council_id).person),
            "£16.00",
        ),
        "a rival": (sign_in(make.provider()), "£18.00"),
        "a commissioner": (
            sign_in(make.staff(organisation_id=walks.council_id, role=Role.COMMISSIONER)),
            "£18.00",
        ),
    }
    for eyes, price in strangers.values():
        said(eyes.get(f"/offers/{walks.offer_id}"), price)
        for path in walks.pages:
            not_said(eyes.get(path), "13.37")
    said(strangers["a commissioner"][0].get("/agreed-prices"), "£16.00")
    not_said(strangers["a commissioner"][0].get("/agreed-prices"), "13.37")


def test_it_is_in_no_interface_feed_sheet_or_index(walks: Walks, app: Flask) -> None:
    for path in walks.pages:
        walks.own.get(path)
    signed_in = walks.own
    told = ""
    for path in (
        "/api/v1/search?q=walks&sort=price",
        f"/api/v1/offers/{walks.offer_id}",
        "/api/v1/stores/gentle-mornings",
        "/oruk/services?full=true&per_page=500",
        "/find/news.rss?q=walks",
        "/find/suggest?q=walk",
        "/stores/gentle-mornings/sheet",
    ):
        answer = signed_in.client.get(path)
        assert answer.status_code == 200, path
        told += answer.text
    assert "Walks in the park" in told
    assert "1337" not in told
    assert "13.37" not in told

    index = _index(app)
    assert b"walk" in index  # it does look inside
    assert b"1337" not in index


def _index(app: Flask) -> bytes:
    """Return every octet of the index: in files, or on PostgreSQL in its tables."""
    folder = app.config["SETTINGS"].var / "index"
    files = b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    with reading() as session:
        if session.connection().dialect.name == "sqlite":
            return files
        tables = "SELECT table_name FROM information_schema.tables WHERE table_name ~ '^search_'"
        rows = [
            row
            for table in session.scalars(text(tables)).all()
            for row in session.scalars(text(f'SELECT t::text FROM "{table}" t')).all()
        ]
    return "\n".join(rows).encode()
