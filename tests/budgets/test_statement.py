"""What happened to money: in words, by period, line and kind, page by page."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from marketplace.budgets import commands, queries
from marketplace.budgets.commands import PayIn
from marketplace.budgets.queries import StatementLine, StatementWish
from marketplace.budgets.rules.statement import KINDS, words
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.web.example_days import near_today
from tests.budgets.test_purchases import FARE, bought
from tests.conftest import NOON, SignInAs
from tests.factories import Make
from tests.factories.money import Funded

TODAY = clock.local_day(clock.now())


@pytest.fixture
def funded(session: Session, make: Make) -> Funded:
    """Return somebody with £100.00, of which £30.00 is set aside since noon."""
    funded = make.funded_person()
    make.hold(funded, Money(30_00), at=NOON)
    return funded


class TestWords:
    def test_name_whom_it_was_with(self) -> None:
        assert words("capture", "Nadia at Home", Money(-1)) == "Paid to Nadia at Home"

    @pytest.mark.parametrize("reason", sorted(set().union(*(kinds for _, kinds in KINDS.values()))))
    def test_are_there_for_every_reason_that_can_be_chosen(self, reason: str) -> None:
        assert words(reason, "", ZERO) != "Money moved"

    @pytest.mark.parametrize(
        ("change", "said"),
        [(1, "Money came in"), (-1, "Money went out"), (0, "Money moved")],
    )
    def test_of_an_unknown_reason_say_where_it_went(self, change: int, said: str) -> None:
        assert words("something-new", "", Money(change)) == said

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (1, "Came over from other money here"),
            (-1, "Went over to other money here"),
            (0, "Went from one money here to another"),
        ],
    )
    def test_says_which_way_money_went_between_lines(self, change: int, said: str) -> None:
        assert words("handover", "", Money(change)) == said


class TestStatement:
    def test_says_what_was_left_after_each(self, session: Session, funded: Funded) -> None:
        found = queries.statement(session, person_id=funded.id)

        assert [(row.to_spend, row.set_aside, row.left) for row in found.lines] == [
            (Money(-30_00), Money(30_00), Money(70_00)),
            (Money(100_00), ZERO, Money(100_00)),
        ]
        assert found.older_than is None

    def test_names_the_council_and_what_was_bought(self, session: Session, funded: Funded) -> None:
        bought(session, FARE, funded.person, at=NOON + timedelta(hours=1))

        found = queries.statement(session, person_id=funded.id)

        assert found.lines[0].words == "Bought elsewhere: Cinema with Joe"
        assert found.lines[1].words == "Set aside for an order"
        assert found.lines[2].words.startswith("Instalment from ")
        assert found.lines[2].money == "Adult social care"

    def test_names_what_was_bought_with_too_little_money(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person(to_spend=Money(5_00))
        bought(session, FARE, funded.person)

        found = queries.statement(session, person_id=funded.id)

        assert found.lines[0].words == "Bought elsewhere: Cinema with Joe"
        assert found.lines[0].to_spend == Money(-5_00)

    def test_names_the_provider(self, session: Session, make: Make) -> None:
        deal = make.placed()

        found = queries.statement(session, person_id=deal.funded.id)

        name = make.order(deal, at=NOON).provider_name
        assert f"Set aside for an order with {name}" in [row.words for row in found.lines]

    def test_comes_page_by_page_without_gaps(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        for minute in range(7):  # two of each instant: the id decides
            make.hold(funded, Money(1_00), at=NOON + timedelta(minutes=minute // 2))

        rows: list[StatementLine] = []
        older = None
        for _ in range(4):
            found = queries.statement(session, person_id=funded.id, older_than=older, limit=2)
            rows += found.lines
            older = found.older_than

        assert older is None
        assert len({row.id for row in rows}) == 8
        assert rows[-1].left == Money(100_00)
        assert rows[0].left == Money(93_00)

    def test_of_a_period_keeps_what_was_left(self, session: Session, funded: Funded) -> None:
        wish = StatementWish(from_on=date(2026, 3, 5))
        make_more = NOON + timedelta(days=1)
        bought(session, replace(FARE, paid_on=date(2026, 3, 5)), funded.person, at=make_more)

        found = queries.whole_statement(session, person_id=funded.id, wish=wish)

        assert [row.left for row in found.lines] == [Money(58_00)]
        assert (found.before, found.after) == (Money(70_00), Money(58_00))

    def test_ends_with_its_last_day_in_local_time(self, session: Session, make: Make) -> None:
        # In summer, 23:30 in UTC is the next day in London.
        funded = make.funded_person()
        evening = NOON.replace(month=7, day=1, hour=23, minute=30)
        make.hold(funded, Money(1_00), at=evening)

        first = StatementWish(from_on=date(2026, 7, 1), to_on=date(2026, 7, 1))
        second = StatementWish(from_on=date(2026, 7, 2), to_on=date(2026, 7, 2))

        assert not queries.statement(session, person_id=funded.id, wish=first).lines
        assert queries.statement(session, person_id=funded.id, wish=second).lines

    def test_of_one_kind(self, session: Session, funded: Funded) -> None:
        found = queries.statement(session, person_id=funded.id, wish=StatementWish(kind="in"))

        assert [row.to_spend for row in found.lines] == [Money(100_00)]

    def test_of_one_line(self, session: Session, make: Make, funded: Funded) -> None:
        second = make.line(
            person=funded.person, practitioner=funded.practitioner, instalment=Money(7_00)
        )

        found = queries.statement(session, person_id=funded.id, wish=StatementWish(line_id=second))

        assert [row.left for row in found.lines] == [Money(7_00)]
        assert len(found.choices) == 2

    def test_of_somebody_elses_line_is_not_found(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        other = make.funded_person()

        with pytest.raises(NotFoundError):
            queries.statement(
                session, person_id=funded.id, wish=StatementWish(line_id=other.line_id)
            )

    def test_lately_says_the_same_words(self, session: Session, funded: Funded) -> None:
        own = commands.own_line(
            session,
            person_id=funded.id,
            council_id=funded.council_id,
            by_user_id=funded.id,
            at=NOON,
        )
        commands.pay_in(
            session,
            line_id=own,
            key=f"test/{uuid4()}",
            amount=Money(5_00),
            why=PayIn.CARD,
            by_user_id=funded.id,
            at=NOON,
        )

        rows = queries.lately(session, person_id=funded.id)

        assert [(row.words, row.amount) for row in rows][:2] == [
            ("Paid in by card", Money(5_00)),
            ("Set aside for an order", Money(30_00)),
        ]
        assert rows[2].words.startswith("Instalment from ")


class TestPages:
    @pytest.fixture
    def rich(self, make: Make) -> Funded:
        """Return somebody with £100.00 since today, of which £30.00 is set aside."""
        funded = make.funded_person(name="Maya Singh", starts_on=TODAY, at=clock.now())
        make.hold(funded, Money(30_00), at=clock.now())
        return funded

    def test_page_shows_the_newest_first(self, sign_in: SignInAs, rich: Funded) -> None:
        page = sign_in(rich.person).get("budgets.statement")

        rows = [row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")]
        assert "Set aside for an order -£30.00 +£30.00 £70.00" in rows[0]
        assert "+£100.00 – £100.00" in rows[1]

    def test_page_is_narrowed(self, sign_in: SignInAs, rich: Funded) -> None:
        browser = sign_in(rich.person)

        page = browser.submit(browser.get("budgets.statement"), "Show it", kind="aside")

        assert len(page.soup.select("tbody tr")) == 1

    @pytest.mark.parametrize(
        "query",
        ["?older=x", "?older=2026-01-01~y", "?kind=x", "?line=x", "?older=2026-01-01T00:00"],
    )
    def test_page_shrugs_at_a_made_up_address(
        self, sign_in: SignInAs, rich: Funded, query: str
    ) -> None:
        page = sign_in(rich.person).get(f"/wallet/statement{query}")

        assert len(page.soup.select("tbody tr")) == 2

    def test_page_says_what_is_wrong_with_a_day(self, sign_in: SignInAs, rich: Funded) -> None:
        page = sign_in(rich.person).get("/wallet/statement?from_on=30+2+2026")

        assert page.errors == [near_today("Enter a day that exists, like {day}.")]

    def test_page_says_that_the_days_are_the_wrong_way_round(
        self, sign_in: SignInAs, rich: Funded
    ) -> None:
        page = sign_in(rich.person).get("/wallet/statement?from_on=2+3+2026&to_on=1+3+2026")

        assert page.errors == ["The last day is before the first. Enter a later one."]

    def test_sheet_is_for_paper(self, sign_in: SignInAs, rich: Funded) -> None:
        page = sign_in(rich.person).get("budgets.statement_sheet")

        assert page.heading == "Statement for Maya Singh"
        assert "£70.00" in page.text

    def test_csv_has_amounts_as_numbers(self, sign_in: SignInAs, rich: Funded) -> None:
        page = sign_in(rich.person).get("budgets.statement_csv")

        lines = page.html.splitlines()
        assert lines[0].startswith("Day,What happened")
        assert lines[2].endswith("Set aside for an order,Adult social care,-30.00,30.00,70.00")

    def test_pdf_is_tagged(self, sign_in: SignInAs, rich: Funded) -> None:
        page = sign_in(rich.person).get("budgets.statement_pdf")

        read = PdfReader(BytesIO(page.response.data))
        assert "/Marked': True" in str(read.root_object["/MarkInfo"])
        assert "pdfuaid" in read.xmp_metadata.stream.get_data().decode() if read.xmp_metadata else 0
        text = read.pages[0].extract_text()
        assert "Statement for Maya Singh" in text
        assert "£70.00" in text

    def test_of_nothing_says_so(self, make: Make, sign_in: SignInAs) -> None:
        browser = sign_in(make.person())

        assert "Nothing is here" in browser.get("budgets.statement").text
        assert "Nothing happened." in browser.get("budgets.statement_sheet").text
        assert browser.get("budgets.statement_pdf").status == 200
