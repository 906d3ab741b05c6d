"""What the bank of a card wants back is held back, shown with its deadline, and ends as it says."""

import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from marketplace.access.commands import close_account
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.payments import queries
from marketplace.payments.models import CardDispute
from marketplace.payments.queries import DisputeRow
from marketplace.payments.queries.card_refunds import SHOWN_MAX
from marketplace.payments.rules import DisputeState
from marketplace.payments.tasks import act_on_kept_events, give_back_to_cards
from tests.conftest import SignInAs
from tests.factories import Make
from tests.payments.card_world import Cards
from tests.payments.pages import begin
from tests.stripe_double import event

pytestmark = pytest.mark.both_engines

IN_A_WEEK = 7 * 24 * 3600


def wants_back(
    cards: Cards,
    top_up_id: UUID,
    status: str = "needs_response",
    kind: str = "created",
    **more: object,
) -> dict[str, Any]:
    """Return the message that a bank wants all of a payment back."""
    payment = cards.stripe.payment_of(top_up_id)
    dispute = {
        "id": f"dp_{payment['id']}",
        "object": "dispute",
        "amount": payment["amount"],
        "charge": payment["latest_charge"],
        "currency": "gbp",
        "evidence_details": {"due_by": int(time.time()) + IN_A_WEEK},
        "metadata": {},
        "payment_intent": payment["id"],
        "reason": "fraudulent",
        "status": status,
    }
    return event(f"charge.dispute.{kind}", dispute | more)


def found(cards: Cards) -> list[DisputeRow]:
    """Return what banks want back."""
    with reading() as session:
        return queries.disputes(session, council_id=cards.funded.council_id)


class TestDispute:
    def test_holds_back_what_is_there_and_gives_it_back_when_won(self, cards: Cards) -> None:
        top_up_id = cards.pay()

        for _ in range(2):
            cards.tell(wants_back(cards, top_up_id))
        cards.tell(wants_back(cards, top_up_id, kind="funds_withdrawn"))
        assert cards.has == Money(0)
        (row,) = found(cards)
        assert (row.state, row.held, row.short) == (DisputeState.OPEN, Money(25_00), Money(0))
        page = cards.person.get("payments.top_up_shown", top_up_id=top_up_id)
        assert "held back until it decides" in page.text

        for kind in ("closed", "funds_reinstated"):
            cards.tell(wants_back(cards, top_up_id, "won", kind))
        cards.tell(wants_back(cards, top_up_id, "under_review", "updated"))  # late
        assert cards.has == Money(25_00)
        assert found(cards)[0].state is DisputeState.WON

    def test_never_takes_a_wallet_below_nothing_and_shows_what_is_short(
        self, make: Make, cards: Cards, sign_in: SignInAs
    ) -> None:
        top_up_id = cards.pay()
        council_id, line_ids = cards.funded.council_id, [cards.own_line]
        cards.set_aside(make.spend(Money(20_00), council_id=council_id, line_ids=line_ids))

        cards.tell(wants_back(cards, top_up_id))

        assert cards.has == Money(0)
        (row,) = found(cards)
        assert (row.held, row.short) == (Money(5_00), Money(20_00))
        officer = sign_in(make.officer(council_id=council_id, name="Olu Kent"))
        page = officer.get("payments.card_disputes")
        assert "Answer until" in page.text
        assert "£20.00" in page.text
        assert "1 waits" in officer.get("payments.index").text

        cards.tell(wants_back(cards, top_up_id, "lost", "closed"))
        page = officer.get("payments.card_disputes")
        officer.submit(page, "Note that it is dealt with")
        page = officer.follow()
        assert "Olu Kent dealt with it." in page.text
        assert cards.has == Money(0)

    @pytest.mark.parametrize(("status", "left"), [("lost", 0), ("won", 25_00)])
    def test_may_be_told_in_any_order(self, cards: Cards, status: str, left: int) -> None:
        top_up_id = cards.pay()

        cards.tell(wants_back(cards, top_up_id, status, "closed"))
        cards.tell(wants_back(cards, top_up_id))

        assert cards.has == Money(left)
        assert found(cards)[0].state == status

    def test_that_overtakes_the_payment_is_looked_at_again(self, cards: Cards) -> None:
        top_up_id = begin(cards.person)
        paid = cards.stripe.paid(top_up_id)

        cards.tell(wants_back(cards, top_up_id))
        cards.tell(paid)
        assert cards.has == Money(25_00)
        cards.work(act_on_kept_events, clock.now() + queries.AGAIN_AFTER * 2)

        assert cards.has == Money(0)

    def test_that_only_asks_moves_nothing(self, cards: Cards) -> None:
        top_up_id = cards.pay()

        cards.tell(wants_back(cards, top_up_id, "warning_needs_response"))
        assert (cards.has, found(cards)[0].state) == (Money(25_00), DisputeState.ASKS)
        cards.tell(wants_back(cards, top_up_id, "warning_closed", "closed"))

        assert (cards.has, found(cards)[0].state) == (Money(25_00), DisputeState.ENDED)

    @pytest.mark.parametrize(
        "changed",
        [
            {"amount": 25_01},
            {"amount": None},
            {"amount": -1},
            {"currency": "eur"},
            {"status": "something_new"},
            {"payment_intent": None},
        ],
    )
    def test_that_does_not_fit_moves_nothing(self, cards: Cards, changed: dict[str, Any]) -> None:
        top_up_id = cards.pay()

        assert cards.tell(wants_back(cards, top_up_id, **changed)) == 200

        assert (cards.has, found(cards)) == (Money(25_00), [])

    def test_keeps_the_card_from_being_paid_twice(self, cards: Cards) -> None:
        top_up_id = cards.pay()
        cards.tell(wants_back(cards, top_up_id))
        cards.by_bank(Money(9_00))
        cards.ask_back()

        assert cards.work(give_back_to_cards) == 0
        assert cards.stripe.things.refunds == {}

    def test_won_by_somebody_who_left_is_owed_to_them(self, cards: Cards) -> None:
        top_up_id, user_id = cards.pay(), cards.funded.id
        cards.tell(wants_back(cards, top_up_id))
        with transaction() as session:
            close_account(session, user_id=user_id, by_user_id=user_id, at=clock.now())

        cards.tell(wants_back(cards, top_up_id, "won", "closed"))

        assert cards.has == Money(0)
        assert [(row.amount, row.has_left) for row in cards.owed()] == [(Money(25_00), True)]


