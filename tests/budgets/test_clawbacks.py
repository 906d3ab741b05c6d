"""Money asked back: notice, answer, decision by somebody else; and never silently."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role, Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import ChangeLine, DecideClawback, GiveNotice, OfferLine, TakeOut
from marketplace.budgets.errors import BadLineError, ClawbackDoneError
from marketplace.budgets.rules import ClawbackEnd, Holder
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.outbox.models import Letter
from marketplace.wallet import queries as ledger
from marketplace.wallet.commands import move
from marketplace.wallet.rules import AccountKind, Leg, Movement
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

LATER = PAID_IN + timedelta(days=40)


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00."""
    return make.funded_person(to_spend=Money(100_00))


@pytest.fixture
def officer(make: Make, funded: Funded) -> Actor:
    """Return a finance officer of their council."""
    return make.staff(organisation_id=funded.council_id, role=Role.FINANCE_OFFICER, name="Fay")


def notice(session: Session, funded: Funded, amount: Money = Money(60_00), **more: object) -> UUID:
    """Give notice, as the practitioner."""
    fields = {
        "clawback_id": uuid4(),
        "line_id": funded.line_id,
        "amount": amount,
        "reason": "It was paid twice.",
        "evidence": "Bank statement of 4 March.",
    }
    wish = GiveNotice(**(fields | more))  # type: ignore[arg-type]
    return commands.give_notice(session, wish, by=funded.practitioner, at=PAID_IN)


def decide(
    session: Session,
    clawback_id: UUID,
    by: Actor,
    *,
    end: ClawbackEnd = ClawbackEnd.TAKE_ALL,
    part: Money | None = None,
    at: datetime = LATER,
) -> Money:
    """Decide about a notice."""
    wish = DecideClawback(clawback_id=clawback_id, end=end, part=part, reason="It is so.")
    return commands.decide_clawback(session, wish, by=by, at=at)


def given_back(session: Session, council_id: UUID) -> Money:
    """Return all that ever went into a council's account."""
    row = text(
        "SELECT COALESCE(SUM(e.amount_pence), 0) FROM wallet_entries e "
        "JOIN wallet_accounts a ON a.id = e.account_id "
        "WHERE a.kind = 'funder' AND e.amount_pence > 0 AND a.council_id = :council"
    )
    postgres = session.get_bind().dialect.name == "postgresql"
    council = council_id if postgres else council_id.hex
    return Money(int(session.execute(row, {"council": council}).scalar_one()))


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


class TestTheDatabase:
    def back(self, session: Session, funded: Funded, key: str, amount: Money) -> None:
        """Move money straight back to the council."""
        line = session.execute(
            text("SELECT available_account_id FROM budget_lines WHERE closed_at IS NULL")
        ).scalar_one()
        source = line if isinstance(line, UUID) else UUID(line)
        funder = ledger.find_account(
            session,
            owner_id=funded.council_id,
            kind=AccountKind.FUNDER,
            council_id=funded.council_id,
        )
        assert funder is not None
        legs = (Leg(source, -amount), Leg(funder, amount))
        move(session, Movement(key, "back", legs), at=LATER)

    @pytest.mark.parametrize(
        "key",
        [
            "anything",
            "clawback",
            "clawback/",
            "clawback/00000000-0000-0000-0000-000000000000",
            "clawback/not-an-id",
            "handover/00000000-0000-0000-0000-000000000000",
            "handover/x",
            "instalment/x",
        ],
    )
    def test_lets_nothing_back_without_a_decision(
        self, session: Session, funded: Funded, key: str
    ) -> None:
        with pytest.raises(DBAPIError), session.begin_nested():
            self.back(session, funded, key, Money(1))

        assert given_back(session, funded.council_id) == ZERO

    def test_lets_back_no_other_amount_and_not_before_the_decision(
        self, session: Session, funded: Funded, officer: Actor
    ) -> None:
        clawback_id = notice(session, funded)
        key = f"clawback/{clawback_id}"
        with pytest.raises(DBAPIError, match="only by a decided"), session.begin_nested():
            self.back(session, funded, key, Money(60_00))
        decide(session, clawback_id, officer, end=ClawbackEnd.WITHDRAW)
        for amount in (Money(60_00), Money(1)):
            with pytest.raises(DBAPIError, match="only by a decided"), session.begin_nested():
                self.back(session, funded, key, amount)

    def test_knows_a_change_that_moved_no_money_between_councils(
        self, session: Session, funded: Funded
    ) -> None:
        wish = ChangeLine.new(funded.line_id, "New holder.")
        new = commands.NewHolder(holder=Holder.TRUST, name="A trust")
        commands.change_holder(session, wish, new=new, by=funded.practitioner, at=PAID_IN)

        with pytest.raises(DBAPIError, match="only by a decided"), session.begin_nested():
            self.back(session, funded, f"handover/{wish.change_id}", Money(100_00))

    @pytest.mark.parametrize("early", [True, False])
    def test_takes_no_decision_that_is_too_early_or_by_the_same_officer(
        self, session: Session, funded: Funded, officer: Actor, *, early: bool
    ) -> None:
        clawback_id = notice(session, funded)
        values = {
            "id": uuid4(),
            "clawback_id": clawback_id,
            "by_id": officer.user_id if early else funded.practitioner.user_id,
            "at": PAID_IN if early else LATER,
        }
        if session.get_bind().dialect.name == "sqlite":
            for name in ("id", "clawback_id", "by_id"):
                values[name] = values[name].hex  # type: ignore[union-attr]
            values["at"] = f"{values['at']:%Y-%m-%d %H:%M:%S.%f}"
        statement = text(
            "INSERT INTO budget_clawback_decisions (id, clawback_id, kind, wanted_pence, "
            "taken_pence, reason, by_id, by_name, at) VALUES "
            "(:id, :clawback_id, 'take_all', 1, 1, '', :by_id, '', :at)"
        )

        with pytest.raises(DBAPIError, match="second officer"), session.begin_nested():
            session.execute(statement, values)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE budget_clawbacks SET objects_until = noticed_at",
            "UPDATE budget_clawbacks SET amount_pence = 1",
            "DELETE FROM budget_clawbacks",
            "UPDATE budget_clawback_decisions SET taken_pence = 0",
            "DELETE FROM budget_clawback_decisions",
            "DELETE FROM budget_clawback_answers",
        ],
    )
    def test_keeps_notice_answer_and_decision(
        self, session: Session, funded: Funded, officer: Actor, statement: str
    ) -> None:
        clawback_id = notice(session, funded)
        commands.answer_notice(
            session, clawback_id=clawback_id, agrees=True, words="", by=funded.person, at=PAID_IN
        )
        decide(session, clawback_id, officer)

        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(statement))


def test_even_taking_out_needs_a_decision(session: Session, funded: Funded) -> None:
    with pytest.raises(DBAPIError, match="only by a decided"), session.begin_nested():
        commands.take_out(
            session,
            line_id=funded.line_id,
            key="clawback/quietly",
            amount=Money(1_00),
            why=TakeOut.CLAWBACK,
            by_user_id=None,
            at=LATER,
        )

    assert available(session, funded) == Money(100_00)
