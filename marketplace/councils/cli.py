"""The ``flask council`` commands."""

import secrets
from datetime import datetime
from uuid import UUID

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.commands import add_membership, create_user, send_reset
from marketplace.access.rules import Role
from marketplace.councils import rules
from marketplace.councils.commands import CouncilPortal, create_council
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import DomainError
from marketplace.web.site import settings, whole_address

council_cli = AppGroup("council", help="Look after councils and their portals.")


@council_cli.command("create")
@click.argument("slug")
@click.argument("name")
@click.option("--admin-email", required=True, help="Who looks after the portal.")
@click.option("--admin-name", default="Portal administrator", show_default=True)
@click.option("--strapline", default="Support that fits your life", show_default=True)
@click.option(
    "--welcome",
    default="Find the support that fits your life. You choose who helps you, and when.",
    show_default=True,
)
@click.option("--brand", default="#1d5c63", show_default=True, help="Main colour, dark.")
@click.option("--accent", default="#e07a5f", show_default=True, help="Second colour.")
@click.option("--email", default="", help="For questions. The administrator's, if not given.")
@click.option("--safeguarding-team", default="Safeguarding team", show_default=True)
@click.option("--safeguarding-phone", default="101", show_default=True)
@click.option("--districts", default="", help='Postcode districts: "LS6 BD1".')
@click.option("--auto-confirm-days", type=click.IntRange(1, 60), default=7, show_default=True)
@click.option("--small-number-threshold", type=click.IntRange(2, 100), default=5, show_default=True)
@click.option("--stores-open-unchecked/--check-stores-first", default=True, show_default=True)
def create(  # noqa: PLR0913 - each is an option of the command
    slug: str,
    name: str,
    *,
    admin_email: str,
    admin_name: str,
    email: str,
    districts: str,
    strapline: str,
    welcome: str,
    brand: str,
    accent: str,
    safeguarding_team: str,
    safeguarding_phone: str,
    auto_confirm_days: int,
    small_number_threshold: int,
    stores_open_unchecked: bool,
) -> None:
    """Make a council, open its portal, and give it its first administrator."""
    at = clock.now()
    try:
        wish = CouncilPortal(
            slug=slug,
            name=name,
            email=email or admin_email,
            districts=rules.districts_in(districts),
            strapline=strapline,
            welcome=welcome,
            brand=brand,
            accent=accent,
            safeguarding_team=safeguarding_team,
            safeguarding_phone=safeguarding_phone,
            auto_confirm_days=auto_confirm_days,
            small_number_threshold=small_number_threshold,
            stores_open_unchecked=stores_open_unchecked,
        )
        with transaction() as session:
            council_id = create_council(session, wish, by_user_id=None, at=at)
            _add_administrator(session, council_id, name, admin_email, admin_name, at)
    except DomainError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{name} is open at {whole_address(f'/{slug}/')}.")
    click.echo(f"{admin_email} looks after it.")


def _add_administrator(
    session: Session, council_id: UUID, council_name: str, email: str, name: str, at: datetime
) -> None:
    person = access.find_person_by_email(session, email=email)
    user_id = person.id if person else _newcomer(session, email, name, at)
    add_membership(
        session,
        user_id=user_id,
        organisation_id=council_id,
        organisation_name=council_name,
        role=Role.ADMINISTRATOR,
        by_user_id=None,
        at=at,
    )


def _newcomer(session: Session, email: str, name: str, at: datetime) -> UUID:
    # Nobody knows this password: the letter leads to one of their own.
    user_id = create_user(
        session, email=email, name=name, password=secrets.token_urlsafe(24), at=at
    )
    send_reset(session, email=email, secret_key=settings().secret_key, at=at)
    return user_id
