"""A council that changes its districts moves the stores that come to the whole of it."""

from dataclasses import replace

from flask import Flask
from sqlalchemy.orm import Session

from marketplace.access.rules import Role
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.rules import CheckState
from marketplace.councils import commands as councils
from marketplace.database import db, transaction
from marketplace.outbox.queries import own_index_changes
from marketplace.search import queries
from marketplace.search.adapters.choose import engine_of
from marketplace.search.commands import catch_up
from tests.conftest import NOON
from tests.councils.test_commands import WISH
from tests.factories import Make
from tests.search.market import ask


class TestDistricts:
    def test_are_told_to_the_search_for_every_store_that_covers_the_council(
        self, session: Session, make: Make
    ) -> None:
        council_id = make.council(slug="green-valley", districts=("BD1",))
        owner, other = make.provider(postcode="LS6 2AB"), make.provider(postcode="LS6 2AB")
        catalogue.set_area(session, districts=["LS7"], council_ids=[council_id], by=owner, at=NOON)
        session.flush()
        staff = make.staff(organisation_id=council_id, role=Role.ADMINISTRATOR)
        session.info.clear()  # what was asked for so far

        wish = replace(WISH, districts=("BD1", "BD2"), stores_open_unchecked=True)
        councils.change_council(session, council_id, wish, by_user_id=staff.user_id, at=NOON)

        asked = {row.kind: {row.subject_id} for row in own_index_changes(session)}
        assert asked == {"council": {council_id}}
        changed = queries.with_councils(session, asked)
        assert owner.works_for in changed["provider"]
        assert other.works_for not in changed["provider"]
        found = list(queries.entries(session, changed=changed, at=NOON))
        assert {entry.kind.value for entry in found} == {"provider", "offer"}
        assert {entry.covers for entry in found} == {frozenset({"LS7", "BD1", "BD2"})}

    def test_that_stay_as_they_are_ask_for_nothing(self, session: Session, make: Make) -> None:
        council_id = make.council(slug="green-valley", districts=("LS6",))
        staff = make.staff(organisation_id=council_id, role=Role.ADMINISTRATOR)
        session.info.clear()

        wish = replace(WISH, stores_open_unchecked=True)
        councils.change_council(session, council_id, wish, by_user_id=staff.user_id, at=NOON)

        assert not own_index_changes(session)


def test_what_a_council_shows_no_more_is_out_of_the_index_with_all_it_sells(
    app: Flask, make: Make
) -> None:
    council_id = make.council(slug="green-valley")
    store = make.provider(name="Apricot Mornings", title="Apricot walks")
    make.standing(provider=store, council_id=council_id, state=CheckState.APPLIED)
    staff = make.staff(organisation_id=council_id, role=Role.ADMINISTRATOR)
    with app.app_context():
        engine = engine_of(app.config["SETTINGS"], db.engine)
        with transaction() as session:
            catch_up(session, engine, at=NOON)
        assert ask(engine, "apricot").total == 2

        with transaction() as session:
            wish = replace(WISH, stores_open_unchecked=False)
            councils.change_council(session, council_id, wish, by_user_id=staff.user_id, at=NOON)
        with transaction() as session:
            catch_up(session, engine, at=NOON)

        assert ask(engine, "apricot").total == 0
        assert not engine.suggest("apric")
