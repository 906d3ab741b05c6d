"""Whose calendar it is that somebody follows or is reminded of. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

from marketplace.access.rules import Actor, Permission


class Whose(StrEnum):
    """Whose visits they are."""

    PERSON = "person"
    WORKER = "worker"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Subject:
    """A person's visits, or those of a store: all of them, or one's own."""

    whose: Whose
    id: UUID
    """The person's or the provider's."""

    @property
    def person_id(self) -> UUID | None:
        """The person, if it is a person's calendar."""
        return self.id if self.whose is Whose.PERSON else None

    @property
    def provider_id(self) -> UUID | None:
        """The provider, if it is a store's or a worker's."""
        return None if self.whose is Whose.PERSON else self.id

    def of_user(self, user_id: UUID) -> UUID:
        """Return under which id somebody's wish about this calendar is kept: one for each."""
        return uuid5(user_id, f"{self.whose}/{self.id}")


def subjects_of(actor: Actor) -> tuple[Subject, ...]:
    """Return the calendars that somebody may follow in the hat they wear, the nearest first."""
    if actor.person_id is not None and actor.may(Permission.SEE_WALLET):
        return (Subject(Whose.PERSON, actor.person_id),)
    if actor.organisation_id is not None and actor.may(Permission.TAKE_ORDERS):
        return (
            Subject(Whose.WORKER, actor.organisation_id),
            Subject(Whose.STORE, actor.organisation_id),
        )
    return ()
