"""Invoices in the provider's name: agreed to, with their VAT, taken back, and as files."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from peppol import check_rules, validate_xsd
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.catalogue.commands import put_category
from marketplace.catalogue.queries import CategoryRow
from marketplace.catalogue.rules import CategoryVat, ProviderKind
from marketplace.database import reading, transaction
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import Credit, SayVat
from marketplace.orders.errors import BadVatError, CreditTooMuchError, WrongStateError
from marketplace.orders.queries import InvoiceView
from marketplace.orders.rules import VERSION, WORDS, LineVat
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.orders import TOMORROW, Deal
from tests.orders.today import NOW

NUMBER = "GB 123 4567 82"


def agree(make: Make, owner: Actor, *, version: int = VERSION) -> date:
    """Let an owner agree that invoices are made in their name."""
    with make.block() as session:
        return commands.agree_to_self_billing(
            session, agreement_id=uuid4(), version=version, by=owner, at=PAID_IN
        )


def vat(make: Make, owner: Actor, **changes: object) -> None:
    """Let an owner say that they are registered for VAT, since today."""
    wish = SayVat(
        registration_id=uuid4(),
        registered=True,
        starts_on=local_day(PAID_IN),
        number=NUMBER,
        address="Amber Lane Ltd, 1 High Street",
    )
    with make.block() as session:
        commands.say_vat(session, replace(wish, **changes), by=owner, at=PAID_IN)  # type: ignore[arg-type]


def paper(make: Make, invoice_id: UUID, by: Actor) -> InvoiceView:
    """Return an invoice as somebody sees it."""
    with make.block() as session:
        return queries.invoice_for(session, invoice_id=invoice_id, seen_by=by)


def credit(make: Make, invoice_id: UUID, amount: Money, by: Actor) -> InvoiceView:
    """Give some of an invoice back; return the credit note."""
    wish = Credit(credit_id=uuid4(), invoice_id=invoice_id, amount=amount, reason="Came late.")
    with make.block() as session:
        commands.credit(session, wish, by=by, at=TOMORROW)
    return paper(make, wish.credit_id, by)


class TestAgreement:
    def test_holds_for_a_year_and_twice_is_once(self, make: Make, session: Session) -> None:
        owner = make.provider()
        assert agree(make, owner) == agree(make, owner) == local_day(PAID_IN)

        page = queries.billing_page(session, by=owner, on=local_day(PAID_IN))
        assert len(page.agreements) == 1
        assert page.agreement is not None
        assert page.agreement.ends_on == date(2027, 3, 3)
        assert page.agreement.words == WORDS[VERSION]
        assert not page.may_agree
        assert queries.asks_for_agreement(
            session, provider_id=owner.works_for, on=date(2027, 2, 20)
        )

    def test_only_an_owner_agrees_and_says_vat(self, make: Make) -> None:
        owner = make.provider()
        manager = make.staff(organisation_id=owner.works_for, role=Role.PROVIDER_MANAGER)
        deeds: list[Callable[[Make, Actor], object]] = [agree, vat]
        for deed in deeds:
            with pytest.raises(NotAllowedError):
                deed(make, manager)

    def test_words_that_were_not_shown_are_not_agreed_to(self, make: Make) -> None:
        with pytest.raises(WrongStateError, match="Read them again"):
            agree(make, make.provider(), version=VERSION + 1)

    def test_without_it_money_goes_out_all_the_same(self, make: Make) -> None:
        deal = make.accepted()
        vat(make, deal.provider)
        invoice = paper(make, make.confirmed(deal), deal.person)
        assert (invoice.total, invoice.vat) == (Money(30_00), ZERO)
        assert invoice.agreement_id is None
        assert invoice.lines[0].treatment.kind is LineVat.NONE


class TestVat:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"number": "GB 123 4567 83"}, "number"),
            ({"address": " "}, "address"),
            ({"address": "x" * 301}, "address"),
            ({"starts_on": date(2030, 1, 1)}, "starts_on"),
            ({"starts_on": date(1950, 1, 1)}, "starts_on"),
        ],
    )
    def test_is_refused_in_words(self, make: Make, change: dict[str, object], field: str) -> None:
        with pytest.raises(BadVatError) as refusal:
            vat(make, make.provider(), **change)
        assert refusal.value.field == field

    def test_is_inside_the_price(self, make: Make) -> None:
        deal = make.accepted()
        agree(make, deal.provider)
        vat(make, deal.provider)
        invoice = paper(make, make.confirmed(deal), deal.person)
        assert (invoice.total, invoice.vat) == (Money(30_00), Money(5_00))
        assert invoice.seller["vat_number"] == "123456782"

    def test_counts_from_the_day_on_that_was_said(self, make: Make) -> None:
        deal = make.accepted(visits=3)
        agree(make, deal.provider)
        vat(make, deal.provider, starts_on=local_day(TOMORROW) + timedelta(days=1))
        ends = local_day(TOMORROW) + timedelta(days=14)
        vat(make, deal.provider, registered=False, starts_on=ends)
        found = []
        for number in (1, 2, 3):
            at = TOMORROW + timedelta(days=7 * (number - 1))
            make.noted(deal, visit=number, at=at)
            found.append(paper(make, make.confirmed_now(deal, at=at), deal.person).vat)
        assert found == [ZERO, Money(5_00), ZERO]

    @pytest.mark.parametrize(
        ("kind", "found"),
        [(ProviderKind.CHARITY, LineVat.EXEMPT), (ProviderKind.COMPANY, LineVat.STANDARD)],
    )
    def test_welfare_of_a_charity_is_exempt(
        self, make: Make, kind: ProviderKind, found: LineVat
    ) -> None:
        provider = make.provider(kind=kind)
        deal = make.accepted(make.placed(provider=provider))
        with make.block() as session:
            put_category(session, CategoryRow("company", "Company", "", 1, CategoryVat.EXEMPT))
        agree(make, provider)
        vat(make, provider)
        invoice = paper(make, make.confirmed(deal), deal.person)
        assert [line.treatment.kind for line in invoice.lines] == [found]


class TestCredit:
    def test_takes_back_the_vat_of_the_whole_in_pieces(self, make: Make) -> None:
        deal = make.accepted()
        agree(make, deal.provider)
        vat(make, deal.provider)
        invoice_id = make.confirmed(deal)
        notes = [
            credit(make, invoice_id, Money(pence), deal.provider) for pence in (1_01, 9_99, 19_00)
        ]
        assert sum(note.vat.pence for note in notes) == 5_00
        assert [note.number for note in notes] == [2, 3, 4]
        assert {note.seller["vat_number"] for note in notes} == {"123456782"}
        with pytest.raises(CreditTooMuchError, match=r"There is £0\.00 left"):
            credit(make, invoice_id, Money(1), deal.provider)


class TestPages:
    def _deal(self, make: Make) -> Deal:
        deal = make.accepted(make.placed(at=NOW, first_at=None), at=NOW)
        make.noted(deal, at=NOW)
        return deal

    def test_owner_agrees_and_everybody_concerned_takes_the_file(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        deal = self._deal(make)
        owner = sign_in(deal.provider)
        page = owner.get("orders.self_billing")
        assert "You have not said yes yet" in page.text
        owner.submit(page, f"I say yes for {deal.provider.organisation_name}")
        assert "We make your invoices in your name" in owner.follow().text
        page = owner.get("orders.vat")
        day = {
            "starts_on": f"{NOW.day} {NOW.month} {NOW.year}",
            "registered": "yes",
            "address": "Us, here",
        }
        page = owner.submit(page, "Save", day, number="GB 1")
        assert "A VAT number has 9 digits, like GB 123 4567 82." in " ".join(page.errors)
        assert "GB 1" in page.text
        owner.submit(page, "Save", day, number=NUMBER)
        owner.follow()

        invoice_id = make.confirmed_now(deal, at=NOW)
        officer = make.officer(council_id=deal.funded.council_id)
        for actor in (deal.provider, deal.person, officer):
            browser = sign_in(actor)
            shown = browser.get("orders.invoice", invoice_id=invoice_id)
            assert "Self-billed" in shown.text
            assert "VAT at 20%" in shown.text
            sent = browser.get("orders.invoice_ubl", invoice_id=invoice_id)
            assert validate_xsd(sent.response.data) == (True, [])
            assert check_rules(sent.response.data) == []
            assert (
                browser.get("orders.invoice_pdf", invoice_id=invoice_id).response.data[:5]
                == b"%PDF-"
            )

    def test_a_statement_has_no_file_and_says_why(self, make: Make, sign_in: SignInAs) -> None:
        deal = self._deal(make)
        invoice_id = make.confirmed_now(deal, at=NOW)
        browser = sign_in(deal.person)
        assert (
            "it is not a VAT invoice" in browser.get("orders.invoice", invoice_id=invoice_id).text
        )
        refused = browser.get("orders.invoice_ubl", invoice_id=invoice_id)
        assert refused.status == 409
        assert "has not agreed yet" in refused.text


def test_invoices_with_vat_at_once_are_numbered_without_gaps(app: Flask, make: Make) -> None:
    provider = make.provider()
    agree(make, provider)
    vat(make, provider)
    deals = [make.accepted(make.placed(provider=provider)) for _ in range(6)]
    for deal in deals:
        make.noted(deal)

    with ThreadPoolExecutor(len(deals)) as threads:
        ids = list(threads.map(make.confirmed_now, deals))

    with reading() as session:
        papers = queries.invoices_of_provider(session, provider_id=provider.works_for)
        assert queries.problems(session) == []
    assert [paper.number for paper in papers.rows] == [6, 5, 4, 3, 2, 1]
    with transaction() as session:
        found = [queries.invoice_for(session, invoice_id=id_, seen_by=provider).vat for id_ in ids]
    assert found == [Money(5_00)] * 6
