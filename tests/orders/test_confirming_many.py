"""Many deliveries confirmed at once end exactly as if each had been confirmed by itself."""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from marketplace.audit import queries as audit
from marketplace.audit.models import AuditEntry, AuditHead
from marketplace.budgets import queries as budgets
from marketplace.budgets.models import FundingLine, Hold, HoldShare, HoldTaking, LimitUse
from marketplace.budgets.rules import LimitWindow
from marketplace.catalogue.rules import ProviderKind
from marketplace.database import reading, transaction
from marketplace.kernel.clock import local_day
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import SayVat
from marketplace.orders.models import Invoice, InvoiceCounter, InvoiceLine, Order, Visit
from marketplace.orders.queries import silence
from marketplace.orders.rules import VERSION, NoteKind, OrderState
from marketplace.orders.tasks import confirm_silent
from marketplace.wallet import queries as wallet
from marketplace.wallet.models import Account, Balance, Entry, Transfer
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded
from tests.factories.orders import Deal
from tests.pace import in_ci_or_hurry
from tests.statements import statements

NOTED = PAID_IN + timedelta(days=16)
FIRST, SECOND, CONFIRMED = (NOTED + timedelta(days=days) for days in (4, 6, 7))
KINDS = (NoteKind.FULL, NoteKind.PART, NoteKind.CANCELLED_LATE, NoteKind.PERSON_NOT_IN)
UNCHANGED: Sequence[type[Model]] = (
    Order,
    Visit,
    InvoiceCounter,
    Hold,
    HoldShare,
    HoldTaking,
    LimitUse,
    FundingLine,
)
"""Tables whose rows were there before, with ids of their own."""


def vat_owner(make: Make) -> Any:  # noqa: ANN401 - whoever the factory makes
    """Make a charity that is registered for VAT, and has agreed to its invoices."""
    owner = make.provider(kind=ProviderKind.CHARITY)
    wish = SayVat(
        registration_id=uuid4(),
        registered=True,
        starts_on=local_day(PAID_IN),
        number="GB 123 4567 82",
        address="Amber Lane Ltd, 1 High Street",
    )
    with make.block() as session:
        commands.say_vat(session, wish, by=owner, at=PAID_IN)
        commands.agree_to_self_billing(
            session, agreement_id=uuid4(), version=VERSION, by=owner, at=PAID_IN
        )
    return owner


def limited(make: Make) -> Funded:
    """Make somebody with two lines of £100.00, each with limits."""
    limits = [make.limit(Money(190_00), window=window) for window in LimitWindow if window.adds_up]
    funded = make.funded_person(limits=limits)
    again = [replace(limit, limit_id=uuid4()) for limit in limits]
    make.line(person=funded.person, practitioner=funded.practitioner, limits=again)
    return funded


def told_twice(make: Make, chance: random.Random) -> list[Deal]:
    """Let orders be noted in all ways, and told of twice."""
    people = [limited(make), make.funded_person(), make.funded_person()]
    owners = [vat_owner(make), make.provider(), make.provider()]
    deals = []
    for _ in range(8):
        deal = make.accepted(
            funded=chance.choice(people),
            provider=chance.choice(owners),
            price=Money(chance.randint(1_01, 6_99)),
            visits=chance.randint(1, 3),
            quantity=chance.randint(1, 2),
        )
        for visit in range(len(make.order(deal).visits)):
            if visit == 0 or chance.random() < 0.8:
                kind, part = chance.choice(KINDS), chance.randint(1, 99)
                make.noted(deal, visit=visit + 1, note=kind, part=part, at=NOTED)
        deals.append(deal)
    with make.block() as session:
        for at in (FIRST, SECOND):
            commands.tell_and_confirm_silent(session, at=at)
    return deals


def outcome(session: Session, do: Callable[[], object]) -> dict[str, list[Any]]:
    """Do something, return all that it left behind, and undo it."""
    before = session.begin_nested()
    do()
    session.flush()
    found = everything(session)
    assert list(audit.broken_chains(session)) == []
    for problems in (queries.problems, wallet.problems, budgets.problems):
        assert problems(session) == []
    before.rollback()
    session.expire_all()
    return found


def everything(session: Session) -> dict[str, list[Any]]:
    """Return what the tables say, with what is numbered anew named by what it is about."""
    owners = {
        paper.id: f"{paper.provider_id}/{paper.number}"
        for paper in session.scalars(select(Invoice))
    }
    return {
        **{model.__tablename__: values(session, model) for model in UNCHANGED},
        "invoices": values(session, Invoice, without={"id"}),
        "lines": sorted(
            (owners[line.invoice_id], *columns(line, {"id", "invoice_id"}))
            for line in session.scalars(select(InvoiceLine))
        ),
        "transfers": sorted(_transfers(session, owners)),
        "balances": sorted(
            (str(account.owner_id), account.kind, amount.pence)
            for account, amount in session.execute(
                select(Account, Balance.amount).join(Balance, Balance.id == Account.id)
            )
        ),
        "deeds": sorted(_deeds(session)),
        "heads": sorted((str(h.id), h.sequence) for h in session.scalars(select(AuditHead))),
    }


def values(session: Session, model: type[Model], without: frozenset[str] | set[str] = frozenset()):  # type: ignore[no-untyped-def] # noqa: ANN201
    """Return all rows of a table, without some columns."""
    session.expire_all()
    return sorted(columns(row, without) for row in session.scalars(select(model)))


def columns(row: Model, without: frozenset[str] | set[str]) -> tuple[str, ...]:
    """Return a row as words."""
    names = [each.key for each in inspect(type(row)).column_attrs if each.key not in without]
    return tuple(f"{name}={getattr(row, name)}" for name in names)


