"""The ``flask payments`` commands."""

from collections import Counter

import click
from flask.cli import AppGroup

from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.payments import commands, queries
from marketplace.payments.rules import EventOutcome
from marketplace.web.site import settings

payments_cli = AppGroup("payments", help="Look after money that comes in.")


@payments_cli.command("replay-webhooks")
def replay_webhooks() -> None:
    """Act on every message of the card company that nothing has come of yet; twice is once."""
    with reading() as session:
        kept_ids = queries.events_to_do(session)
    outcomes: Counter[EventOutcome] = Counter()
    for kept_id in kept_ids:
        with transaction() as session:
            outcome = commands.act_on_event(
                session, kept_id=kept_id, real_money=settings().stripe_is_real, at=clock.now()
            )
        outcomes[outcome] += 1
    for outcome, count in sorted(outcomes.items()):
        click.echo(f"{outcome.value}: {count}")
    click.echo(f"Messages looked at: {len(kept_ids)}.")
