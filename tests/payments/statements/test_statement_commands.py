"""Bank statements: each payment is paid in once, and only if its reference is right."""

from types import MappingProxyType
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets.rules import Funder
from marketplace.catalogue.errors import BadBankDetailsError
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.payments import commands, queries
from marketplace.payments.commands import SetBankAccount, UploadStatement
from marketplace.payments.errors import (
    BadStatementError,
    NoBankAccountError,
    SameStatementError,
    StatementDoneError,
)
from marketplace.payments.rules import LineState, Part, StatementState, is_reference
from marketplace.wallet.queries import problems
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.money import Funded
from tests.payments.bank_files import ACCOUNT, SORT_CODE, Paid, Writer, as_csv, as_xml
from tests.payments.banks import (
    FRIDAY,
    OURS,
    make_reference,
    open_line,
    paid_in,
    take_in,
    upload,
    view,
)


class TestBankAccount:
    def test_is_kept_and_can_be_changed(
        self, session: Session, officer: Actor, funded: Funded
    ) -> None:
        other = SetBankAccount(sort_code="040506", account_number="87654321", account_name="New")

        commands.set_bank_account(session, other, by=officer, at=NOON)

        bank = queries.find_bank(session, council_id=funded.council_id)
        assert bank is not None
        assert str(bank.account) == "04-05-06 87654321"

    def test_refuses_digits_that_are_missing(self, session: Session, officer: Actor) -> None:
        wish = SetBankAccount(sort_code="1", account_number="2", account_name="A")

        with pytest.raises(BadBankDetailsError):
            commands.set_bank_account(session, wish, by=officer, at=NOON)


class TestMakeReference:
    def test_is_made_once_for_each_market_and_for_family(
        self, session: Session, make: Make, funded: Funded, reference: str
    ) -> None:
        other = make.funded_person(council_id=funded.council_id)

        made = {make_reference(session, funded), make_reference(session, funded, by_family=True)}

        assert is_reference(reference)
        assert reference in made
        assert len(made | {make_reference(session, other)}) == 3

    def test_is_shown_with_the_account(
        self, session: Session, officer: Actor, funded: Funded, reference: str
    ) -> None:
        way = queries.find_how_to_pay(
            session, person_id=funded.id, council_id=funded.council_id, by_family=False
        )

        assert way is not None
        assert (way.sort_code, way.account_number) == ("01-02-03", ACCOUNT)
        assert way.reference == f"{reference[:4]}-{reference[4:]}"


@pytest.mark.parametrize("written", [as_csv, as_xml])
class TestTakeIn:
    def test_pays_in_what_has_a_right_reference(
        self, session: Session, officer: Actor, funded: Funded, reference: str, written: Writer
    ) -> None:
        words = f"{reference[:4]} {reference[4:]} ADA"
        statement_id = upload(session, officer, written([Paid(words=words), Paid(words="GAS")]))
        assert paid_in(session, funded) == Money(0)

        found = take_in(session, officer, statement_id)

        assert [line.state for line in found.lines] == [LineState.POSTED, LineState.OPEN]
        assert found.lines[0].person_name == "Ada Bell"
        assert paid_in(session, funded) == Money(25_00)
        assert problems(session) == []

    def test_pays_in_once_however_often_it_is_asked(
        self, session: Session, officer: Actor, funded: Funded, reference: str, written: Writer
    ) -> None:
        statement_id = upload(session, officer, written([Paid(words=reference)]))

        found = [take_in(session, officer, statement_id) for _ in range(3)][-1]
        commands.post_line(session, line_id=found.lines[0].id, at=FRIDAY)

        assert paid_in(session, funded) == Money(25_00)

    def test_pays_in_once_what_came_with_two_files(
        self, session: Session, officer: Actor, funded: Funded, reference: str, written: Writer
    ) -> None:
        first = [Paid(words=reference), Paid(words="X", day="05/03/2026")]
        more = [*first, Paid(words=f"{reference} AGAIN", amount="1.00", day="06/03/2026")]
        take_in(session, officer, upload(session, officer, written(first)))

        found = take_in(session, officer, upload(session, officer, written(more)))

        assert [line.amount for line in found.lines] == [Money(1_00)]
        assert {each.why for each in found.skipped} == {"It came in before, with an earlier file."}
        assert paid_in(session, funded) == Money(26_00)

    def test_asks_about_two_that_look_the_same(
        self, session: Session, officer: Actor, funded: Funded, reference: str, written: Writer
    ) -> None:
        twice = written([Paid(words=reference), Paid(words=reference)])

        found = take_in(session, officer, upload(session, officer, twice))

        assert paid_in(session, funded) == Money(25_00)
        assert "Was it paid twice?" in found.lines[1].note
        commands.match_line(
            session, line_id=found.lines[1].id, typed=reference, by=officer, at=FRIDAY
        )
        assert paid_in(session, funded) == Money(50_00)


