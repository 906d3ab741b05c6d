"""Everybody in the demonstration, by the short names of the files."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access import queries as access_queries
from marketplace.access.rules import Actor, Role, own_hat

PASSWORD = "three red kettles"  # noqa: S105
"""Of everybody in the demonstration. It opens nothing anywhere else."""


@dataclass(slots=True)
class Cast:
    """Who plays, and what they brought along."""

    now: datetime
    councils: dict[str, UUID] = field(default_factory=dict)
    council_names: dict[str, str] = field(default_factory=dict)
    staff: dict[tuple[str, Role], list[Actor]] = field(default_factory=dict)
    owners: dict[str, Actor] = field(default_factory=dict)
    offers: dict[str, UUID] = field(default_factory=dict)
    """By ``provider/offer``."""
    people: dict[str, Actor] = field(default_factory=dict)
    outcomes: dict[str, list[UUID]] = field(default_factory=dict)
    supporters: dict[str, list[Actor]] = field(default_factory=dict)
    """By the person they support."""
    helpers: dict[tuple[str, str], Actor] = field(default_factory=dict)
    """The same hats, by the helper's e-mail address and the person."""
    council_of: dict[str, str] = field(default_factory=dict)
    """The council of each person."""

    def ago(self, *, weeks: int = 0, days: int = 0) -> datetime:
        """Return the instant so long before now."""
        return self.now - timedelta(weeks=weeks, days=days)

    def of_council(self, slug: str, role: Role) -> Actor:
        """Return the first of a council's staff with a role."""
        return self.staff[slug, role][0]

    def beginning(self) -> datetime:
        """Return an instant before everything else."""
        return self.ago(weeks=160)


def account(session: Session, *, email: str, name: str, at: datetime) -> Actor:
    """Return somebody in their own hat, with a new account unless they have one."""
    there = access_queries.find_person_by_email(session, email=email)
    if there is not None:
        return own_hat(there.id, there.name)
    user_id = access.create_user(
        session, email=email, name=name, password=PASSWORD, at=at, confirmed=True
    )
    return own_hat(user_id, name)


def hat(actor: Actor, role: Role, organisation_id: UUID, organisation_name: str) -> Actor:
    """Return somebody in the hat of an organisation."""
    return Actor(
        user_id=actor.user_id,
        name=actor.name,
        role=role,
        organisation_id=organisation_id,
        organisation_name=organisation_name,
    )


def employ(
    session: Session,
    actor: Actor,
    roles: Iterable[Role],
    *,
    organisation_id: UUID,
    organisation_name: str,
    at: datetime,
) -> list[Actor]:
    """Give somebody roles in an organisation and return them in those hats."""
    hats = []
    for role in roles:
        access.add_membership(
            session,
            user_id=actor.user_id,
            organisation_id=organisation_id,
            organisation_name=organisation_name,
            role=role,
            by_user_id=None,
            at=at,
        )
        hats.append(hat(actor, role, organisation_id, organisation_name))
    return hats
