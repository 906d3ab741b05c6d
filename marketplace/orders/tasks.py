"""What the worker does for orders: deliveries, and orders, that nobody answers."""

from datetime import datetime, timedelta

import click

from marketplace.budgets.queries import expired_holds
from marketplace.catalogue.commands import note_load
from marketplace.catalogue.queries import stores_that_count
from marketplace.database import reading, transaction
from marketplace.orders import commands, queries
from marketplace.orders.queries.away import load_of

COUNT_EVERY = timedelta(minutes=10)
"""So often it is counted how much stores have to do."""


def confirm_silent(at: datetime) -> int:
    """Tell about unanswered deliveries, and confirm and invoice them; return for how many orders.

    Each letter, and each batch of confirmations, is a transaction of its own: stopped in between,
    what was confirmed stays so, and the rest is confirmed the next time.
    """
    with reading() as session:
        due = queries.unanswered_orders(session, at=at)
    done = 0
    for order_id in due.to_tell:
        with transaction() as session:
            done += commands.tell_silent_order(session, order_id=order_id, at=at)
    for number, order_ids in enumerate(due.batches(), start=1):
        with transaction() as session:
            done += commands.confirm_silent_orders(session, order_ids=order_ids, at=at)
        click.echo(due.progress(number))
    return done


def pass_on_silent(at: datetime) -> int:
    """Pass on to the council what nobody answered in time, one query a transaction."""
    with reading() as session:
        query_ids = queries.silent_disputes(session, at=at)
    done = 0
    for query_id in query_ids:
        with transaction() as session:
            done += commands.pass_on_silent(session, query_id=query_id, at=at)
    return done


def look_after_stops(at: datetime) -> int:
    """Notice stores that stop, tell whom it concerns, and end what is left; each a transaction."""
    with reading() as session:
        noticed = queries.stops_to_notice(session, at=at)
        going_on, over = queries.stops_going_on(session), queries.stops_over(session, at=at)
    done = 0
    for each in noticed:
        with transaction() as session:
            done += commands.notice_stop(
                session,
                provider_id=each.provider_id,
                council_id=each.council_id,
                kind=each.kind,
                last_on=each.last_on,
                reason=each.reason,
                at=at,
            )
    for stop_id in going_on:
        with transaction() as session:
            done += commands.look_for_more(session, stop_id=stop_id, at=at)
    for stop_id in over:
        with transaction() as session:
            done += commands.end_stopped(session, stop_id=stop_id, at=at)
    return done


def close_unanswered(at: datetime) -> int:
    """Close orders whose money waited too long for an answer, one a transaction."""
    with reading() as session:
        order_ids = expired_holds(session, at=at)
    for order_id in order_ids:
        with transaction() as session:
            commands.close_unanswered(session, order_id=order_id, at=at)
    return len(order_ids)


def look_after_standing_orders(at: datetime) -> int:
    """Order the next weeks of standing orders, each week a transaction of its own; return how many.

    Stopped anywhere, what was ordered stays ordered, and the rest is ordered the next time.
    """
    with reading() as session:
        due = queries.standing_due(session, at=at)
    done = 0
    for standing_id, weeks in due:
        for week_on in weeks:
            with transaction() as session:
                done += commands.order_week(
                    session, standing_id=standing_id, week_on=week_on, at=at
                )
        with transaction() as session:
            done += commands.look_ahead(session, standing_id=standing_id, at=at)
    return done


def count_load(at: datetime) -> int:
    """Count what stores that said how much they can take have to do; return for how many is news.

    Each in a transaction of its own: the search is told of those that are full, or no longer.
    """
    with reading() as session:
        loads = {
            provider_id: load_of(session, provider_id=provider_id, at=at)
            for provider_id in stores_that_count(session, counted_before=at - COUNT_EVERY)
        }
    done = 0
    for provider_id, load in loads.items():
        with transaction() as session:
            done += note_load(
                session,
                provider_id=provider_id,
                people=load.people,
                minutes=load.minutes,
                at=at,
            )
    return done
