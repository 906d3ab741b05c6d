"""Makes money that comes in: payments by card, family links, accounts, statements."""

from datetime import datetime
from uuid import UUID, uuid4

from marketplace.access.rules import Actor
from marketplace.kernel.money import Money
from marketplace.payments import commands, queries
from marketplace.payments.adapters import CardPage
from marketplace.payments.commands import (
    AskRegular,
    AskTopUp,
    GiveMoney,
    MakeFamilyLink,
    SetBankAccount,
    UploadStatement,
)
from marketplace.payments.rules import Event, Every, link_token
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

    def paid_top_up(self, funded: Funded, *, at: datetime, amount: Money = Money(25_00)) -> UUID:
        """Pay £25.00 by card; return the payment's id. Stripe calls it pi_ and that id."""
        top_up_id = self.top_up(funded, at=at, amount=amount)
        payment = f"pi_{top_up_id}"
        self._hear(self.told(top_up_id, amount=amount.pence, payment=payment), at=at)
        return top_up_id

    def regular(self, funded: Funded, *, at: datetime, kept: bool = True) -> UUID:
        """Say yes to £20.00 each month, and keep a card if asked to; return the payment's id."""
        wish = AskRegular(
            regular_id=uuid4(),
            council_id=funded.council_id,
            amount=Money(20_00),
            every=Every.MONTH,
        )
        customer = f"cus_{wish.regular_id}"
        page = card_page(wish.regular_id)
        with self.block() as session:
            commands.ask_regular(session, wish, by=funded.person, at=at)
            commands.keep_setup(session, regular_id=wish.regular_id, customer=customer, page=page)
        if kept:
            facts = {
                "regular": str(wish.regular_id),
                "customer": customer,
                "method": f"pm_{wish.regular_id}",
                "status": "succeeded",
            }
            self._hear(self.told("", "setup_intent.succeeded", **facts), at=at)
        return wish.regular_id

    def declined(self, funded: Funded, *, at: datetime) -> UUID:
        """Let a card say no to a regular payment; return the payment's id."""
        regular_id = self.regular(funded, at=at)
        with self.block() as session:
            top_up_id = commands.begin_due(session, regular_id=regular_id, at=at)
            assert top_up_id is not None
            commands.note_taking_refused(
                session,
                top_up_id=top_up_id,
                payment=f"pi_{top_up_id}",
                why="authentication_required",
                at=at,
            )
        return top_up_id

    def card_dispute(self, funded: Funded, *, at: datetime, lost: bool = False) -> UUID:
        """Let a bank want £25.00 back by a card that was spent from; return the dispute's id."""
        payment = f"pi_{self.paid_top_up(funded, at=at)}"
        facts: dict[str, str | int | None] = {
            "session": f"dp_{payment}",
            "payment": payment,
            "why": "fraudulent",
            "due_by": int(at.timestamp()) + 7 * 24 * 3600,
        }
        opened = facts | {"status": "needs_response"}
        self._hear(self.told("", "charge.dispute.created", event_id="", **opened), at=at)
        if lost:
            closed = facts | {"status": "lost"}
            self._hear(self.told("", "charge.dispute.closed", event_id="", **closed), at=at)
        with self.block() as session:
            rows = queries.disputes(session, council_id=funded.council_id)
        return next(row.id for row in rows if row.dispute_id == f"dp_{payment}")

    def _hear(self, event: Event, *, at: datetime) -> None:
        with self.block() as session:
            kept_id = commands.keep_event(session, event, at=at)
            commands.act_on_event(session, kept_id=kept_id, real_money=False, at=at)

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
