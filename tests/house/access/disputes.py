"""Fills one side of the world with something wrong about a visit, which is with the council."""

from datetime import datetime
from uuid import UUID

from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import Answer, AnswerQuery, QueryVisit, SayMore
from tests.factories import Make
from tests.house.access.side import Side


def fill_disputes(make: Make, side: Side, visit_id: UUID, *, at: datetime) -> None:
    """Let the person say what is wrong, the store offer a part, and the council be asked."""
    person = side.funded.person
    wish = QueryVisit(
        visit_id=visit_id, words="Only half an hour.", file_name="seen.txt", file=b"I saw it."
    )
    offer = AnswerQuery(query_id=wish.query_id, answer=Answer.OFFER, amount=Money(5_00))
    with make.block() as session:
        commands.query_visit(session, wish, by=person, at=at)
        commands.answer_query(session, offer, by=side.provider, at=at)
        more = SayMore(query_id=wish.query_id, words="Please decide.")
        commands.ask_council_to_decide(session, more, by=person, at=at)
    with make.block() as session:
        view = queries.query_for(session, query_id=wish.query_id, seen_by=person, at=at)
    file = view.steps[0].file
    assert file is not None, "a paper came with the first step"
    side.objects["query"] = {"query_id": wish.query_id}
    side.objects["query_file"] = {"file_id": file.id}
