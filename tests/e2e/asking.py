"""What the person asks providers for: with answers, and with one that was chosen."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from marketplace.access.rules import Actor
from marketplace.asking import commands
from marketplace.kernel.money import Money
from tests.factories import Make


def add_asks(make: Make, actors: Mapping[str, Actor], *, now: datetime) -> dict[str, list[str]]:
    """Let the person ask twice and both stores answer; return pages for some visitors."""
    person, at = actors["person"], now - timedelta(hours=3)
    done = make.ask(person, title="Company on Sundays", at=at)
    chosen = make.answer(done, actors["provider"], price=Money(13_00), at=at)
    lone = make.ask(person, title="Company on Mondays", at=at)
    said = make.answer(lone, actors["provider"], price=Money(13_00), with_offer=False, at=at)
    with make.block() as session:
        commands.choose_answer(session, done, chosen, by=person, at=at)
        commands.choose_answer(session, lone, said, by=person, at=at)
    ask_id = make.ask(
        person,
        title="Somebody to swim with",
        words="I like to swim. Ring 01632 960777.",
        days=("tue",),
        languages=("english",),
        at=at + timedelta(minutes=1),
    )
    for name in ("provider", "rival"):
        make.answer(ask_id, actors[name], at=at + timedelta(minutes=2))
    return {
        "person": [f"/asks/{ask_id}", f"/asks/{done}/end-price"],
        "supporter": [f"/asks/{ask_id}", f"/asks/{done}/end-price"],
        "helper": [f"/asks/{ask_id}", f"/asks/{done}/end-price"],
        "provider": [
            f"/people-asking/{ask_id}",
            f"/people-asking/{lone}/offer",
            f"/people-asking/{done}/end-price",
        ],
        "moderator": ["/moderation/asks"],
    }
