"""Somebody with a card, a stand-in for Stripe, and the worker, for tests of money by card."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from flask import Flask

from marketplace.budgets import commands as budgets
from marketplace.budgets import queries as money
from marketplace.budgets.commands import AskBack
from marketplace.budgets.queries import OwedRow
from marketplace.budgets.rules import Spend
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.payments import queries
from marketplace.wallet import queries as ledger
from marketplace.wallet.rules import AccountKind
from tests.browser import Browser
from tests.factories.money import Funded
from tests.payments.pages import begin, has, tell
from tests.stripe_double import StripeDouble


@dataclass(frozen=True, slots=True)
class Cards:
    """A person, their browser, and Stripe."""

    app: Flask
    funded: Funded
    person: Browser
    stripe: StripeDouble
    outside: Browser
    """Where Stripe's messages come from."""

    def pay(self, amount: str = "25") -> UUID:
        """Pay in by card."""
        top_up_id = begin(self.person, amount)
        assert self.tell(self.stripe.paid(top_up_id)) == 200
        return top_up_id

    def tell(self, message: object) -> int:
        """Send a message as Stripe does; return the status of the answer."""
        return tell(self.outside, message)

    def ask_back(self) -> None:
        """Ask for all own money, into the account 01 02 03, 12345678."""
        wish = AskBack(
            refund_id=uuid4(),
            account_name="Ada Bell",
            sort_code="010203",
            account_number="12345678",
        )
        with transaction() as session:
            budgets.ask_own_money_back(session, wish, by=self.funded.person, at=clock.now())

    def work(self, job: Callable[[datetime], int], at: datetime | None = None) -> int:
        """Let the worker do a job once."""
        with self.app.app_context():
            return job(at or clock.now())

    def owed(self) -> list[OwedRow]:
        """Return what is owed to the person, the smallest first."""
        with reading() as session:
            rows = money.owed_to(session, person_id=self.funded.id)
        return sorted(rows, key=lambda row: row.amount)

    @property
    def ledger_owes(self) -> Money:
        """What the council's books owe."""
        council_id = self.funded.council_id
        with reading() as session:
            found = ledger.balances(session, owner_ids=[council_id], kind=AccountKind.OWED)
        return found[council_id]

    @property
    def has(self) -> Money:
        """What the person has of their own."""
        return has(self.funded)

    @property
    def own_line(self) -> UUID:
        """The line of own money."""
        with reading() as session:
            lines = money.lines_of(session, person_id=self.funded.id, at=clock.now())
        return next(line.id for line in lines if line.funder.is_private)

    def by_bank(self, amount: Money) -> None:
        """Pay own money in by bank transfer."""
        line_id = self.own_line
        with transaction() as session:
            budgets.pay_in(
                session,
                line_id=line_id,
                key=f"bank/{uuid4()}",
                amount=amount,
                why=budgets.PayIn.BANK_TRANSFER,
                by_user_id=None,
                at=clock.now(),
            )

    def set_aside(self, spend: Spend) -> None:
        """Set own money aside for an order."""
        with transaction() as session:
            budgets.hold(
                session,
                spend=spend,
                person_id=self.funded.id,
                by=self.funded.person,
                at=clock.now(),
            )

    def books_fit(self) -> None:
        """Assert that payments, lines and ledger say the same."""
        with self.app.app_context(), reading(of_one_instant=True) as session:
            assert queries.problems(session) == []
            assert money.problems(session) == []
            assert ledger.problems(session) == []
