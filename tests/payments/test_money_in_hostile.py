"""Hundreds of spoilt messages and files: each is answered, and not a penny goes astray."""

import io
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.access.rules import Actor
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.payments import queries
from marketplace.payments.models import BankStatementLine, CardEvent, TopUp
from marketplace.payments.rules import LineState, StatementState, TopUpState
from marketplace.wallet.models import Transfer
from marketplace.wallet.queries import problems
from tests import stripe_double
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.factories.money_in import card_page
from tests.payments import hostile
from tests.stripe_double import event, signed

pytestmark = pytest.mark.both_engines

SEED = 20260304
MESSAGES = 200
FILES = 100


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


def transfers_in() -> int:
    """Count what has come from cards and banks; the books must add up."""
    with reading() as session:
        assert problems(session) == []
        keys = Transfer.key.like("top-up/%") | Transfer.key.like("bank/%")
        return session.scalar(select(func.count()).select_from(Transfer).where(keys)) or 0


@pytest.mark.usefixtures("_takes_cards")
def test_no_spoilt_message_breaks_anything_or_pays_in_what_was_not_paid(
    browser: Browser, make: Make, funded: Funded
) -> None:
    chance = random.Random(SEED)
    answers, should = set(), set()
    for _ in range(MESSAGES):
        top_up_id = make.top_up(funded, at=clock.now())
        told = hostile.message(chance, _told(chance, top_up_id))
        content, signature = signed(hostile.body(told))
        answer = browser.client.post(
            "/stripe/webhook", data=content, headers={"Stripe-Signature": signature}
        )
        answers.add(answer.status_code)
        if hostile.says_paid(told, top_up_id):
            should.add(top_up_id)

    with reading() as session:
        paid = set(session.scalars(select(TopUp.id).where(TopUp.state == TopUpState.PAID)))
        kept = session.scalar(select(func.count()).select_from(CardEvent)) or 0
    assert answers == {200, 400}
    assert kept > MESSAGES // 3
    # Some are spoilt where it does not matter, and still say that all was paid.
    assert paid == should
    assert 0 < len(paid) < MESSAGES // 2
    assert transfers_in() == len(paid)


def _told(chance: random.Random, top_up_id: UUID) -> dict[str, Any]:
    return event(
        "checkout.session.completed",
        {
            "id": card_page(top_up_id).session_id,
            "amount_total": 25_00,
            "currency": "gbp",
            "client_reference_id": str(top_up_id),
            "metadata": {"top_up_id": str(top_up_id)},
            "payment_status": chance.choice(["paid", "unpaid"]),
            "amount_refunded": 0,
        },
    )


def test_no_spoilt_file_breaks_anything_or_pays_in_what_nobody_referred_to(
    make: Make, funded: Funded, sign_in: SignInAs
) -> None:
    chance = random.Random(SEED)
    officer: Actor = make.officer(council_id=funded.council_id)
    make.bank_account(by=officer, at=clock.now())
    reference = make.pay_reference(funded, at=clock.now())
    browser = sign_in(officer)
    for _ in range(FILES):
        browser.get("payments.upload_statement")
        content = hostile.bank_file(chance, reference)
        page = browser.post("payments.upload_statement", {"file": (io.BytesIO(content), "a.csv")})
        assert page.status in {200, 302}, content
        assert page.location or page.errors, content
        if not page.location:
            continue
        shown = browser.follow()
        if shown.location:
            shown = browser.follow()
        assert shown.status == 200
        if "Take it in" in shown.text:
            browser.submit(shown, "Take it in")

    with reading() as session:
        states = set(session.scalars(select(BankStatementLine.state)))
        found = queries.statements(session, council_id=funded.council_id)
    assert LineState.OPEN in states
    assert StatementState.POSTED in {row.state for row in found.rows}
    # No file had the right reference, so nothing was paid in.
    assert transfers_in() == 0
