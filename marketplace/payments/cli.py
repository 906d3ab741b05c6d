"""The ``flask payments`` commands."""

from collections import Counter
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.payments import commands, queries
from marketplace.payments.rules import EventOutcome
from marketplace.web.site import settings

payments_cli = AppGroup("payments", help="Look after money that comes in.")


@payments_cli.command("replay-events")
@click.option("--since", type=click.DateTime(), help="All messages kept from this day or time on.")
@click.option("--id", "event_id", default="", help="One message, by Stripe's name for it: evt_….")
@click.option("--dry-run", is_flag=True, help="Say which they are, and do nothing.")
def replay_events(since: datetime | None, event_id: str, *, dry_run: bool) -> None:
    """Act again on kept messages of the card company; what was done is never done twice.

    Without a choice: those that nothing has come of yet.
    """
    with reading() as session:
        rows = queries.events_to_do(
            session, since=since.replace(tzinfo=UTC) if since else None, event_id=event_id
        )
    if event_id and not rows:
        raise click.ClickException(f"No message {event_id} was kept.")
    if dry_run:
        for row in rows:
            click.echo(f"{row.event_id} {row.kind}: {row.outcome or 'nothing came of it yet'}")
        click.echo(f"Messages to look at: {len(rows)}. Nothing was done.")
        return
    outcomes: Counter[EventOutcome] = Counter()
    for row in rows:
        with transaction() as session:
            outcome = commands.act_on_event(
                session, kept_id=row.id, real_money=settings().stripe_is_real, at=clock.now()
            )
        outcomes[outcome] += 1
    for outcome, count in sorted(outcomes.items()):
        click.echo(f"{outcome.value}: {count}")
    click.echo(f"Messages looked at: {len(rows)}.")