class TestUpload:
    def test_gives_family_a_line_of_its_own(
        self, session: Session, officer: Actor, funded: Funded
    ) -> None:
        reference = make_reference(session, funded, by_family=True)

        take_in(session, officer, upload(session, officer, as_csv([Paid(words=reference)])))

        assert paid_in(session, funded, Funder.FAMILY_TOP_UP) == Money(25_00)
        assert paid_in(session, funded) == Money(0)

    def test_never_books_what_is_nearly_right(
        self, session: Session, officer: Actor, funded: Funded, reference: str
    ) -> None:
        wrong = f"0{reference[1:]}"

        line = open_line(session, officer, wrong)

        assert line.state is LineState.OPEN
        (owner,) = queries.suggestions(session, line, council_id=funded.council_id)
        assert owner.person_name == "Ada Bell"
        assert paid_in(session, funded) == Money(0)

    def test_asks_about_a_line_with_two_references(
        self, session: Session, make: Make, officer: Actor, funded: Funded, reference: str
    ) -> None:
        other = make_reference(session, make.funded_person(council_id=funded.council_id))

        line = open_line(session, officer, f"{reference} {other}")

        assert (line.state, line.note) == (LineState.OPEN, "It has more than one reference.")
        assert len(queries.suggestions(session, line, council_id=funded.council_id)) == 2

    def test_knows_nobody_of_another_council(
        self, session: Session, make: Make, officer: Actor, funded: Funded
    ) -> None:
        line = open_line(session, officer, make_reference(session, make.funded_person()))

        assert line.state is LineState.OPEN
        assert queries.suggestions(session, line, council_id=funded.council_id) == []

    def test_refuses_the_same_file_twice(self, session: Session, officer: Actor) -> None:
        upload(session, officer, as_csv([Paid()]))

        with pytest.raises(SameStatementError, match="Olu Kent uploaded this file on 6 March 2026"):
            upload(session, officer, as_csv([Paid()]))

    def test_sent_twice_is_one_upload(self, session: Session, officer: Actor) -> None:
        wish = UploadStatement(statement_id=uuid4(), name="a.csv", content=as_csv([Paid()]))

        states = [commands.upload_statement(session, wish, by=officer, at=FRIDAY) for _ in range(2)]

        assert states == [StatementState.CHECKED] * 2

    def test_refuses_another_account_and_keeps_nothing(
        self, session: Session, officer: Actor, funded: Funded
    ) -> None:
        with pytest.raises(BadStatementError, match="Nothing of this file was taken"):
            upload(session, officer, as_csv([Paid()], account="87654321"))

        assert queries.statements(session, council_id=funded.council_id).total == 0

    def test_needs_an_account_first(self, session: Session, make: Make, funded: Funded) -> None:
        officer = make.officer(council_id=make.council())

        with pytest.raises(NoBankAccountError):
            upload(session, officer, as_csv([Paid()]))

    def test_keeps_the_name_of_the_file_without_its_folder(
        self, session: Session, officer: Actor
    ) -> None:
        found = view(session, officer, upload(session, officer, as_csv([Paid()])))

        assert found.name == "march.csv"

    def test_is_not_shown_to_another_council(
        self, session: Session, make: Make, officer: Actor
    ) -> None:
        stranger = make.officer(council_id=make.council())
        statement_id = upload(session, officer, as_csv([Paid()]))

        for deed in (commands.take_in_statement, commands.drop_statement):
            with pytest.raises(NotFoundError):
                deed(session, statement_id=statement_id, by=stranger, at=FRIDAY)
        with pytest.raises(NotFoundError):
            view(session, stranger, statement_id)


CONTENT = b"Wann,Wieviel,Was\n04/03/2026,25.00,MUM\n"
COLUMNS = MappingProxyType({Part.DAY: "Wann", Part.AMOUNT: "Wieviel", Part.WORDS: "Was"})


class TestColumns:
    def test_are_asked_once_and_remembered(self, session: Session, officer: Actor) -> None:
        statement_id = upload(session, officer, CONTENT)
        heads = queries.heads_of(session, statement_id=statement_id, seen_by=officer)
        assert heads == ("Wann", "Wieviel", "Was")
        with pytest.raises(StatementDoneError):
            commands.take_in_statement(session, statement_id=statement_id, by=officer, at=FRIDAY)

        commands.say_columns(session, COLUMNS, statement_id=statement_id, by=officer, at=FRIDAY)

        assert len(view(session, officer, statement_id).lines) == 1
        later = upload(session, officer, CONTENT.replace(b"04", b"05"))
        assert view(session, officer, later).state is StatementState.CHECKED

    def test_refuse_too_little_and_a_second_answer(self, session: Session, officer: Actor) -> None:
        statement_id = upload(session, officer, CONTENT)

        with pytest.raises(BadStatementError):
            commands.say_columns(
                session, {Part.DAY: "Wann"}, statement_id=statement_id, by=officer, at=FRIDAY
            )
        commands.say_columns(session, COLUMNS, statement_id=statement_id, by=officer, at=FRIDAY)
        with pytest.raises(StatementDoneError):
            commands.say_columns(session, COLUMNS, statement_id=statement_id, by=officer, at=FRIDAY)
        with pytest.raises(NotFoundError):
            queries.heads_of(session, statement_id=statement_id, seen_by=officer)


class TestDrop:
    def test_lets_the_file_come_again(
        self, session: Session, officer: Actor, funded: Funded, reference: str
    ) -> None:
        content = as_csv([Paid(words=reference)])
        commands.drop_statement(
            session, statement_id=upload(session, officer, content), by=officer, at=FRIDAY
        )

        found = take_in(session, officer, upload(session, officer, content))

        assert len(found.lines) == 1
        assert paid_in(session, funded) == Money(25_00)

    def test_refuses_what_was_taken_in(self, session: Session, officer: Actor) -> None:
        statement_id = upload(session, officer, as_csv([Paid()]))
        take_in(session, officer, statement_id)

        with pytest.raises(StatementDoneError):
            commands.drop_statement(session, statement_id=statement_id, by=officer, at=FRIDAY)


def test_sort_code_of_the_files_is_that_of_the_account() -> None:
    assert OURS.sort_code.replace("-", "") == SORT_CODE
