"""Kept messages can be replayed, a year later too, and nothing is ever done twice."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.payments import commands, queries
from marketplace.payments.rules import EventOutcome, read_event
from tests.payments.card_world import Cards
from tests.payments.pages import begin
from tests.stripe_double import event

pytestmark = pytest.mark.both_engines


def replay(cards: Cards, *args: str) -> str:
    """Run the command and return what it says."""
    result = cards.app.test_cli_runner().invoke(args=["payments", "replay-events", *args])
    return result.output


def keep(message: dict[str, Any], *, days_ago: int = 0) -> UUID:
    """Keep a message and fall over before acting on it."""
    with transaction() as session:
        return commands.keep_event(
            session, read_event(message), at=clock.now() - timedelta(days=days_ago)
        )


def outcomes() -> list[EventOutcome | None]:
    """Return what became of all messages, oldest first."""
    with reading() as session:
        rows = queries.events_to_do(session, since=clock.now() - timedelta(days=800))
    return [row.outcome for row in rows]


class TestReplay:
    def test_acts_on_what_was_missed_once(self, cards: Cards) -> None:
        keep(cards.stripe.paid(begin(cards.person)), days_ago=365)

        assert replay(cards) == "paid_in: 1\nMessages looked at: 1.\n"
        assert replay(cards) == "Messages looked at: 0.\n"
        assert cards.has == Money(25_00)

    def test_says_what_it_would_do(self, cards: Cards) -> None:
        message = cards.stripe.paid(begin(cards.person))
        keep(message)

        said = replay(cards, "--dry-run")

        assert said == (
            f"{message['id']} checkout.session.completed: nothing came of it yet\n"
            "Messages to look at: 1. Nothing was done.\n"
        )
        assert cards.has == Money(0)

    def test_posts_nothing_a_year_later(self, cards: Cards) -> None:
        top_up_id = cards.pay()
        cards.tell(cards.stripe.refunded(top_up_id, 5_00))
        before = cards.has

        everything = replay(cards, "--since", "2020-01-01")
        # Stripe, or somebody with its secret, sends the same things again under other names.
        for _ in range(2):
            cards.tell(event("checkout.session.completed", _session(cards, top_up_id)))
            cards.tell(cards.stripe.refunded(top_up_id, 5_00))

        assert everything == "paid_in: 1\ntaken_back: 1\nMessages looked at: 2.\n"
        assert (before, cards.has) == (Money(20_00), Money(20_00))

    def test_takes_one_message_by_its_name(self, cards: Cards) -> None:
        message = cards.stripe.paid(begin(cards.person))
        keep(message)
        keep(cards.stripe.paid(begin(cards.person, "7")))

        assert replay(cards, "--id", message["id"]) == "paid_in: 1\nMessages looked at: 1.\n"
        assert cards.has == Money(25_00)
        assert "No message evt_other was kept." in replay(cards, "--id", "evt_other")

    def test_takes_those_from_a_day_on(self, cards: Cards) -> None:
        keep(cards.stripe.paid(begin(cards.person)), days_ago=10)
        keep(cards.stripe.paid(begin(cards.person, "7")))
        yesterday = clock.local_day(clock.now()) - timedelta(days=1)

        replay(cards, "--since", yesterday.isoformat())

        assert cards.has == Money(7_00)

    def test_learns_to_act_on_what_was_left_alone(self, cards: Cards) -> None:
        keep(event("balance.available", {"id": "x"}))
        replay(cards)

        assert outcomes() == [EventOutcome.NOT_OURS]
        assert "not_ours: 1" in replay(cards, "--since", "2020-01-01")


class TestAnswers:
    def test_of_an_unknown_session(self, cards: Cards) -> None:
        begin(cards.person)
        stranger = _paid(str(uuid4()))

        assert cards.tell(event("checkout.session.completed", stranger)) == 200
        assert outcomes() == [EventOutcome.UNKNOWN]

    def test_of_an_unknown_kind(self, cards: Cards) -> None:
        assert cards.tell(event("radar.early_fraud_warning.created", {"id": "issfr_1"})) == 200
        assert outcomes() == [EventOutcome.NOT_OURS]

    @pytest.mark.parametrize("version", ["2019-02-19", "2031-01-01.future", None, 7])
    def test_of_another_version_that_says_the_same(self, cards: Cards, version: object) -> None:
        message = cards.stripe.paid(begin(cards.person)) | {"api_version": version}

        assert cards.tell(message) == 200
        assert cards.has == Money(25_00)

    def test_of_another_version_that_says_it_elsewhere(self, cards: Cards) -> None:
        message = cards.stripe.paid(begin(cards.person)) | {"api_version": "2031-01-01.future"}
        thing = message["data"]["object"]
        thing["total"] = {"amount": thing.pop("amount_total")}

        assert cards.tell(message) == 200
        assert outcomes() == [EventOutcome.WRONG]
        assert cards.has == Money(0)

    def test_of_real_money_for_a_test_key(self, cards: Cards) -> None:
        message = cards.stripe.paid(begin(cards.person)) | {"livemode": True}

        assert cards.tell(message) == 200
        assert (cards.has, outcomes()) == (Money(0), [EventOutcome.NOT_OURS])

    def test_of_refunds_and_transfers_that_are_not_ours(self, cards: Cards) -> None:
        unknown = {"card_refund_id": str(uuid4()), "item_id": str(uuid4())}
        for metadata in ({}, unknown):
            thing = {"id": "re_1", "metadata": metadata, "amount": 1, "currency": "gbp"}
            assert cards.tell(event("refund.updated", thing)) == 200
            assert cards.tell(event("transfer.reversed", thing)) == 200
            assert cards.tell(event("setup_intent.succeeded", thing)) == 200

        assert set(outcomes()) == {EventOutcome.NOT_OURS, EventOutcome.UNKNOWN}


def _paid(top_up_id: str) -> dict[str, object]:
    return {
        "id": "cs_test_other",
        "amount_total": 25_00,
        "currency": "gbp",
        "payment_status": "paid",
        "metadata": {"top_up_id": top_up_id},
    }


def _session(cards: Cards, top_up_id: UUID) -> dict[str, object]:
    return cards.stripe.session_of(top_up_id) | {"payment_status": "paid"}
