"""The market proposes a run each morning; two officers have a tap each; nobody is paid twice."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.payments import commands, queries, tasks
from marketplace.payments.errors import (
    FileChangedError,
    FileRefusedError,
    NoBankAccountError,
    SecondHandError,
)
from marketplace.payments.queries import RunView
from marketplace.payments.rules import FileFormat, RunState
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.orders import Deal
from tests.factories.payments import PAY_DAY
from tests.payments.bank_files_read import read

NEXT_DAY = PAY_DAY + timedelta(days=1)


@pytest.fixture
def deal(make: Make) -> Deal:
    deal = make.accepted()
    make.confirmed(deal)
    return deal


@pytest.fixture
def officer(make: Make, deal: Deal) -> Actor:
    return make.officer(council_id=deal.funded.council_id, name="Olu Kent")


@pytest.fixture
def colleague(make: Make, officer: Actor) -> Actor:
    return make.officer(council_id=officer.works_for, name="Uma Reed")


def runs(session: Session, officer: Actor) -> list[tuple[int, RunState]]:
    """Return a council's runs, newest first."""
    session.flush()
    return [
        (row.number, row.state) for row in queries.runs(session, council_id=officer.works_for).rows
    ]


class TestProposeDaily:
    def test_proposes_once_a_day(self, session: Session, officer: Actor) -> None:
        council_id = officer.works_for
        run_id = commands.propose_daily(session, council_id=council_id, at=PAY_DAY)

        assert run_id is not None
        assert commands.propose_daily(session, council_id=council_id, at=PAY_DAY) is None
        run = queries.run_for(session, run_id=run_id, seen_by=officer)
        assert (run.state, run.proposed_by_name) == (RunState.PROPOSED, "The market")

    def test_a_proposal_nobody_touched_gives_way_to_the_next_days(
        self, session: Session, make: Make, deal: Deal, officer: Actor
    ) -> None:
        commands.propose_daily(session, council_id=officer.works_for, at=PAY_DAY)

        commands.propose_daily(session, council_id=officer.works_for, at=NEXT_DAY)

        assert runs(session, officer) == [(2, RunState.PROPOSED), (1, RunState.CANCELLED)]
        assert queries.problems(session) == []

    def test_leaves_what_officers_have_begun(
        self, session: Session, make: Make, deal: Deal, officer: Actor, colleague: Actor
    ) -> None:
        run_id = commands.propose_daily(session, council_id=officer.works_for, at=PAY_DAY)
        assert run_id is not None
        commands.approve_run(session, run_id, by=colleague, at=PAY_DAY)

        assert commands.propose_daily(session, council_id=officer.works_for, at=NEXT_DAY) is None

        assert runs(session, officer) == [(1, RunState.APPROVED)]

    def test_has_nothing_to_propose_where_nothing_is_owed(
        self, session: Session, make: Make
    ) -> None:
        council_id = make.council()

        assert commands.propose_daily(session, council_id=council_id, at=PAY_DAY) is None
        assert council_id in queries.looked_at(session, on=clock.local_day(PAY_DAY))


class TestTwoOfficers:
    def test_whoever_approved_does_not_send_what_the_market_proposed(
        self, session: Session, officer: Actor, colleague: Actor
    ) -> None:
        run_id = commands.propose_daily(session, council_id=officer.works_for, at=PAY_DAY)
        assert run_id is not None
        assert commands.approve_run(session, run_id, by=officer, at=PAY_DAY)
        assert not commands.approve_run(session, run_id, by=officer, at=PAY_DAY)

        with pytest.raises(SecondHandError, match="another finance officer"):
            commands.mark_sent(session, run_id, by=officer, at=PAY_DAY)

        view = queries.run_for(session, run_id=run_id, seen_by=officer)
        assert not view.may_be_sent_by(officer)
        assert view.may_be_sent_by(colleague)
        assert commands.mark_sent(session, run_id, by=colleague, at=PAY_DAY)


def sent(session: Session, make: Make, officer: Actor, file_format: FileFormat) -> RunView:
    """Send a run with a file; return it."""
    make.bank_account(by=officer, at=PAY_DAY)
    session.execute(text("UPDATE payment_council_banks SET service_user = '123456'"))
    session.expire_all()
    run_id = make.approved_run(by=officer)
    commands.mark_sent(session, run_id, file_format=file_format, by=officer, at=PAY_DAY)
    session.flush()
    return queries.run_for(session, run_id=run_id, seen_by=officer)


