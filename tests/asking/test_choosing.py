"""How one of the answers is chosen, or none, and who is thanked."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Scope
from marketplace.asking import commands, queries
from marketplace.asking.errors import AskOverError, BadAskError
from marketplace.asking.models import Ask
from marketplace.asking.rules import AnswerState, AskState
from marketplace.database import reading
from marketplace.kernel.errors import NotFoundError
from tests.asking.seen import letters, states
from tests.budgets.racing import in_threads
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

TOMORROW = date(2026, 3, 5)


class TestChoosing:
    def test_thanks_the_others_without_a_word_of_who_or_why(
        self, session: Session, make: Make, funded: Funded, wren: Actor, robin: Actor
    ) -> None:
        ask_id = make.ask(funded.person, title="Ada wants to swim")
        chosen = make.answer(ask_id, wren)
        make.answer(ask_id, robin)

        for _ in range(2):
            commands.choose_answer(session, ask_id, chosen, by=funded.person, at=PAID_IN)

        assert states(session, ask_id) == {
            "Wren’s Help": AnswerState.CHOSEN,
            "Robin’s Help": AnswerState.THANKED,
        }
        [glad], [thanks] = letters(session, "ask_chosen"), letters(session, "ask_thanked")
        assert (glad.to, thanks.to) == (make.email_of(wren), make.email_of(robin))
        for each in (glad, thanks):
            assert "Ada" not in str(each.values) + each.subject
        assert "Wren" not in str(thanks.values) + thanks.subject
        view = queries.ask_for(session, ask_id=ask_id, by=funded.person, at=PAID_IN)
        assert (view.state, view.chosen and view.chosen.id) == (AskState.CHOSEN, chosen)
        assert not any(view.may(move) for move in ("choose", "withdraw", "extend"))

    def test_a_second_choice_is_refused(
        self, session: Session, make: Make, funded: Funded, wren: Actor, robin: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        first, second = make.answer(ask_id, wren), make.answer(ask_id, robin)
        commands.choose_answer(session, ask_id, first, by=funded.person, at=PAID_IN)

        with pytest.raises(AskOverError, match="was chosen already"):
            commands.choose_answer(session, ask_id, second, by=funded.person, at=PAID_IN)

    def test_what_was_taken_back_cannot_be_chosen(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        answer_id = make.answer(ask_id, wren)
        commands.withdraw_answer(session, ask_id, by=wren, at=PAID_IN)

        with pytest.raises(AskOverError, match="was taken back"):
            commands.choose_answer(session, ask_id, answer_id, by=funded.person, at=PAID_IN)
        assert session.get_one(Ask, ask_id).state is AskState.OPEN

    def test_an_answer_to_something_else_is_not_there(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        one, other = make.ask(funded.person), make.ask(funded.person)
        answer_id = make.answer(other, wren)

        with pytest.raises(NotFoundError):
            commands.choose_answer(session, one, answer_id, by=funded.person, at=PAID_IN)

    def test_what_is_chosen_can_no_longer_be_changed(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        answer_id = make.answer(ask_id, wren)
        commands.choose_answer(session, ask_id, answer_id, by=funded.person, at=PAID_IN)

        with pytest.raises(AskOverError):
            make.answer(ask_id, wren, words="Dearer now.")
        with pytest.raises(AskOverError):
            commands.withdraw_answer(session, ask_id, by=wren, at=PAID_IN)

    def test_nobody_else_chooses(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        answer_id = make.answer(ask_id, wren)
        looks = make.supporter(person=funded.person, scopes=[Scope.SEE])

        for other in (make.person(), looks, wren):
            with pytest.raises(NotFoundError):
                commands.choose_answer(session, ask_id, answer_id, by=other, at=PAID_IN)


class TestEnding:
    @pytest.mark.parametrize("found", [True, False])
    def test_thanks_whoever_answered(
        self, session: Session, make: Make, funded: Funded, wren: Actor, *, found: bool
    ) -> None:
        ask_id = make.ask(funded.person)
        make.answer(ask_id, wren)

        for _ in range(2):
            commands.end_ask(session, ask_id, found_elsewhere=found, by=funded.person, at=PAID_IN)

        wanted = AskState.FOUND_ELSEWHERE if found else AskState.WITHDRAWN
        assert session.get_one(Ask, ask_id).state is wanted
        assert len(letters(session, "ask_thanked")) == 1
        with pytest.raises(AskOverError):
            commands.end_ask(
                session, ask_id, found_elsewhere=not found, by=funded.person, at=PAID_IN
            )
        assert queries.asks_near(session, by=wren, at=PAID_IN).total == 0
        gone = queries.ask_near(session, ask_id=ask_id, by=wren, at=PAID_IN)
        assert gone.mine is not None

    def test_who_had_not_answered_no_longer_sees_it(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        commands.end_ask(session, ask_id, found_elsewhere=False, by=funded.person, at=PAID_IN)

        with pytest.raises(NotFoundError, match="may be over"):
            queries.ask_near(session, ask_id=ask_id, by=wren, at=PAID_IN)

    def test_waiting_longer(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id, later = make.ask(funded.person), date(2026, 3, 31)
        for _ in range(2):
            commands.extend_ask(session, ask_id, later, by=funded.person, at=PAID_IN)

        make.answer(ask_id, wren, at=PAID_IN + timedelta(days=20))
        for wrong in (date(2026, 3, 3), date(2026, 3, 12), date(2026, 6, 1)):
            with pytest.raises(BadAskError):
                commands.extend_ask(session, ask_id, wrong, by=funded.person, at=PAID_IN)


def test_of_two_choices_at_once_there_is_one(app: Flask, make: Make) -> None:
    council_id = make.council()
    funded = make.funded_person(council_id=council_id)
    stores = [make.approved(council_id=council_id) for _ in range(4)]
    ask_id = make.ask(funded.person)
    answers = [make.answer(ask_id, each) for each in stores]

    well = in_threads(
        [
            lambda session, answer_id=answer_id: commands.choose_answer(  # type: ignore[misc]
                session, ask_id, answer_id, by=funded.person, at=PAID_IN
            )
            for answer_id in answers
        ]
    )

    assert well == 1
    with reading() as session:
        found = list(states(session, ask_id).values())
        thanked = letters(session, "ask_thanked")
    assert (found.count(AnswerState.CHOSEN), found.count(AnswerState.THANKED)) == (1, 3)
    assert len(thanked) == 3
