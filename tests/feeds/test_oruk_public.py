"""Nothing is in the feed that is not public."""

import re
from datetime import timedelta
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.access.rules import Role
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue import queries as stores
from marketplace.catalogue.commands import AgreePrice, DecideOnProvider
from marketplace.catalogue.rules import CheckState, OfferState, PriceBands
from marketplace.community import commands as community
from marketplace.community.rules import HidingRule
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.factories import Make
from tests.feeds.world import World, listing


class TestPublicOnly:
    def test_what_is_not_public_is_not_there(
        self, client: FlaskClient, make: Make, world: World
    ) -> None:
        now = world.now
        council_id = make.council()
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        commissioner = make.staff(organisation_id=council_id, role=Role.COMMISSIONER)
        draft, paused, refused, old = (
            make.provider(name=f"Canary {what}", title=f"Canary {what} offer", at=now)
            for what in ("draft", "paused", "refused", "old")
        )
        agreed = make.provider(name="Agreed", at=now)
        with transaction() as session:
            offer_id = only_offer(session, draft.works_for)
            catalogue.set_offer_state(
                session, offer_id=offer_id, state=OfferState.PAUSED, by=draft, at=now
            )
            catalogue.pause_store(session, by=paused, at=now)
            catalogue.apply_to_council(session, council_id=council_id, by=refused, at=now)
            catalogue.decide_on_provider(
                session,
                DecideOnProvider(
                    provider_id=refused.works_for, state=CheckState.REJECTED, reason="No."
                ),
                by=moderator,
                at=now,
            )
            catalogue.agree_price(
                session,
                AgreePrice(
                    offer_id=only_offer(session, agreed.works_for),
                    bands=PriceBands(Money(13_37)),
                    starts_on=clock.local_day(now),
                ),
                by=commissioner,
                at=now,
            )
            long_ago = now - timedelta(days=400)
            catalogue.confirm_store(session, by=old, at=long_ago)
        hidden = make.group(name="Canary hidden")
        listing(make, hidden, title="Canary entry")
        hide(make, hidden)

        told = client.get("/oruk/services?full=true&per_page=500").text
        told += client.get("/oruk/service_at_locations?full=true&per_page=500").text

        assert "Canary draft offer" not in told
        assert "Canary" not in told.replace("Canary draft", "")
        assert "13.37" not in told
        assert "Agreed" in told
        assert {each[:5] for each in re.findall(r"\w+@mail\.example", told)} == {"group"}

    def test_no_cookie_is_set_and_none_is_needed(self, client: FlaskClient, make: Make) -> None:
        make.council(slug="ashdale")

        answer = client.get("/ashdale/oruk/services")

        assert "Set-Cookie" not in answer.headers
        assert "no-store" not in answer.headers["Cache-Control"]


def only_offer(session: Session, provider_id: UUID) -> UUID:
    """Return the one offer of a store."""
    on = clock.local_day(clock.now())
    (offer,) = stores.offers_of_provider(
        session, provider_id=provider_id, funded_by=frozenset(), with_drafts=True, on=on
    )
    return offer.id


def hide(make: Make, group_id: UUID) -> None:
    """Hide a group, as a council does."""
    moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)
    with make.block() as session:
        community.hide_group(
            session,
            group_id=group_id,
            rule=HidingRule.ADVERT,
            reason="It is an advert.",
            by=moderator,
            at=clock.now(),
        )
