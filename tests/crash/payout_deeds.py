"""Every deed of paying providers: proposed, approved, sent, paid, come back, put right."""

from functools import partial
from uuid import uuid4

from sqlalchemy import select

from marketplace.access.rules import Actor
from marketplace.catalogue.commands import set_bank_details
from marketplace.kernel.clock import local_day
from marketplace.payments import commands as payments
from marketplace.payments.models import PaymentItem
from marketplace.payments.rules import FileFormat
from tests.crash.dying import Act
from tests.crash.table import deed
from tests.factories import Make
from tests.factories.payments import PAY_DAY


def owing(make: Make) -> Actor:
    """Let a council owe money to two providers; return a finance officer."""
    funded = make.funded_person()
    for _ in range(2):
        make.confirmed(make.accepted(funded=funded))
    return make.officer(council_id=funded.council_id)


def first_item(make: Make, run_id: object) -> PaymentItem:
    """Return the first payment of a run."""
    with make.block() as session:
        item = session.scalars(
            select(PaymentItem).where(PaymentItem.run_id == run_id).order_by(PaymentItem.position)
        ).first()
        assert item is not None
        return item


@deed("propose a run")
def _(make: Make) -> Act:
    officer = owing(make)
    return partial(payments.propose_run, run_id=uuid4(), by=officer, at=PAY_DAY)


@deed("propose the daily run")
def _(make: Make) -> Act:
    council_id = owing(make).works_for
    return partial(payments.propose_daily, council_id=council_id, at=PAY_DAY)


@deed("approve a run")
def _(make: Make) -> Act:
    officer = owing(make)
    run_id = make.proposed_run(by=officer)
    colleague = make.officer(council_id=officer.works_for)
    return partial(payments.approve_run, run_id=run_id, by=colleague, at=PAY_DAY)


@deed("take a payment out")
def _(make: Make) -> Act:
    officer = owing(make)
    item = first_item(make, make.proposed_run(by=officer))
    return partial(payments.take_out, item_id=item.id, reason="Not now.", by=officer, at=PAY_DAY)


@deed("cancel a run")
def _(make: Make) -> Act:
    officer = owing(make)
    run_id = make.approved_run(by=officer)
    return partial(payments.cancel_run, run_id=run_id, by=officer, at=PAY_DAY)


@deed("send a run with its file")
def _(make: Make) -> Act:
    officer = owing(make)
    make.bank_account(by=officer, at=PAY_DAY)
    run_id = make.approved_run(by=officer)
    return partial(
        payments.mark_sent,
        run_id=run_id,
        file_format=FileFormat.FASTER_PAYMENTS,
        by=officer,
        at=PAY_DAY,
    )


@deed("settle one payment")
def _(make: Make) -> Act:
    item = first_item(make, make.sent_run(by=owing(make)))
    return partial(
        payments.settle_items,
        item_ids=[item.id],
        paid_on=local_day(PAY_DAY),
        by=None,
        at=PAY_DAY,
    )


@deed("let a payment come back")
def _(make: Make) -> Act:
    item = first_item(make, make.paid_run(by=owing(make)))
    return partial(
        payments.bounce_item,
        item_id=item.id,
        on=local_day(PAY_DAY),
        reason="Account closed.",
        by=None,
        at=PAY_DAY,
    )


@deed("take back that a payment was made")
def _(make: Make) -> Act:
    item = first_item(make, make.paid_run(by=owing(make)))
    return partial(payments.unsettle_item, item_id=item.id, by=None, at=PAY_DAY)


@deed("change bank details")
def _(make: Make) -> Act:
    owner = make.provider()
    return partial(
        set_bank_details,
        sort_code="000000",
        account_number="87654321",
        account_name="New",
        by=owner,
        at=PAY_DAY,
    )
