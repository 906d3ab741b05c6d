"""The bank beside the books, and the journal that adds up to the ledger."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.kernel.money import Money, total
from marketplace.payments import commands, queries
from marketplace.payments.commands import UploadStatement
from marketplace.payments.errors import BadStatementError
from marketplace.payments.models import PaymentItem
from marketplace.payments.rules import Age, BankAccount, age_of, read_xml
from marketplace.payments.rules.journal import (
    NO_CODE,
    Code,
    Side,
    for_what,
    journal,
    month_of,
    months_before,
    next_month,
)
from marketplace.wallet.queries import had_by_council
from marketplace.wallet.rules import AccountKind
from tests.factories import Make
from tests.factories.money import Funded
from tests.factories.payments import PAY_DAY
from tests.payments.bank_files import ACCOUNT, SORT_CODE, Paid, as_csv, as_xml
from tests.payments.banks import OURS, make_reference

LATER = PAY_DAY + timedelta(days=3)
TODAY = date(2026, 3, 9)
_BALANCE = (
    "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
    '<Amt Ccy="GBP">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-06</Dt></Dt></Bal>'
)


def with_balances(content: bytes, opening: str, closing: str) -> bytes:
    """Write into a CAMT.053 file what was in the account before and after."""
    said = _BALANCE.format(kind="OPBD", amount=opening) + _BALANCE.format(
        kind="CLBD", amount=closing
    )
    return content.replace(b"<TxsSummry>", said.encode() + b"<TxsSummry>")


@pytest.fixture
def payer(session: Session, make: Make, funded: Funded) -> Actor:
    """Return a finance officer whose council has a payment of £30.00 with the bank."""
    make.confirmed(make.accepted(funded=funded))
    officer = make.officer(council_id=funded.council_id, name="Olu Kent")
    commands.set_bank_account(session, OURS, by=officer, at=PAY_DAY)
    make.sent_run(by=officer)
    return officer


def read(session: Session, officer: Actor, content: bytes) -> UUID:
    wish = UploadStatement(statement_id=uuid4(), name="march", content=content)
    commands.upload_statement(session, wish, by=officer, at=LATER)
    commands.take_in_statement(session, statement_id=wish.statement_id, by=officer, at=LATER)
    for line_id in queries.lines_to_post(session, limit=100):
        commands.post_line(session, line_id=line_id, at=LATER)
    for line_id in queries.out_lines_to_post(session, limit=100):
        commands.post_out_line(session, line_id=line_id, at=LATER)
    return wish.statement_id


class TestCompared:
    def test_says_what_is_in_the_books_and_what_waits(
        self, session: Session, payer: Actor, funded: Funded
    ) -> None:
        day = "06/03/2026"
        content = as_xml(
            [
                Paid(words="SUPPORT 1-1", amount="30.00", out=True, day=day),
                Paid(words="RATES", amount="5.00", out=True, day=day),
                Paid(words=make_reference(session, funded), amount="25.00", day=day),
                Paid(words="WHO", amount="3.00", day=day),
            ]
        )
        read(session, payer, with_balances(content, "100.00", "93.00"))

        (found,) = queries.compared(session, council_id=payer.works_for)

        assert (found.opening, found.closing) == (Money(100_00), Money(93_00))
        assert (found.came_in, found.booked_in, found.explained_in) == (
            Money(28_00), Money(25_00), Money(3_00),
        )  # fmt: skip
        assert (found.went_out, found.booked_out, found.explained_out) == (
            Money(35_00), Money(30_00), Money(5_00),
        )  # fmt: skip
        assert found.is_equal
        paid, books = queries.paid_by_both(session, council_id=payer.works_for)
        assert paid == books == Money(30_00)

    def test_counts_what_came_with_an_earlier_file_there(
        self, session: Session, payer: Actor
    ) -> None:
        one = Paid(words="SUPPORT 1-1", amount="30.00", out=True, day="06/03/2026")
        read(session, payer, as_csv([one]))
        again = read(session, payer, as_csv([one, Paid(day="07/03/2026")]))

        found = {each.id: each for each in queries.compared(session, council_id=payer.works_for)}

        assert (found[again].went_out, found[again].explained_out) == (Money(30_00), Money(30_00))
        assert all(each.is_equal for each in found.values())

    def test_refuses_lines_that_do_not_lead_to_the_closing_amount(self) -> None:
        content = with_balances(as_xml([Paid(amount="25.00")]), "100.00", "140.00")

        with pytest.raises(BadStatementError, match=r"add up to £25\.00. A part of it is missing"):
            read_xml(content, ours=BankAccount(SORT_CODE, ACCOUNT), today=TODAY)


class TestWaiting:
    def test_tells_how_long(self, session: Session, payer: Actor) -> None:
        days = [("?", "09/03/2026", False), ("?", "01/03/2026", True), ("?", "01/01/2026", True)]
        read(session, payer, as_csv([Paid(words=w, day=d, out=out) for w, d, out in days]))

        found = queries.waiting(session, council_id=payer.works_for, today=TODAY)

        assert [(each.age, each.count, each.amount) for each in found] == [
            (age, 1, Money(25_00)) for age in Age
        ]

    def test_lists_what_the_bank_has_not_answered(self, session: Session, payer: Actor) -> None:
        (found,) = queries.with_bank(session, council_id=payer.works_for, today=TODAY)
        assert (found.reference, found.days) == ("SUPPORT 1-1", 3)

        one = Paid(words="SUPPORT 1-1", amount="30.00", out=True, day="06/03/2026")
        read(session, payer, as_csv([one]))

        assert queries.with_bank(session, council_id=payer.works_for, today=TODAY) == []

    @pytest.mark.parametrize(
        ("days", "age"),
        [(0, Age.WEEK), (7, Age.WEEK), (8, Age.MONTH), (30, Age.MONTH), (31, Age.LONGER)],
    )
    def test_has_three_ages(self, days: int, age: Age) -> None:
        assert age_of(TODAY - timedelta(days=days), TODAY) is age


def _pounds(text: str) -> Money:
    return Money(round(float(text) * 100)) if text else Money(0)


class TestJournal:
    def test_adds_up_to_the_ledger_account_by_account(
        self, session: Session, payer: Actor, funded: Funded
    ) -> None:
        march = Paid(words=make_reference(session, funded), amount="25.00", day="06/03/2026")
        one = Paid(words="SUPPORT 1-1", amount="30.00", out=True, day="06/03/2026")
        read(session, payer, as_csv([march, one]))

        months = [*months_before(date(2026, 4, 1), 24)]
        lines = [
            line
            for month in months
            for line in queries.journal_lines(session, month=month, seen_by=payer)
        ]

        for kind in AccountKind:
            moved = total(line.moved_in - line.moved_out for line in lines if line.kind is kind)
            assert moved == had_by_council(session, council_id=payer.works_for, kind=kind)
        assert {line.kind for line in lines} >= {AccountKind.PAID, AccountKind.OUTSIDE}
        rows = queries.journal_rows(session, month=date(2026, 3, 1), seen_by=payer)
        assert total(_pounds(row[6]) for row in rows) == total(_pounds(row[7]) for row in rows)
        assert any(row[3] == "own_money" for row in rows)
        assert {row[5] for row in rows} == {
            "An instalment came in",
            "Paid in by bank transfer",
            "Paid for support",
            "Paid to a provider",
            "Set aside for an order",
        }

    def test_is_of_the_own_council(self, session: Session, make: Make, payer: Actor) -> None:
        stranger = make.officer(council_id=make.council())

        for month in months_before(date(2026, 4, 1), 3):
            assert queries.journal_lines(session, month=month, seen_by=stranger) == []

    def test_splits_the_other_side_as_the_lines_paid(self) -> None:
        one, two, provider = (uuid4() for _ in range(3))
        transfer = f"invoice/{uuid4()}/capture"
        codes = {one: Code("council", "A1"), two: Code("nhs", "B2")}
        sides = [
            Side(transfer, "capture", one, AccountKind.HELD, Money(-10_00)),
            Side(transfer, "capture", two, AccountKind.HELD, Money(-20_00)),
            Side(transfer, "capture", provider, AccountKind.EARNED, Money(30_00)),
        ]

        earned = [each for each in journal(sides, codes) if each.kind is AccountKind.EARNED]

        assert [(each.code, each.moved_in) for each in earned] == [
            (codes[one], Money(10_00)),
            (codes[two], Money(20_00)),
        ]

    def test_gives_no_code_where_no_line_says_one(self) -> None:
        provider, transfer = uuid4(), f"payment/{uuid4()}"
        sides = [
            Side(transfer, "payment", provider, AccountKind.EARNED, Money(-30_00)),
            Side(transfer, "payment", provider, AccountKind.PAID, Money(30_00)),
        ]

        assert {each.code for each in journal(sides, {})} == {NO_CODE}

    def test_splits_a_payment_as_its_invoices_were_paid_for(
        self, session: Session, payer: Actor
    ) -> None:
        (item,) = session.scalars(select(PaymentItem)).all()
        commands.settle_items(session, [item.id], paid_on=TODAY, by=payer, at=LATER)
        commands.unsettle_item(session, item.id, by=payer, at=LATER)
        commands.settle_items(session, [item.id], paid_on=TODAY, by=payer, at=LATER)

        lines = queries.journal_lines(session, month=date(2026, 3, 1), seen_by=payer)

        owed = {line.code: line for line in lines if line.reason == "capture"}
        for reason in ("payment", "payment-undone"):
            told = [line for line in lines if line.reason == reason]
            assert {line.kind for line in told} == {AccountKind.EARNED, AccountKind.PAID}
            assert {line.code for line in told} == {code for code in owed if code != NO_CODE}
            assert NO_CODE not in {line.code for line in told}

    def test_splits_what_came_back_by_a_credit_note(self) -> None:
        one, two = uuid4(), uuid4()
        codes = {one: Code("council", "A1"), two: Code("nhs", "B2")}
        paid_for = [
            Side("invoice/a/capture", "capture", one, AccountKind.HELD, Money(-10_00)),
            Side("invoice/a/capture", "capture", two, AccountKind.HELD, Money(-20_00)),
            Side("credit/b", "refund", two, AccountKind.AVAILABLE, Money(5_00)),
        ]
        key = f"payment/{uuid4()}"
        provider = uuid4()
        sides = [
            Side(key, "payment", provider, AccountKind.EARNED, Money(-25_50)),
            Side(key, "payment", provider, AccountKind.PAID, Money(25_50)),
        ]

        found = journal(sides, codes, {key: for_what(paid_for, codes)})

        paid = {line.code: line.moved_in for line in found if line.kind is AccountKind.PAID}
        assert paid == {codes[one]: Money(10_00), codes[two]: Money(15_00), NO_CODE: Money(50)}

    @settings(max_examples=50, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.lists(
                    st.tuples(
                        st.integers(0, 5), st.sampled_from(AccountKind), st.integers(-900, 900)
                    ),
                    min_size=1,
                    max_size=4,
                ),
                st.sampled_from(["capture", "payment", "refund"]),
            ),
            max_size=8,
        )
    )
    def test_adds_up_per_account_whatever_moved(
        self, movements: list[tuple[list[tuple[int, AccountKind, int]], str]]
    ) -> None:
        owners = [UUID(int=number + 1) for number in range(7)]
        codes = {owners[number]: Code("council", str(number)) for number in range(3)}
        sides = []
        for legs, reason in movements:
            transfer = f"invoice/{uuid4()}/capture"
            rest = -sum(pence for *_, pence in legs)
            for number, kind, pence in [*legs, (6, AccountKind.OUTSIDE, rest)]:
                sides.append(Side(transfer, reason, owners[number], kind, Money(pence)))

        lines = journal(sides, codes)

        for kind in AccountKind:
            moved = total(each.moved_in - each.moved_out for each in lines if each.kind is kind)
            assert moved == total(side.amount for side in sides if side.kind is kind)


class TestMonths:
    def test_are_counted_over_the_end_of_a_year(self) -> None:
        assert months_before(date(2026, 2, 28), 3) == [
            date(2026, 1, 1), date(2025, 12, 1), date(2025, 11, 1),
        ]  # fmt: skip
        assert next_month(date(2025, 12, 1)) == date(2026, 1, 1)

    @pytest.mark.parametrize(
        ("typed", "month"),
        [
            ("2025-11", date(2025, 11, 1)),
            ("2026-03", date(2026, 3, 1)),
            ("2026-04", date(2026, 3, 1)),
            ("", date(2026, 2, 1)),
            ("nonsense", date(2026, 2, 1)),
            ("2026-13", date(2026, 2, 1)),
            ("1-2-3", date(2026, 2, 1)),
        ],
    )
    def test_are_read_as_they_are_written(self, typed: str, month: date) -> None:
        assert month_of(typed, today=TODAY) == month
