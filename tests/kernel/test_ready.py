"""Ready statements answer as SQLAlchemy itself does, and reading connections cannot write."""

from collections.abc import Iterator, Sequence
from uuid import uuid4

import pytest
from psycopg import DataError
from sqlalchemy import Integer, bindparam, cast, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from marketplace.access.models import User
from marketplace.database import begin_visit, db, end_visit, reading, transaction
from marketplace.kernel.ready import Kept, Ready, Row, ask_ahead, rows_of_all
from tests.factories import Make
from tests.statements import statements

_BY_NAME = (
    select(User.id, User.name, User.joined_at, User.closed_at)
    .where(User.name.in_(["Ada", "Bea"]), User.id != bindparam("but_id"))
    .order_by(User.name)
)

_NAMES = Ready(select(User.name))
_BY = Ready(select(User.name).where(User.name == bindparam("name")))


class TestReady:
    def test_answers_as_the_expression_itself_does(self, session: Session, make: Make) -> None:
        make.person(name="Ada")
        bea = make.person(name="Bea")
        make.person(name="Cleo")
        session.flush()
        ready = Ready(_BY_NAME)

        for but_id, names in ((uuid4(), ["Ada", "Bea"]), (bea.user_id, ["Ada"])):
            plainly = session.execute(_BY_NAME, {"but_id": but_id})

            rows = ready.rows(session, but_id=but_id)

            assert [row[1] for row in rows] == names
            assert rows == [tuple(row) for row in plainly]

    def test_first_is_the_first_or_nothing(self, session: Session, make: Make) -> None:
        ada = make.person(name="Ada")
        session.flush()
        ready = Ready(_BY_NAME)

        found = ready.first(session, but_id=uuid4())

        assert found is not None
        assert found[0] == ada.user_id
        assert ready.first(session, but_id=ada.user_id) is None

    def test_is_heard_by_whoever_counts_statements(self, session: Session) -> None:
        with statements() as heard:
            Ready(_BY_NAME).rows(session, but_id=uuid4())

        assert len(heard) == 1


class TestKept:
    def test_is_made_again_when_the_answer_is_another(self, make: Make, session: Session) -> None:
        made: list[str] = []

        def greet(word: str, found: Sequence[list[Row]]) -> str:
            made.append(word)
            return " ".join([word, *(name for (name,) in found[0])])

        kept = Kept(greet, most=2)
        make.person(name="Ada")
        session.flush()

        assert [kept.of(session, "Hello", (_NAMES, {})) for _ in range(2)] == ["Hello Ada"] * 2
        assert kept.of(session, "Bye", (_NAMES, {})) == "Bye Ada"
        assert made == ["Hello", "Bye"]

        session.execute(update(User).values(name="Bea"))

        assert kept.of(session, "Hello", (_NAMES, {})) == "Hello Bea"
        assert made == ["Hello", "Bye", "Hello"]

    def test_keeps_what_was_asked_for_last(self, session: Session) -> None:
        made: list[int] = []

        def note(number: int, _found: Sequence[list[Row]]) -> int:
            made.append(number)
            return number

        kept = Kept(note, most=2)
        for number in (1, 2, 1, 3, 1, 2):
            assert kept.of(session, number, (_NAMES, {})) == number

        assert made == [1, 2, 3, 2]


class TestAskedAhead:
    @pytest.fixture
    def visiting(self, make: Make) -> Iterator[None]:
        make.person(name="Ada")
        begin_visit()
        yield
        end_visit()

    def test_is_not_asked_again(self, visiting: None) -> None:
        with reading() as session, statements() as heard:
            assert ask_ahead(session, (_NAMES, {}), (_BY, {"name": "Ada"})) == [("Ada",)]
        assert len(heard) == 2

        with reading() as session, statements() as heard:
            assert _BY.rows(session, name="Ada") == [("Ada",)]
        assert not heard

    def test_of_other_values_is(self, visiting: None) -> None:
        with reading() as session:
            ask_ahead(session, (_NAMES, {}), (_BY, {"name": "Bea"}))

        with reading() as session, statements() as heard:
            assert rows_of_all(session, (_BY, {"name": "Ada"}), (_NAMES, {})) == [[("Ada",)]] * 2
        assert len(heard) == 2

    def test_is_of_one_visit(self, visiting: None) -> None:
        with reading() as session:
            ask_ahead(session, (_NAMES, {}), (_BY, {"name": "Ada"}))
        begin_visit()

        with reading() as session, statements() as heard:
            _BY.rows(session, name="Ada")
        assert len(heard) == 1

    def test_is_asked_anew_once_something_was_written(self, visiting: None) -> None:
        with reading() as session:
            ask_ahead(session, (_NAMES, {}), (_BY, {"name": "Ada"}))
        with transaction() as session:
            session.execute(update(User).values(name="Bea"))

        with reading() as session:
            assert _BY.rows(session, name="Ada") == []


