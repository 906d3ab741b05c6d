"""The pages on which something wrong with a visit is put right."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from marketplace.access.rules import Role
from marketplace.database import transaction
from marketplace.orders import commands
from marketplace.orders.commands import Answer, AnswerQuery, QueryVisit, SayMore
from marketplace.orders.rules.disputes import QueryKind, Remedy
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.orders import Deal
from tests.orders.today import NOW, delivered

LATER = NOW + timedelta(minutes=1)


def queried(make: Make, **wishes: object) -> tuple[Deal, QueryVisit]:
    """Let a visit of £30.00 be noted, and the person say that something is wrong."""
    deal = delivered(make)
    visit_id = make.order(deal, at=NOW).visits[0].id
    wish = QueryVisit(visit_id=visit_id, words="Only an hour.", **wishes)  # type: ignore[arg-type]
    with transaction() as session:
        commands.query_visit(session, wish, by=deal.person, at=NOW)
    return deal, wish


def with_council(make: Make) -> tuple[Deal, QueryVisit]:
    """Let the provider disagree and the person ask the council."""
    deal, wish = queried(make)
    no = AnswerQuery(query_id=wish.query_id, answer=Answer.DISAGREE, words="We were there.")
    with transaction() as session:
        commands.answer_query(session, no, by=deal.provider, at=LATER)
        ask = SayMore(query_id=wish.query_id, words="")
        commands.ask_council_to_decide(session, ask, by=deal.person, at=LATER)
    return deal, wish


class TestWrong:
    def test_keeps_what_was_typed_and_says_what_is_missing(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        deal = delivered(make)
        browser = sign_in(deal.person)
        visit_id = make.order(deal, at=NOW).visits[0].id
        page = browser.get("orders.wrong", visit_id=visit_id)
        assert "Worried about somebody?" in page.text

        page = browser.submit(
            page, "Tell ", words="Only an hour.", remedy="part_due", kind="late", amount="40"
        )

        assert page.errors == ["Enter what is to be paid: more than nothing, and less than £30.00."]
        assert "Only an hour." in page.html
        assert 'value="40"' in page.html

    def test_refuses_a_file_that_lies(self, make: Make, sign_in: SignInAs) -> None:
        deal = delivered(make)
        browser = sign_in(deal.person)
        page = browser.get("orders.wrong", visit_id=make.order(deal, at=NOW).visits[0].id)

        page = browser.submit(
            page,
            "Tell ",
            words="Look.",
            kind="late",
            remedy="nothing_due",
            attachment=(BytesIO(b"\x00\x01"), "seen.png"),
        )

        assert page.errors[0].startswith("The name of that file ends in .png")

    def test_leads_to_what_was_asked_before(self, make: Make, sign_in: SignInAs) -> None:
        deal, wish = queried(make)

        page = sign_in(deal.person).get("orders.wrong", visit_id=wish.visit_id)

        assert page.location.endswith(f"/queries/{wish.query_id}")

    def test_is_not_for_a_stranger(self, make: Make, sign_in: SignInAs) -> None:
        _, wish = queried(make)

        assert sign_in(make.person()).get("orders.wrong", visit_id=wish.visit_id).status == 404

    def test_what_is_not_safe_shows_the_button_first(self, make: Make, sign_in: SignInAs) -> None:
        deal, wish = queried(make, kind=QueryKind.NOT_SAFE)

        page = sign_in(deal.person).get("orders.query", query_id=wish.query_id)

        assert "In danger now? Call 999" in page.text
        assert page.link("Worried about somebody?").endswith("/worried") or page.link(
            "Worried about somebody?"
        )


class TestQuery:
    def test_is_one_list_that_all_three_read(self, make: Make, sign_in: SignInAs) -> None:
        deal, wish = with_council(make)

        pages = [
            sign_in(who).get("orders.query", query_id=wish.query_id)
            for who in (deal.person, deal.provider, deal.funded.practitioner)
        ]

        for page in pages:
            assert "Only an hour." in page.text
            assert "We were there." in page.text
            assert "With the council" in page.text
            assert "£30.00 stays set aside until this is settled" in page.text

    def test_is_not_for_strangers(self, make: Make, sign_in: SignInAs) -> None:
        _, wish = queried(make)

        for stranger in (make.person(), make.provider(), make.practitioner()):
            browser = sign_in(stranger)
            assert browser.get("orders.query", query_id=wish.query_id).status == 404
            assert browser.get("orders.query", query_id=uuid4()).status == 404

    def test_a_worker_reads_and_writes_but_does_not_answer(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        deal, wish = queried(make)
        worker = make.staff(organisation_id=deal.provider.works_for, role=Role.PROVIDER_WORKER)
        browser = sign_in(worker)

        page = browser.click(browser.get("orders.query", query_id=wish.query_id), "Write something")
        browser.submit(page, "Send", words="I was there at two.")

        assert "I was there at two." in browser.follow().text
        assert browser.get("orders.answer_query", query_id=wish.query_id).status == 403


class TestAnswer:
    def test_a_no_without_a_reason_keeps_what_was_chosen(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        deal, wish = queried(make)
        browser = sign_in(deal.provider)
        page = browser.get("orders.answer_query", query_id=wish.query_id)

        page = browser.submit(page, "Send my answer", answer="disagree")

        assert page.errors == ["Say why you do not agree."]
        assert page.soup.select_one("input[value=disagree][checked]")

    def test_doing_it_again_asks_for_a_day(self, make: Make, sign_in: SignInAs) -> None:
        deal, wish = queried(make, remedy=Remedy.AGAIN)
        browser = sign_in(deal.provider)
        page = browser.get("orders.answer_query", query_id=wish.query_id)
        assert "If you do it again" in page.text

        browser.submit(page, "Send my answer", answer="accept")

        assert "It is done again" in browser.follow().text

    def test_an_offer_that_moved_on_is_not_taken(self, make: Make, sign_in: SignInAs) -> None:
        deal, wish = queried(make)
        browser = sign_in(deal.person)
        browser.get("orders.query", query_id=wish.query_id)

        browser.post("orders.take_offer", {"shown_pence": "1"}, query_id=wish.query_id)

        assert "This has moved on" in browser.follow().text


class TestMediation:
    def test_lists_what_waits_and_lets_the_council_decide(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        deal, wish = with_council(make)
        browser = sign_in(deal.funded.practitioner)
        page = browser.get("orders.mediation")
        assert "£30.00 waits." in page.text
        page = browser.get("orders.decide_query", query_id=wish.query_id)

        page = browser.submit(page, "Decide", outcome="part", words="Half came.", amount="30")
        assert page.errors == ["Enter more than nothing, and less than £30.00."]
        browser.submit(page, "Decide", outcome="part", words="Half came.", amount="15")

        page = browser.follow()
        assert "£15.00 is paid. £15.00 went back" in page.text
        assert "Settled lately" in browser.get("orders.mediation").text

    def test_a_question_stands_on_the_page_of_both(self, make: Make, sign_in: SignInAs) -> None:
        deal, wish = with_council(make)
        browser = sign_in(deal.funded.practitioner)
        page = browser.get("orders.question", query_id=wish.query_id)

        browser.submit(page, "Send my question", side="provider", words="Who came?")

        assert "Who came?" in browser.follow().text
        theirs = sign_in(deal.provider).get("orders.write_to_query", query_id=wish.query_id)
        assert "Who came?" in theirs.text

    def test_is_empty_for_another_council(self, make: Make, sign_in: SignInAs) -> None:
        with_council(make)

        page = sign_in(make.practitioner()).get("orders.mediation")

        assert "Nothing to settle" in page.text
