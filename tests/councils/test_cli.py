"""The ``flask council`` commands."""

import pytest
from flask import Flask

from marketplace.access import queries as access
from marketplace.access.rules import Role
from marketplace.councils import queries
from marketplace.database import reading
from tests.factories import Make

CREATE = ["council", "create", "green-valley", "Green Valley Council"]
ADMIN = ["--admin-email", "kim@green-valley.example"]


class TestCreate:
    def test_makes_a_council_with_an_administrator_from_one_line(self, app: Flask) -> None:
        result = app.test_cli_runner().invoke(args=[*CREATE, *ADMIN])

        assert result.exit_code == 0, result.output
        assert "/green-valley/" in result.output
        with app.app_context(), reading() as session:
            council = queries.council_at(session, slug="green-valley")
            staff = access.staff_of(session, organisation_id=council.id)
        assert [(person.email, role) for person, role in staff] == [
            ("kim@green-valley.example", Role.ADMINISTRATOR)
        ]

    def test_takes_somebody_who_is_there_already(self, app: Flask, make: Make) -> None:
        kim = make.person(email="kim@green-valley.example")

        app.test_cli_runner().invoke(args=[*CREATE, *ADMIN])

        with app.app_context(), reading() as session:
            council = queries.council_at(session, slug="green-valley")
            staff = access.staff_of(session, organisation_id=council.id)
        assert [person.id for person, _ in staff] == [kim.user_id]

    @pytest.mark.parametrize(
        ("option", "value", "said"),
        [
            ("--brand", "#ffee00", "Choose a darker colour."),
            ("--districts", "Leeds", "LEEDS is not the first half of a postcode"),
            ("--auto-confirm-days", "61", "61 is not in the range"),
        ],
    )
    def test_says_what_is_wrong_and_makes_nothing(
        self, app: Flask, option: str, value: str, said: str
    ) -> None:
        result = app.test_cli_runner().invoke(args=[*CREATE, *ADMIN, option, value])

        assert result.exit_code != 0
        assert said in result.output
        with app.app_context(), reading() as session:
            assert queries.councils(session) == []
            assert access.find_person_by_email(session, email="kim@green-valley.example") is None