class TestReading:
    @pytest.mark.parametrize("of_one_instant", [False, True])
    def test_the_database_itself_refuses_to_write(
        self, make: Make, *, of_one_instant: bool
    ) -> None:
        make.person(name="Ada")
        with (
            reading(of_one_instant=of_one_instant) as session,
            pytest.raises(SQLAlchemyError, match=r"read-?\s?only"),
        ):
            session.execute(text("UPDATE access_users SET name = 'Bea'"))

        with reading() as session:
            assert session.scalar(select(User.name)) == "Ada"

    def test_of_one_instant_sees_nothing_that_comes_meanwhile(self, make: Make) -> None:
        make.person(name="Ada")
        with reading(of_one_instant=True) as session:
            assert session.scalar(select(User.name)) == "Ada"
            with db.engine.begin() as elsewhere:
                elsewhere.execute(text("UPDATE access_users SET name = 'Bea'"))

            assert session.scalar(select(User.name)) == "Ada"

        with reading() as session:
            assert session.scalar(select(User.name)) == "Bea"


def test_a_question_that_fails_leaves_the_connection_good(make: Make) -> None:
    make.person(name="Ada")
    wrong = Ready(select(User.name).where(cast(User.name, Integer) == bindparam("number")))
    with reading() as session:
        if session.connection().dialect.name == "sqlite":
            pytest.skip("to SQLite every word is a number")
        for _ in range(2):
            with pytest.raises(DataError):
                rows_of_all(session, (_NAMES, {}), (wrong, {"number": 1}), (_NAMES, {}))

            assert rows_of_all(session, (_NAMES, {}), (_NAMES, {})) == [[("Ada",)], [("Ada",)]]


def test_a_connection_that_forgot_its_names_is_told_again(make: Make) -> None:
    make.person(name="Ada")
    with reading() as session:
        if session.connection().dialect.name == "postgresql":
            _NAMES.rows(session)
            session.connection().exec_driver_sql("DEALLOCATE ALL")

        assert _NAMES.rows(session) == [("Ada",)]
        assert _NAMES.rows(session) == [("Ada",)]


def test_what_it_learned_while_it_had_forgotten_the_others_it_still_knows(make: Make) -> None:
    make.person(name="Ada")
    new = Ready(select(User.name, User.name))
    with reading() as session:
        if session.connection().dialect.name == "postgresql":
            _NAMES.rows(session)
            session.connection().exec_driver_sql("DEALLOCATE ALL")

        for _ in range(2):
            answers = rows_of_all(session, (new, {}), (_NAMES, {}))
            assert answers == [[("Ada", "Ada")], [("Ada",)]]


def test_what_it_learned_before_that_was_noticed_it_still_knows(make: Make) -> None:
    make.person(name="Ada")
    new = [Ready(select(*[User.name] * times)) for times in (3, 4)]
    with reading() as session:
        if session.connection().dialect.name == "postgresql":
            _NAMES.rows(session)
            session.connection().exec_driver_sql("DEALLOCATE ALL")

        assert rows_of_all(session, *[(each, {}) for each in new])[0] == [("Ada",) * 3]
        assert _NAMES.rows(session) == [("Ada",)]
        for _ in range(2):
            answers = rows_of_all(session, (_NAMES, {}), *[(each, {}) for each in new])
            assert answers == [[("Ada",)], [("Ada",) * 3], [("Ada",) * 4]]


def test_what_is_asked_of_one_instant_is_of_that_instant(make: Make) -> None:
    ada = make.person(name="Ada")
    with reading(of_one_instant=True) as session:
        assert _NAMES.rows(session) == [("Ada",)]
        with db.engine.begin() as elsewhere:
            elsewhere.execute(update(User).where(User.id == ada.user_id).values(name="Bea"))

        assert _NAMES.rows(session) == [("Ada",)]
    with reading() as session:
        assert _NAMES.rows(session) == [("Bea",)]
