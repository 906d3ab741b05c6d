"""Decisions of councils are kept, and somebody else answers an appeal."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import AnswerAppeal, AskAgain, DecideOnProvider
from marketplace.catalogue.errors import (
    AppealError,
    BadWordsError,
    OwnDecisionError,
    ReasonMissingError,
    WrongStateError,
)
from marketplace.catalogue.queries import Dealings
from marketplace.catalogue.rules import AppealState, CheckState
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.models import Letter
from tests.conftest import NOON
from tests.factories import Make

DAY = timedelta(days=1)


class Case:
    """A store that a council has rejected, and two of the council's officers."""

    def __init__(self, session: Session, make: Make) -> None:
        self.session = session
        self.council_id = make.council(name="Airemoor")
        self.owner = make.provider(name="Rosie")
        self.first, self.second = (
            make.staff(organisation_id=self.council_id, role=Role.MODERATOR, name=name)
            for name in ("Ann", "Ben")
        )
        self.decide(CheckState.REJECTED, "No insurance.")

    def decide(self, state: CheckState, reason: str = "") -> None:
        wish = DecideOnProvider(provider_id=self.owner.works_for, state=state, reason=reason)
        commands.decide_on_provider(self.session, wish, by=self.first, at=NOON)

    def appeal(self, *, days: int = 1, words: str = "Here it is.", by: Actor | None = None) -> UUID:
        wish = AskAgain(appeal_id=uuid4(), council_id=self.council_id, words=words)
        return commands.appeal(self.session, wish, by=by or self.owner, at=NOON + days * DAY)

    def answer(
        self,
        appeal_id: UUID,
        instead: CheckState | None,
        *,
        by: Actor | None = None,
        answer: str = "You are right.",
    ) -> None:
        wish = AnswerAppeal(appeal_id=appeal_id, instead=instead, answer=answer)
        commands.answer_appeal(self.session, wish, by=by or self.second, at=NOON + 2 * DAY)

    def dealings(self, *, days: int = 3) -> Dealings:
        return queries.own_dealings(
            self.session, council_id=self.council_id, by=self.owner, at=NOON + days * DAY
        )


@pytest.fixture
def case(session: Session, make: Make) -> Case:
    return Case(session, make)


def letters(session: Session) -> list[tuple[str, str]]:
    rows = select(Letter.template, Letter.subject).where(Letter.template.like("appeal%"))
    return [(row.template, row.subject) for row in session.execute(rows.order_by(Letter.key))]


class TestDecisions:
    def test_are_kept_newest_first_with_who_and_why(self, case: Case) -> None:
        case.decide(CheckState.CHECKED)
        case.decide(CheckState.SUSPENDED, "A worry is looked at.")

        found = case.dealings()

        assert [(d.number, d.state, d.reason, d.by_name) for d in found.decisions] == [
            (3, CheckState.SUSPENDED, "A worry is looked at.", "Ann"),
            (2, CheckState.CHECKED, "", "Ann"),
            (1, CheckState.REJECTED, "No insurance.", "Ann"),
        ]

    def test_are_between_the_two_of_them(self, case: Case, make: Make) -> None:
        other = make.provider(postcode="LE1 1AA")

        with pytest.raises(NotFoundError):
            queries.own_dealings(case.session, council_id=case.council_id, by=other, at=NOON)
        with pytest.raises(NotFoundError):
            queries.own_dealings(case.session, council_id=case.council_id, by=case.first, at=NOON)


class TestAnAppeal:
    def test_tells_the_councils_moderators_once(self, case: Case) -> None:
        wish = AskAgain(appeal_id=uuid4(), council_id=case.council_id, words="Here it is.")
        for _ in range(2):
            commands.appeal(case.session, wish, by=case.owner, at=NOON)

        assert letters(case.session) == [
            ("appeal_made", "Rosie says that a decision is wrong"),
            ("appeal_made", "Rosie says that a decision is wrong"),
        ]
        (waiting,) = queries.open_appeals(case.session, by=case.second)
        assert (waiting.words, waiting.decided_by_name) == ("Here it is.", "Ann")
        assert queries.count_open_appeals(case.session, council_id=case.council_id) == 1

    def test_changes_the_decision_and_both_stay_readable(self, case: Case) -> None:
        appeal_id = case.appeal()

        case.answer(appeal_id, CheckState.CHECKED)

        found = case.dealings()
        assert found.state is CheckState.CHECKED
        now, before = found.decisions
        assert (now.state, now.by_name, now.reason) == (
            CheckState.CHECKED,
            "Ben",
            "You are right.",
        )
        assert (before.state, before.by_name) == (CheckState.REJECTED, "Ann")
        assert before.appeal is not None
        assert before.appeal.state is AppealState.CHANGED
        assert queries.store(case.session, slug="rosie").checked
        assert ("appeal_answered", "Airemoor has answered your appeal") in letters(case.session)

    def test_can_end_with_the_same_decision(self, case: Case) -> None:
        appeal_id = case.appeal()

        case.answer(appeal_id, None, answer="Still no insurance.")

        found = case.dealings()
        assert found.state is CheckState.REJECTED
        (decision,) = found.decisions
        assert decision.appeal is not None
        assert decision.appeal.state is AppealState.UPHELD
        assert decision.appeal.answered_by_name == "Ben"
        assert not found.may_appeal

    def test_is_answered_by_somebody_else(self, case: Case) -> None:
        appeal_id = case.appeal()

        with pytest.raises(OwnDecisionError, match="Somebody else"):
            case.answer(appeal_id, CheckState.CHECKED, by=case.first)

        assert case.dealings().state is CheckState.REJECTED

    def test_is_answered_once_and_with_words(self, case: Case) -> None:
        appeal_id = case.appeal()

        with pytest.raises(ReasonMissingError):
            case.answer(appeal_id, None, answer=" ")
        case.answer(appeal_id, None)
        with pytest.raises(WrongStateError, match="already"):
            case.answer(appeal_id, CheckState.CHECKED)

    def test_stops_the_council_from_deciding_beside_it(self, case: Case) -> None:
        case.appeal()

        with pytest.raises(WrongStateError, match="Answer the appeal"):
            case.decide(CheckState.SUSPENDED, "Another reason.")

    def test_is_in_time_against_a_refusal_and_once(self, case: Case) -> None:
        assert case.dealings(days=28).may_appeal
        with pytest.raises(AppealError, match="You could appeal until"):
            case.appeal(days=29)
        with pytest.raises(BadWordsError):
            case.appeal(words=" ")
        case.answer(case.appeal(), None)
        with pytest.raises(AppealError, match="already"):
            case.appeal(days=3)
        case.decide(CheckState.CHECKED)
        with pytest.raises(AppealError, match="no decision"):
            case.appeal(days=3)

    def test_is_the_stores_own(self, case: Case, make: Make) -> None:
        for other in (make.provider(postcode="LE1 1AA"), case.first):
            with pytest.raises(NotFoundError):
                case.appeal(by=other)
        appeal_id = case.appeal()
        stranger = make.staff(organisation_id=make.council(), role=Role.MODERATOR)
        for other in (stranger, case.owner):
            with pytest.raises(NotFoundError):
                case.answer(appeal_id, None, by=other)
        with pytest.raises(NotFoundError):
            queries.open_appeals(case.session, by=case.owner)
