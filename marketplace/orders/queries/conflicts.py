"""Who near a person earns from a store, and what the paying council says to that."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.queries import Interest, family_answers, interests_in
from marketplace.councils.queries import council, funding_councils
from marketplace.councils.rules import FamilyCarers
from marketplace.orders.rules import earns_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """What is to be known before something is ordered from a store."""

    interests: tuple[Interest, ...] = ()
    words: str = ""
    """Who earns from it, a sentence each; "" if nobody is known to."""
    refusal: str = ""
    """The council's rule that stands in the way; "" if none does."""

    def concerns(self, user_id: UUID) -> bool:
        """Tell whether somebody earns from it themself."""
        return any(interest.user_id == user_id for interest in self.interests)


NO_CONFLICT = Conflict()


def conflicts(
    session: Session,
    *,
    person_id: UUID,
    provider_ids: Collection[UUID],
    council_id: UUID | None,
    at: datetime,
) -> dict[UUID, Conflict]:
    """Return what is to be known before a person's money goes to some stores, by store.

    A store from which nobody near the person earns is left out.
    """
    found = interests_in(session, person_id=person_id, provider_ids=provider_ids, at=at)
    of_store: dict[UUID, list[Interest]] = {}
    for interest in found:
        of_store.setdefault(interest.provider_id, []).append(interest)
    return {
        provider_id: Conflict(
            interests=tuple(interests),
            words=" ".join(
                earns_words(interest.name, interest.basis, family=interest.family)
                for interest in interests
            ),
            refusal=_refusal(session, interests, person_id, council_id),
        )
        for provider_id, interests in of_store.items()
    }


def conflict_of(
    session: Session,
    *,
    person_id: UUID,
    provider_id: UUID,
    council_id: UUID | None,
    at: datetime,
) -> Conflict:
    """Return what is to be known before a person's money goes to one store."""
    found = conflicts(
        session, person_id=person_id, provider_ids={provider_id}, council_id=council_id, at=at
    )
    return found.get(provider_id, NO_CONFLICT)


def _refusal(
    session: Session, interests: Sequence[Interest], person_id: UUID, council_id: UUID | None
) -> str:
    family = [interest for interest in interests if interest.family]
    # What somebody buys with their own money is no council's affair.
    if not family or council_id not in funding_councils(session, person_id=person_id):
        return ""
    assert council_id is not None, "only a council funds"
    card = council(session, council_id=council_id)
    who = family[0].name
    if card.family_carers is FamilyCarers.ALLOWED:
        return ""
    if card.family_carers is FamilyCarers.REFUSED:
        return (
            f"{card.name} has a rule: family may not be paid for support. {who} is family. "
            f"Ask {card.name} if that should be different for you: {card.email}."
        )
    answers = family_answers(session, person_ids=[person_id], council_id=council_id)
    answer = answers.get((person_id, family[0].provider_id))
    if answer is not None and answer.agreed:
        return ""
    if answer is not None:
        return (
            f"{card.name} has a rule: it decides whether family is paid. {answer.decided_by_name} "
            f"said no to {who}: {answer.reason} Ask them again at {card.email}."
        )
    return (
        f"{card.name} has a rule: it decides whether family is paid. It has not decided about "
        f"{who} yet. Ask {card.name}: {card.email}."
    )
