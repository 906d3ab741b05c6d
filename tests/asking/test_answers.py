"""What providers answer, and what whoever asked compares."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role, Scope
from marketplace.asking import commands, queries
from marketplace.asking.commands import WriteAnswer
from marketplace.asking.errors import AskOverError, BadAskError
from marketplace.asking.models import Answer
from marketplace.asking.rules import AnswerState, Wish
from marketplace.catalogue.rules import CheckState, Unit
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from tests.asking.seen import letters, states
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

TOMORROW = date(2026, 3, 5)


class TestAnswering:
    def test_reaches_whoever_asked_and_the_helper_who_wrote_it(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE])
        ask_id = make.ask(helper)

        make.answer(ask_id, wren)

        found = letters(session, "ask_answered")
        assert {each.to for each in found} == {make.email_of(funded.person), make.email_of(helper)}
        assert {each.subject for each in found} == {"Wren’s Help has answered you"}

    def test_is_changed_by_answering_again_and_there_is_one(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        first = make.answer(ask_id, wren)

        again = make.answer(ask_id, wren, words="Only on Fridays.", price=Money(14_00))

        assert first == again
        [card] = queries.ask_for(session, ask_id=ask_id, by=funded.person, at=PAID_IN).answers
        assert (card.words, card.price, card.own_price) == ("Only on Fridays.", Money(14_00), True)

    def test_said_twice_alike_is_one_letter(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)

        for _ in range(2):
            make.answer(ask_id, wren)

        assert len(letters(session, "ask_answered")) == 1

    def test_says_which_wishes_are_met_and_which_are_not(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person, days=("tue",), languages=("urdu",), budget=Money(9_00))

        make.answer(ask_id, wren, met=frozenset({Wish.DAYS, Wish.GENDER}))

        [card] = queries.ask_for(session, ask_id=ask_id, by=funded.person, at=PAID_IN).answers
        assert (card.met, card.not_met) == ((Wish.DAYS,), (Wish.LANGUAGE,))

    def test_no_provider_ever_reads_anothers(
        self, session: Session, make: Make, funded: Funded, wren: Actor, robin: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        make.answer(ask_id, wren, words="Wren's own words.")

        seen = queries.ask_near(session, ask_id=ask_id, by=robin, at=PAID_IN)

        assert seen.mine is None
        assert "Wren's own words." not in repr(seen)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"words": " "}, "words"),
            ({"starts_on": date(2026, 3, 3)}, "starts_on"),
            ({"price": None, "unit": None}, "offer"),
            ({"price": Money(0)}, "price"),
            ({"unit": None}, "unit"),
            ({"offer_id": uuid4()}, "offer"),
        ],
    )
    def test_says_beside_what_is_missing(
        self,
        session: Session,
        make: Make,
        funded: Funded,
        wren: Actor,
        wrong: dict[str, object],
        field: str,
    ) -> None:
        ask_id = make.ask(funded.person)
        right = WriteAnswer(
            answer_id=uuid4(),
            words="We can.",
            starts_on=TOMORROW,
            price=Money(14_00),
            unit=Unit.HOUR,
        )
        wish = replace(right, **wrong)  # type: ignore[arg-type]

        with pytest.raises(BadAskError) as refused:
            commands.answer_ask(session, ask_id, wish, by=wren, at=PAID_IN)
        assert refused.value.field == field

    def test_anothers_offer_is_refused(
        self, session: Session, make: Make, funded: Funded, wren: Actor, robin: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        theirs = make.offer(provider=robin)
        wish = WriteAnswer(answer_id=uuid4(), words="We can.", starts_on=TOMORROW, offer_id=theirs)

        with pytest.raises(BadAskError, match="an offer of yours"):
            commands.answer_ask(session, ask_id, wish, by=wren, at=PAID_IN)

    def test_only_those_who_were_told(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        for stranger in (make.provider(), funded.person):
            with pytest.raises(NotFoundError):
                make.answer(ask_id, stranger) if stranger.organisation_id else (
                    commands.withdraw_answer(session, ask_id, by=stranger, at=PAID_IN)
                )
            with pytest.raises(NotFoundError):
                queries.ask_near(session, ask_id=ask_id, by=stranger, at=PAID_IN)
        with pytest.raises(NotFoundError):
            queries.asks_near(session, by=funded.person, at=PAID_IN)
        with pytest.raises(NotFoundError):
            commands.withdraw_answer(session, ask_id, by=wren, at=PAID_IN)

    def test_not_after_the_last_day(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)

        make.answer(ask_id, wren, at=PAID_IN + timedelta(days=7))
        with pytest.raises(AskOverError, match="The time for answers to this is over"):
            make.answer(ask_id, wren, words="Later.", at=PAID_IN + timedelta(days=8))


class TestShutOut:
    def test_a_store_that_a_council_suspends_reads_and_answers_nothing_more(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        make.standing(provider=wren, council_id=funded.council_id, state=CheckState.SUSPENDED)

        assert queries.asks_near(session, by=wren, at=PAID_IN).total == 0
        with pytest.raises(NotFoundError):
            queries.ask_near(session, ask_id=ask_id, by=wren, at=PAID_IN)
        with pytest.raises(NotFoundError):
            make.answer(ask_id, wren, with_offer=False, price=Money(9_00))

    def test_another_councils_check_does_not_open_it_again(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        make.standing(provider=wren, council_id=make.council(districts=("BD1",)))
        ask_id = make.ask(funded.person)
        make.standing(provider=wren, council_id=funded.council_id, state=CheckState.SUSPENDED)

        assert queries.asks_near(session, by=wren, at=PAID_IN).total == 0
        with pytest.raises(NotFoundError):
            make.answer(ask_id, wren, with_offer=False, price=Money(9_00))


class TestTakingBack:
    def test_takes_it_off_the_persons_page_and_can_be_said_anew(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        make.answer(ask_id, wren)

        for _ in range(2):
            commands.withdraw_answer(session, ask_id, by=wren, at=PAID_IN)
        assert queries.ask_for(session, ask_id=ask_id, by=funded.person, at=PAID_IN).answers == ()

        make.answer(ask_id, wren)
        assert states(session, ask_id) == {"Wren’s Help": AnswerState.STANDING}

    def test_not_for_us_takes_it_off_the_list(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)

        for _ in range(2):
            commands.pass_on_ask(session, ask_id, by=wren, at=PAID_IN)

        assert queries.asks_near(session, by=wren, at=PAID_IN).total == 0
        [row] = queries.asks_near(session, by=wren, at=PAID_IN, only_open=False).rows
        assert row.passed
        make.answer(ask_id, wren)
        with pytest.raises(AskOverError, match="Take your answer back first"):
            commands.pass_on_ask(session, ask_id, by=wren, at=PAID_IN)


class TestComparing:
    def test_has_the_price_of_this_person_how_far_and_the_checks(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        answer_id = make.answer(ask_id, wren)
        offer_id = session.get_one(Answer, answer_id).offer_id
        assert offer_id is not None
        make.agreed_price(offer_id=offer_id, council_id=funded.council_id, price=Money(12_50))

        [card] = queries.ask_for(session, ask_id=ask_id, by=funded.person, at=PAID_IN).answers

        assert card.offer is not None
        assert card.offer.price_for_you.price == Money(12_50)
        assert card.can_be_ordered
        assert card.metres is not None
        assert card.metres < 5_000
        assert card.checked

    def test_a_price_of_their_own_does_not_lead_to_an_order(
        self, session: Session, make: Make, funded: Funded, wren: Actor, robin: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        make.answer(ask_id, wren, price=Money(14_00))
        make.answer(ask_id, robin, price=Money(15_00), with_offer=False)

        view = queries.ask_for(session, ask_id=ask_id, by=funded.person, at=PAID_IN)

        found = {each.provider_name: each for each in view.answers}
        assert not any(each.can_be_ordered for each in found.values())
        assert all(each.own_price for each in found.values())

    def test_the_price_of_the_offer_said_again_is_no_other_price(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        make.answer(ask_id, wren, price=Money(15_00))

        [card] = queries.ask_for(session, ask_id=ask_id, by=funded.person, at=PAID_IN).answers
        assert (card.own_price, card.can_be_ordered) == (False, True)


def test_a_worker_of_the_store_answers_too(session: Session, make: Make, funded: Funded) -> None:
    provider = make.approved(council_id=funded.council_id)
    worker = make.staff(organisation_id=provider.works_for, role=Role.PROVIDER_WORKER)
    ask_id = make.ask(funded.person)

    make.answer(ask_id, worker)

    assert len(letters(session, "ask_answered")) == 1
