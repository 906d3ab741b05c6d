"""Yes and no to a suggested order: how many, and whose. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from marketplace.access.rules import Basis


class Verdict(StrEnum):
    """What somebody says to a suggested order."""

    YES = "yes"
    NO = "no"

    @property
    def label(self) -> str:
        """The verdict in words, after a name."""
        return f"said {self.value}"


@dataclass(frozen=True, slots=True)
class Said:
    """One yes or no, in the order in which they were said."""

    user_id: UUID
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a suggested order asks for."""

    person_id: UUID
    proposer_id: UUID
    yeses_needed: int
    needs_own_yes: bool = False


def yeses(asked: Asked, said: Sequence[Said], *, may_decide: Collection[UUID]) -> frozenset[UUID]:
    """Return whose yes counts: whoever last said yes, may decide now, and did not suggest it.

    The person's own yes always counts as one.
    """
    last = {one.user_id: one.verdict for one in said}
    deciding = {*may_decide, asked.person_id} - {asked.proposer_id}
    return frozenset(
        user_id
        for user_id, verdict in last.items()
        if verdict is Verdict.YES and user_id in deciding
    )


def is_agreed(asked: Asked, counted: Collection[UUID]) -> bool:
    """Tell whether enough people have said yes, and the person where only theirs will do."""
    if asked.needs_own_yes and asked.person_id not in counted:
        return False
    return len(set(counted)) >= asked.yeses_needed


def missing_words(asked: Asked, counted: Collection[UUID], *, person: str) -> str:
    """Say what a suggested order still waits for: one more yes, Mo's own yes; "" for nothing."""
    if is_agreed(asked, counted):
        return ""
    missing = asked.yeses_needed - len(set(counted))
    own = asked.needs_own_yes and asked.person_id not in counted
    if own and missing <= 1:
        return f"the yes of {person} themself"
    more = "one more yes" if missing == 1 and counted else f"{_COUNTS[missing]}"
    return f"{more}, and one must be from {person}" if own else more


def earns_words(name: str, basis: Basis | None, *, family: bool) -> str:
    """Say who earns from a store: Ben Moss (broker) earns from this store."""
    parts = [] if basis is None else [basis.label[:1].lower() + basis.label[1:]]
    if family:
        parts = [part for part in parts if basis is not Basis.HELPER] + ["family"]
    return f"{name} ({', '.join(parts)}) earns from this store."


_COUNTS = {1: "one yes", 2: "two yeses from two people"}
