"""Two thousand hostile inputs: none is a fault of ours, none moves a penny, each is told why."""

import io
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.access.rules import Actor
from marketplace.budgets import queries as budgets
from marketplace.catalogue.models import Offer
from marketplace.catalogue.queries import rows_of_offers
from marketplace.catalogue.rules.offer_tables import HEAD as OFFER_HEAD
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.orders.models import Visit
from marketplace.orders.queries import week_of_provider
from marketplace.orders.rules.bulk import HEAD as WEEK_HEAD
from marketplace.payments import queries
from marketplace.wallet import queries as ledger
from marketplace.wallet.models import Entry, Transfer
from tests import stripe_double
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.factories.money_in import card_page
from tests.hostile import making
from tests.pace import in_ci_or_hurry

SEED = 20261122
MESSAGES, STATEMENTS = in_ci_or_hurry(1_200, 300), in_ci_or_hurry(300, 60)
WEEKS, OFFERS = in_ci_or_hurry(250, 50), in_ci_or_hurry(250, 50)
ON_POSTGRES = in_ci_or_hurry(10, 3)
"""There one of so many: what is asked of the database is the same, the reading is our own."""


@pytest.fixture
def share(app: Flask) -> int:
    """Return which part of all is tried on this database."""
    postgres = app.config["SETTINGS"].database.startswith("postgresql")
    return ON_POSTGRES if postgres else 1


@pytest.fixture
def funded(make: Make) -> Funded:
    return make.funded_person()


@pytest.fixture
def _takes_cards(app: Flask) -> Iterator[None]:
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(
        before, stripe_key=stripe_double.KEY, stripe_webhook_secret=stripe_double.SECRET
    )
    yield
    app.config["SETTINGS"] = before


def books() -> tuple[int, int]:
    """Return how many movements there are, and how many sides; the books must be right."""
    with reading(of_one_instant=True) as session:
        assert ledger.problems(session) == []
        assert budgets.problems(session) == []
        assert queries.problems(session) == []
        counts = [
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Transfer, Entry)
        ]
    return counts[0], counts[1]


