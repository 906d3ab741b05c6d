"""Changed bank details wait, all owners are told, and whoever was known before is asked."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadBankDetailsError, BankChangeOverError
from marketplace.catalogue.models import BankChange
from marketplace.catalogue.rules import BankChangeState, BankStanding
from marketplace.database import reading, transaction
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.sort_codes import Tables, installed
from marketplace.outbox.models import Letter
from tests.browser import Browser
from tests.conftest import NOON, SignInAs
from tests.factories import Make

TODAY = local_day(NOON)


def change(
    session: Session,
    by: Actor,
    number: str = "87654321",
    *,
    sort_code: str = "010203",
    at: datetime = NOON,
    tables: Tables | None = None,
) -> None:
    """Say that a provider is paid somewhere else."""
    commands.set_bank_details(
        session,
        sort_code=sort_code,
        account_number=number,
        account_name="Rosie",
        by=by,
        at=at,
        tables=tables,
    )


def standing(session: Session, owner: Actor) -> BankStanding:
    """Return where a provider is paid, as payments see it."""
    session.flush()
    return queries.bank_standings(session, [owner.works_for])[owner.works_for]


def letters(session: Session, template: str) -> list[Letter]:
    """Return the letters of one kind."""
    found = session.scalars(select(Letter).where(Letter.template == template).order_by(Letter.to))
    return list(found)


def token(session: Session) -> str:
    """Return the link in the newest letter that asks."""
    asked = letters(session, "bank_change_asked")
    return str(max(asked, key=lambda letter: letter.written_at).values["path"]).split("/")[-1]


class TestSetBankDetails:
    def test_the_first_count_at_once(self, session: Session, make: Make) -> None:
        owner = make.provider(bank=False)

        change(session, owner)

        assert not standing(session, owner).is_held(TODAY)
        assert letters(session, "bank_details_changed") == []

    def test_a_change_waits_for_ten_days(self, session: Session, make: Make) -> None:
        owner = make.provider()

        change(session, owner)

        found = standing(session, owner)
        assert (found.details.account_number, found.changed_on) == ("87654321", TODAY)
        assert found.waits_until == TODAY + timedelta(days=10)
        assert found.is_held(TODAY + timedelta(days=9))
        assert not found.is_held(TODAY + timedelta(days=10))

    def test_the_same_again_is_no_change(self, session: Session, make: Make) -> None:
        owner = make.provider(bank=False)
        for _ in range(2):
            change(session, owner)

        assert not standing(session, owner).is_held(TODAY)

    def test_a_change_is_told_to_every_owner(self, session: Session, make: Make) -> None:
        owner = make.provider()
        other = make.staff(organisation_id=owner.works_for, role=Role.PROVIDER_OWNER)
        make.staff(organisation_id=owner.works_for, role=Role.PROVIDER_MANAGER)

        change(session, owner)

        told = [letter.to for letter in letters(session, "bank_details_changed")]
        assert told == sorted([make.email_of(owner), make.email_of(other)])

    def test_asks_the_address_that_was_known_before(self, session: Session, make: Make) -> None:
        owner = make.provider()
        thief = make.staff(organisation_id=owner.works_for, role=Role.PROVIDER_OWNER)

        change(session, thief)
        change(session, thief, "11112222", at=NOON + timedelta(hours=1))

        asked = letters(session, "bank_change_asked")
        assert [letter.to for letter in asked] == [make.email_of(owner)] * 2
        states = session.scalars(select(BankChange.state).order_by(BankChange.changed_at)).all()
        assert states == [
            BankChangeState.FIRST,
            BankChangeState.REPLACED,
            BankChangeState.WAITING,
        ]

    def test_a_change_that_has_waited_is_trusted(self, session: Session, make: Make) -> None:
        owner = make.provider()
        other = make.staff(organisation_id=owner.works_for, role=Role.PROVIDER_OWNER)
        change(session, other)

        change(session, owner, "11112222", at=NOON + timedelta(days=10))

        newest = letters(session, "bank_change_asked")
        assert {letter.to for letter in newest} == {make.email_of(owner), make.email_of(other)}

    def test_refuses_an_account_that_cannot_exist(self, session: Session, make: Make) -> None:
        owner = make.provider()

        with pytest.raises(BadBankDetailsError, match="does not go with that sort code"):
            change(session, owner, "66374959", sort_code="089999", tables=installed())

        change(session, owner, "66374958", sort_code="089999", tables=installed())
        assert standing(session, owner).details.account_number == "66374958"

    def test_without_the_tables_only_counts_digits(self, session: Session, make: Make) -> None:
        owner = make.provider()

        change(session, owner, "66374959", sort_code="089999", tables=None)

        assert standing(session, owner).details.account_number == "66374959"


class TestAnswerBankChange:
    def test_a_yes_ends_the_wait_and_said_again_changes_nothing(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider()
        change(session, owner)

        for _ in range(2):
            commands.answer_bank_change(session, token=token(session), agrees=True, at=NOON)

        assert not standing(session, owner).is_held(TODAY)
        (letter,) = letters(session, "bank_change_answered")
        assert letter.values["agrees"] is True

    def test_a_no_stops_payments_for_good(self, session: Session, make: Make) -> None:
        owner = make.provider()
        change(session, owner)

        commands.answer_bank_change(session, token=token(session), agrees=False, at=NOON)

        found = standing(session, owner)
        assert found.refused
        assert found.is_held(date(2099, 1, 1))

    def test_after_a_no_the_right_details_wait_in_their_turn(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider()
        change(session, owner)
        commands.answer_bank_change(session, token=token(session), agrees=False, at=NOON)

        change(session, owner, "11112222", at=NOON + timedelta(hours=1))

        found = standing(session, owner)
        assert (found.refused, found.is_held(TODAY)) == (False, True)

    def test_refuses_another_answer(self, session: Session, make: Make) -> None:
        change(session, make.provider())
        commands.answer_bank_change(session, token=token(session), agrees=False, at=NOON)

        with pytest.raises(BankChangeOverError, match="answered already"):
            commands.answer_bank_change(session, token=token(session), agrees=True, at=NOON)

    def test_refuses_an_answer_to_what_has_changed_again(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider()
        change(session, owner)
        old = token(session)
        change(session, owner, "11112222", at=NOON + timedelta(hours=1))

        with pytest.raises(BankChangeOverError):
            commands.answer_bank_change(session, token=old, agrees=True, at=NOON)

    def test_finds_no_made_up_link(self, session: Session) -> None:
        with pytest.raises(NotFoundError):
            commands.answer_bank_change(session, token="made-up", agrees=True, at=NOON)


class TestPages:
    @pytest.fixture
    def owner(self, make: Make) -> Actor:
        owner = make.provider()
        with transaction() as session:
            change(session, owner)
        return owner

    @pytest.fixture
    def link(self, app: Flask, owner: Actor) -> str:
        with app.app_context(), reading() as session:
            return token(session)

    @pytest.mark.usefixtures("owner")
    def test_a_yes_by_the_link_needs_no_account(self, browser: Browser, link: str) -> None:
        page = browser.get("catalogue.bank_change", token=link)
        assert "Now it ends in 321" in page.text

        browser.submit(page, "Yes, this is right")

        assert "This account is used." in browser.follow().text

    @pytest.mark.usefixtures("owner")
    def test_a_no_by_the_link_says_what_to_do_now(self, browser: Browser, link: str) -> None:
        browser.submit(browser.get("catalogue.bank_change", token=link), "No, stop this")

        page = browser.follow()
        assert "Nobody is paid to this account." in page.text
        assert browser.post("catalogue.bank_change_right", token=link).status == 409

    def test_a_made_up_link_is_not_found(self, browser: Browser) -> None:
        assert browser.get("catalogue.bank_change", token="made-up").status == 404

    def test_the_owner_reads_that_it_waits_and_until_when(
        self, sign_in: SignInAs, make: Make
    ) -> None:
        browser = sign_in(make.provider())

        browser.submit(
            browser.get("catalogue.bank"),
            "Save",
            sort_code="089999",
            account_number="66374958",
        )

        page = browser.get("catalogue.bank")
        assert "These details are new." in page.text
        assert "We check that the sort code and the account number go together" in page.text

    def test_says_so_when_the_banks_tables_are_not_installed(
        self, sign_in: SignInAs, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("marketplace.kernel.sort_codes.installed", lambda: None)
        browser = sign_in(make.provider(bank=False))

        page = browser.get("catalogue.bank")

        assert "The banks’ own check is not installed." in page.text
        browser.submit(
            page, "Save", account_name="Rosie", sort_code="089999", account_number="66374959"
        )
        assert "ending in 959" in browser.follow().text
