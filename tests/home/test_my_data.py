"""What is kept about somebody: the page, the files, and for whom they are."""

import csv
import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access.rules import Basis, Scope
from marketplace.audit import queries as audit
from marketplace.database import reading
from marketplace.home import commands
from marketplace.home.queries import everything_about
from marketplace.kernel.money import Money
from marketplace.outbox.commands import WriteLetter, write_letter
from marketplace.wallet import commands as wallet
from marketplace.wallet.rules import AccountKind, Leg, Movement
from tests.browser import Browser
from tests.conftest import NOON, SignInAs
from tests.factories import Make
from tests.factories.money import PAID_IN


def document(browser: Browser) -> dict[str, Any]:
    """Take everything away as JSON."""
    page = browser.submit(browser.get("home.my_data"), "Download everything (JSON)")
    assert page.response.mimetype == "application/json"
    found: dict[str, Any] = json.loads(page.html)
    return found


def tables(browser: Browser) -> dict[str, str]:
    """Take everything away as tables."""
    page = browser.submit(browser.get("home.my_data"), "Download tables (CSV)")
    with zipfile.ZipFile(io.BytesIO(page.response.get_data())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


class TestPage:
    def test_says_what_is_kept_how_long_why_and_who_sees_it(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        page = sign_in(make.person()).get("home.my_data")

        assert page.heading == "What we keep about you"
        assert "90 days after you signed out there" in page.text
        assert "Never your other orders, and never your money." in page.text

    def test_leads_a_stranger_to_sign_in(self, browser: Browser) -> None:
        assert "/sign-in" in browser.get("home.my_data").location

    def test_is_found_from_the_account(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.person())

        page = browser.click(browser.get("access.account"), "What we keep about you")

        assert page.url == "/my-data"

    @pytest.mark.sqlite_only
    def test_is_for_the_person_alone_not_for_a_helper(self, make: Make, sign_in: SignInAs) -> None:
        helper = make.supporter(person=make.person(name="Sam Hill"), scopes=list(Scope))

        page = sign_in(helper).get("home.my_data")

        assert page.status == 403
        assert "What is kept about Sam Hill is for them alone" in page.text

    @pytest.mark.parametrize(
        "basis", [Basis.POWER_OF_ATTORNEY, Basis.DEPUTY, Basis.APPOINTEE], ids=str
    )
    @pytest.mark.sqlite_only
    def test_opens_for_who_stands_in_by_law(
        self, make: Make, sign_in: SignInAs, basis: Basis
    ) -> None:
        attorney = make.supporter(person=make.person(name="Sam Hill"), basis=basis)

        page = sign_in(attorney).get("home.my_data")

        assert page.heading == "What we keep about Sam Hill"

    @pytest.mark.sqlite_only
    def test_stays_shut_for_an_attorney_who_may_not_see(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        attorney = make.supporter(
            person=make.person(), basis=Basis.POWER_OF_ATTORNEY, scopes=[Scope.PLAN]
        )

        assert sign_in(attorney).get("home.my_data").status == 403

    @pytest.mark.sqlite_only
    def test_stays_shut_for_a_helper_who_is_appointee_of_another(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        helper = make.supporter(person=make.person())
        other = make.supporter(person=make.person(), basis=Basis.APPOINTEE)

        assert sign_in(helper).get("home.my_data").status == 403
        assert sign_in(other).get("home.my_data").status == 200


class TestFiles:
    def test_tell_everything_with_pence_pounds_and_iso_dates(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        deal = make.placed(funded=make.funded_person(name="Sam Hill", to_spend=Money(100_00)))

        found = document(sign_in(deal.person))

        assert found["format"] == "my-data/1"
        assert found["about"] == "Sam Hill"
        [line] = found["data"]["funding-lines"]
        assert (line["yearly_pence"], line["yearly_pounds"]) == (1300_00, "1300.00")
        assert date.fromisoformat(line["starts_on"]) == date(2026, 3, 4)
        [order] = found["data"]["orders"]
        assert (order["total_pence"], order["placed_at"]) == (30_00, PAID_IN.isoformat())
        moved = [row["amount_pounds"] for row in found["data"]["money-in-and-out"]]
        assert sorted(moved) == ["-30.00", "100.00", "30.00"]
        assert set(found["kinds"]) == set(found["data"])

    def test_are_tables_of_which_no_cell_runs(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person(name='=HYPERLINK("http://evil.example")')

        found = tables(sign_in(person))

        [row] = csv.DictReader(io.StringIO(found["account.csv"]))
        assert row["name"] == '\'=HYPERLINK("http://evil.example")'
        assert found["orders.csv"].startswith("id,number,person_id")
        assert "orders,Your orders" in found["what-is-in-it.csv"]

    def test_are_written_down(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person(name="Sam Hill")
        attorney = make.supporter(person=person, basis=Basis.DEPUTY, name="Ada Lowe")

        document(sign_in(attorney))

        with reading() as session:
            deed = audit.deeds_of(session, chain_id=person.user_id)[0]
        assert (deed.what, deed.by_user_id) == ("data-taken", attorney.user_id)

    def test_tell_nothing_of_anybody_else(self, make: Make, sign_in: SignInAs) -> None:
        council_id = make.council()
        other = make.funded_person(
            name="Birch Vanterpool", council_id=council_id, outcomes=["I paint the mural."]
        )
        provider = make.provider(name="Amber Lane Help", owner=make.person(name="Olive Owner"))
        make.standing(provider=provider, council_id=council_id)
        mine = make.placed(funded=make.funded_person(council_id=council_id), provider=provider)
        theirs = make.placed(funded=other, provider=provider, price=Money(17_71), quantity=3)
        for who in (mine.person, provider, make.supporter(person=make.person())):
            browser = sign_in(who)
            if who.acts_for_another:
                browser.submit(browser.get("access.hats"), "Act as this")
            told = json.dumps(document(browser), ensure_ascii=False)
            for secret in (
                "Birch Vanterpool",
                make.email_of(other.person),
                "I paint the mural.",
                "53.13",
                str(theirs.order_id),
                str(other.id),
            ):
                assert secret not in told, f"{who.name} is told {secret}"

    @pytest.mark.sqlite_only
    def test_of_a_supporter_tell_what_they_did_but_not_for_how_much(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        funded = make.funded_person(name="Sam Hill")
        helper = make.supporter(person=funded.person, scopes=list(Scope), name="Ada Lowe")
        deal = make.placed(funded=funded, by=helper, price=Money(13_37), quantity=1)
        browser = sign_in(helper)
        browser.submit(browser.get("access.hats"), "Act as this", data={})

        found = document(browser)

        assert found["about"] == "Ada Lowe"
        assert "order-placed" in {row["what"] for row in found["data"]["deeds-of-yours-elsewhere"]}
        told = json.dumps(found)
        assert "13.37" not in told
        assert str(deal.order_id) not in told

    @pytest.mark.sqlite_only
    def test_tell_an_owner_their_store_and_no_buyer(self, make: Make, sign_in: SignInAs) -> None:
        owner = make.person(name="Olive Owner")
        provider = make.provider(name="Amber Lane Help", owner=owner)
        make.placed(funded=make.funded_person(name="Sam Hill"), provider=provider)

        found = document(sign_in(owner))

        assert [row["name"] for row in found["data"]["your-store"]] == ["Amber Lane Help"]
        assert found["data"]["orders"] == []
        assert "Sam Hill" not in json.dumps(found)


class TestLetters:
    def test_are_told_while_the_address_was_theirs_and_without_their_words(
        self, session: Session, make: Make
    ) -> None:
        person = make.person(name="Sam Hill", email="sam@mail.example", at=NOON)
        for when in (NOON - timedelta(days=1), NOON):
            letter = WriteLetter(
                key=f"test/{when}",
                to="sam@mail.example",
                subject="For Ada Lowe",
                template="reset_password",
                values={"name": "Ada Lowe", "link": "secret-door"},
            )
            write_letter(session, letter, at=when)

        kept = everything_about(session, user_id=person.user_id)["letters-to-you"]

        assert [row["what"] for row in kept.rows] == ["reset_password"]
        assert kept.keys == ("id", "what", "written_at", "sent_at")

    def test_to_an_address_nobody_said_yes_to_are_not_told(
        self, session: Session, make: Make
    ) -> None:
        user_id = access.create_user(
            session, email="x@mail.example", name="X", password="three words here", at=NOON
        )
        access.send_confirmation(session, user_id=user_id, secret_key="key", at=NOON)
        make.person()

        assert everything_about(session, user_id=user_id)["letters-to-you"].rows == []


@pytest.mark.sqlite_only
class TestTakeEverything:
    def test_works_for_ten_thousand_entries(self, session: Session, make: Make) -> None:
        funded = make.funded_person(to_spend=Money(100_00))
        accounts = {
            kind: wallet.open_account(
                session, owner_id=owner, kind=kind, council_id=funded.council_id
            )
            for kind, owner in (
                (AccountKind.FUNDER, funded.council_id),
                (AccountKind.AVAILABLE, funded.line_id),
            )
        }
        for number in range(10_000):
            legs = (
                Leg(accounts[AccountKind.FUNDER], Money(-1)),
                Leg(accounts[AccountKind.AVAILABLE], Money(1)),
            )
            wallet.move(session, Movement(f"test/{number}", "instalment", legs), at=NOON)

        kept = commands.take_everything(
            session, user_id=funded.id, form="json", by=funded.person, at=NOON
        )

        assert len(kept["money-in-and-out"].rows) == 10_001