@pytest.mark.usefixtures("_takes_cards")
def test_messages(browser: Browser, make: Make, funded: Funded, share: int) -> None:
    chance, at = random.Random(SEED), clock.now()
    goods = [_paid(make.top_up(funded, at=at)) for _ in range(20)]
    goods += [_of(make.paid_top_up(funded, at=at)) for _ in range(20)]
    before, answers = books(), Counter[str]()

    for _ in range(MESSAGES // share):
        content, signature = making.message(chance, chance.choice(goods))
        answer = browser.client.post(
            "/stripe/webhook", data=content, headers={"Stripe-Signature": signature}
        )
        assert answer.status_code in {200, 400}, content[:500]
        answers[answer.text.strip()] += 1

    assert books() == before
    assert set(answers) <= {
        *("noted", "not_ours", "unknown", "wrong"),
        *("The signature is not right.", "This is no message."),
        *("This message has no id or type.", "Nothing is expected from there."),
    }
    assert answers["wrong"] > MESSAGES // share // 10
    print(f"\nhostile messages: {answers.total()}, {dict(answers.most_common())}")  # noqa: T201 - the counts are asked for


def test_statements(make: Make, funded: Funded, sign_in: SignInAs, share: int) -> None:
    chance = random.Random(SEED)
    officer: Actor = make.officer(council_id=funded.council_id)
    make.bank_account(by=officer, at=clock.now())
    reference = make.pay_reference(funded, at=clock.now())
    browser, before, answers = sign_in(officer), books(), Counter[str]()
    browser.get("payments.upload_statement")

    for _ in range(STATEMENTS // share):
        content = making.statement(chance, reference)
        page = browser.post("payments.upload_statement", {"file": (io.BytesIO(content), "a.csv")})
        assert page.status in {200, 302}, content[:500]
        assert page.location or page.errors, content[:500]
        if not page.location:
            answers["refused"] += 1
            assert all(len(each.split()) > 2 for each in page.errors), page.errors
            continue
        shown = browser.follow()
        if shown.location:
            shown = browser.follow()
        assert shown.status == 200
        answers["taken in, nothing booked" if "Take it in" in shown.text else "shown"] += 1
        if "Take it in" in shown.text:
            browser.submit(shown, "Take it in")

    assert books() == before
    assert answers["refused"] > STATEMENTS // share // 4
    print(f"\nhostile statements: {answers.total()}, {dict(answers)}")  # noqa: T201 - the counts are asked for


def test_tables_of_deliveries(make: Make, sign_in: SignInAs, share: int) -> None:
    at = clock.now()
    deal = make.accepted(make.placed(first_at=at, at=at), at=at)
    with reading() as session:
        found = week_of_provider(session, provider_id=deal.provider.works_for, at=at)
        good = [dict(zip(WEEK_HEAD, _texts(row), strict=True)) for row in found]
    fatal = {
        "visit": ("", "0", "=1", str(UUID(int=7)), "x" * 200),
        "what happened": ("perhaps", "=full", "ful1", "\0", "10", "done;done"),
    }
    visits = select(Visit.id, Visit.note_kind) if hasattr(Visit, "note_kind") else select(Visit.id)

    def state() -> list[object]:
        with reading() as session:
            return [tuple(row) for row in session.execute(visits.order_by(Visit.id))]

    before = state()
    _tables(sign_in(deal.provider), good, fatal, "orders.week", "orders.note_week", WEEKS // share)
    assert state() == before


def test_tables_of_offers(make: Make, sign_in: SignInAs, share: int) -> None:
    owner = make.provider()
    for _ in range(3):
        make.offer(provider=owner)
    with reading() as session:
        rows = [_texts(row) for row in rows_of_offers(session, by=owner)]
    good = [dict(zip(OFFER_HEAD, row, strict=True)) for row in rows]
    fatal = {
        "price": making.NO_PRICES,
        "unit": ("", "lightyear", "=hour", "\0"),
        "kind of support": ("", "nothing at all", "=1"),
        "name": ("", " "),
    }

    def state() -> list[object]:
        with reading() as session:
            columns = (Offer.id, Offer.title, Offer.price, Offer.unit)
            return [tuple(row) for row in session.execute(select(*columns).order_by(Offer.id))]

    before = state()
    ways = ("catalogue.many_offers", "catalogue.write_many_offers")
    _tables(sign_in(owner), good, fatal, *ways, OFFERS // share)
    assert state() == before


def _tables(
    browser: Browser,
    good: list[dict[str, str]],
    fatal: dict[str, tuple[str, ...]],
    look: str,
    write: str,
    count: int,
) -> None:
    """Send spoilt tables to be looked at and to be done; nothing of them may be done."""
    chance, before, answers = random.Random(SEED), books(), Counter[str]()
    browser.get(look)
    for _ in range(count):
        content = making.table(chance, good, fatal)
        page = browser.post(look, {"file": (io.BytesIO(content), "a.csv")})
        assert page.status in {200, 413}, content[:500]
        why = bool(page.errors) or "Line " in page.text or "nothing" in page.text.lower()
        assert why, content[:500]
        answers["refused" if page.errors else "each line with its reason"] += 1
        text = content.decode("utf-8", "replace")
        sent = browser.post(write, {"table": text, "which": chance.choice(["all", "good", "?"])})
        assert sent.status in {200, 302, 413}, content[:500]
        if not sent.is_html:
            browser.get(look)
    assert books() == before
    print(f"\nhostile tables for {look}: {answers.total()}, {dict(answers)}")  # noqa: T201 - the counts are asked for


def _texts(row: Iterable[object]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in row]


def _paid(top_up_id: UUID) -> dict[str, object]:
    """Return what Stripe says of a page on which £25.00 was paid."""
    return _of(top_up_id) | {
        "id": card_page(top_up_id).session_id,
        "payment_status": "paid",
        "client_reference_id": str(top_up_id),
    }


def _of(top_up_id: UUID) -> dict[str, object]:
    """Return all that Stripe's messages may say of one payment, in one thing."""
    return {
        "id": f"dp_{top_up_id}",
        "amount": 25_00,
        "amount_total": 25_00,
        "amount_refunded": 25_00,
        "amount_received": 25_00,
        "currency": "gbp",
        "metadata": {"top_up_id": str(top_up_id)},
        "payment_intent": f"pi_{top_up_id}",
        "payment_status": "unpaid",
        "reason": "fraudulent",
        "status": "needs_response",
        "evidence_details": {"due_by": 1_800_000_000},
    }
