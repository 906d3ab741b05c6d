"""From the delivery note to the remittance in real browsers: how many taps it costs whom.

Counted are the links and buttons that somebody presses after their first page is open: the work of
a provider, the orders of a person, the payments of a finance officer. The market proposes the run
and reads the bank's statement by itself.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from marketplace.access.rules import Actor
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.orders import commands as orders
from marketplace.orders.models import Invoice
from marketplace.outbox.models import Letter
from marketplace.payments import commands, queries
from marketplace.payments.rules import RunState
from tests.e2e.conftest import Street, open_page
from tests.e2e.hands import Mouse, Role
from tests.e2e.test_no_network import Newcomers
from tests.factories.money import Funded
from tests.factories.orders import Deal

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

SILENT = 3
"""Deliveries to people who never answer, by stores of their own: the run is as large as that."""
PROVIDER, PERSON, SILENT_PERSON, OFFICERS = (
    "the provider",
    "the person",
    "a person who says nothing",
    "the two finance officers",
)
MOST = {PROVIDER: 2, PERSON: 1, SILENT_PERSON: 0, OFFICERS: 2}


@dataclass
class Taps(Mouse):
    """Points and clicks, and counts."""

    counted: Counter[str] = field(default_factory=Counter)

    def tap(self, who: str, page: Page, role: Role, words: str) -> None:
        """Press something, and count it as theirs."""
        self.counted[who] += 1
        self.press(page, role, words)


@dataclass(frozen=True, slots=True)
class Scene:
    """Who takes part."""

    deal: Deal
    silent: list[Deal]
    officers: list[Actor]
    now: datetime


@pytest.fixture
def make() -> Newcomers:
    """Return the maker of people whom the street does not know yet."""
    return Newcomers(transaction)


@pytest.fixture
def scene(street: Street, make: Newcomers) -> Scene:
    """Let one visit be over half an hour ago, and others be told of twice, days ago."""
    now = clock.now()
    began = now - timedelta(days=12)
    funded = make.funded_person(starts_on=clock.local_day(began), at=began)
    deal = _accepted(make, funded, now - timedelta(minutes=30), at=now - timedelta(days=2))
    silent = []
    for _ in range(SILENT):
        other = make.funded_person(
            council_id=funded.council_id, starts_on=clock.local_day(began), at=began
        )
        quiet = _accepted(make, other, began + timedelta(days=1), at=began)
        make.noted(quiet, at=began + timedelta(days=2))
        silent.append(quiet)
        for days in (6, 9):
            with transaction() as session:
                told = began + timedelta(days=days)
                orders.tell_silent_order(session, order_id=quiet.order_id, at=told)
    officers = [make.officer(council_id=funded.council_id) for _ in range(2)]
    make.bank_account(by=officers[0], at=now)
    return Scene(deal, silent, officers, now)


def test_the_whole_chain_costs_hardly_a_tap(
    street: Street,
    make: Newcomers,
    scene: Scene,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    taps = Taps()
    _deliver_and_confirm(street, scene, taps)
    with transaction() as session:  # the worker, for those who said nothing
        ids = [deal.order_id for deal in scene.silent]
        assert orders.confirm_silent_orders(session, order_ids=ids, at=scene.now) == SILENT
    taps.counted[SILENT_PERSON] += 0

    content = _approve_and_send(street, scene, taps, tmp_path)
    assert content.count("\n") >= SILENT
    _settle(make, scene)

    with reading() as session:
        about = select(Letter.to).where(Letter.template == "remittance")
        told = set(session.scalars(about))
    stores = [scene.deal.provider, *(deal.provider for deal in scene.silent)]
    assert {make.email_of(each) for each in stores} <= told
    with capsys.disabled():
        said = ", ".join(f"{who} {count}" for who, count in taps.counted.items())
        print(f"\ntaps from delivery note to remittance: {said}")  # noqa: T201 - the figure
    assert taps.counted == MOST


def _deliver_and_confirm(street: Street, scene: Scene, taps: Taps) -> None:
    with _at(street, scene.deal.provider, "/work") as page:
        taps.tap(PROVIDER, page, "link", "Today’s visits")
        taps.tap(PROVIDER, page, "button", "Done as agreed")
        expect(page.get_by_role("heading", name="Noted today")).to_be_visible()
    with _at(street, scene.deal.person, "/orders") as page:
        taps.tap(PERSON, page, "button", "Yes, it came")
        expect(page.get_by_text("It is confirmed")).to_be_visible()
    with reading() as session:
        bill = select(Invoice.total).where(Invoice.order_id == scene.deal.order_id)
        assert session.scalars(bill).all() == [Money(30_00)]


def _approve_and_send(street: Street, scene: Scene, taps: Taps, folder: Path) -> str:
    """Let the market propose, one officer approve, and the other send; return the bank's file."""
    sender, approver = scene.officers
    with transaction() as session:
        run_id = commands.propose_daily(session, council_id=sender.works_for, at=scene.now)
    assert run_id is not None
    with _at(street, approver, "/payments") as page:
        taps.tap(OFFICERS, page, "button", "Approve it")
        expect(page.get_by_text("The run is approved")).to_be_visible()
    with _at(street, sender, "/payments") as page, page.expect_download() as brought:
        taps.tap(OFFICERS, page, "button", "Send it: take the file for the bank")
        brought.value.save_as(folder / "file")
    with reading() as session:
        run = queries.run_for(session, run_id=run_id, seen_by=sender)
    assert (run.state, run.payments) == (RunState.SENT, 1 + SILENT)
    return (folder / "file").read_text()


def _settle(make: Newcomers, scene: Scene) -> None:
    """Let the bank say what it paid: one statement for all that happened in its days."""
    officer = scene.officers[0]
    with reading() as session:
        (row,) = queries.runs(session, council_id=officer.works_for).rows
        items = queries.run_for(session, run_id=row.id, seen_by=officer).items
    day = clock.local_day(scene.now)
    lines = [f"{day},-{str(item.amount).lstrip('£')},{item.reference}" for item in items]
    content = "\n".join(("Date,Amount,Reference", *lines, ""))
    statement_id = make.statement(content.encode(), by=officer, at=scene.now, taken_in=True)
    with reading() as session:
        found = queries.out_lines_to_post(session, limit=10, statement_id=statement_id)
    for line_id in found:
        with transaction() as session:
            commands.post_out_line(session, line_id=line_id, at=scene.now)
    with reading() as session:
        assert queries.run_for(session, run_id=row.id, seen_by=officer).state is RunState.PAID


def _accepted(make: Newcomers, funded: Funded, first_at: datetime, *, at: datetime) -> Deal:
    placed = make.placed(
        funded=funded,
        provider=make.provider(at=at),
        price=Money(15_00) if first_at > at + timedelta(days=1) else Money(5_00),
        first_at=first_at,
        at=at,
    )
    return make.accepted(placed, at=at)


@contextmanager
def _at(street: Street, actor: Actor, path: str) -> Iterator[Page]:
    """Open somebody's first page."""
    with street.visitor() as context:
        with street.app.app_context():
            cookie = street.sign_in(actor).client.get_cookie("session")
        assert cookie is not None
        address = street.website.address
        context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
        yield open_page(context, path)
