"""Keeping things no longer than the rules say: each rule with an age is kept to once a day."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.asking import commands as asking
from marketplace.audit import commands as audit_commands
from marketplace.audit import queries as audit
from marketplace.calendars import commands as calendars
from marketplace.catalogue import commands as catalogue
from marketplace.community import commands as community
from marketplace.database import reading, transaction
from marketplace.home import commands as home
from marketplace.kernel import clock
from marketplace.kernel.retention import RetentionRule, retention_rules
from marketplace.orders import commands as orders
from marketplace.outbox import commands as outbox
from marketplace.search import commands as search
from marketplace.shortlists import commands as shortlists
from marketplace.talk import commands as talk

TakeAway = Callable[[Session, datetime, datetime], int]
"""Takes away what is from before an instant, at another; returns how much that was."""

TAKE_AWAY: Mapping[str, TakeAway] = MappingProxyType(
    {
        "sign_ins": lambda session, before, _at: access.forget_sign_ins(session, before=before),
        "letters": lambda session, before, _at: outbox.empty_letters(session, before=before),
        "email_changes": lambda session, before, _at: access.forget_email_changes(
            session, before=before
        ),
        "search_counts": lambda session, before, _at: search.forget_counts(
            session, before=clock.local_day(before)
        ),
        "linked_lists": lambda session, before, _at: shortlists.forget_unused(
            session, before=before
        ),
        "keeper_invitations": lambda session, before, at: community.forget_invitations(
            session, before=before, at=at
        ),
        "entry_reports": lambda session, before, at: community.forget_reporters(
            session, before=before, at=at
        ),
        "messages": lambda session, before, _at: talk.forget_messages(session, before=before),
        "personal_prices": lambda session, before, _at: catalogue.forget_personal_prices(
            session, before=clock.local_day(before)
        ),
        "concerns": lambda session, before, _at: talk.forget_concerns(session, before=before),
        "query_files": lambda session, before, _at: orders.forget_query_files(
            session, before=before
        ),
        "asks": lambda session, before, _at: asking.forget_asks(session, before=before),
        "unmet_asks": lambda session, before, _at: asking.forget_unmet(
            session, before=clock.local_day(before)
        ),
        "calendar_addresses": lambda session, before, _at: calendars.forget_unused(
            session, before=before
        ),
        "reminders": lambda session, before, _at: calendars.forget_told(session, before=before),
        "closed_accounts": lambda session, before, at: home.forget_closed(
            session, before=before, at=at
        ),
    }
)
"""Who keeps to each rule that has an age."""

retention_cli = AppGroup("retention", help="Keep things no longer than the rules say.")


@retention_cli.command("run")
def run() -> None:
    """Take away now what is older than its rule allows, and say how much that was."""
    at = clock.now()
    for rule in retention_rules():
        if rule.days is not None:
            click.echo(f"{rule.kind}: {_keep_to(rule, at)} taken away")


@retention_cli.command("rules")
def rules() -> None:
    """Say what is kept, how long and why."""
    for rule in retention_rules():
        click.echo(f"{rule.kind}: {rule.what}. {rule.how_long}. {rule.why}")


def keep_to_rules(at: datetime) -> int:
    """Keep to every rule that was not kept to today; return how much was taken away.

    Each rule has its own transaction: stopped in between, the rest is done the next time.
    """
    today = clock.local_day(at)
    with reading() as session:
        runs = audit.last_retention_runs(session)
    done = {kind for kind, (day, _) in runs.items() if day >= today}
    return sum(
        _keep_to(rule, at)
        for rule in retention_rules()
        if rule.days is not None and rule.kind not in done
    )


def _keep_to(rule: RetentionRule, at: datetime) -> int:
    assert rule.days is not None, "only rules with an age are kept to by a job"
    before = at - timedelta(days=rule.days)
    with transaction() as session:
        removed = TAKE_AWAY[rule.kind](session, before, at)
        audit_commands.note_retention(
            session, kind=rule.kind, day=clock.local_day(at), removed=removed, at=at
        )
    return removed
