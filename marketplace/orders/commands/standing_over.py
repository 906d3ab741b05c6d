"""A standing order whose offer is over: told once, clearly, and once more if it is sold again."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from marketplace.orders.commands.standing_letters import tell_person_of
from marketplace.orders.commands.standing_locked import record_standing
from marketplace.orders.models import StandingOrder
from marketplace.orders.rules import day_words


def now_over(
    session: Session, standing: StandingOrder, from_on: date, words: str, *, at: datetime
) -> None:
    """Note from which day on an offer cannot be had, and write once about it."""
    known = standing.over_from
    if known is not None and (from_on >= known or words == standing.over_words):
        # What is over already is over for later days too; an earlier day is only put right.
        standing.over_from = min(known, from_on)
        return
    standing.over_from, standing.over_words = from_on, words
    sentences = [
        words,
        f"From {day_words(from_on)} on nothing is ordered, and no money is set aside.",
        "What is ordered already still happens.",
        "The page of the standing order says who else does this.",
        "You can change it or end it there.",
        "You need not do anything. We do not write about this every week.",
    ]
    subject = f"It is over from {day_words(from_on)} on"
    tell_person_of(session, standing, subject, sentences, key=f"over/{at}", at=at)
    record_standing(session, standing, "standing-over", by=None, at=at, first=from_on.isoformat())


def sold_again(session: Session, standing: StandingOrder, *, at: datetime) -> None:
    """Note that an offer can be had again, and write once about it."""
    standing.over_from, standing.over_words = None, ""
    sentences = ["It can be ordered again. We order the next weeks as before."]
    subject = "It goes on: it can be ordered again"
    tell_person_of(session, standing, subject, sentences, key=f"again/{at}", at=at)
    record_standing(session, standing, "standing-sold-again", by=None, at=at)
