"""What may be here already is asked, and done as a person says."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.access.rules import Role
from marketplace.community.queries.matching import groups_to_match, listings_to_match
from marketplace.feeds import commands
from marketplace.feeds.errors import AnsweredAlreadyError
from marketplace.feeds.queries.sources import open_questions
from marketplace.feeds.rules.answering import Answer
from marketplace.kernel.errors import NotFoundError
from tests.conftest import NOON
from tests.factories import Make
from tests.feeds.records import planned, service, source, taken
from tests.feeds.test_taking import cards


class TestAsk:
    def likely(self, make: Make) -> UUID:
        """Make a group that is like the one of the feed, elsewhere in the district."""
        return make.group(name="Larkfield Neighbours Group")

    def test_asks_instead_of_guessing(self, session: Session, make: Make) -> None:
        group_id = self.likely(make)

        (bundle,) = planned(session, [service()])
        done = taken(session, service())

        (question,) = open_questions(session, source_id=source(session))
        assert done == {"asked": 1, "waiting": 1}
        assert bundle.steps[0].line == (
            "organisation “Larkfield Neighbours”: is it “Larkfield Neighbours Group”, LS6 2AB?"
        )
        assert cards(session) == []
        assert question.here is not None
        assert (question.here.id, question.title) == (group_id, "Larkfield Neighbours")
        assert 78 <= question.likeness < 100

    def test_asks_once(self, session: Session, make: Make) -> None:
        self.likely(make)
        taken(session, service())

        done = taken(session, service(name="Coffee"))

        assert done == {"asked": 1, "waiting": 1}
        assert len(open_questions(session, source_id=source(session))) == 1

    def test_the_same_name_in_the_same_place_is_the_same(
        self, session: Session, make: Make
    ) -> None:
        group_id = make.group(name="The Larkfield Neighbours")

        done = taken(session, service())

        assert done == {"linked": 1, "new": 1}
        assert cards(session)[0].group.id == group_id
        assert cards(session)[0].group.name == "The Larkfield Neighbours"

    def test_the_same_title_in_the_same_place_is_the_same_entry(
        self, session: Session, make: Make
    ) -> None:
        group_id = make.group(name="Larkfield Neighbours")
        make.activity(group_id=group_id, title="Tea s1", at=NOON)

        done = taken(session, service())

        (card,) = cards(session)
        assert done == {"linked": 2}
        assert (card.about, card.venue) == ("Tea and talk.", "The hall")

    def test_a_like_title_is_asked_about(self, session: Session, make: Make) -> None:
        group_id = make.group(name="Larkfield Neighbours")
        make.activity(group_id=group_id, title="Tea and talks on Tuesday", at=NOON)

        done = taken(session, service(name="Tea and talk on Tuesdays"))

        assert done == {"linked": 1, "asked": 1}
        assert taken(session, service(name="Tea and talk on Tuesdays")) == {"same": 2}

    def answer(self, session: Session, make: Make, answer: Answer) -> None:
        moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)
        for question in open_questions(session, source_id=source(session)):
            commands.answer_question(
                session, question_id=question.id, answer=answer, by=moderator, at=NOON
            )
        session.flush()

    def test_answered_the_same_joins_them_and_takes_what_waited(
        self, session: Session, make: Make
    ) -> None:
        group_id = self.likely(make)
        taken(session, service())

        self.answer(session, make, Answer.SAME)

        (card,) = cards(session)
        assert (card.group.id, card.group.name) == (group_id, "Larkfield Neighbours Group")
        assert (card.group.about, card.group.website) == (
            "Neighbours who meet.",
            "https://lark.example",
        )
        assert taken(session, service()) == {"same": 2}

    def test_answered_another_adds_it(self, session: Session, make: Make) -> None:
        group_id = self.likely(make)
        taken(session, service())

        self.answer(session, make, Answer.ANOTHER)

        (card,) = cards(session)
        assert card.group.id != group_id
        assert len(groups_to_match(session)) == 2
        assert taken(session, service()) == {"same": 2}

    def test_answered_leave_it_out_leaves_all_of_it_out(self, session: Session, make: Make) -> None:
        self.likely(make)
        taken(session, service())

        self.answer(session, make, Answer.LEAVE_OUT)

        assert cards(session) == []
        assert taken(session, service()) == {"left out": 2}

    @pytest.mark.parametrize(("answer", "entries"), [(Answer.SAME, 1), (Answer.ANOTHER, 2)])
    def test_answers_about_an_entry(
        self, session: Session, make: Make, answer: Answer, entries: int
    ) -> None:
        group_id = make.group(name="Larkfield Neighbours")
        make.activity(group_id=group_id, title="Tea and talks on Tuesday", at=NOON)
        taken(session, service(name="Tea and talk on Tuesdays"))

        self.answer(session, make, answer)

        assert len(listings_to_match(session)) == entries

    def test_is_answered_once(self, session: Session, make: Make) -> None:
        self.likely(make)
        taken(session, service())
        (question,) = open_questions(session, source_id=source(session))
        self.answer(session, make, Answer.LEAVE_OUT)
        moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)

        with pytest.raises(AnsweredAlreadyError):
            commands.answer_question(
                session, question_id=question.id, answer=Answer.SAME, by=moderator, at=NOON
            )

    def test_cannot_be_the_same_as_what_has_gone(self, session: Session, make: Make) -> None:
        group_id = self.likely(make)
        taken(session, service())
        one = group_id.hex if session.get_bind().dialect.name == "sqlite" else str(group_id)
        session.execute(text("DELETE FROM community_groups WHERE id = :id"), {"id": one})

        with pytest.raises(NotFoundError, match="not here any more"):
            self.answer(session, make, Answer.SAME)

    def test_says_of_what_has_gone_only_its_own_words(self, session: Session, make: Make) -> None:
        group_id = self.likely(make)
        taken(session, service())
        one = group_id.hex if session.get_bind().dialect.name == "sqlite" else str(group_id)
        session.execute(text("DELETE FROM community_groups WHERE id = :id"), {"id": one})

        bundles = planned(session, [service()])

        assert bundles[0].steps[0].line == "organisation “Larkfield Neighbours”"

    def test_is_not_there_for_another_council(self, session: Session, make: Make) -> None:
        source(session, council_id=make.council())
        self.likely(make)
        taken(session, service())
        (question,) = open_questions(session, source_id=source(session))

        with pytest.raises(NotFoundError):
            self.answer(session, make, Answer.SAME)

        assert question.answer is None
