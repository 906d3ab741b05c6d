"""The reading blocks of one request share a connection, and none shows what is no more true."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import bindparam, event, select

from marketplace.access.models import User
from marketplace.catalogue import queries as catalogue
from marketplace.database import begin_visit, db, end_visit, reading, transaction
from marketplace.kernel.ready import Ready, rows_of_all
from tests.conftest import SignInAs
from tests.factories import Make

_NAME = Ready(select(User.name).where(User.id == bindparam("user_id")))


@pytest.fixture
def visit(app: Flask) -> Iterator[None]:
    """Let a test be one visit."""
    with app.app_context():
        begin_visit()
        yield
        end_visit()


@contextmanager
def _taken() -> Iterator[list[str]]:
    """Note when reading connections are taken and given back."""
    noted: list[str] = []

    def taken(*_: object) -> None:
        noted.append("taken")

    def back(*_: object) -> None:
        noted.append("back")

    event.listen(db.readers, "checkout", taken)
    event.listen(db.readers, "checkin", back)
    yield noted
    event.remove(db.readers, "checkout", taken)
    event.remove(db.readers, "checkin", back)


def test_a_page_takes_one_connection_and_gives_it_back(make: Make, sign_in: SignInAs) -> None:
    browser = sign_in(make.person())

    with _taken() as noted:
        browser.get("/wallet")

    assert noted == ["taken", "back"]


@pytest.mark.usefixtures("visit")
class TestVisit:
    def test_a_later_block_shows_what_was_written_meanwhile(self, make: Make) -> None:
        ada = make.person(name="Ada")
        with _taken() as noted:
            for name in ("Bea", "Cleo"):
                with reading() as session:
                    session.get_one(User, ada.user_id)
                    _NAME.first(session, user_id=ada.user_id)
                with transaction() as session:
                    session.get_one(User, ada.user_id).name = name
                with reading() as session:
                    assert _NAME.first(session, user_id=ada.user_id) == (name,)
                    assert session.get_one(User, ada.user_id).name == name

        # Each transaction gave the connection back; the last one is still in hand.
        assert noted == ["taken", "back", "taken", "back", "taken"]

    def test_one_block_is_open_at_a_time(self) -> None:
        with reading(), pytest.raises(RuntimeError, match="pass the session down"), reading():
            pass  # pragma: no cover - it is refused

        with reading() as session:  # and neither is left open
            assert session.scalars(select(User)).all() == []

    def test_of_one_instant_has_a_connection_of_its_own(self, make: Make) -> None:
        make.person(name="Ada")

        with _taken() as noted, reading(of_one_instant=True) as session:
            assert list(session.scalars(select(User.name), execution_options={"yield_per": 1}))

        assert noted == ["taken", "back"]

    def test_writing_is_refused(self, make: Make) -> None:
        ada = make.person(name="Ada")

        with pytest.raises(AssertionError, match="wrote"), reading() as session:
            session.get_one(User, ada.user_id).name = "Bea"


def test_several_statements_asked_together_answer_as_one_by_one(app: Flask, make: Make) -> None:
    ada, bea = make.person(name="Ada"), make.person(name="Bea")

    with app.app_context(), reading() as session:
        found = rows_of_all(
            session, *((_NAME, {"user_id": one.user_id}) for one in (ada, bea, ada))
        )

    assert found == [[("Ada",)], [("Bea",)], [("Ada",)]]


def test_some_offers_are_read_without_a_transaction(app: Flask, make: Make) -> None:
    store = make.provider()
    offer_id = make.offer(provider=store)

    with app.app_context(), reading() as session:
        found = catalogue.findable_offers(session, {offer_id})
        assert [offer.id for offer in found] == [offer_id]
        stores = catalogue.findable_providers(session, {store.works_for})
        assert len(list(stores)) == 1