class TestFile:
    @pytest.mark.parametrize("file_format", list(FileFormat))
    def test_is_the_same_each_time_and_its_digest_is_kept(
        self, session: Session, make: Make, officer: Actor, file_format: FileFormat
    ) -> None:
        run = sent(session, make, officer, file_format)

        first, second = (b"".join(queries.file_of(session, run_id=run.id)) for _ in range(2))

        assert first == second
        assert run.file_digest == hashlib.sha256(first).hexdigest()

    def test_stays_the_same_when_the_councils_account_changes_and_payments_settle(
        self, session: Session, make: Make, officer: Actor
    ) -> None:
        run = sent(session, make, officer, FileFormat.STANDARD_18)
        before = b"".join(queries.file_of(session, run_id=run.id))
        session.execute(text("UPDATE payment_council_banks SET account_number = '00000009'"))
        commands.mark_paid(
            session, run.id, paid_on=clock.local_day(PAY_DAY), by=officer, at=PAY_DAY
        )
        session.flush()

        after = b"".join(queries.file_of(session, run_id=run.id))

        assert after == before
        assert [credit.pence for credit in read(after).credits] == [30_00]

    def test_is_not_given_if_it_would_be_another_one(
        self, session: Session, make: Make, officer: Actor, tmp_path: object
    ) -> None:
        run = sent(session, make, officer, FileFormat.BACS_XML)
        session.execute(text("UPDATE payment_items SET amount_pence = 3001"))
        session.expire_all()

        with open(f"{tmp_path}/file", "wb") as into, pytest.raises(FileChangedError):  # noqa: PTH123
            queries.put_file(session, into, run_id=run.id, seen_by=officer)

    def test_needs_an_account_to_pay_from(
        self, session: Session, make: Make, officer: Actor
    ) -> None:
        run_id = make.approved_run(by=officer)

        with pytest.raises(NoBankAccountError):
            commands.mark_sent(
                session, run_id, file_format=FileFormat.BACS_XML, by=officer, at=PAY_DAY
            )

    def test_of_standard_18_needs_the_councils_number(
        self, session: Session, make: Make, officer: Actor
    ) -> None:
        make.bank_account(by=officer, at=PAY_DAY)
        run_id = make.approved_run(by=officer)

        with pytest.raises(FileRefusedError):
            commands.mark_sent(
                session, run_id, file_format=FileFormat.STANDARD_18, by=officer, at=PAY_DAY
            )

    def test_is_not_found_without_one_or_by_others(
        self, session: Session, make: Make, officer: Actor, tmp_path: object
    ) -> None:
        run_id = make.sent_run(by=officer)
        stranger = make.officer(council_id=make.council())

        with open(f"{tmp_path}/file", "wb") as into:  # noqa: PTH123
            for run, who in ((run_id, officer), (run_id, stranger), (uuid4(), officer)):
                with pytest.raises(NotFoundError):
                    queries.put_file(session, into, run_id=run, seen_by=who)


class TestJob:
    def test_proposes_for_each_council_in_the_morning(
        self, app: Flask, make: Make, deal: Deal, officer: Actor
    ) -> None:
        early, morning = PAY_DAY.replace(hour=4), PAY_DAY.replace(hour=7)
        with app.app_context():
            assert tasks.propose_runs(early) == 0
            assert tasks.propose_runs(morning) == 1
            assert tasks.propose_runs(morning) == 0
        with app.app_context(), reading() as session:
            assert runs(session, officer) == [(1, RunState.PROPOSED)]


class TestTaps:
    def test_the_officers_need_two_taps_from_proposal_to_file(
        self,
        app: Flask,
        make: Make,
        deal: Deal,
        officer: Actor,
        colleague: Actor,
        sign_in: SignInAs,
    ) -> None:
        make.bank_account(by=officer, at=PAY_DAY)
        with app.app_context(), transaction() as session:
            run_id = commands.propose_daily(session, council_id=officer.works_for, at=clock.now())
        taps = 0
        for who, words in (
            (officer, "Approve this run"),
            (colleague, "Send it: take the file for the bank"),
        ):
            browser = sign_in(who)
            page = browser.get("payments.run", run_id=run_id)
            page = browser.submit(page, words)
            taps += 1
            page = browser.follow()
        # The answer brings the file by itself.
        refresh = page.response.headers["Refresh"]
        assert refresh.startswith("0; url=/payments/")
        assert taps == 2
        file = browser.get("payments.file", run_id=run_id)
        assert "SUPPORT 1-1" in file.html
        print(f"\nFrom proposal to the bank's file: {taps} taps of finance officers")  # noqa: T201

    def test_a_second_yes_of_the_same_officer_is_told_so(
        self, app: Flask, make: Make, deal: Deal, officer: Actor, sign_in: SignInAs
    ) -> None:
        run_id = make.proposed_run(by=make.officer(council_id=officer.works_for))
        browser: Browser = sign_in(officer)
        browser.submit(browser.get("payments.run", run_id=run_id), "Approve this run")
        browser.follow()

        browser.post("payments.approve", run_id=run_id)

        assert "Your second yes does not count" in browser.follow().text
