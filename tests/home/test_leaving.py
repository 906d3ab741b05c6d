"""Closing an account: what is in the way, what goes, what stays."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import MetaData, select, text
from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access import queries as people
from marketplace.access.errors import WrongPasswordError
from marketplace.access.rules import Role, Scope
from marketplace.audit import queries as audit
from marketplace.budgets import commands as budgets
from marketplace.budgets import queries as money
from marketplace.budgets.commands import PayIn
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue import queries as stores
from marketplace.database import reading, transaction
from marketplace.home import commands, queries
from marketplace.home.errors import NotYetError
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money
from marketplace.orders import queries as orders
from marketplace.wallet import queries as wallet
from tests.browser import Browser
from tests.conftest import NOON, SignInAs
from tests.factories import Make
from tests.factories.people import PASSWORD
from tests.orders.circles import Circle

NAME, EMAIL = "Alder Quillfeather", "alder@mail.example"


def closed(session: Session, user_id: UUID) -> None:
    """Close an account."""
    commands.close_account(session, user_id=user_id, at=NOON)


def in_the_way(session: Session, user_id: UUID) -> list[str]:
    """Return what keeps somebody from leaving."""
    found = queries.obstacles_to_closing(session, user_id=user_id, at=NOON)
    return [obstacle.sentence for obstacle in found]


class TestObstacles:
    def test_are_none_for_somebody_who_did_nothing(self, session: Session, make: Make) -> None:
        assert in_the_way(session, make.person().user_id) == []

    def test_are_open_orders_and_the_money_set_aside(self, session: Session, make: Make) -> None:
        deal = make.placed(provider=make.provider(name="Amber Lane Help"))

        found = in_the_way(session, deal.person.user_id)

        assert len(found) == 2
        assert found[0].endswith("with Amber Lane Help is still open.")
        assert found[1] == "£30.00 is set aside for orders."
        with pytest.raises(NotYetError, match="is still open"):
            closed(session, deal.person.user_id)

    def test_are_own_money_that_is_left(self, session: Session, make: Make) -> None:
        person = make.person()
        line_id = budgets.own_line(
            session,
            person_id=person.user_id,
            council_id=make.council(),
            by_user_id=person.user_id,
            at=NOON,
        )
        budgets.pay_in(
            session,
            line_id=line_id,
            key="test",
            amount=Money(12_00),
            why=PayIn.BANK_TRANSFER,
            by_user_id=None,
            at=NOON,
        )

        found = in_the_way(session, person.user_id)

        assert found == ["£12.00 of your own money is still here. Say where to pay it first."]

    def test_are_an_open_store_its_orders_and_what_it_is_owed(
        self, session: Session, make: Make
    ) -> None:
        provider = make.provider(name="Amber Lane Help")
        make.confirmed(make.accepted(provider=provider, visits=2))

        assert in_the_way(session, provider.user_id) == [
            "Your store Amber Lane Help is open. Pause it first.",
            "Your store still has 1 order to see to.",
            "£30.00 is still to be paid to Amber Lane Help.",
        ]

    def test_are_a_council_that_nobody_else_looks_after(self, session: Session, make: Make) -> None:
        council_id = make.council()
        only = make.staff(
            organisation_id=council_id,
            role=Role.ADMINISTRATOR,
            organisation_name="Ashdale Council",
        )

        assert in_the_way(session, only.user_id) == [
            "Nobody else looks after Ashdale Council. Add another administrator first."
        ]

        make.staff(organisation_id=council_id, role=Role.ADMINISTRATOR)
        assert in_the_way(session, only.user_id) == []


class TestCloseAccount:
    def test_lets_nobody_sign_in_and_ends_every_sign_in(self, session: Session, make: Make) -> None:
        person = make.person(email=EMAIL)
        sign_in_id, secret = access.begin_sign_in(
            session, user_id=person.user_id, device="Test", at=NOON
        )

        closed(session, person.user_id)

        found = people.find_sign_in(
            session, sign_in_id=sign_in_id, secret_hash=access.sign_ins.secret_hash(secret), at=NOON
        )
        assert found is None
        with pytest.raises(WrongPasswordError):
            access.right_user(session, email=EMAIL, password=PASSWORD)

    def test_ends_circles_in_both_directions_and_says_so_there(
        self, session: Session, make: Make
    ) -> None:
        person, other = make.person(), make.person()
        helper = make.supporter(person=person)
        make.supporter(person=other)
        wish = access.InviteSupporter(
            email=make.email_of(person),
            basis=people.circle_of(session, person_id=person.user_id)[0].basis,
            scopes=frozenset({Scope.SEE}),
            invitation_id=UUID(int=7),
        )
        access.invite_supporter(session, wish, by=other, at=NOON)
        access.accept_invitation(session, supporter_row_id=UUID(int=7), by=person, at=NOON)

        closed(session, person.user_id)

        assert [row.ended_at for row in people.circle_of(session, person_id=person.user_id)] == [
            NOON
        ]
        theirs = {row.id: row for row in people.circle_of(session, person_id=other.user_id)}
        assert theirs[UUID(int=7)].ended_at == NOON
        assert theirs[UUID(int=7)].supporter_name == "Somebody who has left"
        assert audit.deeds_of(session, chain_id=other.user_id)[0].what == "supporter-ended"
        assert [hat.role for hat in people.hats_of(session, user_id=helper.user_id, at=NOON)] == [
            Role.PERSON
        ]

    def test_keeps_the_books_and_who_did_what_without_a_name(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person(name=NAME)
        deal = make.accepted(funded=funded)
        make.confirmed(deal)

        closed(session, funded.id)

        assert wallet.problems(session) == []
        assert money.problems(session) == []
        assert orders.problems(session) == []
        assert list(audit.broken_chains(session)) == []
        assert people.names_of(session, user_ids=[funded.id]) == {
            funded.id: "Somebody who has left"
        }
        lines = money.lines_of(session, person_id=funded.id, at=NOON)
        assert [(line.available, line.spent) for line in lines] == [(Money(70_00), Money(30_00))]

    def test_leaves_name_address_and_words_nowhere_they_are_not_needed(
        self, session: Session, make: Make
    ) -> None:
        person = make.person(name=NAME, email=EMAIL)
        practitioner = make.practitioner()
        make.line(
            person=person,
            practitioner=practitioner,
            outcomes=["I visit the apricot orchard."],
            limits=[make.limit(reason="Alder asked for it.")],
        )
        access.send_confirmation(session, user_id=person.user_id, secret_key="key", at=NOON)

        closed(session, person.user_id)

        words = (NAME, "apricot", "Alder asked")
        assert tables_with(session, *words) == set()
        # The farewell still has to find its way; the sweep of the rules takes it away.
        assert tables_with(session, EMAIL) == {"outbox_letters"}

        commands.forget_closed(
            session, before=NOON + timedelta(days=1), at=NOON + timedelta(days=31)
        )
        assert tables_with(session, EMAIL) == set()

    def test_takes_names_and_words_out_of_yeses_that_stay(
        self, session: Session, make: Make
    ) -> None:
        circle = Circle(make, yeses=2)
        deal = circle.suggested()
        circle.no(deal, circle.mo, "Too apricot for Ann.")
        circle.yes(deal, circle.mo)
        circle.yes(deal, circle.bea)

        closed(session, circle.mo.user_id)

        order = orders.order_for(session, order_id=deal.order_id, seen_by=circle.person, at=NOON)
        assert [(one.user_name, one.verdict.value, one.words) for one in order.approvals] == [
            ("Somebody who has left", "no", ""),
            ("Somebody who has left", "yes", ""),
            ("Bea Lane", "yes", ""),
        ]
        assert "Mo Reed" not in (order.approved_by_name or "")
        # A letter to Ann that told of the no is emptied when it is old, as every letter is.
        assert tables_with(session, "Mo Reed", "apricot") == {"outbox_letters"}
        assert orders.problems(session) == []

    def test_is_the_same_twice(self, session: Session, make: Make) -> None:
        person = make.person()
        closed(session, person.user_id)

        commands.close_account(session, user_id=person.user_id, at=NOON + timedelta(days=1))

        deeds = audit.deeds_of(session, chain_id=person.user_id)
        assert [deed.what for deed in deeds].count("account-closed") == 1

    def test_lets_the_address_join_anew(self, session: Session, make: Make) -> None:
        person = make.person(email=EMAIL)
        closed(session, person.user_id)

        assert make.person(email=EMAIL).user_id != person.user_id

    def test_closes_a_store_that_was_theirs_alone(self, session: Session, make: Make) -> None:
        provider = make.provider()
        catalogue.pause_store(session, by=provider, at=NOON)

        closed(session, provider.user_id)

        assert stores.bank_details(session, [provider.works_for]) == {}
        staff = people.staff_of(session, organisation_id=provider.works_for)
        assert staff == []

    def test_leaves_a_store_to_its_other_owner(self, session: Session, make: Make) -> None:
        provider = make.provider()
        other = make.staff(organisation_id=provider.works_for, role=Role.PROVIDER_OWNER)
        catalogue.pause_store(session, by=provider, at=NOON)

        closed(session, provider.user_id)

        assert stores.own_stores(session, user_id=other.user_id)[0].is_open is False
        assert provider.works_for in stores.bank_details(session, [provider.works_for])

    def test_leaves_pools_and_says_so_first(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        leaver, stays = pooled.members[0], pooled.members[1]

        assert in_the_way(session, leaver.id) == []
        (pool,) = queries.pools_to_leave(session, user_id=leaver.id)
        assert (pool.name, pool.mine) == ("The garden", Money(60_00))
        closed(session, leaver.id)

        assert money.members_of(session, pool_id=pooled.pool_id) == [stays.id]
        (line,) = money.lines_of(session, person_id=leaver.id, at=NOON)
        assert line.available == Money(100_00)
        assert money.problems(session) == []

    def test_waits_for_own_money_that_is_in_a_pool(self, session: Session, make: Make) -> None:
        funded = make.funded_person(name="Maya Singh")
        line_id = budgets.own_line(
            session,
            person_id=funded.id,
            council_id=funded.council_id,
            by_user_id=funded.id,
            at=NOON,
        )
        budgets.pay_in(
            session,
            line_id=line_id,
            key="own",
            amount=Money(12_00),
            why=PayIn.CARD,
            by_user_id=None,
            at=NOON,
        )
        pooled = make.pool(
            members=[funded, make.funded_person(council_id=funded.council_id)],
            put_in=(Money(1_00), Money(1_00)),
        )
        put = budgets.PutIntoPool(
            deposit_id=UUID(int=5), pool_id=pooled.pool_id, line_id=line_id, amount=Money(12_00)
        )
        budgets.put_into_pool(session, put, by=funded.person, at=NOON)

        (said,) = in_the_way(session, funded.id)
        assert said == (
            "£12.00 of your own money is in the pool The garden. Leave the pool, and it comes "
            "back to you."
        )

    def test_tells_the_council_whose_money_is_left(self, session: Session, make: Make) -> None:
        funded = make.funded_person()

        closed(session, funded.id)

        subjects = session.scalars(
            text("SELECT subject FROM outbox_letters WHERE template = 'account_closed_council'")
        )
        assert subjects.all() == ["Somebody you fund has closed their account"]


class TestPages:
    @pytest.mark.sqlite_only
    def test_leave_the_council_a_page_to_look_after_its_money(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        funded = make.funded_person(name=NAME)
        with transaction() as session:
            commands.close_account(session, user_id=funded.id, at=NOON)
        council = sign_in(funded.practitioner)

        page = council.get("budgets.person", person_id=funded.id)

        assert page.heading == "Somebody who has left"
        assert NAME not in council.get("budgets.people").text

    def test_close_the_account_after_a_second_look(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person()
        browser, elsewhere = sign_in(person), sign_in(person)

        look = browser.get("home.close")
        second = browser.click(look, "Go on to close it")
        page = browser.submit(second, "Close my account for good", password=PASSWORD)

        assert page.location == "/"
        assert "Your account is closed." in browser.follow(page).text
        assert "/sign-in" in browser.get("access.account").location
        assert "/sign-in" in elsewhere.get("access.account").location

    def test_ask_for_the_right_password(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person()
        browser = sign_in(person)

        page = browser.submit(
            browser.get("home.close_now"), "Close my account for good", password="wrong wrong"
        )

        assert page.errors == ["That is not the password you use now."]
        with reading() as session:
            assert not people.is_closed(session, user_id=person.user_id)

    def test_name_what_is_in_the_way_and_where(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.placed()
        browser = sign_in(deal.person)

        page = browser.get("home.close")

        assert "£30.00 is set aside for orders." in page.text
        assert page.link("See to it").startswith("/orders/")
        assert browser.get("home.close_now").location == "/my-data/close"

    @pytest.mark.sqlite_only
    def test_are_not_for_supporters(self, make: Make, sign_in: SignInAs) -> None:
        helper = make.supporter(person=make.person(), scopes=list(Scope))

        assert sign_in(helper).get("home.close").status == 403

    @pytest.mark.sqlite_only
    def test_lead_a_stranger_to_sign_in(self, browser: Browser) -> None:
        assert "/sign-in" in browser.get("home.close").location


def tables_with(session: Session, *words: str) -> set[str]:
    """Return the tables of which a row says one of these words."""
    session.flush()
    metadata: MetaData = Model.metadata
    return {
        table.name
        for table in metadata.tables.values()
        if any(
            word in str(value)
            for row in session.execute(select(table))
            for value in row
            for word in words
        )
    }
