"""The pages of providers and of invoices: done, refused, and not found."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from pypdf import PdfReader

from marketplace.access.rules import Role, Scope
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.orders import Deal
from tests.orders.today import NOW, SOON, delivered, placed


class TestWork:
    def test_new_order_is_accepted(self, make: Make, sign_in: SignInAs) -> None:
        deal = placed(make)
        browser = sign_in(deal.provider)

        page = browser.click(browser.get("orders.work"), "Gardening")
        browser.submit(page, "Accept the order")

        assert "You said yes" in browser.follow().text

    def test_order_is_declined_with_a_reason(self, make: Make, sign_in: SignInAs) -> None:
        deal = placed(make)
        browser = sign_in(deal.provider)

        page = browser.get("orders.decline", order_id=deal.order_id)
        assert browser.submit(page, "Say no to the order").errors != []
        browser.submit(page, "Say no to the order", words="I am full.")

        assert "has their money back" in browser.follow().text
        page = sign_in(deal.person).get("orders.show", order_id=deal.order_id)
        assert "I am full." in page.text

    def test_another_time_is_suggested_and_agreed(self, make: Make, sign_in: SignInAs) -> None:
        deal = placed(make)
        provider, person = sign_in(deal.provider), sign_in(deal.person)
        day = (SOON + timedelta(days=1)).date()

        page = provider.get("orders.propose", order_id=deal.order_id)
        provider.submit(
            page,
            "Suggest this time",
            on_day=f"{day.day} {day.month} {day.year}",
            at_time="3pm",
            words="A day later?",
        )
        provider.follow()
        page = person.get("orders.show", order_id=deal.order_id)
        assert "A day later?" in page.text
        person.submit(page, "Agree to the new time")

        assert "You agreed to the new time" in person.follow().text

    def test_visit_is_noted_in_two_taps(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted(placed(make, first_at=None), at=NOW)
        browser = sign_in(deal.provider)

        page = browser.click(browser.get("orders.work"), "Today’s visits")
        browser.submit(page, "Done as agreed")

        assert "Waiting to be confirmed" in browser.follow().text

    def test_note_is_refused_before_its_day(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted(placed(make), at=NOW)
        visit_id = make.order(deal, at=NOW).visits[0].id
        browser = sign_in(deal.provider)

        page = browser.get("orders.note", visit_id=visit_id)
        page = browser.submit(page, "Send this", outcome="missed", words="The van broke down.")

        assert any("planned for a later day" in error for error in page.errors)
        assert "The van broke down." in page.html

    def test_provider_calls_a_visit_off(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted(placed(make), at=NOW)
        visit_id = make.order(deal, at=NOW).visits[0].id
        browser = sign_in(deal.provider)

        page = browser.get("orders.call_off", visit_id=visit_id)
        browser.submit(page, "Cancel the visit", words="I am ill.")

        assert "has their money back" in browser.follow().text

    def test_somebody_elses_visit_is_not_found(self, make: Make, sign_in: SignInAs) -> None:
        deal = make.accepted(placed(make), at=NOW)
        visit_id = make.order(deal, at=NOW).visits[0].id
        browser = sign_in(make.provider())

        for page in ("orders.note", "orders.call_off"):
            assert browser.get(page, visit_id=visit_id).status == 404
        for page in ("orders.decline", "orders.propose", "orders.work_order"):
            assert browser.get(page, order_id=deal.order_id).status == 404
        assert browser.get("orders.work_orders").status == 200


class TestInvoice:
    def test_is_a_tagged_pdf(self, make: Make, sign_in: SignInAs) -> None:
        deal = delivered(make)
        invoice_id = _confirm(make, sign_in, deal)

        page = sign_in(deal.person).get("orders.invoice_pdf", invoice_id=invoice_id)

        read = PdfReader(BytesIO(page.response.data))
        assert "/Marked': True" in str(read.root_object["/MarkInfo"])
        text = read.pages[0].extract_text()
        assert "Invoice 1" in text
        assert "£30.00" in text

    def test_is_seen_by_those_it_concerns_only(self, make: Make, sign_in: SignInAs) -> None:
        deal = delivered(make)
        invoice_id = _confirm(make, sign_in, deal)
        council_id = deal.funded.council_id
        allowed = [
            deal.provider,
            deal.funded.practitioner,
            make.staff(organisation_id=council_id, role=Role.FINANCE_OFFICER),
            make.supporter(person=deal.person, scopes=[Scope.SEE], at=NOW),
        ]
        strangers = [
            make.person(),
            make.provider(),
            make.staff(organisation_id=council_id, role=Role.COMMISSIONER),
            make.staff(organisation_id=make.council(), role=Role.FINANCE_OFFICER),
        ]

        seen = [
            sign_in(actor).get(page, invoice_id=invoice_id).status
            for actor in [*allowed, *strangers]
            for page in ("orders.invoice", "orders.invoice_pdf")
        ]

        assert seen == [200] * 8 + [404] * 8

    def test_is_credited_by_the_provider(self, make: Make, sign_in: SignInAs) -> None:
        deal = delivered(make)
        invoice_id = _confirm(make, sign_in, deal)
        browser = sign_in(deal.provider)

        page = browser.get("orders.credit", invoice_id=invoice_id)
        refused = browser.submit(page, "Write the credit note", amount="31", reason="Sorry")
        assert refused.errors == [
            "There is £30.00 left of this invoice. You cannot give back more."
        ]
        browser.submit(page, "Write the credit note", amount="10.00", reason="Sorry")
        page = browser.follow()

        assert "Left of this invoice: £20.00" in page.text
        assert browser.click(page, "Credit note 2").heading == "Credit note 2"

    def test_that_does_not_exist_is_not_found(self, make: Make, sign_in: SignInAs) -> None:
        assert sign_in(make.person()).get("orders.invoice", invoice_id=uuid4()).status == 404


def _confirm(make: Make, sign_in: SignInAs, deal: Deal) -> str:
    browser = sign_in(deal.person)
    page = browser.get("orders.show", order_id=deal.order_id)
    browser.submit(page, "Yes, it came")
    return browser.follow().link("Invoice 1").rsplit("/", 1)[-1]
