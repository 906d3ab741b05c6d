"""Somebody's plan and money are spoken of by them and their council, and by nobody else."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role, Scope
from marketplace.audit.models import AuditEntry
from marketplace.budgets import commands as budgets
from marketplace.budgets.commands import NewHolder
from marketplace.budgets.rules import Holder
from marketplace.councils.commands import note_person
from marketplace.councils.queries import council
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.outbox.models import Letter
from marketplace.talk import commands, queries
from marketplace.talk.commands import NewMessage
from marketplace.talk.rules import Side, Subject
from tests.factories import Make
from tests.factories.money import Funded
from tests.factories.orders import TOMORROW


def words(said: str = "Can the money pay for a taxi?") -> NewMessage:
    return NewMessage(message_id=uuid4(), words=said)


@pytest.fixture
def ada(make: Make) -> Funded:
    council_id = make.council(name="Ashdale Council")
    return make.funded_person(name="Ada Quill", council_id=council_id)


def write(session: Session, ada: Funded, by: Actor, message: NewMessage | None = None) -> UUID:
    """Write about the plan and money of a person; return the conversation's id."""
    return commands.write_of_plan(
        session, ada.id, ada.council_id, message or words(), by=by, at=TOMORROW
    )


def letters(session: Session, make: Make, actor: Actor) -> list[Letter]:
    return letters_to(session, make.email_of(actor))


def letters_to(session: Session, email: str) -> list[Letter]:
    found = select(Letter).where(Letter.to == email, Letter.template == "message_written")
    return list(session.scalars(found.order_by(Letter.written_at, Letter.id)))


class TestWriting:
    def test_both_sides_write_in_one_conversation(self, session: Session, ada: Funded) -> None:
        first = write(session, ada, ada.person)
        again = write(session, ada, ada.practitioner, words("Yes, it can."))

        assert first == again
        found = queries.thread_for(session, thread_id=first, by=ada.person)
        assert (found.other, found.title) == ("Ashdale Council", "Plan and money")
        assert [(each.side, each.words) for each in found.messages] == [
            (Side.PERSON, "Can the money pay for a taxi?"),
            (Side.COUNCIL, "Yes, it can."),
        ]
        seen = queries.thread_for(session, thread_id=first, by=ada.practitioner)
        assert (seen.side, seen.other, seen.subject) == (Side.COUNCIL, "Ada Quill", Subject.PLAN)

    def test_each_council_has_its_own(self, session: Session, make: Make, ada: Funded) -> None:
        other = make.practitioner()
        make.line(person=ada.person, practitioner=other)
        first = write(session, ada, ada.person)

        second = commands.write_of_plan(
            session, ada.id, other.works_for, words(), by=ada.person, at=TOMORROW
        )

        assert first != second
        assert queries.threads_of(session, by=ada.person).total == 2
        assert [row.id for row in queries.threads_of(session, by=other).rows] == [second]
        with pytest.raises(NotFoundError):
            queries.thread_for(session, thread_id=first, by=other)

    def test_the_list_says_what_waits_and_for_whom(self, session: Session, ada: Funded) -> None:
        write(session, ada, ada.person)

        [mine] = queries.threads_of(session, by=ada.person).rows
        [theirs] = queries.threads_of(session, by=ada.practitioner).rows
        assert (mine.other, mine.unread, mine.waits_for_you) == ("Ashdale Council", 0, False)
        assert (theirs.other, theirs.unread, theirs.waits_for_you) == ("Ada Quill", 1, True)

        write(session, ada, ada.practitioner, words("Yes."))

        [theirs] = queries.threads_of(session, by=ada.practitioner).rows
        assert not theirs.waits_for_you

    def test_a_message_sent_twice_is_one(self, session: Session, ada: Funded) -> None:
        said = words()
        for _ in range(2):
            thread_id = write(session, ada, ada.person, said)

        found = queries.thread_for(session, thread_id=thread_id, by=ada.person)
        assert len(found.messages) == 1

    def test_is_in_the_persons_trail(self, session: Session, ada: Funded) -> None:
        thread_id = write(session, ada, ada.person)

        deeds = select(AuditEntry.what, AuditEntry.chain_id).where(
            AuditEntry.subject_id == thread_id
        )
        assert session.execute(deeds).all() == [("conversation-begun", ada.id)]

    def test_no_council_is_asked_into_it(self, session: Session, ada: Funded) -> None:
        thread_id = write(session, ada, ada.person)

        assert not queries.thread_for(session, thread_id=thread_id, by=ada.person).may_ask_council
        with pytest.raises(NotFoundError):
            commands.ask_council_in(session, thread_id, by=ada.person, at=TOMORROW)

    def test_a_council_they_do_not_belong_to_is_not_there(
        self, session: Session, make: Make, ada: Funded
    ) -> None:
        elsewhere = make.practitioner()

        for by in (ada.person, elsewhere):
            with pytest.raises(NotFoundError):
                commands.write_of_plan(
                    session, ada.id, elsewhere.works_for, words(), by=by, at=TOMORROW
                )


