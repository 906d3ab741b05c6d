"""Fills one side of the world with groups: kept, waiting, claimed, reported, trusted."""

from datetime import datetime, timedelta
from uuid import uuid4

from marketplace.access.rules import Role
from marketplace.community import commands, queries
from marketplace.kernel.clock import local_day
from tests.factories import Make
from tests.factories.community import SECRET
from tests.house.access.side import Side, Values


def fill_groups(make: Make, side: Side, *, at: datetime) -> None:
    """Make a group of the person with everything in it, one that waits, and a partner."""
    person, postcode = side.funded.person, side.names.postcode
    slug = make.kept_group(by=person, postcode=postcode, at=at)
    listing_id = make.entry(slug=slug, by=person, at=at)
    kept: Values = {"slug": slug}
    with make.block() as session:
        group_id = queries.kept_group(session, slug=slug, by=person).card.id
        commands.invite_keeper(
            session,
            group_id=group_id,
            email="helper@mail.example",
            secret_key=SECRET,
            by=person,
            at=at,
        )
        invited = queries.kept_group(session, slug=slug, by=person).invitations[0]
    side.objects["kept_group"] = kept
    side.objects["kept_group_kind"] = {**kept, "kind": "advice"}
    side.objects["keeper_invitation"] = {**kept, "invitation_id": invited.id}
    side.objects["kept_activity"] = {"listing_id": listing_id}
    side.objects["kept_day"] = {"listing_id": listing_id, "day": _next_tuesday(at)}
    side.objects["entry_report"] = {"report_id": make.report(listing_id, at=at)}
    side.objects["district"] = {"district": side.names.district}
    _waiting(make, side, at)
    _partner(make, side, at)


def _waiting(make: Make, side: Side, at: datetime) -> None:
    adds, asks = make.person(), make.person()
    slug = make.kept_group(by=adds, postcode=side.names.postcode, shown=False, at=at)
    claimed = make.group(council_id=side.council_id, name=f"Claimed in {side.names.district}")
    claim_id = uuid4()
    with make.block() as session:
        card = queries.kept_group(session, slug=slug, by=adds).card
        commands.claim_group(
            session, claim_id=claim_id, group_id=claimed, words="I run it.", by=asks, at=at
        )
    side.objects["waiting_group"] = {"group_id": card.id}
    side.objects["group_claim"] = {"claim_id": claim_id}


def _partner(make: Make, side: Side, at: datetime) -> None:
    administrator = make.staff(organisation_id=side.council_id, role=Role.ADMINISTRATOR)
    email = make.email_of(side.provider)
    with make.block() as session:
        partner_id = commands.name_partner(
            session,
            name="Bridge",
            email=email,
            by=administrator,
            at=at,
        )
    side.objects["partner"] = {"partner_id": partner_id}


def _next_tuesday(at: datetime) -> str:
    today = local_day(at)
    return (today + timedelta(days=(1 - today.weekday()) % 7 or 7)).isoformat()
