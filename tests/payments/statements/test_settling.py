"""What the bank says of our own payments: settled, come back, and what a human must say."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.payments import commands, queries
from marketplace.payments.commands import UploadStatement
from marketplace.payments.errors import (
    BadStatementError,
    LineDoneError,
    NoSuchPaymentError,
    ReasonMissingError,
    SameStatementError,
    WrongItemStateError,
)
from marketplace.payments.models import PaymentItem, PaymentRun
from marketplace.payments.queries import OutLineRow
from marketplace.payments.rules import ItemState, OutKind, OutState, RunState
from marketplace.wallet.queries import balances, problems
from marketplace.wallet.rules import AccountKind
from tests.factories import Make
from tests.factories.money import Funded
from tests.factories.payments import PAY_DAY
from tests.payments.bank_files import Paid, Writer, as_csv, as_xml
from tests.payments.banks import OURS

LATER = PAY_DAY.replace(day=9)
BOTH = pytest.mark.parametrize("written", [as_csv, as_xml])


@pytest.fixture
def payer(session: Session, make: Make, funded: Funded) -> Actor:
    """Return a finance officer whose council has two payments of £30.00 with the bank."""
    for _ in range(2):
        make.confirmed(make.accepted(funded=funded))
    officer = make.officer(council_id=funded.council_id, name="Olu Kent")
    commands.set_bank_account(session, OURS, by=officer, at=PAY_DAY)
    make.sent_run(by=officer)
    return officer


def items(session: Session) -> list[PaymentItem]:
    session.expire_all()
    return list(session.scalars(select(PaymentItem).order_by(PaymentItem.position)))


def states(session: Session) -> list[ItemState]:
    return [item.state for item in items(session)]


def run_state(session: Session) -> RunState:
    session.expire_all()
    return session.scalars(select(PaymentRun.state)).one()


def went_out(words: str, amount: str = "30.00", day: str = "06/03/2026") -> Paid:
    return Paid(words=words, amount=amount, day=day, out=True)


def upload(session: Session, officer: Actor, content: bytes) -> UUID:
    wish = UploadStatement(statement_id=uuid4(), name="march", content=content)
    commands.upload_statement(session, wish, by=officer, at=LATER)
    return wish.statement_id


def read(session: Session, officer: Actor, content: bytes) -> list[OutLineRow]:
    """Upload a file and take it in."""
    statement_id = upload(session, officer, content)
    commands.take_in_statement(session, statement_id=statement_id, by=officer, at=LATER)
    for line_id in queries.out_lines_to_post(session, limit=100):
        commands.post_out_line(session, line_id=line_id, at=LATER)
    return queries.out_lines(session, statement_id=statement_id)


def told(rows: Iterable[OutLineRow]) -> list[tuple[OutState, str]]:
    return [(row.state, row.note) for row in rows]


def earned_and_paid(session: Session) -> list[tuple[Money, Money]]:
    found = []
    for item in items(session):
        owner = item.provider_id
        earned, paid = (
            balances(session, owner_ids=[owner], kind=kind)[owner]
            for kind in (AccountKind.EARNED, AccountKind.PAID)
        )
        found.append((earned, paid))
    return found


OWED, DONE = (Money(30_00), Money(0)), (Money(0), Money(30_00))


@BOTH
class TestSettles:
    def test_settles_by_reference_and_amount_with_the_day_of_the_bank(
        self, session: Session, payer: Actor, written: Writer
    ) -> None:
        content = written([went_out("SUPPORT 1-1"), went_out("support 1-2", day="07/03/2026")])

        rows = read(session, payer, content)

        assert told(rows) == [(OutState.POSTED, "")] * 2
        assert [row.reference for row in rows] == ["SUPPORT 1-1", "SUPPORT 1-2"]
        assert [item.settled_on for item in items(session)] == [date(2026, 3, 6), date(2026, 3, 7)]
        assert earned_and_paid(session) == [DONE, DONE]
        assert run_state(session) is RunState.PAID
        assert (problems(session), queries.problems(session)) == ([], [])

    def test_asks_a_human_about_everything_else(
        self, session: Session, payer: Actor, written: Writer
    ) -> None:
        content = written(
            [
                went_out("SUPPORT 1-1", amount="29.99"),
                went_out("SUPPORT 9-9"),
                went_out("SUPPORT 1-1 SUPPORT 1-2"),
                went_out("RATES"),
                went_out("SUPPORT 1-22"),
            ]
        )

        assert [note for _, note in told(read(session, payer, content))] == [
            "SUPPORT 1-1 is a payment of £30.00.",
            "It names none of our payments.",
            "It names more than one of our payments.",
            "It names none of our payments.",
            "It names none of our payments.",
        ]
        assert states(session) == [ItemState.SENT] * 2

    def test_asks_whether_it_was_paid_twice(
        self, session: Session, payer: Actor, written: Writer
    ) -> None:
        first = read(session, payer, written([went_out("SUPPORT 1-1"), went_out("SUPPORT 1-1")]))
        second = read(session, payer, written([went_out("SUPPORT 1-1", day="08/03/2026")]))

        assert [row.state for row in [*first, *second]] == [
            OutState.POSTED, OutState.OPEN, OutState.OPEN,
        ]  # fmt: skip
        assert all("paid twice?" in row.note for row in [first[1], *second])
        assert earned_and_paid(session) == [DONE, OWED]

    def test_reads_overlapping_files_once_and_the_same_file_never(
        self, session: Session, payer: Actor, written: Writer
    ) -> None:
        one = [went_out("SUPPORT 1-1")]
        read(session, payer, written(one))

        again = read(session, payer, written([*one, went_out("SUPPORT 1-2")]))

        assert [row.reference for row in again] == ["SUPPORT 1-2"]
        with pytest.raises(SameStatementError):
            upload(session, payer, written(one))
        assert earned_and_paid(session) == [DONE, DONE]

    def test_settles_nothing_of_a_file_that_breaks_off(
        self, session: Session, payer: Actor, written: Writer
    ) -> None:
        content = written([went_out("SUPPORT 1-1"), went_out("SUPPORT 1-2")])

        with pytest.raises(BadStatementError, match=r"line \d"):
            upload(session, payer, content[: len(content) - 60 if written is as_xml else -9])
        assert states(session) == [ItemState.SENT] * 2

    def test_asks_a_human_when_the_day_cannot_be_right(
        self, session: Session, payer: Actor, written: Writer
    ) -> None:
        rows = read(session, payer, written([went_out("SUPPORT 1-1", day="05/03/2026")]))

        assert told(rows) == [
            (OutState.OPEN, "Enter a day on or after the one on which the run was approved.")
        ]

    def test_lets_a_payment_come_back_by_its_reference(
        self, session: Session, payer: Actor, written: Writer
    ) -> None:
        read(session, payer, written([went_out("SUPPORT 1-1")]))

        back = read(session, payer, written([Paid(words="SUPPORT 1-1", amount="30.00",
                                                  day="09/03/2026")]))  # fmt: skip

        assert [(row.kind, row.state) for row in back] == [(OutKind.RETURNED, OutState.POSTED)]
        assert states(session) == [ItemState.BOUNCED, ItemState.SENT]
        assert items(session)[0].bounced_on == date(2026, 3, 9)
        assert earned_and_paid(session) == [OWED, OWED]
        assert (problems(session), queries.problems(session)) == ([], [])

    def test_reads_a_return_before_its_payment(
        self, session: Session, payer: Actor, written: Writer
    ) -> None:
        back = [Paid(words="SUPPORT 1-1", amount="30.00", day="09/03/2026")]
        first = read(session, payer, written(back))

        then = read(session, payer, written([went_out("SUPPORT 1-1")]))

        assert [row.state for row in [*first, *then]] == [OutState.POSTED] * 2
        assert states(session) == [ItemState.BOUNCED, ItemState.SENT]
        assert earned_and_paid(session) == [OWED, OWED]

    def test_reads_both_from_one_file_in_their_order(
        self, session: Session, payer: Actor, written: Writer
    ) -> None:
        content = [
            Paid(words="SUPPORT 1-1", amount="30.00", day="09/03/2026"),
            went_out("SUPPORT 1-1"),
        ]

        read(session, payer, written(content))

        assert items(session)[0].settled_on == date(2026, 3, 6)
        assert states(session) == [ItemState.BOUNCED, ItemState.SENT]

    def test_leaves_to_a_person_what_names_their_reference_too(
        self, session: Session, payer: Actor, reference: str, written: Writer
    ) -> None:
        words = f"SUPPORT 1-1 {reference}"

        assert read(session, payer, written([Paid(words=words, day="09/03/2026")])) == []


def test_a_return_says_why_in_words(session: Session, payer: Actor) -> None:
    read(session, payer, as_xml([went_out("SUPPORT 1-1")]))
    back = as_xml([Paid(words="SUPPORT 1-1", amount="30.00", day="09/03/2026")]).replace(
        b"</RmtInf>", b"</RmtInf><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    )

    read(session, payer, back)

    assert items(session)[0].bounce_reason == "The account is closed."


class TestAHumanSays:
    def test_which_payment_it_is(self, session: Session, payer: Actor) -> None:
        (line,) = read(session, payer, as_csv([went_out("BILL PAYMENT")]))
        suggested = queries.may_be(session, line, council_id=payer.works_for)
        assert [each.reference for each in suggested] == ["SUPPORT 1-1", "SUPPORT 1-2"]

        commands.match_out_line(session, line_id=line.id, typed="1-2", by=payer, at=LATER)

        assert states(session) == [ItemState.SENT, ItemState.SETTLED]
        with pytest.raises(LineDoneError):
            commands.match_out_line(session, line_id=line.id, typed="1-1", by=payer, at=LATER)

    def test_that_it_is_a_whole_run(self, session: Session, payer: Actor) -> None:
        (line,) = read(session, payer, as_csv([went_out("BACS 123456", amount="60.00")]))

        commands.match_out_line(session, line_id=line.id, typed="Run 1", by=payer, at=LATER)

        assert states(session) == [ItemState.SETTLED] * 2
        assert run_state(session) is RunState.PAID
        found = queries.out_line_for(session, line_id=line.id, seen_by=payer)
        assert (found.state, found.run_number) == (OutState.POSTED, 1)

    def test_that_it_is_not_ours(self, session: Session, payer: Actor) -> None:
        (line,) = read(session, payer, as_csv([went_out("RATES")]))

        commands.mark_out_not_ours(session, line_id=line.id, reason="Rates", by=payer, at=LATER)

        found = queries.out_line_for(session, line_id=line.id, seen_by=payer)
        assert (found.state, found.note) == (OutState.NOT_OURS, "Rates")
        assert queries.open_out_lines(session, council_id=payer.works_for).total == 0
        with pytest.raises(ReasonMissingError):
            commands.mark_out_not_ours(session, line_id=line.id, reason=" ", by=payer, at=LATER)

    @pytest.mark.parametrize(
        ("typed", "why"),
        [
            ("9-9", "no such payment"),
            ("nonsense", "no such payment"),
            ("", "no such payment"),
            ("run 9", "sent no run"),
            ("run 1", "payments of £60.00"),
            ("1-1", "is a payment of £30.00, and this line is of £25.00"),
        ],
    )
    def test_and_is_told_what_cannot_be(
        self, session: Session, payer: Actor, typed: str, why: str
    ) -> None:
        (line,) = read(session, payer, as_csv([went_out("?", amount="25.00")]))

        with pytest.raises(NoSuchPaymentError, match=why):
            commands.match_out_line(session, line_id=line.id, typed=typed, by=payer, at=LATER)

    def test_and_cannot_take_two_lines_for_one_payment(
        self, session: Session, payer: Actor
    ) -> None:
        lines = read(session, payer, as_csv([went_out("SUPPORT 1-1"), went_out("?")]))

        with pytest.raises(NoSuchPaymentError, match="Another line"):
            commands.match_out_line(session, line_id=lines[1].id, typed="1-1", by=payer, at=LATER)

    def test_and_can_take_it_back(self, session: Session, payer: Actor) -> None:
        (line,) = read(session, payer, as_csv([went_out("SUPPORT 1-1")]))
        with pytest.raises(ReasonMissingError):
            commands.undo_out_line(session, line_id=line.id, reason="", by=payer, at=LATER)

        commands.undo_out_line(session, line_id=line.id, reason="Wrong", by=payer, at=LATER)

        assert states(session) == [ItemState.SENT] * 2
        assert earned_and_paid(session) == [OWED, OWED]
        with pytest.raises(LineDoneError):
            commands.undo_out_line(session, line_id=line.id, reason="Wrong", by=payer, at=LATER)
        commands.match_out_line(session, line_id=line.id, typed="1-2", by=payer, at=LATER)
        assert earned_and_paid(session) == [OWED, DONE]
        assert (problems(session), queries.problems(session)) == ([], [])

    def test_but_not_what_has_come_back_since(self, session: Session, payer: Actor) -> None:
        (line,) = read(session, payer, as_csv([went_out("SUPPORT 1-1")]))
        read(session, payer, as_csv([Paid(words="SUPPORT 1-1", amount="30.00", day="09/03/2026")]))

        with pytest.raises(WrongItemStateError):
            commands.undo_out_line(session, line_id=line.id, reason="Wrong", by=payer, at=LATER)

    def test_for_the_own_council_alone(self, session: Session, make: Make, payer: Actor) -> None:
        (line,) = read(session, payer, as_csv([went_out("?")]))
        stranger = make.officer(council_id=make.council())

        with pytest.raises(NotFoundError):
            commands.match_out_line(session, line_id=line.id, typed="1-1", by=stranger, at=LATER)
        with pytest.raises(NotFoundError):
            queries.out_line_for(session, line_id=line.id, seen_by=stranger)
