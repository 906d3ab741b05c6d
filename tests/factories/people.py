"""Makes people, councils, staff and supporters."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from itertools import count
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access import queries as access_queries
from marketplace.access.rules import Actor, Basis, Role, Scope, own_hat
from marketplace.councils import commands as councils
from marketplace.kernel.money import Money

LONG_AGO = datetime(2025, 1, 6, 9, tzinfo=UTC)
"""A Monday, more than a year before NOON."""
PASSWORD = "three words here"


class BaseMaker:
    """Opens the block in which things are made, and numbers them so that names differ."""

    def __init__(self, block: Callable[[], AbstractContextManager[Session]]) -> None:
        self.block = block
        self._numbers = count(1)

    def number(self) -> int:
        """Return a number not given out before."""
        return next(self._numbers)


class PeopleMaker(BaseMaker):
    """Makes people, councils, staff and supporters."""

    def person(self, *, name: str = "", email: str = "", at: datetime = LONG_AGO) -> Actor:
        """Make somebody with an account and a confirmed address; return them in their own hat."""
        number = self.number()
        name = name or f"Person {number}"
        with self.block() as session:
            user_id = access.create_user(
                session,
                email=email or f"person{number}@mail.example",
                name=name,
                password=PASSWORD,
                at=at,
                confirmed=True,
            )
        return own_hat(user_id, name)

    def council(
        self,
        *,
        name: str = "",
        slug: str = "",
        districts: tuple[str, ...] = ("LS6",),
        opens_unchecked: bool = True,
        at: datetime = LONG_AGO,
    ) -> UUID:
        """Make a council and return its id."""
        number = self.number()
        wish = councils.CouncilPortal(
            slug=slug or f"council-{number}",
            name=name or f"Council {number}",
            strapline="Support near you",
            welcome="Find what helps.",
            brand="#1d5c63",
            accent="#e07a5f",
            email=f"council{number}@council.example",
            safeguarding_team="Safeguarding team",
            safeguarding_phone="01632 960100",
            districts=districts,
            stores_open_unchecked=opens_unchecked,
        )
        with self.block() as session:
            return councils.create_council(session, wish, by_user_id=None, at=at)

    def staff(
        self, *, organisation_id: UUID, role: Role, name: str = "", organisation_name: str = "Work"
    ) -> Actor:
        """Make somebody who works for a provider or council; return them in that hat."""
        person = self.person(name=name)
        with self.block() as session:
            access.add_membership(
                session,
                user_id=person.user_id,
                organisation_id=organisation_id,
                organisation_name=organisation_name,
                role=role,
                by_user_id=None,
                at=LONG_AGO,
            )
        return Actor(
            user_id=person.user_id,
            name=person.name,
            role=role,
            organisation_id=organisation_id,
            organisation_name=organisation_name,
        )

    def supporter(
        self,
        *,
        person: Actor,
        scopes: Iterable[Scope] = (Scope.SEE,),
        basis: Basis = Basis.HELPER,
        ceiling: Money | None = None,
        ends_before: date | None = None,
        name: str = "",
        at: datetime = LONG_AGO,
    ) -> Actor:
        """Invite somebody new into a person's circle, who accepts; return them in that hat."""
        helper = self.person(name=name)
        with self.block() as session:
            email = access_queries.person(session, user_id=helper.user_id).email
            wish = access.InviteSupporter(
                email=email,
                basis=basis,
                scopes=frozenset(scopes),
                ceiling=ceiling,
                ends_before=ends_before,
                invitation_id=uuid4(),
            )
            row_id = access.invite_supporter(session, wish, by=person, at=at)
            if basis is Basis.BROKER:
                said = access.Declare(supporter_row_id=row_id)
                access.declare(session, said, by=helper, at=at)
                access.offer_as_broker(session, supporter_row_id=row_id, by=helper, at=at)
                access.agree_to_broker(session, supporter_row_id=row_id, by=person, at=at)
            else:
                access.accept_invitation(session, supporter_row_id=row_id, by=helper, at=at)
        return Actor(
            user_id=helper.user_id,
            name=helper.name,
            role=Role.SUPPORTER,
            person_id=person.person_id,
            person_name=person.name,
            scopes=frozenset(scopes),
            ceiling=ceiling,
        )

    def email_of(self, actor: Actor) -> str:
        """Return somebody's e-mail address, for signing in."""
        with self.block() as session:
            return access_queries.person(session, user_id=actor.user_id).email