class TestUnread:
    def test_counts_conversations_and_not_messages(
        self, session: Session, make: Make, ada: Funded
    ) -> None:
        sees = make.supporter(person=ada.person, scopes=[Scope.SEE])
        plans = make.supporter(person=ada.person, scopes=[Scope.PLAN])
        assert queries.unread(session, by=ada.person) == 0

        for _ in range(2):
            thread_id = write(session, ada, ada.practitioner)

        readers = (ada.person, sees, plans, ada.practitioner, make.person(), make.provider())
        assert [queries.unread(session, by=each) for each in readers] == [1, 1, 0, 0, 0, 0]
        commands.note_read(session, thread_id, by=ada.person)
        assert [queries.unread(session, by=each) for each in readers[:2]] == [0, 1]

    def test_calls_no_second_practitioner_once_one_has_answered(
        self, session: Session, make: Make, ada: Funded
    ) -> None:
        other = make.practitioner(council_id=ada.council_id)
        write(session, ada, ada.person)
        assert [queries.unread(session, by=each) for each in (ada.practitioner, other)] == [1, 1]

        write(session, ada, other, words("Yes, it can."))

        assert [queries.unread(session, by=each) for each in (ada.practitioner, other)] == [0, 0]
        assert queries.unread(session, by=ada.person) == 1


class TestWhoReads:
    def test_strangers_find_nothing(self, session: Session, make: Make, ada: Funded) -> None:
        thread_id = write(session, ada, ada.person)
        strangers = [
            make.person(),
            make.provider(),
            make.practitioner(),
            make.staff(organisation_id=ada.council_id, role=Role.MODERATOR),
            make.staff(organisation_id=ada.council_id, role=Role.FINANCE_OFFICER),
            make.staff(organisation_id=ada.council_id, role=Role.COMMISSIONER),
            *(
                make.supporter(person=ada.person, scopes=[scope])
                for scope in Scope
                if scope is not Scope.SEE
            ),
        ]

        for stranger in strangers:
            with pytest.raises(NotFoundError):
                queries.thread_for(session, thread_id=thread_id, by=stranger)
            with pytest.raises(NotFoundError):
                commands.reply(session, thread_id, words(), by=stranger, at=TOMORROW)
            with pytest.raises(NotFoundError):
                commands.note_read(session, thread_id, by=stranger)
            with pytest.raises(NotFoundError):
                write(session, ada, stranger)
            assert queries.threads_of(session, by=stranger).total == 0

    def test_a_stranger_cannot_begin_one(self, session: Session, make: Make, ada: Funded) -> None:
        suggests = make.supporter(person=ada.person, scopes=[Scope.PROPOSE, Scope.PLAN])

        for stranger in (suggests, make.person(), make.practitioner()):
            with pytest.raises(NotFoundError):
                write(session, ada, stranger)

    def test_a_provider_who_keeps_the_money_is_not_in_it(
        self, session: Session, make: Make, ada: Funded
    ) -> None:
        keeper = make.provider()
        holds = NewHolder(holder=Holder.ISF, provider_id=keeper.works_for)
        budgets.change_holder(
            session,
            budgets.ChangeLine(line_id=ada.line_id, reason="They asked for it.", change_id=uuid4()),
            new=holds,
            by=ada.practitioner,
            at=TOMORROW,
        )

        thread_id = write(session, ada, ada.person)

        assert queries.threads_of(session, by=keeper).total == 0
        assert letters(session, make, keeper) == []
        with pytest.raises(NotFoundError):
            queries.thread_for(session, thread_id=thread_id, by=keeper)

    def test_a_supporter_who_only_sees_the_money_does_not_write(
        self, session: Session, make: Make, ada: Funded
    ) -> None:
        looks = make.supporter(person=ada.person, scopes=[Scope.SEE, Scope.PAY])
        with pytest.raises(NotAllowedError):
            write(session, ada, looks)
        session.expire_all()
        thread_id = write(session, ada, ada.person)

        assert not queries.thread_for(session, thread_id=thread_id, by=looks).may_write
        with pytest.raises(NotAllowedError):
            commands.reply(session, thread_id, words(), by=looks, at=TOMORROW)

    def test_a_supporter_who_sees_and_plans_writes(
        self, session: Session, make: Make, ada: Funded
    ) -> None:
        plans = make.supporter(person=ada.person, scopes=[Scope.SEE, Scope.PLAN])

        thread_id = write(session, ada, plans)

        assert queries.thread_for(session, thread_id=thread_id, by=plans).may_write
        assert queries.threads_of(session, by=ada.person).rows[0].unread == 1


