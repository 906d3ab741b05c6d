"""A worry goes to the council's team at once, and to nobody else."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.audit.queries import deeds_about
from marketplace.home import commands as home
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.models import Letter
from marketplace.talk import commands, queries
from marketplace.talk.commands import NewConcern
from marketplace.talk.errors import BadWordsError
from marketplace.talk.rules import CallBack, ConcernState
from tests.conftest import NOON
from tests.factories import Make

WORDS = "She is shouted at every morning."


@pytest.fixture
def council_id(make: Make) -> UUID:
    return make.council()


@pytest.fixture
def officer(make: Make, council_id: UUID) -> Actor:
    return make.staff(organisation_id=council_id, role=Role.SAFEGUARDING_OFFICER)


def letters_to(session: Session, *, email: str) -> list[Letter]:
    """Return every letter to an address."""
    return list(session.scalars(select(Letter).where(Letter.to == email)))


def told(session: Session, council_id: UUID, writer_id: UUID | None = None) -> UUID:
    """Return a worry that somebody has just told the council."""
    wish = NewConcern(concern_id=uuid4(), council_id=council_id, words=WORDS, about="Ada")
    commands.write_concern(session, wish, writer_id=writer_id, at=NOON)
    return wish.concern_id


class TestWriteConcern:
    def test_is_read_by_the_team_of_that_council(
        self, session: Session, council_id: UUID, officer: Actor
    ) -> None:
        concern_id = told(session, council_id)

        [row] = queries.concerns_for(session, by=officer).rows
        assert (row.id, row.about, row.state) == (concern_id, "Ada", ConcernState.NEW)
        assert queries.concern_for(session, concern_id=concern_id, by=officer).words == WORDS

    def test_is_once_however_often_it_is_sent(
        self, session: Session, council_id: UUID, officer: Actor
    ) -> None:
        wish = NewConcern(concern_id=uuid4(), council_id=council_id, words=WORDS)
        for _ in range(2):
            commands.write_concern(session, wish, writer_id=None, at=NOON)

        assert queries.concerns_for(session, by=officer).total == 1
        assert len(deeds_about(session, subject_id=wish.concern_id)) == 1

    def test_writes_to_the_team_without_a_word_of_it(
        self, session: Session, make: Make, council_id: UUID, officer: Actor
    ) -> None:
        told(session, council_id)

        [letter] = letters_to(session, email=make.email_of(officer))
        assert letter.template == "concern_written"
        assert not letter.values["nobody"]
        assert WORDS not in str(letter.values)
        assert "Ada" not in str(letter.values)

    def test_tells_the_administrators_where_nobody_could_open_it(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        administrator = make.staff(organisation_id=council_id, role=Role.ADMINISTRATOR)

        told(session, council_id)

        [letter] = letters_to(session, email=make.email_of(administrator))
        assert letter.values["nobody"]

    def test_leaves_a_trail_that_names_nobody(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        concern_id = told(session, council_id, make.person().user_id)

        [deed] = deeds_about(session, subject_id=concern_id)
        assert (deed.what, deed.by_user_id, deed.for_person_id) == ("concern-written", None, None)
        assert WORDS not in deed.details

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"words": "  "}, "Write what worries you."),
            ({"words": "x" * 5001}, "Use at most 5,000 characters. You have used 5,001."),
            (
                {"words": WORDS, "call_back": CallBack.PHONE},
                "Enter a phone number or an e-mail address.",
            ),
        ],
    )
    def test_refuses_what_is_not_complete(
        self, session: Session, council_id: UUID, values: dict[str, object], sentence: str
    ) -> None:
        wish = NewConcern(concern_id=uuid4(), council_id=council_id, **values)  # type: ignore[arg-type]

        with pytest.raises(BadWordsError) as refusal:
            commands.write_concern(session, wish, writer_id=None, at=NOON)

        assert str(refusal.value) == sentence


class TestWorkOnIt:
    def test_every_step_is_dated_and_named(
        self, session: Session, council_id: UUID, officer: Actor
    ) -> None:
        concern_id = told(session, council_id)

        for _ in range(2):
            commands.take_concern(session, concern_id, by=officer, at=NOON)
        step_id = uuid4()
        for _ in range(2):
            commands.note_concern(
                session,
                concern_id,
                ConcernState.CLOSED,
                "We visited her.",
                step_id=step_id,
                by=officer,
                at=NOON,
            )

        found = queries.concern_for(session, concern_id=concern_id, by=officer)
        assert found.state is ConcernState.CLOSED
        assert [(step.state, step.note, step.by_name, step.at) for step in found.steps] == [
            (ConcernState.LOOKED_AT, "", officer.name, NOON),
            (ConcernState.CLOSED, "We visited her.", officer.name, NOON),
        ]

    def test_a_closed_one_can_be_looked_at_again(
        self, session: Session, council_id: UUID, officer: Actor
    ) -> None:
        concern_id = told(session, council_id)
        for state in (ConcernState.CLOSED, ConcernState.LOOKED_AT):
            commands.note_concern(
                session, concern_id, state, "Seen.", step_id=uuid4(), by=officer, at=NOON
            )

        found = queries.concern_for(session, concern_id=concern_id, by=officer)
        assert found.state is ConcernState.LOOKED_AT

    def test_needs_a_note(self, session: Session, council_id: UUID, officer: Actor) -> None:
        concern_id = told(session, council_id)

        with pytest.raises(BadWordsError, match="Write what was done"):
            commands.note_concern(
                session,
                concern_id,
                ConcernState.CLOSED,
                " ",
                step_id=uuid4(),
                by=officer,
                at=NOON,
            )

    @pytest.mark.parametrize(
        "role", [role for role in Role if role not in {Role.PERSON, Role.SUPPORTER}]
    )
    def test_is_there_for_nobody_but_the_team(
        self, session: Session, make: Make, council_id: UUID, role: Role
    ) -> None:
        concern_id = told(session, council_id)
        at_home = role is not Role.SAFEGUARDING_OFFICER
        somebody = make.staff(organisation_id=council_id if at_home else make.council(), role=role)

        with pytest.raises(NotFoundError):
            queries.concern_for(session, concern_id=concern_id, by=somebody)
        with pytest.raises(NotFoundError):
            commands.take_concern(session, concern_id, by=somebody, at=NOON)


class TestOwnData:
    def test_the_writer_takes_their_own_words(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        person = make.person()
        told(session, council_id, person.user_id)

        kept = home.take_everything(
            session, user_id=person.user_id, form="json", by=person, at=NOON
        )

        [row] = kept["worries-you-told-a-council"].rows
        assert row["words"] == WORDS

    def test_whoever_stands_in_for_them_does_not(
        self, session: Session, make: Make, council_id: UUID
    ) -> None:
        person, stands_in = make.person(), make.person()
        told(session, council_id, person.user_id)

        kept = home.take_everything(
            session, user_id=person.user_id, form="json", by=stands_in, at=NOON
        )

        assert kept["worries-you-told-a-council"].rows == []
        assert WORDS not in str(kept)

    def test_closing_an_account_keeps_the_worry_and_not_who_it_was(
        self, session: Session, make: Make, council_id: UUID, officer: Actor
    ) -> None:
        person = make.person()
        wish = NewConcern(
            concern_id=uuid4(),
            council_id=council_id,
            words=WORDS,
            call_back=CallBack.PHONE,
            reach="01632 960999",
            writer_name="Ada",
        )
        commands.write_concern(session, wish, writer_id=person.user_id, at=NOON)

        commands.forget_person(session, user_id=person.user_id)
        assert queries.concern_for(session, concern_id=wish.concern_id, by=officer).reach, (
            "still open: the team has to reach them"
        )

        commands.note_concern(
            session,
            wish.concern_id,
            ConcernState.CLOSED,
            "Done.",
            step_id=uuid4(),
            by=officer,
            at=NOON,
        )
        commands.forget_person(session, user_id=person.user_id)
        session.expire_all()

        found = queries.concern_for(session, concern_id=wish.concern_id, by=officer)
        assert (found.reach, found.writer_name, found.words) == ("", "", WORDS)
