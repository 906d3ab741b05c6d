"""A group that the person keeps, one that waits, a claim, a report and a partnership."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from marketplace.access.rules import Actor
from marketplace.community import commands, queries
from tests.factories import Make


def add_groups(
    make: Make, actors: Mapping[str, Actor], *, council_id: UUID, postcode: str, now: datetime
) -> dict[str, list[str]]:
    """Make them, and return the addresses that no page on the way leads to, by role."""
    person = actors["person"]
    slug = make.kept_group(by=person, name="Bench and Bobbin", postcode=postcode, at=now)
    listing_id = make.entry(slug=slug, by=person, at=now)
    make.report(listing_id, at=now)
    make.kept_group(by=make.person(), name="New Walkers", postcode=postcode, shown=False, at=now)
    unkept = make.group(council_id=council_id, name="The Quiet Shed", at=now)
    with make.block() as session:
        commands.claim_group(
            session,
            claim_id=uuid4(),
            group_id=unkept,
            words="I open the shed on Fridays.",
            by=actors["helper"],
            at=now,
        )
        claimed = queries.findable_groups(session, ids=[unkept], at=now)[0].card.slug
    make.partner(who=person, email=make.email_of(person), council_id=council_id, at=now)
    return {"person": [f"/groups/{claimed}/claim"]}
