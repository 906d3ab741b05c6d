"""Many at once: the same message, the same file, the same payment; the money comes in once."""

from datetime import datetime, timedelta
from threading import Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets import queries as budgets
from marketplace.budgets.commands import ChangeLine, PayIn, close_line, own_line, pay_in
from marketplace.budgets.errors import SpendRefusedError
from marketplace.budgets.rules import Funder
from marketplace.database import reading, transaction
from marketplace.kernel.money import Money
from marketplace.payments import commands, queries
from marketplace.payments.errors import LineDoneError, SameStatementError
from marketplace.payments.models import CardEvent
from marketplace.payments.rules import Event, EventOutcome
from marketplace.wallet.queries import problems
from tests.budgets.racing import at_once
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.money import Funded
from tests.payments.bank_files import Paid, as_csv

THREADS = 8
FRIDAY = NOON + timedelta(days=2)


@pytest.fixture
def funded(make: Make) -> Funded:
    return make.funded_person()


@pytest.fixture
def officer(make: Make, funded: Funded) -> Actor:
    officer = make.officer(council_id=funded.council_id)
    make.bank_account(by=officer, at=NOON)
    return officer


def hear(event: Event) -> EventOutcome:
    """Keep a message and act on it as the webhook does, in two transactions."""
    with transaction() as session:
        kept_id = commands.keep_event(session, event, at=NOON)
    with transaction() as session:
        return commands.act_on_event(session, kept_id=kept_id, real_money=False, at=NOON)


def own_money(funded: Funded) -> Money:
    """Return what somebody has of their own; the books must add up."""
    with reading() as session:
        lines = budgets.lines_of(session, person_id=funded.id, at=NOON)
        assert problems(session) == []
        assert budgets.problems(session) == []
    return next((line.available for line in lines if line.funder is Funder.OWN_MONEY), Money(0))


def test_the_same_message_eight_times_at_once_pays_in_once(
    app: Flask, make: Make, funded: Funded
) -> None:
    event = make.told(make.top_up(funded, at=NOON))

    heard = at_once(lambda: hear(event) is EventOutcome.PAID_IN, threads=THREADS)

    assert heard == THREADS
    assert own_money(funded) == Money(25_00)
    with reading() as session:
        assert len(session.scalars(select(CardEvent)).all()) == 1


def test_eight_messages_about_one_payment_pay_in_once(
    app: Flask, make: Make, funded: Funded
) -> None:
    top_up_id = make.top_up(funded, at=NOON)

    paid = at_once(lambda: hear(make.told(top_up_id)) is EventOutcome.PAID_IN, threads=THREADS)

    assert paid == 1
    assert own_money(funded) == Money(25_00)


def test_eight_first_payments_of_one_person_make_one_line(
    app: Flask, make: Make, funded: Funded
) -> None:
    events = [make.told(make.top_up(funded, at=NOON)) for _ in range(THREADS)]

    paid = at_once(lambda: hear(events.pop()) is EventOutcome.PAID_IN, threads=THREADS)

    assert paid == THREADS
    assert own_money(funded) == Money(200_00)


def test_a_refund_and_orders_at_once_never_go_below_nothing(
    app: Flask, make: Make, funded: Funded
) -> None:
    top_up_id = make.top_up(funded, at=NOON)
    hear(make.told(top_up_id))
    refund = make.told(top_up_id, "charge.refunded", amount=25_00)
    deeds = [lambda: _order(make, funded)] * 5
    deeds.insert(2, lambda: hear(refund) is EventOutcome.TAKEN_BACK)

    def next_deed() -> bool:
        return deeds.pop()()

    # There is £125.00 in all, and six deeds want £25.00 each.
    done = at_once(next_deed, threads=6)

    with reading() as session:
        wallet = budgets.wallet(session, person_id=funded.id, at=NOON)
        found = queries.top_up(session, top_up_id=top_up_id, seen_by=funded.person)
    assert wallet.held + found.taken_back == Money(125_00)
    # The refund is heard in any case; what it could not take back is for a human.
    assert done == (5 if found.taken_back else 6)
    assert bool(found.trouble) is not bool(found.taken_back)
    assert own_money(funded) == Money(0)


