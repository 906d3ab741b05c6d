"""Something is wrong with a visit: asked, answered, settled between the two, with the money."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Role, Scope
from marketplace.budgets.queries import wallet
from marketplace.catalogue.rules import Unit
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import (
    Answer,
    AnswerQuery,
    NoteDelivery,
    QueryVisit,
    SayMore,
)
from marketplace.orders.errors import DisputeRefusedError, TooEarlyError, WrongStateError
from marketplace.orders.queries import QueryView
from marketplace.orders.rules import NoteKind, OrderState, VisitState
from marketplace.orders.rules.disputes import DisputeState, Outcome, QueryKind, Remedy, StepKind
from marketplace.outbox.models import Letter
from tests.factories import Make
from tests.factories.orders import TOMORROW, Deal

LATER = TOMORROW + timedelta(days=2)


def money(session: Session, deal: Deal) -> tuple[Money, Money, Money]:
    """Return what somebody has to spend, set aside and spent; the books must fit."""
    assert queries.problems(session) == []
    view = wallet(session, person_id=deal.funded.id, at=LATER)
    return view.available, view.held, view.spent


def queried(
    session: Session, make: Make, deal: Deal | None = None, **wishes: object
) -> tuple[Deal, QueryVisit]:
    """Let a visit of £30.00 be noted as full, and the person say that something is wrong."""
    deal = deal or make.accepted()
    visit_id = make.noted(deal)
    wish = QueryVisit(visit_id=visit_id, words="Only an hour.", **wishes)  # type: ignore[arg-type]
    commands.query_visit(session, wish, by=deal.person, at=TOMORROW)
    return deal, wish


def view(session: Session, deal: Deal, wish: QueryVisit) -> QueryView:
    """Return a query as the person sees it."""
    return queries.query_for(session, query_id=wish.query_id, seen_by=deal.person, at=LATER)


def answered(
    session: Session, deal: Deal, wish: QueryVisit, answer: Answer, **more: object
) -> None:
    """Let the provider answer."""
    reply = AnswerQuery(query_id=wish.query_id, answer=answer, **more)  # type: ignore[arg-type]
    commands.answer_query(session, reply, by=deal.provider, at=LATER)


class TestAsking:
    def test_keeps_the_money_and_gives_the_provider_five_working_days(
        self, session: Session, make: Make
    ) -> None:
        deal, wish = queried(session, make, kind=QueryKind.LATE)

        found = view(session, deal, wish)
        assert found.row.state is DisputeState.ASKED
        assert (found.row.stake, found.claimed) == (Money(30_00), Money(30_00))
        # Asked on Thursday 5 March 2026.
        assert found.row.due_on is not None
        assert found.row.due_on.isoformat() == "2026-03-12"
        assert money(session, deal) == (Money(70_00), Money(30_00), ZERO)
        letter = session.query(Letter).filter_by(template="visit_queried").one()
        assert letter.values["answer_by"] == "Thursday 12 March 2026"

    def test_twice_is_once(self, session: Session, make: Make) -> None:
        deal, wish = queried(session, make)

        commands.query_visit(session, wish, by=deal.person, at=LATER)

        assert len(view(session, deal, wish).steps) == 1

    def test_a_second_query_of_the_same_visit_is_refused(
        self, session: Session, make: Make
    ) -> None:
        deal, wish = queried(session, make)
        again = QueryVisit(visit_id=wish.visit_id, words="Still.")

        with pytest.raises(WrongStateError, match="It was said already"):
            commands.query_visit(session, again, by=deal.person, at=LATER)

    def test_keeps_a_file_that_is_what_its_name_says(self, session: Session, make: Make) -> None:
        deal, wish = queried(session, make, file_name="notes.txt", file=b"From 2 to 3.")
        file = view(session, deal, wish).steps[0].file
        assert file is not None

        found, content = queries.query_file_for(session, file_id=file.id, seen_by=deal.provider)

        assert (found.name, content) == ("notes.txt", b"From 2 to 3.")
        with pytest.raises(NotFoundError):
            queries.query_file_for(session, file_id=file.id, seen_by=make.person())

    def test_a_file_that_lies_is_refused(self, session: Session, make: Make) -> None:
        with pytest.raises(DisputeRefusedError, match="something else inside") as refusal:
            queried(session, make, file_name="seen.png", file=b"\x00\x01\x02")
        assert refusal.value.field == "attachment"

    @pytest.mark.parametrize("pence", [None, 0, 30_00, 40_00])
    def test_a_part_is_more_than_nothing_and_less_than_all(
        self, session: Session, make: Make, pence: int | None
    ) -> None:
        amount = None if pence is None else Money(pence)

        with pytest.raises(DisputeRefusedError, match=r"less than £30\.00") as refusal:
            queried(session, make, remedy=Remedy.PART_DUE, amount=amount)
        assert refusal.value.field == "amount"

    def test_words_are_needed(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        wish = QueryVisit(visit_id=make.noted(deal), words="  ")

        with pytest.raises(DisputeRefusedError, match="Say what is wrong"):
            commands.query_visit(session, wish, by=deal.person, at=TOMORROW)

    def test_a_visit_of_a_later_day_is_too_early(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        wish = QueryVisit(visit_id=make.order(deal).visits[0].id, words="Nobody came.")

        with pytest.raises(TooEarlyError):
            commands.query_visit(session, wish, by=deal.person, at=TOMORROW - timedelta(days=1))

    def test_what_the_person_confirmed_is_settled(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        make.confirmed(deal)
        wish = QueryVisit(visit_id=make.order(deal).visits[0].id, words="Nobody came.")

        with pytest.raises(WrongStateError, match="You said yourself"):
            commands.query_visit(session, wish, by=deal.person, at=LATER)

    def test_a_supporter_needs_to_be_allowed_to_pay(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        wish = QueryVisit(visit_id=make.noted(deal), words="Nobody came.")
        sees = make.supporter(person=deal.person, scopes=[Scope.SEE])
        pays = make.supporter(person=deal.person, scopes=[Scope.PAY], name="Ada Hill")

        with pytest.raises(NotAllowedError):
            commands.query_visit(session, wish, by=sees, at=TOMORROW)
        commands.query_visit(session, wish, by=pays, at=TOMORROW)

        assert view(session, deal, wish).steps[0].who == "Ada Hill"

    def test_a_stranger_finds_nothing(self, session: Session, make: Make) -> None:
        deal, wish = queried(session, make)

        for stranger in (make.person(), make.provider(), deal.funded.practitioner):
            with pytest.raises(NotFoundError):
                queries.query_for(session, query_id=wish.query_id, seen_by=stranger, at=LATER)
        with pytest.raises(NotFoundError):
            queries.query_for(session, query_id=uuid4(), seen_by=deal.person, at=LATER)


class TestAnswering:
    def test_a_yes_to_nothing_due_gives_all_of_it_back(self, session: Session, make: Make) -> None:
        deal, wish = queried(session, make)

        answered(session, deal, wish, Answer.ACCEPT)

        assert money(session, deal) == (Money(100_00), ZERO, ZERO)
        assert view(session, deal, wish).row.outcome is Outcome.NOTHING
        assert make.order(deal).visits[0].state is VisitState.RELEASED

    def test_a_yes_to_a_part_pays_the_part_with_an_invoice(
        self, session: Session, make: Make
    ) -> None:
        deal, wish = queried(session, make, remedy=Remedy.PART_DUE, amount=Money(12_34))

        answered(session, deal, wish, Answer.ACCEPT)

        assert money(session, deal) == (Money(87_66), ZERO, Money(12_34))
        paper = make.order(deal).invoices[0]
        invoice = queries.invoice_for(session, invoice_id=paper.id, seen_by=deal.person)
        assert invoice.total == Money(12_34)
        assert "A part of the price, as it was settled" in invoice.lines[0].text

    def test_an_offer_is_paid_once_the_person_says_yes(self, session: Session, make: Make) -> None:
        deal, wish = queried(session, make)
        answered(session, deal, wish, Answer.OFFER, minutes=90, words="We left early.")
        assert view(session, deal, wish).offered == Money(22_50)

        commands.take_offer(
            session, query_id=wish.query_id, shown=Money(22_50), by=deal.person, at=LATER
        )

        assert money(session, deal) == (Money(77_50), ZERO, Money(22_50))
        found = view(session, deal, wish)
        assert [step.kind for step in found.steps] == [
            StepKind.ASKED,
            StepKind.OFFERED,
            StepKind.TOOK_OFFER,
        ]
        assert (found.settled, found.back) == (Money(22_50), Money(7_50))

    def test_an_offer_that_changed_meanwhile_is_not_taken_unseen(
        self, session: Session, make: Make
    ) -> None:
        deal, wish = queried(session, make)
        answered(session, deal, wish, Answer.OFFER, amount=Money(20_00))
        answered(session, deal, wish, Answer.OFFER, amount=Money(25_00))

        with pytest.raises(WrongStateError, match=r"£25\.00 to be paid"):
            commands.take_offer(
                session, query_id=wish.query_id, shown=Money(20_00), by=deal.person, at=LATER
            )

    @pytest.mark.parametrize(
        ("offer", "sentence"),
        [
            ({}, "how many minutes"),
            ({"amount": Money(20_00), "minutes": 30}, "how many minutes"),
            ({"amount": ZERO}, r"less than £30\.00"),
            ({"amount": Money(30_00)}, r"less than £30\.00"),
            ({"amount": Money(10_00)}, r"They say that £10\.00 is to be paid"),
            ({"minutes": 121}, "between 1 and 120 minutes"),
        ],
    )
    def test_an_offer_that_cannot_be_is_refused(
        self, session: Session, make: Make, offer: dict[str, object], sentence: str
    ) -> None:
        deal, wish = queried(session, make, remedy=Remedy.PART_DUE, amount=Money(10_00))

        with pytest.raises(DisputeRefusedError, match=sentence):
            answered(session, deal, wish, Answer.OFFER, **offer)

    def test_minutes_are_for_what_is_paid_by_the_hour(self, session: Session, make: Make) -> None:
        provider, funded = make.provider(), make.funded_person()
        offer_id = make.offer(provider=provider, unit=Unit.SESSION)
        make.in_basket(funded.person, offer_id, quantity=1)
        order = commands.PlaceOrder(order_id=uuid4(), provider_id=provider.works_for)
        commands.place_order(session, order, by=funded.person, at=TOMORROW - timedelta(days=1))
        deal = make.accepted(Deal(order.order_id, funded, provider))
        deal, wish = queried(session, make, deal)

        with pytest.raises(DisputeRefusedError, match="not paid by the hour"):
            answered(session, deal, wish, Answer.OFFER, minutes=30)

    def test_a_no_needs_a_reason_and_leaves_the_person_to_ask_the_council(
        self, session: Session, make: Make
    ) -> None:
        deal, wish = queried(session, make)

        with pytest.raises(DisputeRefusedError, match="Say why"):
            answered(session, deal, wish, Answer.DISAGREE)
        answered(session, deal, wish, Answer.DISAGREE, words="We were there.")

        assert view(session, deal, wish).row.state is DisputeState.DISAGREED
        assert money(session, deal) == (Money(70_00), Money(30_00), ZERO)

    def test_only_an_owner_or_manager_of_that_store_answers(
        self, session: Session, make: Make
    ) -> None:
        deal, wish = queried(session, make)
        reply = AnswerQuery(query_id=wish.query_id, answer=Answer.ACCEPT)
        worker = make.staff(organisation_id=deal.provider.works_for, role=Role.PROVIDER_WORKER)

        with pytest.raises(NotAllowedError, match="Only the owner or a manager"):
            commands.answer_query(session, reply, by=worker, at=LATER)
        with pytest.raises(NotFoundError):
            commands.answer_query(session, reply, by=make.provider(), at=LATER)

    def test_the_same_answer_twice_is_once(self, session: Session, make: Make) -> None:
        deal, wish = queried(session, make)
        reply = AnswerQuery(query_id=wish.query_id, answer=Answer.ACCEPT)

        commands.answer_query(session, reply, by=deal.provider, at=LATER)
        commands.answer_query(session, reply, by=deal.provider, at=LATER)

        assert money(session, deal) == (Money(100_00), ZERO, ZERO)

    def test_a_corrected_note_is_an_offer(self, session: Session, make: Make) -> None:
        deal, wish = queried(session, make)
        note = NoteDelivery(visit_id=wish.visit_id, note_kind=NoteKind.PART, part=50)

        commands.correct_note(session, note, by=deal.provider, at=LATER)

        found = view(session, deal, wish)
        assert (found.row.state, found.offered) == (DisputeState.OFFERED, Money(15_00))
        assert make.order(deal).visits[0].state is VisitState.QUERIED
        assert commands.tell_and_confirm_silent(session, at=LATER + timedelta(days=60)) == 0

    def test_a_worker_cannot_answer_by_correcting_the_note(
        self, session: Session, make: Make
    ) -> None:
        deal, wish = queried(session, make)
        note = NoteDelivery(visit_id=wish.visit_id, note_kind=NoteKind.MISSED)
        worker = make.staff(organisation_id=deal.provider.works_for, role=Role.PROVIDER_WORKER)

        with pytest.raises(NotAllowedError, match="Only the owner or a manager"):
            commands.correct_note(session, note, by=worker, at=LATER)

        assert view(session, deal, wish).row.state is DisputeState.ASKED


class TestAgain:
    def test_plans_the_visit_anew_and_keeps_its_money(self, session: Session, make: Make) -> None:
        deal, wish = queried(session, make, remedy=Remedy.AGAIN)
        new_at = LATER + timedelta(days=3)

        answered(session, deal, wish, Answer.ACCEPT, new_at=new_at)

        visit = make.order(deal).visits[0]
        assert (visit.state, visit.planned_at) == (VisitState.PLANNED, new_at)
        assert money(session, deal) == (Money(70_00), Money(30_00), ZERO)
        make.noted(deal, at=new_at)
        make.confirmed_now(deal, at=new_at)
        assert money(session, deal) == (Money(70_00), ZERO, Money(30_00))

    def test_needs_a_time_to_come_that_is_free(self, session: Session, make: Make) -> None:
        deal = make.accepted(visits=2)
        deal, wish = queried(session, make, deal, remedy=Remedy.AGAIN)

        for new_at, sentence in (
            (None, "Say when"),
            (TOMORROW, "That time has gone"),
            (TOMORROW + timedelta(days=7), "You come at that time anyway"),
        ):
            with pytest.raises(DisputeRefusedError, match=sentence), session.begin_nested():
                answered(session, deal, wish, Answer.ACCEPT, new_at=new_at, step_id=uuid4())


class TestTakingBack:
    def test_pays_what_was_noted(self, session: Session, make: Make) -> None:
        deal, wish = queried(session, make)

        commands.withdraw_query(session, query_id=wish.query_id, by=deal.person, at=LATER)
        commands.withdraw_query(session, query_id=wish.query_id, by=deal.person, at=LATER)

        assert money(session, deal) == (Money(70_00), ZERO, Money(30_00))
        assert make.order(deal).state is OrderState.COMPLETED

    def test_of_what_nobody_noted_makes_it_planned_again(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted()
        wish = QueryVisit(visit_id=make.order(deal).visits[0].id, words="Nobody came.")
        commands.query_visit(session, wish, by=deal.person, at=TOMORROW)

        commands.withdraw_query(session, query_id=wish.query_id, by=deal.person, at=TOMORROW)

        assert make.order(deal).visits[0].state is VisitState.PLANNED
        assert view(session, deal, wish).row.state is DisputeState.WITHDRAWN
        assert money(session, deal) == (Money(70_00), Money(30_00), ZERO)

    def test_saying_that_it_came_takes_it_back(self, session: Session, make: Make) -> None:
        deal, wish = queried(session, make)

        commands.confirm_visits(
            session, order_id=deal.order_id, visit_ids=[wish.visit_id], by=deal.person, at=LATER
        )

        assert view(session, deal, wish).row.state is DisputeState.WITHDRAWN
        assert money(session, deal) == (Money(70_00), ZERO, Money(30_00))

    def test_comes_too_late_once_it_is_settled(self, session: Session, make: Make) -> None:
        deal, wish = queried(session, make)
        answered(session, deal, wish, Answer.ACCEPT)

        with pytest.raises(WrongStateError, match="This has ended"):
            commands.withdraw_query(session, query_id=wish.query_id, by=deal.person, at=LATER)


def test_every_step_is_written_to_the_others(session: Session, make: Make) -> None:
    deal, wish = queried(session, make)
    answered(session, deal, wish, Answer.DISAGREE, words="We were there.")
    more = SayMore(query_id=wish.query_id, words="I have a photo.")
    commands.say_more(session, more, by=deal.person, at=LATER)
    commands.say_more(session, more, by=deal.person, at=LATER)
    ask = SayMore(query_id=wish.query_id, words="Please decide.")
    commands.ask_council_to_decide(session, ask, by=deal.person, at=LATER)

    rows = session.query(Letter).filter(Letter.template.in_(["visit_queried", "query_news"]))
    to = {actor: make.email_of(actor) for actor in (deal.person, deal.provider)}
    got = [letter.to for letter in rows.order_by(Letter.written_at, Letter.id)]
    # Asked, more words, to the council; the no; to the council.
    assert got.count(to[deal.provider]) == 3
    assert got.count(to[deal.person]) == 1
    assert got.count(make.email_of(deal.funded.practitioner)) == 1