def _transfers(session: Session, owners: dict[UUID, str]) -> list[Any]:
    legs: dict[UUID, list[tuple[str, str, int]]] = {}
    rows = select(Entry.transfer_id, Account.owner_id, Account.kind, Entry.amount).join(
        Account, Account.id == Entry.account_id
    )
    for transfer_id, owner_id, kind, amount in session.execute(rows):
        legs.setdefault(transfer_id, []).append((str(owner_id), kind, amount.pence))
    found = []
    for each in session.scalars(select(Transfer)):
        key = each.key
        for invoice_id, name in owners.items():
            key = key.replace(str(invoice_id), name)
        found.append((key, each.reason, each.at.isoformat(), sorted(legs[each.id])))
    return found


def _deeds(session: Session) -> list[Any]:
    """Return what the trail says of each order, in its order."""
    found: dict[tuple[str, str], list[Any]] = {}
    rows = select(AuditEntry).order_by(AuditEntry.chain_id, AuditEntry.sequence)
    for entry in session.scalars(rows):
        said = (entry.what, entry.details, str(entry.by_user_id), entry.at.isoformat())
        found.setdefault((str(entry.chain_id), str(entry.subject_id)), []).append(said)
    return list(found.items())


@pytest.mark.parametrize("seed", range(in_ci_or_hurry(4, 2)))
def test_many_at_once_end_as_each_by_itself(session: Session, make: Make, seed: int) -> None:
    told_twice(make, random.Random(seed))
    due = queries.unanswered_orders(session, at=CONFIRMED).to_confirm
    assert len(due) == 8

    def by_itself() -> None:
        for order_id in due:
            commands.confirm_silent_orders(session, order_ids=[order_id], at=CONFIRMED)

    alone = outcome(session, by_itself)
    together = outcome(
        session, lambda: commands.confirm_silent_orders(session, order_ids=due, at=CONFIRMED)
    )

    for table, rows in alone.items():
        assert together[table] == rows, table
    assert len(together["invoices"]) == 8


def test_the_number_of_statements_does_not_grow(session: Session, make: Make) -> None:
    funded, provider = make.funded_person(), make.provider()
    make.confirmed(make.accepted(funded=funded, provider=provider))

    sent = []
    for orders in (2, 11):
        for _ in range(orders):
            deal = make.accepted(funded=funded, provider=provider, price=Money(1_00))
            make.noted(deal, at=NOTED)
        sent.append(_sent(session))

    assert sent[0] == sent[1]


def _sent(session: Session) -> int:
    for at in (FIRST, SECOND):
        commands.tell_and_confirm_silent(session, at=at)
    due = queries.unanswered_orders(session, at=CONFIRMED).to_confirm
    with statements() as sent:
        assert commands.confirm_silent_orders(session, order_ids=due, at=CONFIRMED) == len(due)
    return len(sent)


def test_what_was_answered_meanwhile_is_left_alone(session: Session, make: Make) -> None:
    deals = [make.accepted() for _ in range(2)]
    for deal in deals:
        make.noted(deal, at=NOTED)
    for at in (FIRST, SECOND):
        commands.tell_and_confirm_silent(session, at=at)
    due = queries.unanswered_orders(session, at=CONFIRMED).to_confirm
    make.confirmed_now(deals[0], at=CONFIRMED)

    done = commands.confirm_silent_orders(session, order_ids=due, at=CONFIRMED)

    assert done == 1
    assert [make.order(deal).visits[0].settled_by_silence for deal in deals] == [False, True]
    assert all(make.order(deal).state is OrderState.COMPLETED for deal in deals)


@pytest.mark.postgres
def test_what_somebody_works_on_is_left_for_the_next_time(app: Flask, make: Make) -> None:
    deals = [make.accepted() for _ in range(2)]
    for deal in deals:
        make.noted(deal, at=NOTED)
    for at in (FIRST, SECOND):
        confirm_silent(at)

    with transaction() as session:
        wanted = text("SELECT id FROM orders WHERE id = :order FOR UPDATE")
        session.execute(wanted, {"order": deals[0].order_id})
        with ThreadPoolExecutor(1) as other:
            done = other.submit(confirm_silent, CONFIRMED).result(timeout=20)

    assert done == 1
    assert confirm_silent(CONFIRMED) == 1
    with reading() as session:
        assert queries.problems(session) == []


def test_the_job_goes_in_batches_says_how_far_it_is_and_can_go_on(
    app: Flask,
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(silence, "BATCH", 2)
    provider = make.provider()
    for _ in range(5):
        make.noted(make.accepted(provider=provider), at=NOTED)
    for at in (FIRST, SECOND):
        confirm_silent(at)
    with reading() as session:
        batches = list(queries.unanswered_orders(session, at=CONFIRMED).batches())
    assert [len(some) for some in batches] == [2, 2, 1]
    with transaction() as session:  # and here the first run was stopped
        commands.confirm_silent_orders(session, order_ids=batches[0], at=CONFIRMED)
    capsys.readouterr()

    done = confirm_silent(CONFIRMED)

    assert done == 3
    assert capsys.readouterr().out.splitlines() == [
        "Confirmed and invoiced: 2 of 3 orders.",
        "Confirmed and invoiced: 3 of 3 orders.",
    ]
    with reading() as session:
        papers = queries.invoices_of_provider(session, provider_id=provider.works_for)
        assert [paper.number for paper in papers.rows] == [5, 4, 3, 2, 1]
        assert queries.problems(session) == []
