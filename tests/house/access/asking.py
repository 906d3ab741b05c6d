"""Fills one side of the world with what people ask providers for."""

from datetime import datetime

from tests.factories import Make
from tests.house.access.side import Side


def fill_asks(make: Make, side: Side, *, at: datetime) -> None:
    """Let the person ask for company, and their side's store answer."""
    ask_id = make.ask(
        side.funded.person,
        title="Somebody to sing with",
        words=f"{side.names.person} likes old songs.",
        near=side.names.postcode,
        at=at,
    )
    answer_id = make.answer(ask_id, side.provider, words="We sing every day.", at=at)
    side.objects["ask"] = {"ask_id": ask_id}
    side.objects["ask_answer"] = {"ask_id": ask_id, "answer_id": answer_id}