def test_the_same_file_eight_times_at_once_is_kept_once(
    app: Flask, make: Make, funded: Funded, officer: Actor
) -> None:
    content = as_csv([Paid(words=make.pay_reference(funded, at=NOON))])

    def upload() -> bool:
        try:
            make.statement(content, by=officer, at=FRIDAY)
        except SameStatementError:
            return False
        return True

    assert at_once(upload, threads=THREADS) == 1


def test_overlapping_files_at_once_bring_each_payment_once(
    app: Flask, make: Make, funded: Funded, officer: Actor
) -> None:
    reference = make.pay_reference(funded, at=NOON)
    payments = [Paid(words=reference, amount=f"{pounds}.00") for pounds in range(1, 9)]
    files = [as_csv(payments[: size + 1]) for size in range(THREADS)]

    def take_in() -> bool:
        make.statement(files.pop(), by=officer, at=FRIDAY, taken_in=True)
        return _book_all()

    at_once(take_in, threads=THREADS)
    _book_all()

    # £1.00 + £2.00 + … + £8.00
    assert own_money(funded) == Money(36_00)


def test_two_officers_at_once_give_a_payment_to_one_person(
    app: Flask, make: Make, funded: Funded, officer: Actor
) -> None:
    other = make.funded_person(council_id=funded.council_id)
    statement_id = make.statement(as_csv([Paid()]), by=officer, at=FRIDAY, taken_in=True)
    with reading() as session:
        found = queries.statement_for(session, statement_id=statement_id, seen_by=officer)
    line_id = found.lines[0].id
    references = [make.pay_reference(each, at=NOON) for each in (funded, other)] * 2

    booked = at_once(lambda: _match(line_id, references.pop(), officer), threads=4)

    # The second of two equal answers changes nothing.
    assert booked == 2
    assert own_money(funded) + own_money(other) == Money(25_00)


def test_a_reference_asked_for_eight_times_at_once_is_one(
    app: Flask, make: Make, funded: Funded
) -> None:
    made: set[str] = set()

    def ask() -> bool:
        made.add(make.pay_reference(funded, at=NOON))
        return True

    assert at_once(ask, threads=THREADS) == THREADS
    assert len(made) == 1


def test_own_money_that_is_closed_while_money_comes_in_loses_none(
    app: Flask, make: Make, funded: Funded
) -> None:
    """Whoever closes the line waits until the money is there, and owes all of it."""
    with transaction() as session:
        line_id = _paid_in(session, funded, "first", at=NOON)
    change = ChangeLine.new(line_id, "They move house.")

    def close() -> None:
        with transaction() as session:
            close_line(session, change, by=funded.practitioner, at=NOON)

    closing = Thread(target=close)
    with transaction() as session:
        own_line(
            session, person_id=funded.id, council_id=funded.council_id, by_user_id=None, at=NOON
        )
        closing.start()
        closing.join(0.3)
        _paid_in(session, funded, "second", at=NOON)
    closing.join()

    assert own_money(funded) == Money(0)
    with reading() as session:
        (owed,) = budgets.owed_to(session, person_id=funded.id)
    assert owed.amount == Money(18_00)


def _paid_in(session: Session, funded: Funded, key: str, *, at: datetime) -> UUID:
    """Pay £9.00 of own money in and return the line it is in."""
    line_id = own_line(
        session, person_id=funded.id, council_id=funded.council_id, by_user_id=None, at=at
    )
    pay_in(
        session,
        line_id=line_id,
        key=key,
        amount=Money(9_00),
        why=PayIn.BANK_TRANSFER,
        by_user_id=None,
        at=at,
    )
    return line_id


def _order(make: Make, funded: Funded) -> bool:
    try:
        make.hold(funded, Money(25_00), at=NOON)
    except SpendRefusedError:
        return False
    return True


def _match(line_id: UUID, reference: str, officer: Actor) -> bool:
    try:
        with transaction() as session:
            commands.match_line(session, line_id=line_id, typed=reference, by=officer, at=FRIDAY)
    except LineDoneError:
        return False
    return True


def _book_all() -> bool:
    with reading() as session:
        line_ids = queries.lines_to_post(session, limit=100)
    for line_id in line_ids:
        with transaction() as session:
            commands.post_line(session, line_id=line_id, at=FRIDAY)
    return True
