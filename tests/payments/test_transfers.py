"""A council may pay a run through Stripe: all of it, each payment once, and bounces come back."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask

from marketplace.access.rules import Actor
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.payments import commands, queries, tasks
from marketplace.payments.queries import RunView
from marketplace.payments.rules import ItemState, RunState
from marketplace.wallet import queries as ledger
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.orders import Deal
from tests.payments.pages import tell
from tests.stripe_double import StripeDouble, event


@dataclass(frozen=True, slots=True)
class Paying:
    """A council that owes one store £80 or so, its officers, the store, and Stripe."""

    app: Flask
    deal: Deal
    officer: Actor
    at_work: Browser
    store: Browser
    outside: Browser
    stripe: StripeDouble

    def choose_stripe(self) -> None:
        """Let the council pay through Stripe."""
        page = self.at_work.get("payments.paying_way")
        self.at_work.submit(page, "Keep this", way="stripe")

    def join_stripe(self, *, ready: bool = True) -> str:
        """Let the store begin with Stripe, and tell Stripe all it wants to know."""
        page = self.store.submit(self.store.get("payments.card_account"), "Begin with Stripe")
        assert page.link("Go to Stripe’s page").startswith("https://connect.stripe.com/setup/")
        (account_id,) = self.stripe.things.accounts
        if ready:
            account = self.stripe.things.account_ready(account_id)
            assert tell(self.outside, event("account.updated", account)) == 200
        return account_id

    def send(self, run_id: UUID) -> str:
        """Press “Send it through Stripe”; return what is said."""
        page = self.at_work.get("payments.run", run_id=run_id)
        self.at_work.submit(page, "Send it through Stripe")
        return self.at_work.follow().text

    def work(self) -> int:
        """Let the worker send what waits."""
        with self.app.app_context():
            return tasks.send_transfers(clock.now())

    def run(self, run_id: UUID) -> RunView:
        with reading() as session:
            return queries.run_for(session, run_id=run_id, seen_by=self.officer)


@pytest.fixture
def paying(
    app: Flask, make: Make, sign_in: SignInAs, browser: Browser, stripe: StripeDouble
) -> Iterator[Paying]:
    deal = make.accepted()
    make.confirmed(deal)
    officer = make.officer(council_id=deal.funded.council_id, name="Olu Kent")
    store = sign_in(deal.provider)
    yield Paying(app, deal, officer, sign_in(officer), store, browser, stripe)
    with app.app_context(), reading(of_one_instant=True) as session:
        assert queries.problems(session) == []
        assert ledger.problems(session) == []


def approved(make: Make, paying: Paying) -> UUID:
    return make.approved_run(by=paying.officer)


class TestJoining:
    def test_says_what_is_missing_until_stripe_is_content(self, paying: Paying) -> None:
        account_id = paying.join_stripe(ready=False)
        page = paying.store.get("payments.card_account")
        paying.store.submit(page, "Ask Stripe how it stands")
        page = paying.store.follow()
        assert "Your bank account" in page.text
        assert "Who you are: name, birthday, address" in page.text

        paying.stripe.things.account_ready(account_id)
        paying.store.submit(page, "Ask Stripe how it stands")
        page = paying.store.follow()
        assert "You can be paid through Stripe." in page.text

        limited = paying.stripe.things.accounts[account_id] | {"payouts_enabled": False}
        tell(paying.outside, event("account.updated", limited))
        assert "Something is missing" in paying.store.get("payments.card_account").text

    def test_makes_one_account_however_often_it_is_begun(self, paying: Paying) -> None:
        paying.join_stripe(ready=False)
        page = paying.store.get("payments.card_account")
        paying.store.submit(page, "Go on telling Stripe")

        assert len(paying.stripe.things.accounts) == 1
        assert paying.stripe.paths.count("links.create") == 2

    def test_says_so_when_stripe_is_down(self, paying: Paying) -> None:
        paying.stripe.is_down = True
        page = paying.store.submit(paying.store.get("payments.card_account"), "Begin with Stripe")

        assert "The card company does not answer now." in page.text

    def test_knows_no_account_of_others(self, paying: Paying) -> None:
        others = {"id": "acct_other", "capabilities": {"transfers": "active"}}

        assert tell(paying.outside, event("account.updated", others)) == 200


class TestSending:
    def test_pays_each_provider_once(self, make: Make, paying: Paying) -> None:
        paying.choose_stripe()
        account_id = paying.join_stripe()
        run_id = approved(make, paying)

        assert "on its way through Stripe" in paying.send(run_id)
        assert paying.run(run_id).state is RunState.SENT
        assert [paying.work(), paying.work()] == [1, 0]

        run = paying.run(run_id)
        (transfer,) = paying.stripe.things.transfers.values()
        assert (run.state, run.items[0].state) == (RunState.PAID, ItemState.SETTLED)
        assert transfer["amount"] == run.total.pence
        assert transfer["destination"] == account_id
        assert transfer["transfer_group"].endswith(f"/{run.items[0].reference}")
        assert "Through Stripe" in paying.at_work.get("payments.run", run_id=run_id).text

    def test_pays_nobody_if_one_cannot_be_paid_so(self, make: Make, paying: Paying) -> None:
        paying.choose_stripe()
        paying.join_stripe(ready=False)
        run_id = approved(make, paying)

        said = paying.send(run_id)

        name = paying.run(run_id).items[0].provider_name
        assert f"cannot be paid through Stripe yet: {name}" in said
        assert paying.run(run_id).state is RunState.APPROVED
        assert paying.work() == 0

    def test_needs_the_councils_choice_and_an_approved_run(
        self, make: Make, paying: Paying
    ) -> None:
        paying.join_stripe()
        run_id = approved(make, paying)
        page = paying.at_work.get("payments.run", run_id=run_id)
        assert "Send it through Stripe" not in page.text
        paying.at_work.post("payments.send_transfers", run_id=run_id)
        assert "has not chosen to pay through Stripe" in paying.at_work.follow().text

    def test_needs_a_second_officer(self, make: Make, paying: Paying) -> None:
        paying.choose_stripe()
        paying.join_stripe()
        run_id = make.proposed_run(by=paying.officer)
        paying.at_work.get("payments.run", run_id=run_id)

        assert paying.at_work.post("payments.send_transfers", run_id=run_id).status == 409
        assert paying.run(run_id).state is RunState.PROPOSED

    def test_is_asked_once_when_the_answer_is_lost(self, make: Make, paying: Paying) -> None:
        paying.choose_stripe()
        paying.join_stripe()
        run_id = approved(make, paying)
        paying.send(run_id)
        paying.stripe.loses_answers = True
        assert paying.work() == 0
        paying.stripe.loses_answers = False
        paying.stripe._by_key.clear()  # Stripe forgets them after a day

        paying.work()

        assert len(paying.stripe.things.transfers) == 1
        assert paying.run(run_id).state is RunState.PAID

    def test_waits_while_there_is_not_enough_money(self, make: Make, paying: Paying) -> None:
        paying.choose_stripe()
        paying.join_stripe()
        run_id = approved(make, paying)
        paying.send(run_id)
        paying.stripe.things.has = 0
        assert paying.work() == 0
        assert paying.run(run_id).items[0].state is ItemState.SENT
        paying.stripe.things.has = 10**6

        assert paying.work() == 1
        assert paying.run(run_id).state is RunState.PAID

    def test_bounces_what_stripe_does_not_send(self, make: Make, paying: Paying) -> None:
        paying.choose_stripe()
        account_id = paying.join_stripe()
        run_id = approved(make, paying)
        paying.send(run_id)
        paying.stripe.things.accounts[account_id]["capabilities"]["transfers"] = "inactive"

        paying.work()

        (item,) = paying.run(run_id).items
        assert item.state is ItemState.BOUNCED
        assert item.bounce_reason == (
            "Stripe could not send it to the provider’s account (account invalid)."
        )
        assert paying.work() == 0

    def test_bounces_what_is_taken_back_on_stripes_page(self, make: Make, paying: Paying) -> None:
        paying.choose_stripe()
        paying.join_stripe()
        run_id = approved(make, paying)
        paying.send(run_id)
        paying.work()
        (transfer,) = paying.stripe.things.transfers.values()

        some = transfer | {"amount_reversed": 1}
        assert tell(paying.outside, event("transfer.reversed", some)) == 200
        assert paying.run(run_id).items[0].state is ItemState.SETTLED
        assert "taken back on Stripe’s own page" in (
            paying.at_work.get("payments.run", run_id=run_id).text
        )
        whole = transfer | {"amount_reversed": transfer["amount"], "reversed": True}
        for _ in range(2):
            tell(paying.outside, event("transfer.reversed", whole))

        assert paying.run(run_id).items[0].state is ItemState.BOUNCED

    def test_is_not_said_to_be_paid_by_hand(self, make: Make, paying: Paying) -> None:
        paying.choose_stripe()
        paying.join_stripe()
        run_id = approved(make, paying)
        paying.send(run_id)
        today = f"{clock.local_day(clock.now()):%d/%m/%Y}"

        page = paying.at_work.post("payments.paid", {"paid_on": today}, run_id=run_id)

        assert page.status == 409
        assert paying.run(run_id).state is RunState.SENT

    def test_said_by_hand_to_have_come_back_is_not_sent(self, make: Make, paying: Paying) -> None:
        paying.choose_stripe()
        paying.join_stripe()
        run_id = approved(make, paying)
        paying.send(run_id)
        (item,) = paying.run(run_id).items
        at = clock.now()
        with transaction() as session:
            commands.bounce_item(
                session, item.id, on=clock.local_day(at), reason="Wrong", by=paying.officer, at=at
            )

        assert [paying.work(), paying.work()] == [1, 0]
        assert paying.stripe.things.transfers == {}


class TestWithoutKeys:
    def test_pages_say_bank_transfer(self, make: Make, sign_in: SignInAs) -> None:
        officer = sign_in(make.officer(council_id=make.council()))
        deal = make.accepted()
        store = sign_in(deal.provider)

        assert "own money comes by bank transfer" in officer.get("payments.paying_way").text
        assert "Own money comes by bank transfer." in officer.get("payments.card_disputes").text
        assert "own money comes by bank transfer" in store.get("payments.card_account").text
