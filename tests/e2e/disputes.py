"""Something wrong with a visit, with a paper and an offer, which is with the council."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from marketplace.access.rules import Actor
from marketplace.kernel.money import Money
from marketplace.orders import commands
from marketplace.orders.commands import Answer, AnswerQuery, AskSide, QueryVisit, SayMore
from marketplace.orders.rules.disputes import QueryKind, Side
from tests.factories import Make
from tests.factories.money import Funded


def add_disputes(
    make: Make, actors: Mapping[str, Actor], funded: Funded, *, now: datetime
) -> dict[str, list[str]]:
    """Let the person ask, the store offer a part, and the council ask back; return the pages."""
    person, store = actors["person"], actors["provider"]
    earlier = now - timedelta(days=2)
    deal = make.accepted(
        make.placed(funded=funded, provider=store, first_at=None, at=earlier), at=earlier
    )
    visit_id = make.noted(deal, at=earlier)
    wish = QueryVisit(
        visit_id=visit_id,
        words="They left after an hour.",
        kind=QueryKind.NOT_SAFE,
        file_name="notes.txt",
        file=b"From two to three.",
    )
    offer = AnswerQuery(query_id=wish.query_id, answer=Answer.OFFER, amount=Money(5_00))
    more = SayMore(query_id=wish.query_id, words="Please decide.")
    asks = AskSide(query_id=wish.query_id, side=Side.PROVIDER, words="Who came?")
    with make.block() as session:
        commands.query_visit(session, wish, by=person, at=earlier)
        commands.answer_query(session, offer, by=store, at=earlier)
        commands.ask_council_to_decide(session, more, by=person, at=earlier)
        commands.ask_side(session, asks, by=actors["practitioner"], at=now)
    page = f"/queries/{wish.query_id}"
    own = [page, f"{page}/council", f"{page}/write"]
    return {
        **dict.fromkeys(("person", "supporter"), own),
        "helper": [page],
        "provider": [page, f"{page}/answer", f"{page}/write"],
        "practitioner": [page, f"{page}/question", f"{page}/decide", f"{page}/write"],
    }