class TestBeingTold:
    def test_the_practitioner_who_set_the_money_up_is_told_and_no_other(
        self, session: Session, make: Make, ada: Funded
    ) -> None:
        other = make.practitioner(council_id=ada.council_id)

        write(session, ada, ada.person)

        [letter] = letters(session, make, ada.practitioner)
        assert letter.subject == "Ada Quill has written to you"
        assert letter.values["provider"] == "Ashdale Council"
        assert "taxi" not in str(letter.values)
        assert letters(session, make, other) == []

    def test_whoever_answers_is_told_from_then_on(
        self, session: Session, make: Make, ada: Funded
    ) -> None:
        other = make.practitioner(council_id=ada.council_id)
        write(session, ada, other)

        write(session, ada, ada.person)

        assert len(letters(session, make, other)) == 1

    def test_the_council_is_told_once_where_nobody_there_knows_the_person(
        self, session: Session, make: Make
    ) -> None:
        council_id, person = make.council(name="Ashdale Council"), make.person()
        note_person(
            session, council_id=council_id, person_id=person.user_id, funded=False, at=TOMORROW
        )
        email = council(session, council_id=council_id).email

        for _ in range(2):
            commands.write_of_plan(
                session, person.user_id, council_id, words(), by=person, at=TOMORROW
            )

        [letter] = letters_to(session, email)
        assert letter.values["name"] == "Ashdale Council"

    def test_the_person_and_who_plans_with_them_are_told(
        self, session: Session, make: Make, ada: Funded
    ) -> None:
        plans = make.supporter(person=ada.person, scopes=[Scope.SEE, Scope.PLAN])
        others = [
            make.supporter(person=ada.person, scopes=[each]) for each in (Scope.SEE, Scope.PLAN)
        ]

        write(session, ada, ada.practitioner)

        assert [len(letters(session, make, each)) for each in (ada.person, plans)] == [1, 1]
        assert [letters(session, make, each) for each in others] == [[], []]

    def test_one_letter_until_it_is_read(self, session: Session, make: Make, ada: Funded) -> None:
        for _ in range(2):
            thread_id = write(session, ada, ada.practitioner)
        assert len(letters(session, make, ada.person)) == 1

        commands.note_read(session, thread_id, by=ada.person)
        write(session, ada, ada.practitioner)
        assert len(letters(session, make, ada.person)) == 2


class TestKeeping:
    def test_is_in_what_the_person_takes_with_them(self, session: Session, ada: Funded) -> None:
        write(session, ada, ada.person)
        write(session, ada, ada.practitioner, words("Yes, it can."))

        kept = queries.data_of(session, user_id=ada.id)
        assert [row["title"] for row in kept["conversations"].rows] == ["Plan and money"]
        assert {row["words"] for row in kept["messages"].rows} == {
            "Can the money pay for a taxi?",
            "Yes, it can.",
        }
        theirs = queries.data_of(session, user_id=ada.practitioner.user_id)
        assert [row["words"] for row in theirs["messages"].rows] == ["Yes, it can."]

    def test_takes_the_words_of_somebody_who_has_left(self, session: Session, ada: Funded) -> None:
        thread_id = write(session, ada, ada.person)

        commands.forget_person(session, user_id=ada.id)
        session.expire_all()

        seen = queries.thread_for(session, thread_id=thread_id, by=ada.practitioner)
        assert [message.words for message in seen.messages] == ["Taken away"]

    def test_goes_when_it_is_old(self, session: Session, ada: Funded) -> None:
        write(session, ada, ada.person)

        assert commands.forget_messages(session, before=TOMORROW + timedelta(days=1)) == 1
        assert queries.threads_of(session, by=ada.person).total == 0

    def test_one_message_is_shown_to_moderators_when_it_is_reported(
        self, session: Session, make: Make, ada: Funded
    ) -> None:
        rude = words("Rude words.")
        write(session, ada, ada.person, rude)
        moderator = make.staff(organisation_id=ada.council_id, role=Role.MODERATOR)

        commands.report_message(session, rude.message_id, "Rude.", by=ada.practitioner, at=TOMORROW)

        [report] = queries.reported_messages(session, by=moderator)
        assert (report.message, report.provider_name) == ("Rude words.", "")
