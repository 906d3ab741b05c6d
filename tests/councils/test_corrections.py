"""Asking a council to put right what is kept about somebody."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Basis, Role
from marketplace.councils import commands, queries
from marketplace.councils.commands import AskForCorrection
from marketplace.database import reading
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from tests.conftest import NOON, SignInAs
from tests.factories import Make
from tests.factories.money import Funded


def ask(session: Session, funded: Funded, *, by: Actor | None = None) -> UUID:
    """Ask the council to put an address right."""
    wish = AskForCorrection(
        correction_id=uuid4(),
        council_id=funded.council_id,
        person_id=funded.id,
        what="My road is wrong.",
        instead="Elm Road",
    )
    commands.ask_for_correction(session, wish, by=by or funded.person, at=NOON)
    return wish.correction_id


def letters(session: Session, template: str) -> int:
    """Count the letters of a kind."""
    rows = session.execute(
        text("SELECT count(*) FROM outbox_letters WHERE template = :template"),
        {"template": template},
    )
    return int(rows.scalar_one())


class TestAskForCorrection:
    def test_goes_to_the_council_s_inbox_and_its_post(self, session: Session, make: Make) -> None:
        funded = make.funded_person(name="Sam Hill")

        correction_id = ask(session, funded)

        [row] = queries.corrections_for(session, council_id=funded.council_id)
        assert (row.id, row.person_name, row.what) == (
            correction_id,
            "Sam Hill",
            "My road is wrong.",
        )
        assert letters(session, "correction_asked") == 1

    def test_sent_twice_is_one_request(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        wish = AskForCorrection(
            correction_id=uuid4(),
            council_id=funded.council_id,
            person_id=funded.id,
            what="My road is wrong.",
            instead="",
        )

        for _ in range(2):
            commands.ask_for_correction(session, wish, by=funded.person, at=NOON)

        assert len(queries.corrections_for(session, council_id=funded.council_id)) == 1
        assert letters(session, "correction_asked") == 1

    def test_refuses_a_council_they_do_not_belong_to_and_somebody_else_s_data(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person()
        stranger = make.person()

        with pytest.raises(NotFoundError):
            ask(session, funded, by=stranger)
        elsewhere = Funded(funded.person, make.council(), funded.line_id, funded.practitioner)
        with pytest.raises(NotFoundError):
            ask(session, elsewhere)


class TestAnswerCorrection:
    def test_tells_the_person_and_keeps_the_first_answer(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person()
        correction_id = ask(session, funded)

        for answer in ("It is put right.", "Never mind."):
            commands.answer_correction(
                session,
                correction_id=correction_id,
                answer=answer,
                by=funded.practitioner,
                at=NOON,
            )

        [row] = queries.corrections_of(session, person_id=funded.id)
        assert (row.answer, row.answered_by_name) == ("It is put right.", "Priya Nair")
        assert queries.corrections_for(session, council_id=funded.council_id) == []
        assert letters(session, "correction_answered") == 1

    def test_refuses_another_council_and_other_roles(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        correction_id = ask(session, funded)

        with pytest.raises(NotFoundError):
            commands.answer_correction(
                session,
                correction_id=correction_id,
                answer="Yes.",
                by=make.practitioner(),
                at=NOON,
            )
        officer = make.staff(organisation_id=funded.council_id, role=Role.FINANCE_OFFICER)
        with pytest.raises(NotAllowedError, match="Only a practitioner"):
            commands.answer_correction(
                session, correction_id=correction_id, answer="Yes.", by=officer, at=NOON
            )


class TestForgetPerson:
    def test_takes_the_words_away_and_answers_what_is_open(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person(name="Sam Hill")
        ask(session, funded)

        commands.forget_person(session, user_id=funded.id, at=NOON)

        [row] = queries.corrections_of(session, person_id=funded.id)
        assert (row.person_name, row.what, row.instead) == ("", "", "")
        assert (row.answer, row.answered_at) == ("Taken away", NOON)


class TestPages:
    def test_carry_a_request_there_and_the_answer_back(self, make: Make, sign_in: SignInAs) -> None:
        funded = make.funded_person(name="Sam Hill")
        person, council = sign_in(funded.person), sign_in(funded.practitioner)

        page = person.submit(
            person.get("home.put_right"),
            "Send it to the council",
            what="My road is wrong.",
            instead="Elm Road",
        )
        assert "No answer yet." in person.follow(page).text
        inbox = council.click(council.get("budgets.people"), "What people ask you to put right")
        request = council.click(inbox, "Read it and answer Sam Hill")
        assert "Elm Road" in request.text
        done = council.submit(request, "Send the answer", answer="It is put right.")

        assert "Nobody is waiting" in council.follow(done).text
        told = person.get("home.my_data").text
        assert "Priya Nair answered on" in told
        assert "It is put right." in told

    @pytest.mark.sqlite_only
    def test_refuse_empty_words(self, make: Make, sign_in: SignInAs) -> None:
        funded = make.funded_person()
        with_request = sign_in(funded.practitioner)
        person = sign_in(funded.person)

        page = person.submit(person.get("home.put_right"), "Send it to the council", what=" ")

        assert page.errors == ["Say what is wrong."]
        with reading() as session:
            assert queries.corrections_for(session, council_id=funded.council_id) == []
        assert "Nobody is waiting" in with_request.get("councils.corrections").text

    @pytest.mark.sqlite_only
    def test_say_whom_to_write_to_who_belongs_to_no_council(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        page = sign_in(make.person()).get("home.put_right")

        assert "You belong to no council here." in page.text

    @pytest.mark.sqlite_only
    def test_let_an_attorney_ask_for_the_person(self, make: Make, sign_in: SignInAs) -> None:
        funded = make.funded_person(name="Sam Hill")
        attorney = make.supporter(person=funded.person, basis=Basis.POWER_OF_ATTORNEY)
        browser = sign_in(attorney)

        browser.submit(
            browser.get("home.put_right"), "Send it to the council", what="My road is wrong."
        )

        with reading() as session:
            [row] = queries.corrections_of(session, person_id=funded.id)
        assert row.person_name == "Sam Hill"
