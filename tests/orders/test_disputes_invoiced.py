"""A query about what confirmed itself: nobody pays the invoice, and a credit note settles it."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.budgets.queries import wallet
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import Answer, AnswerQuery, Credit, QueryVisit
from marketplace.orders.errors import DisputeRefusedError, WrongStateError
from marketplace.orders.queries import data_of, open_orders_of
from marketplace.orders.rules import InvoiceKind, VisitState
from marketplace.orders.rules.disputes import Remedy
from marketplace.payments import commands as payments
from marketplace.payments.errors import BankDetailsChangedError
from tests.factories import Make
from tests.factories.orders import TOMORROW, Deal

CONFIRMED = TOMORROW + timedelta(days=7)
LATER = CONFIRMED + timedelta(days=3)


def silent(session: Session, make: Make, *, visits: int = 1) -> tuple[Deal, list[UUID]]:
    """Let visits of £30.00 each be noted and confirm themselves; return them."""
    deal = make.accepted(visits=visits)
    at = TOMORROW + timedelta(days=7 * (visits - 1))
    ids = [make.noted(deal, visit=number, at=at) for number in range(1, visits + 1)]
    for days in (4, 6, 7):
        commands.tell_and_confirm_silent(session, at=at + timedelta(days=days))
    assert make.order(deal).visits[0].settled_by_silence
    return deal, ids


def asked(
    session: Session, deal: Deal, visit_id: UUID, *, at: datetime = LATER, **more: object
) -> QueryVisit:
    """Let the person say that something was wrong with it."""
    wish = QueryVisit(visit_id=visit_id, words="Nobody came.", **more)  # type: ignore[arg-type]
    commands.query_visit(session, wish, by=deal.person, at=at)
    return wish


def owed(session: Session, deal: Deal) -> list[Money]:
    """Return what the council would pay now."""
    council_id = deal.funded.council_id
    return [row.total for row in queries.unpaid_invoices(session, council_id=council_id)]


def spent(session: Session, deal: Deal) -> Money:
    """Return what the person has spent; the books must fit."""
    assert queries.problems(session) == []
    return wallet(session, person_id=deal.funded.id, at=LATER).spent


def test_its_invoice_is_not_paid_until_it_is_settled(session: Session, make: Make) -> None:
    deal, (visit_id,) = silent(session, make)
    assert owed(session, deal) == [Money(30_00)]

    wish = asked(session, deal, visit_id)
    assert owed(session, deal) == []
    assert [row.number for row in open_orders_of(session, person_id=deal.funded.id)] != []
    commands.withdraw_query(session, query_id=wish.query_id, by=deal.person, at=LATER)

    assert owed(session, deal) == [Money(30_00)]
    assert spent(session, deal) == Money(30_00)
    assert make.order(deal).visits[0].state is VisitState.CONFIRMED


def test_a_settled_part_is_taken_back_with_a_credit_note(session: Session, make: Make) -> None:
    deal, (visit_id,) = silent(session, make)
    wish = asked(session, deal, visit_id, remedy=Remedy.PART_DUE, amount=Money(12_00))

    reply = AnswerQuery(query_id=wish.query_id, answer=Answer.ACCEPT)
    commands.answer_query(session, reply, by=deal.provider, at=LATER)

    assert sorted(owed(session, deal)) == [Money(-18_00), Money(30_00)]
    assert spent(session, deal) == Money(12_00)
    papers = make.order(deal).invoices
    assert [(paper.kind, paper.total) for paper in papers] == [
        (InvoiceKind.INVOICE, Money(30_00)),
        (InvoiceKind.CREDIT_NOTE, Money(18_00)),
    ]


def test_the_other_visits_of_an_invoice_keep_their_money(session: Session, make: Make) -> None:
    deal, (first, second) = silent(session, make, visits=2)
    at = TOMORROW + timedelta(days=15)
    one, other = asked(session, deal, first, at=at), asked(session, deal, second, at=at)

    for wish in (one, other):
        reply = AnswerQuery(query_id=wish.query_id, answer=Answer.ACCEPT)
        commands.answer_query(session, reply, by=deal.provider, at=at)

    assert spent(session, deal) == ZERO


def test_it_comes_too_late_after_the_councils_days(session: Session, make: Make) -> None:
    deal, (visit_id,) = silent(session, make)

    with pytest.raises(WrongStateError, match="more than 14 days ago"):
        asked(session, deal, visit_id, at=CONFIRMED + timedelta(days=15))


def test_doing_it_again_cannot_be_asked_any_more(session: Session, make: Make) -> None:
    deal, (visit_id,) = silent(session, make)

    with pytest.raises(DisputeRefusedError, match="on an invoice already"):
        asked(session, deal, visit_id, remedy=Remedy.AGAIN)


def test_what_was_settled_is_not_asked_again(session: Session, make: Make) -> None:
    deal, (visit_id,) = silent(session, make)
    wish = asked(session, deal, visit_id)
    commands.withdraw_query(session, query_id=wish.query_id, by=deal.person, at=LATER)

    with pytest.raises(WrongStateError, match="settled already"):
        asked(session, deal, visit_id)


def test_the_provider_answers_instead_of_crediting_by_hand(session: Session, make: Make) -> None:
    deal, (visit_id,) = silent(session, make)
    asked(session, deal, visit_id)
    paper = make.order(deal).invoices[0]
    wish = Credit(credit_id=uuid4(), invoice_id=paper.id, amount=Money(5_00), reason="Late.")

    with pytest.raises(WrongStateError, match="Answer that instead"):
        commands.credit(session, wish, by=deal.provider, at=LATER)


def test_what_was_credited_before_is_no_longer_in_question(session: Session, make: Make) -> None:
    deal, (visit_id,) = silent(session, make)
    paper = make.order(deal).invoices[0]
    wish = Credit(credit_id=uuid4(), invoice_id=paper.id, amount=Money(30_00), reason="All.")
    commands.credit(session, wish, by=deal.provider, at=LATER)

    with pytest.raises(WrongStateError, match="given back already"):
        asked(session, deal, visit_id)


def test_it_is_in_what_the_person_takes_away_and_goes_with_the_account(
    session: Session, make: Make
) -> None:
    deal, (visit_id,) = silent(session, make)
    wish = asked(session, deal, visit_id, file_name="seen.txt", file=b"I saw it.")
    kept = data_of(session, user_id=deal.funded.id)
    assert len(kept["visits-something-was-wrong-with"].rows) == 1
    assert len(kept["what-was-said-of-them"].rows) == 1
    assert len(kept["files-about-them"].rows) == 1

    commands.withdraw_query(session, query_id=wish.query_id, by=deal.person, at=LATER)
    gone = commands.forget_query_files(session, before=LATER + timedelta(days=1))
    commands.forget_person(session, user_id=deal.funded.id)

    assert gone == 1
    session.expire_all()
    after = data_of(session, user_id=deal.funded.id)
    assert {row["words"] for row in after["what-was-said-of-them"].rows} == {"Taken away"}


def test_a_run_that_holds_its_invoice_is_not_approved(session: Session, make: Make) -> None:
    deal, (visit_id,) = silent(session, make)
    proposer = make.officer(council_id=deal.funded.council_id)
    approver = make.officer(council_id=deal.funded.council_id)
    run_id = make.proposed_run(by=proposer, at=LATER)
    asked(session, deal, visit_id)

    with pytest.raises(BankDetailsChangedError, match="something was wrong with a visit"):
        payments.approve_run(session, run_id, by=approver, at=LATER)
