"""Keeping things no longer than the rules say."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access import queries as people
from marketplace.audit import queries as audit
from marketplace.database import reading, transaction
from marketplace.home import commands as home
from marketplace.kernel.clock import local_day
from marketplace.outbox.commands import WriteLetter, claim_letters, note_sent, write_letter
from marketplace.retention import TAKE_AWAY, keep_to_rules
from marketplace.search.commands import forget_counts
from tests.conftest import NOON, SignInAs
from tests.factories import Make

DAY = timedelta(days=1)


def letter(session: Session, key: str, *, days_ago: int) -> None:
    """Send a letter some days before NOON."""
    at = NOON - days_ago * DAY
    wish = WriteLetter(
        key=key, to="sam@mail.example", subject="Hello", template="welcome", values={"name": "Sam"}
    )
    write_letter(session, wish, at=at)
    for claimed in claim_letters(session, limit=9, at=at):
        note_sent(session, letter_id=claimed.id, at=at)


class TestTakeAway:
    def test_empties_letters_after_twelve_months(self, session: Session) -> None:
        letter(session, "old", days_ago=366)
        letter(session, "young", days_ago=364)

        first = TAKE_AWAY["letters"](session, NOON - 365 * DAY, NOON)
        second = TAKE_AWAY["letters"](session, NOON - 365 * DAY, NOON)

        assert (first, second) == (1, 0)
        rows = session.execute(text("SELECT key, template FROM outbox_letters ORDER BY key"))
        assert list(map(tuple, rows)) == [("old", ""), ("young", "welcome")]

    def test_forgets_sign_ins_ninety_days_after_they_ended(
        self, session: Session, make: Make
    ) -> None:
        person = make.person()
        for days in (106, 102):  # each lasts fourteen days
            access.begin_sign_in(
                session, user_id=person.user_id, device="Test", at=NOON - days * DAY
            )

        removed = TAKE_AWAY["sign_ins"](session, NOON - 90 * DAY, NOON)

        assert removed == 1

    def test_forgets_addresses_nobody_said_yes_to(self, session: Session, make: Make) -> None:
        person = make.person()
        access.ask_for_email(
            session,
            user_id=person.user_id,
            email="new@mail.example",
            secret_key="key",
            at=NOON - 4 * DAY,
        )

        assert TAKE_AWAY["email_changes"](session, NOON - 3 * DAY, NOON) == 1

    def test_forgets_counts_of_searches(self, session: Session) -> None:
        session.execute(
            text(
                "INSERT INTO search_counts (id, day, council_id, fingerprint, results, times) "
                "VALUES (:id, '2024-03-03', :id, 'x', 1, 1)"
            ),
            {"id": "0" * 32},
        )

        before = local_day(NOON - 730 * DAY)
        assert forget_counts(session, before=before) == 1

    def test_looks_again_at_accounts_closed_a_month_ago(self, session: Session, make: Make) -> None:
        person = make.person()
        home.close_account(session, user_id=person.user_id, at=NOON - 31 * DAY)
        younger = make.person()
        home.close_account(session, user_id=younger.user_id, at=NOON - 29 * DAY)

        first = TAKE_AWAY["closed_accounts"](session, NOON - 30 * DAY, NOON)
        second = TAKE_AWAY["closed_accounts"](session, NOON - 30 * DAY, NOON)

        assert (first, second) == (1, 0)


class TestKeepToRules:
    def test_runs_once_a_day_and_is_written_down(self, app: Flask) -> None:
        with transaction() as session:
            letter(session, "old", days_ago=400)

        with app.app_context():
            counts = [keep_to_rules(NOON), keep_to_rules(NOON + timedelta(hours=1))]

        assert counts == [1, 0]
        with reading() as session:
            runs = audit.last_retention_runs(session)
        assert runs["letters"] == (local_day(NOON), 1)
        assert runs.keys() == TAKE_AWAY.keys()

    def test_runs_again_the_next_day(self, app: Flask) -> None:
        with app.app_context():
            keep_to_rules(NOON)
            keep_to_rules(NOON + DAY)

        with reading() as session:
            assert audit.last_retention_runs(session)["letters"][0] == local_day(NOON + DAY)

    @pytest.mark.sqlite_only
    def test_is_shown_to_people(self, app: Flask, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.person())
        assert "Not yet. It happens every day." in browser.get("home.my_data").text

        with app.app_context():
            keep_to_rules(NOON)

        assert "on Wednesday 4 March" in browser.get("home.my_data").text


@pytest.mark.sqlite_only
class TestCommandLine:
    def test_says_how_much_was_taken_away(self, app: Flask) -> None:
        told = app.test_cli_runner().invoke(args=["retention", "run"])

        assert told.exit_code == 0
        assert "letters: 0 taken away" in told.output

    def test_says_the_rules(self, app: Flask) -> None:
        told = app.test_cli_runner().invoke(args=["retention", "rules"])

        assert "sign_ins: Where you were signed in." in told.output


def test_a_closed_account_is_found_closed(session: Session, make: Make) -> None:
    person = make.person()
    assert not people.is_closed(session, user_id=person.user_id)

    home.close_account(session, user_id=person.user_id, at=NOON)

    assert people.is_closed(session, user_id=person.user_id)