class TestWorklist:
    def test_is_the_councils_own(self, make: Make, cards: Cards, sign_in: SignInAs) -> None:
        cards.tell(wants_back(cards, cards.pay()))
        (row,) = found(cards)
        stranger = sign_in(make.officer(council_id=make.council()))

        assert "£25.00" not in stranger.get("payments.card_disputes").text
        stranger.get("payments.card_disputes")
        assert stranger.post("payments.settle_dispute", row_id=row.id).status == 404

    def test_shows_what_waits_however_much_is_over(self, cards: Cards) -> None:
        top_up_id = cards.pay()
        cards.tell(wants_back(cards, top_up_id))
        (waits,) = found(cards)
        before = {
            **{name: getattr(waits, name) for name in ("amount", "reason", "held")},
            "top_up_id": top_up_id,
            "council_id": cards.funded.council_id,
            "times_held": 0,
            "state": DisputeState.WON,
            "is_taken": False,
            "settled_by_name": "",
            **{name: waits.opened_at - timedelta(days=30) for name in ("opened_at", "due_at")},
        }
        with transaction() as session:
            session.execute(
                insert(CardDispute),
                [before | {"id": uuid4(), "dispute_id": f"dp_{n}"} for n in range(SHOWN_MAX)],
            )

        rows = found(cards)

        assert len(rows) == SHOWN_MAX
        assert [row.id for row in rows if row.waits] == [waits.id]

    def test_cannot_be_ended_before_the_bank_decides(
        self, make: Make, cards: Cards, sign_in: SignInAs
    ) -> None:
        cards.tell(wants_back(cards, cards.pay()))
        (row,) = found(cards)
        officer = sign_in(make.officer(council_id=cards.funded.council_id))
        officer.get("payments.card_disputes")

        assert officer.post("payments.settle_dispute", row_id=row.id).status == 404
