"""Money asked back: notice, answer, decision by somebody else; and never silently."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role, Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import ChangeLine, GiveNotice, OfferLine
from marketplace.budgets.errors import BadLineError, ClawbackDoneError
from marketplace.budgets.rules import ClawbackEnd
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.outbox.models import Letter
from marketplace.wallet import queries as ledger
from tests.budgets.asking_back import LATER, decide, given_back, notice
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00."""
    return make.funded_person(to_spend=Money(100_00))


@pytest.fixture
def officer(make: Make, funded: Funded) -> Actor:
    """Return a finance officer of their council."""
    return make.staff(organisation_id=funded.council_id, role=Role.FINANCE_OFFICER, name="Fay")


def available(session: Session, funded: Funded) -> Money:
    """Return what somebody has to spend."""
    return queries.wallet(session, person_id=funded.id, at=LATER).available


class TestNotice:
    def test_takes_nothing_and_tells_the_person_and_who_helps_them(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        for scope in (Scope.PAY, Scope.PLAN, Scope.PROPOSE):
            make.supporter(person=funded.person, scopes={scope})

        clawback_id = notice(session, funded)

        assert available(session, funded) == Money(100_00)
        letters = session.query(Letter).filter_by(template="clawback_notice").all()
        assert len(letters) == 3
        assert letters[0].values["amount"] == "£60.00"
        assert letters[0].values["last_day"] == "1 April 2026"
        row = queries.clawback_for(session, clawback_id=clawback_id, seen_by=funded.person)
        assert row.objects_until == datetime(2026, 4, 1, 23, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"amount": ZERO}, "amount"),
            ({"amount": Money(-5)}, "amount"),
            ({"amount": Money(100_01)}, "amount"),
            ({"days": 13}, "days"),
            ({"days": 366}, "days"),
            ({"reason": " "}, "reason"),
            ({"evidence": ""}, "evidence"),
            ({"evidence": "x" * 2_001}, "evidence"),
            ({"content": b"MZ\x90\x00", "file_name": "a.pdf"}, "file"),
            ({"content": b"%PDF-1.7" + b"0" * 5 * 1024 * 1024}, "file"),
        ],
    )
    def test_refuses_what_cannot_be(
        self, session: Session, funded: Funded, changes: dict[str, object], field: str
    ) -> None:
        with pytest.raises(BadLineError) as refusal, session.begin_nested():
            notice(session, funded, **changes)  # type: ignore[arg-type]

        assert refusal.value.field == field

    def test_keeps_a_paper(self, session: Session, make: Make, funded: Funded) -> None:
        picture = BytesIO()
        Image.new("RGB", (2, 2)).save(picture, "PNG")
        clawback_id = notice(session, funded, content=picture.getvalue(), file_name="statement.png")

        found = queries.clawback_file(session, clawback_id=clawback_id, seen_by=funded.person)

        assert found == ("statement.png", "image/png", picture.getvalue())
        with pytest.raises(NotFoundError):
            queries.clawback_file(session, clawback_id=clawback_id, seen_by=make.person())

    def test_is_one_at_a_time_and_sent_twice_is_one(self, session: Session, funded: Funded) -> None:
        clawback_id = notice(session, funded)

        assert notice(session, funded, clawback_id=clawback_id) == clawback_id
        with pytest.raises(BadLineError, match="notice about this line already"):
            notice(session, funded)

    def test_is_not_for_own_money(self, session: Session, funded: Funded) -> None:
        own = commands.own_line(
            session, person_id=funded.id, council_id=funded.council_id, by_user_id=None, at=PAID_IN
        )

        with pytest.raises(BadLineError, match="own money"):
            notice(session, funded, line_id=own)

    def test_is_for_that_councils_officers(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        for by, error in (
            (make.practitioner(), NotFoundError),
            (funded.person, NotAllowedError),
            (
                make.staff(organisation_id=funded.council_id, role=Role.COMMISSIONER),
                NotAllowedError,
            ),
        ):
            wish = GiveNotice(
                clawback_id=uuid4(),
                line_id=funded.line_id,
                amount=Money(1),
                reason="A",
                evidence="B",
            )
            with pytest.raises(error):
                commands.give_notice(session, wish, by=by, at=PAID_IN)

    def test_keeps_the_line_from_being_closed_or_handed_over(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        notice(session, funded)
        wish = OfferLine(
            handover_id=uuid4(),
            line_id=funded.line_id,
            to_council_id=make.council(),
            reason="Moves.",
        )
        with pytest.raises(BadLineError, match="decided first"):
            commands.offer_line(session, wish, by=funded.practitioner, at=PAID_IN)
        with pytest.raises(BadLineError, match="decided first"):
            commands.close_line(
                session,
                ChangeLine.new(funded.line_id, "Done."),
                by=funded.practitioner,
                at=PAID_IN,
            )


class TestAnswer:
    def answer(self, session: Session, clawback_id: UUID, by: Actor, words: str = "No.") -> None:
        """Object."""
        commands.answer_notice(
            session, clawback_id=clawback_id, agrees=False, words=words, by=by, at=PAID_IN
        )

    def test_is_for_the_person_and_those_who_pay_or_plan(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        clawback_id = notice(session, funded)
        for by, error in (
            (make.person(), NotFoundError),
            (funded.practitioner, NotFoundError),
            (make.supporter(person=funded.person, scopes={Scope.PROPOSE}), NotAllowedError),
        ):
            with pytest.raises(error):
                self.answer(session, clawback_id, by)
        self.answer(session, clawback_id, make.supporter(person=funded.person, scopes={Scope.PAY}))

        row = queries.clawbacks_of(session, person_id=funded.id)[0]
        assert (row.agrees, row.words) == (False, "No.")

    def test_is_given_once_and_in_words(self, session: Session, funded: Funded) -> None:
        clawback_id = notice(session, funded)
        with pytest.raises(BadLineError):
            self.answer(session, clawback_id, funded.person, words=" ")
        self.answer(session, clawback_id, funded.person)
        with pytest.raises(ClawbackDoneError):
            self.answer(session, clawback_id, funded.person)


class TestDecision:
    def test_takes_what_is_free_alone_and_notes_the_rest(
        self, session: Session, make: Make, funded: Funded, officer: Actor
    ) -> None:
        make.hold(funded, Money(70_00))
        clawback_id = notice(session, funded)

        assert decide(session, clawback_id, officer) == Money(30_00)

        assert available(session, funded) == ZERO
        assert given_back(session, funded.council_id) == Money(30_00)
        row = queries.clawbacks_of(session, person_id=funded.id)[0]
        assert (row.wanted, row.taken, row.not_taken) == (Money(60_00), Money(30_00), Money(30_00))
        assert queries.problems(session) == []
        assert ledger.problems(session) == []

    def test_may_take_a_part_or_nothing(
        self, session: Session, funded: Funded, officer: Actor
    ) -> None:
        first = notice(session, funded)
        taken = decide(session, first, officer, end=ClawbackEnd.TAKE_PART, part=Money(1_01))
        second = notice(session, funded)
        nothing = decide(session, second, officer, end=ClawbackEnd.WITHDRAW)

        assert (taken, nothing) == (Money(1_01), ZERO)
        assert given_back(session, funded.council_id) == Money(1_01)

    @pytest.mark.parametrize("part", [None, ZERO, Money(-1), Money(60_00), Money(60_01)])
    def test_refuses_a_part_that_is_none(
        self, session: Session, funded: Funded, officer: Actor, part: Money | None
    ) -> None:
        clawback_id = notice(session, funded)

        with pytest.raises(BadLineError):
            decide(session, clawback_id, officer, end=ClawbackEnd.TAKE_PART, part=part)

    def test_waits_for_the_last_minute_of_the_last_day(
        self, session: Session, funded: Funded, officer: Actor
    ) -> None:
        clawback_id = notice(session, funded)
        midnight = datetime(2026, 4, 1, 23, 0, tzinfo=UTC)  # summer time has begun meanwhile

        with pytest.raises(BadLineError, match="until 1 April 2026"):
            decide(session, clawback_id, officer, at=midnight - timedelta(seconds=1))
        decide(session, clawback_id, officer, at=midnight)

    def test_need_not_wait_for_somebody_who_has_answered(
        self, session: Session, funded: Funded, officer: Actor
    ) -> None:
        clawback_id = notice(session, funded)
        commands.answer_notice(
            session, clawback_id=clawback_id, agrees=True, words="", by=funded.person, at=PAID_IN
        )

        assert decide(session, clawback_id, officer, at=PAID_IN) == Money(60_00)

    def test_is_not_for_whoever_gave_the_notice(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        clawback_id = notice(session, funded)

        with pytest.raises(NotAllowedError, match="Somebody else has to decide"):
            decide(session, clawback_id, funded.practitioner)
        with pytest.raises(NotFoundError):
            decide(session, clawback_id, make.practitioner())

    def test_is_made_once(self, session: Session, funded: Funded, officer: Actor) -> None:
        clawback_id = notice(session, funded)
        decide(session, clawback_id, officer)

        with pytest.raises(ClawbackDoneError):
            decide(session, clawback_id, officer)
        with pytest.raises(ClawbackDoneError):
            commands.answer_notice(
                session,
                clawback_id=clawback_id,
                agrees=False,
                words="No",
                by=funded.person,
                at=LATER,
            )
        assert given_back(session, funded.council_id) == Money(60_00)
