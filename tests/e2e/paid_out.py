"""What a bank says of payments that went out, a changed account, and own money to be paid back."""

from datetime import datetime
from uuid import UUID, uuid4

from marketplace.access.rules import Actor
from marketplace.budgets import commands as money
from marketplace.budgets.commands import AskBack
from marketplace.catalogue import commands as catalogue
from marketplace.payments import commands, queries
from tests.factories import Make
from tests.factories.money import Funded


def add_paid_out(make: Make, officer: Actor, funded: Funded, *, now: datetime) -> str:
    """Let the bank make one payment, name one that nobody knows, and bring own money.

    Return the page of the line that brought it: of many lines only some are looked at.
    """
    run_id = _sent(make, officer, funded, now=now)
    with make.block() as session:
        item = queries.run_for(session, run_id=run_id, seen_by=officer).items[0]
    pounds = f"{item.amount.pence // 100}.{item.amount.pence % 100:02}"
    day = now.strftime("%Y-%m-%d")
    rows = (
        f"{day},-{pounds},{item.reference}",
        f"{day},-9.99,?",
        f"{day},4.00,{make.pay_reference(funded, at=now)}",
    )
    content = "\n".join(("Date,Amount,Reference", *rows, ""))
    statement_id = make.statement(content.encode(), by=officer, at=now, taken_in=True)
    with make.block() as session:
        (brought,) = queries.lines_to_post(session, limit=10, statement_id=statement_id)
        commands.post_line(session, line_id=brought, at=now)
        for line_id in queries.out_lines_to_post(session, limit=10, statement_id=statement_id):
            commands.post_out_line(session, line_id=line_id, at=now)
    wish = AskBack(
        refund_id=uuid4(), account_name="B Hollins", sort_code="000000", account_number="12345678"
    )
    with make.block() as session:
        money.ask_own_money_back(session, wish, by=funded.person, at=now)
    return f"/payments/lines/{brought}"


def _sent(make: Make, officer: Actor, funded: Funded, *, now: datetime) -> UUID:
    """Send a run to the bank; later the provider in it changes their account."""
    deal = make.accepted(make.placed(funded=funded, first_at=now, at=now), at=now)
    make.confirmed(deal, at=now)
    run_id = make.sent_run(by=officer, at=now)
    with make.block() as session:
        catalogue.set_bank_details(
            session,
            sort_code="000000",
            account_number="12345678",
            account_name="Somebody",
            by=deal.provider,
            at=now,
        )
    more = make.placed(funded=funded, provider=deal.provider, first_at=now, at=now)
    make.confirmed(make.accepted(more, at=now), at=now)
    return run_id
