"""What a provider takes to its book-keeper adds up, line by line and with what it is owed."""

import csv
import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money, total
from marketplace.orders import commands as orders
from marketplace.orders.commands import Credit
from marketplace.orders.rules import InvoiceKind, LineVat, Treatment
from marketplace.payments import commands, queries
from marketplace.payments.queries.accounts import accounts
from marketplace.payments.rules.accounts import (
    LINES_HEAD,
    XERO_HEAD,
    Accounts,
    Moved,
    Paper,
    PaperLine,
    Payment,
    lines_of,
    xero_lines_of,
)
from marketplace.web.downloads import csv_text
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.orders import TOMORROW
from tests.factories.payments import PAY_DAY

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
TREATMENTS = [
    Treatment(LineVat.NONE),
    Treatment(LineVat.EXEMPT),
    Treatment(LineVat.STANDARD, 20_00),
]

pence = st.integers(1, 100_000)


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    kind = draw(st.sampled_from(InvoiceKind))
    sign = 1 if kind is InvoiceKind.INVOICE else -1
    amounts = draw(st.lists(pence, min_size=1, max_size=4))
    return Paper(
        number=draw(st.integers(1, 999)),
        kind=kind,
        on=draw(st.dates(FIRST, LAST)),
        promised_on=LAST,
        payer="Airemoor",
        person="=Bea",
        order_number=7,
        lines=tuple(
            PaperLine("Tea", 1, Money(sign * each), Money(sign * (each // 6)), treatment)
            for each in amounts
            for treatment in [draw(st.sampled_from(TREATMENTS))]
        ),
    )


payments = st.builds(
    Payment,
    on=st.dates(FIRST, LAST),
    what=st.sampled_from(Moved),
    payer=st.just("Airemoor"),
    reference=st.just("R1"),
    amount=pence.map(Money),
)
books = st.builds(
    Accounts,
    from_on=st.just(FIRST),
    last_on=st.just(LAST),
    owed_before=st.integers(-100_000, 100_000).map(Money),
    papers=st.lists(papers(), max_size=6).map(tuple),
    payments=st.lists(payments, max_size=6).map(tuple),
)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def money(cell: str) -> Money:
    sign = -1 if cell.startswith("-") else 1
    return Money.parse(cell.removeprefix("-")) * sign if cell else ZERO


class TestTheSums:
    @settings(max_examples=50)
    @given(books)
    def test_of_the_table_are_those_of_the_statement(self, found: Accounts) -> None:
        rows = read(csv_text(LINES_HEAD, lines_of(found)))

        changes = total(money(row["Changes what you are owed by"]) for row in rows)
        assert found.owed_before + changes == found.owed_after
        assert total(money(row["With VAT"]) for row in rows) == found.invoiced - found.credited
        assert total(money(row["VAT"]) for row in rows) == found.vat
        assert all(money(row["Net"]) + money(row["VAT"]) == money(row["With VAT"]) for row in rows)
        assert [row["Date"] for row in rows] == sorted(row["Date"] for row in rows)

    @settings(max_examples=50)
    @given(books)
    def test_of_the_sales_for_xero_are_too(self, found: Accounts) -> None:
        rows = read(csv_text(XERO_HEAD, xero_lines_of(found)))

        assert total(money(row["*UnitAmount"]) for row in rows) == (found.invoiced - found.credited)
        assert {row["*TaxType"] for row in rows} <= {
            "No VAT",
            "Exempt Income",
            "20% (VAT on Income)",
        }
        assert all(len(row["*InvoiceDate"].split("/")) == 3 for row in rows)


class TestAccounts:
    def test_follow_invoices_credit_notes_payments_and_what_came_back(
        self, session: Session, make: Make
    ) -> None:
        provider = make.provider()
        deal = make.accepted(provider=provider, visits=2)
        invoice_id = make.confirmed(deal)
        officer = make.officer(council_id=deal.funded.council_id)
        run_id = make.paid_run(by=officer)
        orders.credit(
            session,
            Credit(credit_id=uuid4(), invoice_id=invoice_id, amount=Money(5_00), reason="Late."),
            by=provider,
            at=PAY_DAY + DAY,
        )
        (item,) = queries.run_for(session, run_id=run_id, seen_by=officer).items
        commands.bounce_item(
            session,
            item.id,
            on=local_day(PAY_DAY + 2 * DAY),
            reason="Account closed",
            by=officer,
            at=PAY_DAY + 2 * DAY,
        )

        def between(first: date, last: date) -> Accounts:
            return accounts(session, provider_id=provider.works_for, from_on=first, last_on=last)

        whole = between(FIRST, LAST)
        due = item.amount
        assert (whole.owed_before, whole.invoiced, whole.credited) == (ZERO, due, Money(5_00))
        assert (whole.paid, whole.came_back) == (due, due)
        coming = queries.earnings(session, provider_id=provider.works_for).coming
        assert whole.owed_after == due - Money(5_00) == coming
        cut = local_day(PAY_DAY)
        before, after = between(FIRST, cut), between(cut + DAY, LAST)
        assert before.owed_after == after.owed_before == ZERO
        assert after.owed_after == whole.owed_after

    def test_are_a_providers_own(self, session: Session, make: Make) -> None:
        deal = make.accepted()
        make.confirmed(deal)

        theirs = accounts(
            session, provider_id=make.provider().works_for, from_on=FIRST, last_on=LAST
        )

        assert (theirs.papers, theirs.payments, theirs.owed_after) == ((), (), ZERO)


class TestThePage:
    def test_shows_the_statement_and_sends_files(
        self, app: Flask, sign_in: SignInAs, make: Make
    ) -> None:
        deal = make.accepted()
        make.confirmed(deal)
        browser = sign_in(deal.provider)
        time = {"from": "1 1 2026", "to": local_day(TOMORROW).isoformat()}

        page = browser.get(f"/earnings/accounts?from={time['from']}&to={time['to']}")

        assert "Owed to you at the end" in page.text
        assert "£30.00" in page.text
        for name in ("accounts", "sales-for-xero"):
            sent = browser.client.get(f"/earnings/{name}.csv", query_string=time)
            assert sent.status_code == 200
            assert sent.mimetype == "text/csv"
            assert len(read(sent.text)) == 1

    @pytest.mark.parametrize(
        ("from_", "to", "says"),
        [
            ("nonsense", "", "day"),
            ("2 3 2026", "1 3 2026", "other way round"),
            ("1 1 2001", "1 1 2026", "three years"),
        ],
    )
    def test_says_what_is_wrong_with_the_days_and_keeps_them(
        self, sign_in: SignInAs, make: Make, from_: str, to: str, says: str
    ) -> None:
        page = sign_in(make.provider()).get(f"/earnings/accounts?from={from_}&to={to}")

        assert says in page.text
        assert f'value="{from_}"' in page.html
