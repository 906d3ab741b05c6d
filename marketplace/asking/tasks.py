"""What the worker does for asks: telling the next providers, and what nobody answers."""

from datetime import datetime

from marketplace.asking import commands, queries
from marketplace.database import reading, transaction


def tell_of_asks(at: datetime) -> int:
    """Tell the providers whose turn it is today, one ask a transaction; return how many."""
    with reading() as session:
        ask_ids = queries.asks_to_tell(session, at=at)
    told = 0
    for ask_id in ask_ids:
        with transaction() as session:
            told += commands.tell_more_of(session, ask_id, at=at)
    return told


def look_after_asks(at: datetime) -> int:
    """Do what is due for asks, one a transaction; return for how many there was something.

    Stopped anywhere, the rest is done the next time.
    """
    with reading() as session:
        ask_ids = queries.asks_due(session, at=at)
    done = 0
    for ask_id in ask_ids:
        with transaction() as session:
            done += commands.look_after_ask(session, ask_id, at=at)
    return done
