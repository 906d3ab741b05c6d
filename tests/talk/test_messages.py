"""Messages are between exactly those whom they concern."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role, Scope
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.outbox.models import Letter
from marketplace.talk import commands, queries
from marketplace.talk.commands import NewMessage
from marketplace.talk.errors import BadWordsError, NoCouncilError, NoStoreKeeperError
from marketplace.talk.rules import Side, Subject, wait_words
from tests.factories import Make
from tests.factories.orders import TOMORROW, Deal


def words(said: str = "Do you come by bus?") -> NewMessage:
    return NewMessage(message_id=uuid4(), words=said)


@pytest.fixture
def deal(make: Make) -> Deal:
    return make.accepted(provider=make.provider(name="Wren’s Help"))


def begun(session: Session, deal: Deal, *, at: datetime = TOMORROW) -> UUID:
    """Return a conversation about the order that the person has begun."""
    return commands.write_about_order(session, deal.order_id, words(), by=deal.person, at=at)


def letters(session: Session, make: Make, actor: Actor) -> list[Letter]:
    to = make.email_of(actor)
    return list(
        session.scalars(select(Letter).where(Letter.to == to, Letter.template == "message_written"))
    )


class TestAsking:
    def test_one_conversation_for_each_offer(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        offer_id = make.offer(provider=deal.provider, title="Walking")
        found = [
            commands.ask_about_offer(session, offer_id, words(), by=deal.person, at=TOMORROW)
            for _ in range(2)
        ]

        assert found[0] == found[1]
        [row] = queries.threads_of(session, by=deal.provider).rows
        assert (row.title, row.other, row.unread) == ("Walking", deal.person.name, 2)
        assert row.subject is Subject.QUESTION

    def test_a_message_sent_twice_is_one(self, session: Session, deal: Deal) -> None:
        thread_id, again = begun(session, deal), words("Again")
        for _ in range(2):
            commands.reply(session, thread_id, again, by=deal.person, at=TOMORROW)

        found = queries.thread_for(session, thread_id=thread_id, by=deal.provider)
        assert [message.words for message in found.messages] == ["Do you come by bus?", "Again"]

    def test_a_store_nobody_looks_after_cannot_be_asked(self, session: Session, make: Make) -> None:
        with pytest.raises(NotFoundError):
            commands.ask_store(session, "nowhere", words(), by=make.person(), at=TOMORROW)
        assert str(NoStoreKeeperError()).startswith("Nobody looks after this store yet")

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            (" \n", "Write your message."),
            ("x" * 5001, "Use at most 5,000 characters. You have used 5,001."),
        ],
    )
    def test_refuses_no_words_and_too_many(
        self, session: Session, deal: Deal, said: str, sentence: str
    ) -> None:
        with pytest.raises(BadWordsError) as refusal:
            commands.reply(session, begun(session, deal), words(said), by=deal.person, at=TOMORROW)

        assert str(refusal.value) == sentence


class TestWhoReads:
    def test_strangers_find_nothing(self, session: Session, make: Make, deal: Deal) -> None:
        thread_id = begun(session, deal)
        strangers = [
            make.person(),
            make.provider(),
            make.staff(organisation_id=deal.funded.council_id, role=Role.PRACTITIONER),
            make.staff(organisation_id=deal.funded.council_id, role=Role.MODERATOR),
            make.supporter(person=deal.person, scopes=[Scope.PLAN]),
            make.supporter(person=deal.person, scopes=[Scope.PROPOSE]),
        ]

        for stranger in strangers:
            with pytest.raises(NotFoundError):
                queries.thread_for(session, thread_id=thread_id, by=stranger)
            with pytest.raises(NotFoundError):
                commands.reply(session, thread_id, words(), by=stranger, at=TOMORROW)
            assert queries.threads_of(session, by=stranger).total == 0

    def test_a_supporter_who_only_looks_does_not_write(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        thread_id = begun(session, deal)
        looks = make.supporter(person=deal.person, scopes=[Scope.SEE])

        assert not queries.thread_for(session, thread_id=thread_id, by=looks).may_write
        with pytest.raises(NotAllowedError):
            commands.reply(session, thread_id, words(), by=looks, at=TOMORROW)

    def test_a_supporter_who_suggests_reads_what_they_asked(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        offer_id = make.offer(provider=deal.provider)
        suggests = make.supporter(person=deal.person, scopes=[Scope.PROPOSE])

        thread_id = commands.ask_about_offer(session, offer_id, words(), by=suggests, at=TOMORROW)

        assert queries.thread_for(session, thread_id=thread_id, by=suggests).side is Side.PERSON
        assert queries.threads_of(session, by=suggests).total == 1
        assert queries.threads_of(session, by=deal.person).total == 1

    def test_the_council_reads_it_once_it_was_asked_in(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        thread_id = begun(session, deal)
        council = make.staff(organisation_id=deal.funded.council_id, role=Role.PRACTITIONER)

        for _ in range(2):
            commands.ask_council_in(session, thread_id, by=deal.provider, at=TOMORROW)

        found = queries.thread_for(session, thread_id=thread_id, by=council)
        assert (found.side, found.may_write) == (Side.COUNCIL, True)
        assert found.council_asked_by == deal.provider.name

    def test_no_council_is_asked_into_a_question(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        offer_id = make.offer(provider=deal.provider)
        thread_id = commands.ask_about_offer(
            session, offer_id, words(), by=deal.person, at=TOMORROW
        )

        with pytest.raises(NotFoundError):
            commands.ask_council_in(session, thread_id, by=deal.person, at=TOMORROW)


class TestBeingTold:
    def test_the_letter_says_who_and_not_what(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        begun(session, deal)

        [letter] = letters(session, make, deal.provider)
        assert letter.subject == f"{deal.person.name} has written to you"
        assert "bus" not in str(letter.values)

    def test_one_letter_until_it_is_read(self, session: Session, make: Make, deal: Deal) -> None:
        thread_id = begun(session, deal)
        commands.reply(session, thread_id, words(), by=deal.person, at=TOMORROW)
        assert len(letters(session, make, deal.provider)) == 1

        commands.note_read(session, thread_id, by=deal.provider)
        assert queries.threads_of(session, by=deal.provider).rows[0].unread == 0
        commands.reply(session, thread_id, words(), by=deal.person, at=TOMORROW)
        assert len(letters(session, make, deal.provider)) == 2


class TestReporting:
    def test_moderators_read_that_one_message(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        thread_id, rude = begun(session, deal), words("Rude words.")
        commands.reply(session, thread_id, rude, by=deal.provider, at=TOMORROW)
        moderator = make.staff(organisation_id=deal.funded.council_id, role=Role.MODERATOR)

        for _ in range(2):
            commands.report_message(
                session, rude.message_id, "It is rude.", by=deal.person, at=TOMORROW
            )

        [report] = queries.reported_messages(session, by=moderator)
        assert (report.message, report.words, report.settled) == (
            "Rude words.",
            "It is rude.",
            False,
        )
        elsewhere = replace(moderator, organisation_id=make.council())
        with pytest.raises(NotFoundError):
            commands.settle_report(session, report.report_id, by=elsewhere, at=TOMORROW)
        commands.settle_report(session, report.report_id, by=moderator, at=TOMORROW)
        assert queries.reported_messages(session, by=moderator)[0].settled

    def test_nobody_reports_their_own(self, session: Session, deal: Deal) -> None:
        thread_id, mine = begun(session, deal), words()
        commands.reply(session, thread_id, mine, by=deal.person, at=TOMORROW)

        with pytest.raises(NotFoundError):
            commands.report_message(session, mine.message_id, "!", by=deal.person, at=TOMORROW)

    def test_says_so_where_no_council_could_look(self, session: Session, make: Make) -> None:
        provider, asks, rude = make.provider(), make.person(), words("Rude words.")
        offer_id = make.offer(provider=provider)
        thread_id = commands.ask_about_offer(session, offer_id, words(), by=asks, at=TOMORROW)
        commands.reply(session, thread_id, rude, by=provider, at=TOMORROW)

        with pytest.raises(NoCouncilError, match="Worried about somebody"):
            commands.report_message(session, rude.message_id, "Rude.", by=asks, at=TOMORROW)


class TestAnswerTime:
    def test_is_the_middle_one_and_counts_what_still_waits(
        self, session: Session, make: Make
    ) -> None:
        provider = make.provider()
        offer_id = make.offer(provider=provider)
        for hours in (1, 5):
            asks = make.person()
            thread_id = commands.ask_about_offer(session, offer_id, words(), by=asks, at=TOMORROW)
            commands.reply(
                session, thread_id, words(), by=provider, at=TOMORROW + timedelta(hours=hours)
            )
        later = TOMORROW + timedelta(days=3)
        of_store = {"provider_id": provider.works_for, "at": later}
        assert queries.answer_time(session, **of_store) is None  # type: ignore[arg-type]

        commands.ask_about_offer(session, offer_id, words(), by=make.person(), at=TOMORROW)

        found = queries.answer_time(session, **of_store)  # type: ignore[arg-type]
        assert found is not None
        assert (found.words, found.questions) == ("within 5 hours", 3)

    @pytest.mark.parametrize(
        ("seconds", "said"),
        [(0, "within an hour"), (3601, "within 2 hours"), (90_000, "within 2 days")],
    )
    def test_in_words(self, seconds: int, said: str) -> None:
        assert wait_words(seconds) == said


class TestForgetting:
    def test_takes_the_words_of_somebody_who_has_left(self, session: Session, deal: Deal) -> None:
        thread_id = begun(session, deal)

        commands.forget_person(session, user_id=deal.person.user_id)
        session.expire_all()

        [message] = queries.thread_for(session, thread_id=thread_id, by=deal.provider).messages
        assert (message.words, message.who) == ("Taken away", "Somebody who has left")

    def test_takes_old_conversations_away_whole(self, session: Session, deal: Deal) -> None:
        thread_id = begun(session, deal)

        assert commands.forget_messages(session, before=TOMORROW) == 0
        assert commands.forget_messages(session, before=TOMORROW + timedelta(days=1)) == 1
        session.expire_all()
        with pytest.raises(NotFoundError):
            queries.thread_for(session, thread_id=thread_id, by=deal.person)
