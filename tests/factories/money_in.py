"""Makes money that comes in: payments by card, family links, accounts, statements."""

from datetime import datetime
from uuid import UUID, uuid4

from marketplace.access.rules import Actor
from marketplace.kernel.money import Money
from marketplace.payments import commands
from marketplace.payments.adapters import CardPage
from marketplace.payments.commands import (
    AskTopUp,
    GiveMoney,
    MakeFamilyLink,
    SetBankAccount,
    UploadStatement,
)
from marketplace.payments.rules import Event, link_token
from tests.factories.money import Funded
from tests.factories.people import BaseMaker

ACCOUNT = "12345678"
SECRET_KEY = "only-for-tests"


class MoneyInMaker(BaseMaker):
    """Makes money that comes in."""

    def bank_account(self, *, by: Actor, at: datetime) -> None:
        """Say into which account people pay: 01-02-03 12345678."""
        wish = SetBankAccount(
            sort_code="010203", account_number=ACCOUNT, account_name="Ashdale Council"
        )
        with self.block() as session:
            commands.set_bank_account(session, wish, by=by, at=at)

    def pay_reference(self, funded: Funded, *, at: datetime, by_family: bool = False) -> str:
        """Return what somebody, or their family, writes on a transfer."""
        with self.block() as session:
            return commands.make_reference(
                session,
                person_id=funded.id,
                council_id=funded.council_id,
                by_family=by_family,
                at=at,
            )

    def statement(self, content: bytes, *, by: Actor, at: datetime, taken_in: bool = False) -> UUID:
        """Upload a file of the bank, and take it in if asked to; return the statement's id."""
        wish = UploadStatement(statement_id=uuid4(), name="march.csv", content=content)
        with self.block() as session:
            commands.upload_statement(session, wish, by=by, at=at)
        if taken_in:
            with self.block() as session:
                commands.take_in_statement(session, statement_id=wish.statement_id, by=by, at=at)
        return wish.statement_id

    def top_up(self, funded: Funded, *, at: datetime, amount: Money = Money(25_00)) -> UUID:
        """Begin to pay £25.00 by card, on a page of its own; return the payment's id."""
        wish = AskTopUp(top_up_id=uuid4(), council_id=funded.council_id, amount=amount)
        with self.block() as session:
            commands.ask_top_up(session, wish, by=funded.person, at=at)
            commands.keep_page(session, top_up_id=wish.top_up_id, page=card_page(wish.top_up_id))
        return wish.top_up_id

    def family_link(self, funded: Funded, *, at: datetime) -> tuple[UUID, str]:
        """Make a link that shows the name Ada; return its id and its secret."""
        wish = MakeFamilyLink(link_id=uuid4(), council_id=funded.council_id, shown_name="Ada")
        with self.block() as session:
            commands.make_family_link(session, wish, secret_key=SECRET_KEY, by=funded.person, at=at)
        return wish.link_id, link_token(SECRET_KEY, wish.link_id)

    def gift(self, token: str, *, at: datetime) -> UUID:
        """Begin to give £25.00 with a family link; return the payment's id."""
        wish = GiveMoney(top_up_id=uuid4(), token=token, amount=Money(25_00), giver="Mum")
        with self.block() as session:
            commands.give(session, wish, at=at)
            commands.keep_page(session, top_up_id=wish.top_up_id, page=card_page(wish.top_up_id))
        return wish.top_up_id

    def told(
        self,
        top_up_id: object,
        kind: str = "checkout.session.completed",
        *,
        event_id: str = "",
        **changed: str | int | None,
    ) -> Event:
        """Return a message of Stripe: by default, that £25.00 was paid on the payment's page."""
        facts: dict[str, str | int | None] = {
            "session": card_page(top_up_id).session_id,
            "top_up": str(top_up_id),
            "amount": 25_00,
            "currency": "gbp",
            "payment_status": "paid",
            "payment": "pi_1",
        }
        return Event(
            event_id or f"evt_{uuid4().hex}", kind, real_money=False, facts=facts | changed
        )


def card_page(top_up_id: object) -> CardPage:
    """Return the page of Stripe that belongs to a payment."""
    return CardPage(f"cs_test_{top_up_id}", f"https://checkout.stripe.com/c/pay/{top_up_id}")
