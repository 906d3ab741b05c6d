"""Two councils with a person, a provider and a full set of orders and papers each.

The side called "ours" is that of the hats which are tried; nothing of the side called "theirs"
may ever reach them. Words that would give a side away are its secrets.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from marketplace.access import commands as access
from marketplace.access import queries as access_queries
from marketplace.access.rules import COUNCIL_ROLES, Actor, Role, Scope
from marketplace.budgets.commands import NewLimit
from marketplace.budgets.rules import LimitWindow
from marketplace.catalogue import queries as stores
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from tests.factories import Make
from tests.house.access.filling import Filling
from tests.house.access.side import OURS, THEIRS, Names, Side


class World:
    """Makes both sides and everybody who is tried."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.at = clock.now() - timedelta(hours=1)
        self.began = self.at - timedelta(days=4)
        self.ours, self.theirs = self._side(OURS), self._side(THEIRS)
        for side in (self.ours, self.theirs):
            Filling(make, side, at=self.at).fill()
        self.shared_offer_id = self._shared()
        self.hats = self._hats()

    def _hats(self) -> dict[str, Actor]:
        """Return everybody who is tried, by the name that the table uses."""
        make, person = self.make, self.ours.funded.person
        found = {"person": person, "owner": self.ours.provider}
        for scope in Scope:
            found[scope.value] = self.ours.supporters[scope]
        for role in (Role.PROVIDER_MANAGER, Role.PROVIDER_WORKER):
            name = role.value.removeprefix("provider_")
            found[name] = self._staff(self.ours.provider.works_for, role)
        for role in sorted(COUNCIL_ROLES):
            found[role.value] = self._staff(self.ours.council_id, role)
        found["neighbour"] = make.funded_person(
            council_id=self.ours.council_id, starts_on=local_day(self.at), at=self.at
        ).person
        found["stranger"] = make.person()
        found["ended"] = self._ended(person)
        return found

    def _shared(self) -> UUID:
        """Return an offer for which each council has agreed a price of its own."""
        provider = self.make.provider(name="Common Ground Help", reach_metres=None)
        offer_id = self.make.offer(provider=provider, title="Singing with Common Ground")
        for side in (self.ours, self.theirs):
            self.make.standing(provider=provider, council_id=side.council_id)
            self.make.agreed_price(
                offer_id=offer_id,
                council_id=side.council_id,
                price=side.names.agreed_for_shared,
                at=self.at,
            )
        return offer_id

    def _staff(self, organisation_id: UUID, role: Role) -> Actor:
        return self.make.staff(organisation_id=organisation_id, role=role)

    def _ended(self, person: Actor) -> Actor:
        """Return somebody who was a supporter with every scope until a moment ago."""
        hat = self.make.supporter(person=person, scopes=list(Scope))
        with self.make.block() as session:
            rows = access_queries.circle_of(session, person_id=person.buys_for)
            row = next(row for row in rows if row.supporter_id == hat.user_id)
            access.end_supporter(session, supporter_row_id=row.id, by=person, at=self.at)
        return replace(hat, role=Role.PERSON, person_id=hat.user_id, scopes=frozenset())

    def _side(self, names: Names) -> Side:
        make = self.make
        council_id = make.council(
            name=names.council, slug=names.district.lower(), districts=(names.district,)
        )
        provider = make.provider(
            name=names.store, postcode=names.postcode, owner=make.person(), title="Company"
        )
        make.standing(provider=provider, council_id=council_id)
        offer_id = make.offer(provider=provider, title=f"Singing with {names.store}")
        make.agreed_price(
            offer_id=offer_id, council_id=council_id, price=names.agreed, at=self.began
        )
        funded = make.funded_person(
            name=names.person,
            council_id=council_id,
            to_spend=Money(2_000_00),
            outcomes=[names.outcome],
            limits=[
                NewLimit(window=LimitWindow.ORDER, amount=Money(500_00), reason="Start small.")
            ],
            starts_on=local_day(self.began),
            at=self.began,
        )
        with make.block() as session:
            slug = stores.stores(session, provider_ids=[provider.works_for])[
                provider.works_for
            ].slug
        return Side(
            names=names,
            council_id=council_id,
            funded=funded,
            provider=provider,
            offer_id=offer_id,
            slug=slug,
            supporters={
                scope: make.supporter(person=funded.person, scopes=[scope]) for scope in Scope
            },
        )
